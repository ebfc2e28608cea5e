"""What is said to whoever waits in a hall or for an earlier place (排队、候补的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.queueing import queries, wishes
from app.queueing.events import PlaceOffered, TicketCalled, TicketNearlyDue, TicketPassed
from app.queueing.models import TicketState
from app.queueing.queries import Shown
from app.queueing.waitlist import HELD_FOR
from notifications.drafts import VISIT_NOTICE, Draft, moment, thing

_MINUTES = int(HELD_FOR.total_seconds()) // 60


def ticket_called(session: Session, event: TicketCalled) -> Draft | None:
    """Called: to which window. Nothing when that is over already."""
    shown = _still(session, event, TicketState.CALLED)
    if shown is None:
        return None
    where = f"{shown.ticket.window}窗口"
    return _ticket(
        shown,
        happening="called",
        title="轮到您了",
        text=f"{shown.ticket.number}号，请到{shown.centre_name}{where}办理“{shown.ticket.task_name}”。",
        hint=f"{shown.ticket.number}号请到{where}",
    )


def ticket_nearly_due(session: Session, event: TicketNearlyDue) -> Draft | None:
    """Only few are ahead. Nothing when the number has left the line already."""
    shown = _still(session, event, TicketState.WAITING)
    if shown is None:
        return None
    ahead = f"前面还有{shown.people_ahead}位" if shown.people_ahead else "下一位就是您"
    return _ticket(
        shown,
        happening="near",
        title="快到您了",
        text=f"{shown.ticket.number}号{ahead}，请到{shown.centre_name}{shown.window_group}窗口旁等候叫号。",
        hint=f"{shown.ticket.number}号{ahead}",
    )


def ticket_passed(session: Session, event: TicketPassed) -> Draft | None:
    """Nobody came; what can still be done. Nothing when the number is back in the line."""
    shown = _still(session, event, TicketState.PASSED)
    if shown is None:
        return None
    again = "请重新取号" if shown.ticket.put_back else "今天内到窗口可以恢复一次，不用重新排队"
    return _ticket(
        shown,
        happening="passed",
        title="您的号已过号",
        text=f"{shown.ticket.number}号叫了三次没有等到您。{again}。",
        hint="到窗口说一声" if not shown.ticket.put_back else "请重新取号",
    )


def place_offered(session: Session, event: PlaceOffered) -> Draft | None:
    """An earlier place is held. Nothing when it is taken or gone already."""
    wish = wishes.of_offer(session, offer_id=event.offer_id)
    if wish is None or wish.offer is None or wish.slot is None or wish.offer.expires_at <= clock.now():
        return None
    entry, when = wish.entry, moment(wish.slot.starts_at)
    return Draft(
        citizen_id=entry.citizen_id,
        subject=f"place:{event.offer_id}:offered",
        title="候补有号了",
        text=f"{when}，{wish.centre_name}，“{entry.task_name}”有号了，为您保留{_MINUTES}分钟"
        f"（到{clock.local(wish.offer.expires_at):%H:%M}）。点开确认就约上了。",
        page="pages/booking/list?tab=waitlist",
        template=VISIT_NOTICE,
        fields={
            "thing1": thing(entry.task_name),
            "thing2": thing(wish.centre_name),
            "time3": when,
            "thing4": f"有号了，请在{_MINUTES}分钟内确认",
        },
        must_arrive=True,
    )


def _still(
    session: Session, event: TicketCalled | TicketNearlyDue | TicketPassed, state: TicketState
) -> Shown | None:
    """The ticket, when it stands where the event left it and somebody has it on a phone."""
    shown = queries.by_id(session, ticket_id=event.ticket_id)
    ticket = shown.ticket
    fresh = ticket.state == state and ticket.round == event.round and ticket.day == clock.today()
    return shown if fresh and ticket.citizen_id is not None else None


def _ticket(shown: Shown, *, happening: str, title: str, text: str, hint: str) -> Draft:
    ticket = shown.ticket
    return Draft(
        citizen_id=ticket.citizen_id or 0,
        subject=f"ticket:{ticket.id}:{happening}:{ticket.round}",
        title=title,
        text=text,
        page=f"pages/booking/queue?id={ticket.id}",
        template=VISIT_NOTICE,
        fields={
            "thing1": thing(ticket.task_name),
            "thing2": thing(shown.centre_name),
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
    )
