"""What has happened to money."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class RefundReserved(Event):
    """Money is to be given back."""

    refund_id: int


@dataclass(frozen=True, slots=True)
class PaymentNeedsAttention(Event):
    """A person has to look at a payment."""

    exception_id: int
