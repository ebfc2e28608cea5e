"""Why a case took longer than promised (超期说明、督办): said once by its handlers, then settled."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import colours, taken_in
from app.cases.colours import Colour
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.states import State
from app.centres import working_days
from app.plain_text import readable
from app.supervision.errors import AlreadyExplained, ExplanationUnfit, NothingToExplain, TicketMoved
from app.supervision.models import SupervisionTicket, TicketState

SHORTEST, LONGEST = 5, 500
_LATE = frozenset({Colour.RED, Colour.OVERDUE})


def explain(session: Session, *, case: Case, officer: Officer, text: str) -> None:
    """Say why a case is late or will be (说明超期原因); the first word is kept, the applicant reads it.

    Raises ExplanationUnfit, NothingToExplain, PaperAskedAgain and AlreadyExplained.
    """
    said = _worded(text)
    ticket = of_case(session, case_id=case.id)
    if ticket is None and not is_late(session, case):
        raise NothingToExplain
    taken_in.refuse_paper_again(session, case, said)
    now = clock.now()
    words: dict[str, Any] = {
        "state": TicketState.EXPLAINED.value,
        "explained_at": now,
        "explained_by": officer.clerk_id,
        "explainer_name": officer.name,
        "explanation": said,
    }
    kept = insert(SupervisionTicket).values(case_id=case.id, opened_at=now, **words)
    kept = kept.on_conflict_do_update(
        index_elements=[SupervisionTicket.case_id],
        set_=words,
        where=SupervisionTicket.state == TicketState.OPENED.value,
    )
    if session.scalar(kept.returning(SupervisionTicket.id)) is None:
        raise AlreadyExplained


def settle(session: Session, *, ticket_id: int, officer: Officer, text: str) -> SupervisionTicket:
    """Close a ticket that was explained, with what supervision makes of it (核实办结).

    Of two who settle at once one does. Raises ExplanationUnfit, TicketMoved.
    """
    said = _worded(text)
    settled = (
        update(SupervisionTicket)
        .where(SupervisionTicket.id == ticket_id, SupervisionTicket.state == TicketState.EXPLAINED.value)
        .values(
            state=TicketState.SETTLED.value,
            settled_at=clock.now(),
            settled_by=officer.clerk_id,
            settler_name=officer.name,
            settlement=said,
        )
        .returning(SupervisionTicket)
    )
    found = session.scalars(settled).one_or_none()
    if found is None:
        raise TicketMoved
    return found


def of_case(session: Session, *, case_id: int) -> SupervisionTicket | None:
    """The ticket of a case, if there is one."""
    return session.scalar(
        select(SupervisionTicket)
        .where(SupervisionTicket.case_id == case_id)
        .execution_options(populate_existing=True)
    )


def is_late(session: Session, case: Case) -> bool:
    """Whether the promise of a running case is over, or so nearly over that it may be explained."""
    if case.state != State.ACCEPTED:
        return False
    calendar = working_days.calendar(session)
    return colours.colour(case.promised_due_on, today=clock.today(), calendar=calendar) in _LATE


def _worded(text: str) -> str:
    said = readable(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise ExplanationUnfit
    return said
