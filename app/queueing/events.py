"""What has happened in the queue and on the waiting list (排队、候补事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class TicketCalled(Event):
    """A window has called a number for the first time in this round."""

    ticket_id: int
    round: int


@dataclass(frozen=True, slots=True)
class TicketNearlyDue(Event):
    """Only few are ahead of a number now."""

    ticket_id: int
    round: int


@dataclass(frozen=True, slots=True)
class TicketPassed(Event):
    """Nobody came when a number was called."""

    ticket_id: int
    round: int


@dataclass(frozen=True, slots=True)
class TicketCancelled(Event):
    """A citizen gave their number back."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class PlaceOffered(Event):
    """An earlier place is held for somebody on the waiting list."""

    offer_id: int
