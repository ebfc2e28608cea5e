"""Stopping the clock for a special procedure, and letting it run again (特别程序).

行政许可法第四十五条: the time of a hearing, tender, auction, inspection, test, quarantine, appraisal or
expert review is not counted, and the applicant is told in writing how long it takes. Only what the pinned
guide names stops the clock. The row of the case is held throughout, and of two who pause at once one does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import clock_log, limits, queries, steps, taken_in, timeline
from app.cases.clock_errors import ClockReasonUnfit, PauseDaysUnfit, SpecialStepUnknown
from app.cases.clock_models import CasePause, Happening
from app.cases.events import CaseClockPaused, CaseClockResumed
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.states import Step
from app.cases.timeline import clerk
from app.catalogue import queries as catalogue
from app.centres import working_days
from app.centres.working_days import Unit
from app.events import publish
from app.plain_text import readable

SHORTEST, LONGEST = 5, 500
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class SpecialStep:
    """A special procedure of a guide that is not counted (特别程序): how long it takes at most, and why."""

    kind: str
    name: str
    days: int
    unit: Unit
    note: str


def special_steps(body: Mapping[str, Any]) -> list[SpecialStep]:
    """The special procedures of a guide for which its clock may stand, each kind once.

    The public notice is none of them: it begins by itself and ends by its date.
    """
    found: dict[str, SpecialStep] = {}
    for said in body.get("special_procedure") or ():
        name = str(said.get("name") or "")
        kind = str(said.get("kind") or name)
        if said.get("counted_in_limit") or kind == limits.PUBLIC_NOTICE or not kind:
            continue
        found.setdefault(kind, _step(said, kind, name or kind))
    return list(found.values())


def pause(
    session: Session, *, case_no: str, officer: Officer, kind: str, days: int | None, reason: str
) -> CasePause:
    """Stop the clock of a case for a special procedure that its guide names (暂停计时).

    `days` is how long it is expected to take, in the unit of the guide. Raises SpecialStepUnknown,
    PauseDaysUnfit, ClockReasonUnfit, PaperAskedAgain, ClockPaused, NotYourStep, CaseNotFound or a
    StepRefused.
    """
    case, actor = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True), clerk(officer)
    steps.allowed(Asked(session, case), Step.PAUSE, actor=actor)
    said = worded(reason)
    taken_in.refuse_paper_again(session, case, said)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    step = next((one for one in special_steps(guide.body) if one.kind == kind), None)
    if step is None:
        raise SpecialStepUnknown
    if days is None or not 1 <= days <= MOST_DAYS:
        raise PauseDaysUnfit(most=MOST_DAYS)
    today, before = clock.today(), clock_log.dates(case)
    values = {"clock_paused_on": today, **limits.NO_LIMIT}
    steps.take(Asked(session, case), Step.PAUSE, actor=actor, values=values)
    begun = _begun(session, case, step, days=days, officer=officer, reason=said)
    clock_log.note(session, case, Happening.PAUSED, actor=actor, before=before, cause=step.name, reason=said)
    sentence = f"进行{step.name}，预计到{begun.expected_until:%Y年%m月%d日}，暂停期间不计入办理时限"
    _told(session, case, "clock_paused", actor=actor, sentence=sentence)
    publish(session, CaseClockPaused(case.id, begun.id))
    return begun


def put_off(
    session: Session,
    case: Case,
    pause: CasePause,
    *,
    officer: Officer,
    until: date,
    step: SpecialStep,
    reason: str,
) -> None:
    """Expect the end of an open special procedure on another day, which its applicant is told.

    What the guide says at most stays. The row of the case is held.
    """
    pause.reason = reason
    if until == pause.expected_until:
        return
    pause.expected_until = until
    if not step.days:
        pause.published_until = until
    session.flush()
    sentence = f"{pause.name}改为预计到{until:%Y年%m月%d日}，暂停期间不计入办理时限"
    _told(session, case, "clock_paused", actor=clerk(officer), sentence=sentence)


def resume(session: Session, *, case_no: str, officer: Officer) -> CasePause:
    """Let the clock of a case run again: both limits move by the days that were not counted (恢复计时).

    Raises ClockNotPaused, NotYourStep, CaseNotFound or a StepRefused.
    """
    case, actor = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True), clerk(officer)
    steps.allowed(Asked(session, case), Step.RESUME, actor=actor)
    before = clock_log.dates(case)
    (ended,) = _end(session, case)
    values: dict[str, Any] = {"clock_paused_on": None}
    if case.notice_objected_on is None and case.clock_from is not None:
        guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
        values |= limits.counted(session, case, guide, start=case.clock_from).columns
    steps.take(Asked(session, case), Step.RESUME, actor=actor, values=values)
    clock_log.note(session, case, Happening.RESUMED, actor=actor, before=before, cause=ended.name)
    sentence = f"{ended.name}结束，恢复计算办理时限"
    if case.promised_due_on is not None:
        sentence += f"，承诺{case.promised_due_on:%Y年%m月%d日}前办结"
    _told(session, case, "clock_resumed", actor=actor, sentence=sentence)
    publish(session, CaseClockResumed(case.id, ended.id))
    return ended


def end_with_case(
    session: Session, case: Case, *, actor: timeline.Actor = timeline.CITIZEN, cause: str = "撤回"
) -> None:
    """End what is open of a case that is just over, and stop its clock if it ran; its row is held.

    `actor` and `cause` say who ended the case and how: whoever does not say is its applicant, taking it back.
    """
    _end(session, case)
    if case.accepted_at is not None:
        before = clock_log.dates(case)
        clock_log.note(session, case, Happening.STOPPED, actor=actor, before=before, cause=cause)


def open_pause(session: Session, *, case_id: int) -> CasePause | None:
    """The special procedure that is open, if one is."""
    return session.scalar(select(CasePause).where(CasePause.case_id == case_id, CasePause.ended_on.is_(None)))


def worded(reason: str) -> str:
    """What the applicant is to read, as it is kept; raises ClockReasonUnfit."""
    said = readable(reason)
    if not SHORTEST <= len(said) <= LONGEST:
        raise ClockReasonUnfit
    return said


def _begun(
    session: Session, case: Case, step: SpecialStep, *, days: int, officer: Officer, reason: str
) -> CasePause:
    today = clock.today()
    until = working_days.due_date(session, start=today, days=days, unit=step.unit)
    longest = working_days.due_date(session, start=today, days=step.days, unit=step.unit)
    begun = CasePause(
        case_id=case.id,
        kind=step.kind,
        name=step.name,
        reason=reason,
        began_on=today,
        began_at=clock.now(),
        expected_until=until,
        # A guide that says no length is held to what the clerk expects.
        published_until=longest if step.days else until,
        clerk_id=officer.clerk_id,
        clerk_name=officer.name,
    )
    session.add(begun)
    session.flush()
    return begun


def _end(session: Session, case: Case) -> Sequence[CasePause]:
    ended = (
        update(CasePause)
        .where(CasePause.case_id == case.id, CasePause.ended_on.is_(None))
        .values(ended_on=clock.today(), ended_at=clock.now())
        .returning(CasePause)
    )
    return session.scalars(ended).all()


def _step(said: Mapping[str, Any], kind: str, name: str) -> SpecialStep:
    working = said.get("promise_workdays")
    days = working if working is not None else said.get("promise_days")
    unit: Unit = "DAY" if working is None and days and said.get("unit", "DAY") == "DAY" else "WORKDAY"
    return SpecialStep(kind, name, int(days or 0), unit, str(said.get("note") or ""))


def _told(session: Session, case: Case, kind: str, *, actor: timeline.Actor, sentence: str) -> None:
    timeline.note(session, case_id=case.id, kind=kind, actor=actor, sentence=sentence)
