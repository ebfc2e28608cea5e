"""The clock of a case at the desk (办理时限): pause, resume, extend, say why it is late."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from app.cases.states import Step
from app.db import Session, unit_of_work
from app.desk import clocks, duties
from app.errors import DomainError
from console import callers, cases, pages
from console.callers import Staff
from console.making import console_door

door = console_door("console_clocks")

_LONGEST_NUMBER = 4
_PAUSING = duties.taking(Step.PAUSE)
_EXTENDING = duties.taking(Step.EXTEND)


@door.post("/cases/<case_no>/pause", auth=Staff(_PAUSING))
def pause_clock(case_no: str) -> ResponseReturnValue:
    """Stop the clock for a special procedure of the guide (暂停计时)."""

    def act(session: Session) -> None:
        clocks.pause(
            session,
            clerk=callers.current_clerk(),
            case_no=case_no,
            kind=request.form.get("kind", ""),
            days=_number("days"),
            reason=request.form.get("pause_reason", ""),
        )

    return _done(case_no, act, done="paused")


@door.post("/cases/<case_no>/resume", auth=Staff(_PAUSING))
def resume_clock(case_no: str) -> ResponseReturnValue:
    """Let the clock run again (恢复计时)."""

    def act(session: Session) -> None:
        clocks.resume(session, clerk=callers.current_clerk(), case_no=case_no)

    return _done(case_no, act, done="resumed")


@door.post("/cases/<case_no>/extend", auth=Staff(_EXTENDING))
def extend_limit(case_no: str) -> ResponseReturnValue:
    """Ask the head to extend the limits (报请批准延期)."""

    def act(session: Session) -> None:
        clocks.ask_extension(
            session,
            clerk=callers.current_clerk(),
            case_no=case_no,
            days=_number("more_days"),
            reason=request.form.get("extend_reason", ""),
        )

    return _done(case_no, act, done="asked_head")


@door.post("/cases/<case_no>/explain", auth=Staff(clocks.EXPLAINING))
def explain_lateness(case_no: str) -> ResponseReturnValue:
    """Say why the case is late (说明超期原因)."""

    def act(session: Session) -> None:
        clocks.explain(
            session, clerk=callers.current_clerk(), case_no=case_no, text=request.form.get("late_reason", "")
        )

    return _done(case_no, act, done="explained")


def _done(case_no: str, act: Callable[[Session], None], *, done: str) -> ResponseReturnValue:
    """Act and go on to the case; a refusal is shown on it, with what was typed still there."""
    try:
        with unit_of_work() as session:
            act(session)
    except DomainError as refusal:
        return cases.mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done=done)


def _number(name: str) -> int | None:
    typed = request.form.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_NUMBER else None
