"""What has happened to a bill (缴款通知)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class BillIssued(Event):
    """Something has to be paid."""

    bill_id: int


@dataclass(frozen=True, slots=True)
class BillPaid(Event):
    """It has been paid, proven by the channel."""

    bill_id: int


@dataclass(frozen=True, slots=True)
class BillVoided(Event):
    """It need not be paid any more."""

    bill_id: int


@dataclass(frozen=True, slots=True)
class BillRefunded(Event):
    """All of it has been given back."""

    bill_id: int


@dataclass(frozen=True, slots=True)
class MoneyReturned(Event):
    """Money that a bill did not need went back to its payer, proven by the channel; fen."""

    bill_id: int
    refund_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RefundRequested(Event):
    """A citizen asked a fee back; the unit decides."""

    refund_no: str


@dataclass(frozen=True, slots=True)
class RefundApproved(Event):
    """The unit gives a fee back; the money is on its way."""

    refund_no: str


@dataclass(frozen=True, slots=True)
class RefundRefused(Event):
    """The unit does not give a fee back, and said why."""

    refund_no: str


@dataclass(frozen=True, slots=True)
class RefundArrived(Event):
    """A fee, or a part of it, that was asked back has reached its payer, proven by the channel."""

    refund_no: str
