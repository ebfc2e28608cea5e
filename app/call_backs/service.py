"""What came of a call (回访结果): written down once; a complaint is answered as every other one."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.call_backs.errors import CallBackUnsaid, CalledAlready
from app.call_backs.models import MOST_TRIES, CallBack, Result
from app.cases.models import Case
from app.cases.officers import Officer
from app.complaints import service as complaints
from app.people import queries as people
from app.plain_text import readable

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one call; `tries` is how often nobody had answered when the clerk picked it.

    `last`: it is not tried again, for there is no number to call.
    """

    result: Result
    said: str = ""
    tries: int = 0
    last: bool = False


def note(session: Session, *, call_back_id: int, officer: Officer, told: Told) -> CallBack:
    """Write down what came of a call; of two who do, one does. Raises CallBackUnsaid, CalledAlready.

    Whom nobody reached is called again, MOST_TRIES times in all. Who is not satisfied gets an answer: what
    they said becomes a complaint to the department (转热线工单).
    """
    words = readable(told.said)
    if len(words) > LONGEST or (told.result is Result.UNSATISFIED and not words):
        raise CallBackUnsaid
    missed = told.result is Result.UNREACHED
    values: dict[str, object] = {"tries": CallBack.tries + 1, "tried_at": clock.now()} if missed else {}
    if not missed or told.last or told.tries + 1 >= MOST_TRIES:
        values |= {
            "result": told.result.value,
            "said": words or None,
            "called_at": clock.now(),
            "clerk_id": officer.clerk_id,
            "clerk_name": officer.name,
        }
    noted = session.scalars(
        update(CallBack)
        .where(CallBack.id == call_back_id, CallBack.result.is_(None), CallBack.tries == told.tries)
        .values(**values)
        .returning(CallBack)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if noted is None:
        raise CalledAlready
    if told.result is Result.UNSATISFIED:
        _complain(session, noted, words)
    return noted


def _complain(session: Session, call_back: CallBack, words: str) -> None:
    """Who has closed their account meanwhile has nowhere to read an answer."""
    case = session.get_one(Case, call_back.case_id)
    if not people.has_account(session, citizen_id=case.citizen_id):
        return
    call_back.complaint_id = complaints.file_of_call(session, case=case, text=f"办理回访时说：{words}").id
    session.flush()
