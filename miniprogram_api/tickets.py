"""Numbers in the queue of a hall (取号): /centres/{id}/tickets and /tickets."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.db import Session, unit_of_work
from app.queueing import queries, service
from app.queueing.models import Priority, Ticket, TicketState
from app.queueing.queries import Shown
from app.queueing.states import PRIORITY_TEXTS, STATE_TEXTS
from web.callers import BOOKING, CITIZEN, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("tickets", __name__, url_prefix="/api/v1")

_CODE = validate.Regexp(r"[0-9A-Za-z-]{1,40}\Z", error="编码只能是字母、数字和短横线")
_CANCELLABLE = {TicketState.WAITING, TicketState.CALLED}
_TEXT = {"type": "string"}

# What to do now, in one sentence.
_HINTS = {
    TicketState.WAITING: "前面还有{ahead}位，请留意叫号",
    TicketState.CALLED: "请到{window}窗口办理，叫三次没到会过号",
    TicketState.SERVING: "正在{window}窗口为您办理",
    TicketState.SERVED: "已经办完，谢谢您的等候",
    TicketState.PASSED: "今天到窗口说一声，可以恢复一次，不用重新排队",
    TicketState.CANCELLED: "需要时可以重新取号",
}
_NEXT = "下一位就是您，请到窗口旁等候"


# What becomes of a number in the night; the job that says so may come a little later.
_NEXT_DAY = {
    TicketState.WAITING: TicketState.CANCELLED,
    TicketState.CALLED: TicketState.CANCELLED,
    TicketState.SERVING: TicketState.SERVED,
}


def _hint(shown: Shown) -> str:
    ticket = shown.ticket
    state = TicketState.CANCELLED if _is_over(ticket) else TicketState(ticket.state)
    if ticket.day != clock.today():
        state = _NEXT_DAY.get(state, state)
    if state == TicketState.WAITING and not shown.people_ahead:
        return _NEXT
    return _HINTS[state].format(ahead=shown.people_ahead, window=ticket.window)


def _priority_text(shown: Shown) -> str | None:
    priority = shown.ticket.priority
    return None if priority is None else PRIORITY_TEXTS[Priority(priority)]


def _is_over(ticket: Ticket) -> bool:
    """Whether a number that was passed over cannot come back any more."""
    return ticket.state == TicketState.PASSED and (ticket.put_back or ticket.day != clock.today())


class TicketIn(Schema):
    """For which item, and whether I belong to those who are called first (proof is looked at there)."""

    task_code = fields.String(required=True, validate=_CODE)
    priority = fields.Enum(Priority, by_value=True, load_default=None, allow_none=True)


class TicketOut(Schema):
    """My number: where I stand, how long it may take, where to go."""

    id = fields.Integer(attribute="ticket.id")
    number = fields.String(attribute="ticket.number")
    centre_id = fields.String(attribute="ticket.centre_id")
    centre_name = fields.String()
    window_group = fields.String()
    task_code = fields.String(attribute="ticket.task_code")
    task_name = fields.String(attribute="ticket.task_name")
    priority = fields.String(
        attribute="ticket.priority",
        allow_none=True,
        metadata={"enum": [*(priority.value for priority in Priority), None]},
    )
    priority_text = fields.Function(
        _priority_text,
        metadata={"type": ["string", "null"]},
    )
    state = fields.String(attribute="ticket.state", metadata={"enum": [state.value for state in TicketState]})
    state_text = fields.Function(lambda shown: STATE_TEXTS[shown.ticket.state], metadata=_TEXT)
    hint = fields.Function(_hint, metadata=_TEXT)
    people_ahead = fields.Integer(allow_none=True, metadata={"description": "null unless it waits"})
    expected_wait_minutes = fields.Integer(
        allow_none=True, metadata={"description": "from those served of late; null when nobody can know"}
    )
    window = fields.String(attribute="ticket.window", allow_none=True)
    calls = fields.Integer(attribute="ticket.calls")
    called_at = ShanghaiTime(attribute="ticket.called_at", allow_none=True)
    taken_at = ShanghaiTime(attribute="ticket.taken_at")
    appointment_id = fields.Integer(attribute="ticket.appointment_id", allow_none=True)
    can_cancel = fields.Function(
        lambda shown: shown.ticket.state in _CANCELLABLE, metadata={"type": "boolean"}
    )


_TICKET = TicketOut()


@door.post(
    "/centres/<centre_id>/tickets",
    auth=CITIZEN,
    takes=TicketIn,
    gives=TicketOut,
    status=201,
    idempotent=True,
)
def take_ticket(centre_id: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Take a number in a hall, from home or at its door (取号)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        ticket_id = service.take(session, citizen_id=citizen_id, centre_id=centre_id, **data)
        return _mine(session, ticket_id)


@door.get("/tickets", auth=BOOKING, gives=TicketOut, many=True)
def list_tickets() -> ResponseReturnValue:
    """List my numbers of today, newest first (我的排队)."""
    with unit_of_work() as session:
        found = queries.of_citizen(session, citizen_id=current_citizen_id())
        return {"items": _TICKET.dump(found, many=True), "next_cursor": None}


@door.get("/tickets/<int:ticket_id>", auth=BOOKING, gives=TicketOut)
def show_ticket(ticket_id: int) -> ResponseReturnValue:
    """Show one of my numbers: how many are ahead, which window calls (排队进度)."""
    with unit_of_work() as session:
        return _mine(session, ticket_id)


@door.post("/tickets/<int:ticket_id>/cancel", auth=BOOKING, gives=TicketOut)
def cancel_ticket(ticket_id: int) -> ResponseReturnValue:
    """Give my number back; doing it again changes nothing (取消排队)."""
    with unit_of_work() as session:
        service.cancel(session, citizen_id=current_citizen_id(), ticket_id=ticket_id)
        return _mine(session, ticket_id)


def _mine(session: Session, ticket_id: int) -> dict[str, Any]:
    shown = queries.mine(session, citizen_id=current_citizen_id(), ticket_id=ticket_id)
    return dict(_TICKET.dump(shown))
