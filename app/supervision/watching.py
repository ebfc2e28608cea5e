"""Warning whoever should know, once each (超时默认预警制): R029.

The job may run twice, late and in parallel: what was said is kept by a unique constraint over case, rule,
level and recipient. It writes alerts and opens tickets and touches no case. What the job came too late for,
since the case was decided meanwhile, is found when it is decided.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.events import CaseAccepted, CaseDecided
from app.cases.models import Case
from app.centres import working_days
from app.db import unit_of_work
from app.supervision import checks, numbers
from app.supervision.checks import Check
from app.supervision.models import SupervisionAlert, SupervisionTicket
from app.supervision.rules import LADDER, Level, Rule

BATCH = 200


def watch() -> int:
    """Look for everything that supervision looks for (job); how many alerts were new."""
    with unit_of_work() as session:
        looks = checks.all_of(session)
    return sum(_look(check) for check in looks)


def note_silence(session: Session, event: CaseAccepted) -> None:
    """Keep that a case was accepted by law since nobody spoke in time (视为受理); safe to repeat."""
    case = session.get_one(Case, event.case_id)
    if event.deemed and case.notice_due_on is not None:
        _tell(session, rule=Rule.ANSWER_LATE, level=Level.OVER, cases=[(case.id, case.notice_due_on)])


def note_decision(session: Session, event: CaseDecided) -> None:
    """Keep that a decision came too late, also when the job had not looked in between; safe to repeat."""
    case = session.get_one(Case, event.case_id)
    if case.decided_at is None:
        return
    decided = clock.local(case.decided_at).date()
    for rule, due_on in (
        (Rule.PROMISE_OVER, case.promised_due_on),
        (Rule.LAW_OVER, case.statutory_due_on),
    ):
        if due_on is not None and due_on < decided:
            _tell(session, rule=rule, level=Level.OVER, cases=[(case.id, due_on)])


def _look(check: Check) -> int:
    """Tell of all that one look finds, a batch at a time."""
    new = 0
    while True:
        with unit_of_work() as session:
            found = _found(session, check)
            new += _tell(session, rule=check.rule, level=check.level, cases=found)
        if len(found) < BATCH:
            return new


def _found(session: Session, check: Check) -> list[tuple[int, date]]:
    calendar = working_days.calendar(session)
    rows = session.execute(check.untold().order_by(Case.id).limit(BATCH)).all()
    return [(case_id, check.due_on(calendar, since)) for case_id, since in rows]


def _tell(session: Session, *, rule: Rule, level: Level, cases: Sequence[tuple[int, date]]) -> int:
    """Write an alert for each recipient of the ladder, and open a ticket for a promise that was not kept."""
    if not cases:
        return 0
    said = [(case_id, due_on, recipient) for case_id, due_on in cases for recipient in LADDER[level]]
    rows: list[dict[str, Any]] = [
        {
            "alert_no": number,
            "case_id": case_id,
            "rule": rule.value,
            "level": level.value,
            "recipient": recipient.value,
            "due_on": due_on,
            "at": clock.now(),
        }
        for number, (case_id, due_on, recipient) in zip(
            numbers.new_numbers(session, len(said)), said, strict=True
        )
    ]
    new = session.scalars(_once(insert(SupervisionAlert).values(rows)).returning(SupervisionAlert.id)).all()
    if rule is Rule.PROMISE_OVER:
        opened = [{"case_id": case_id, "opened_at": clock.now()} for case_id, _ in cases]
        session.execute(
            insert(SupervisionTicket).values(opened).on_conflict_do_nothing(index_elements=["case_id"])
        )
    return len(new)


def _once(told: Any) -> Any:
    """What another run has said meanwhile is not said again."""
    return told.on_conflict_do_nothing(index_elements=["case_id", "rule", "level", "recipient"])
