"""A promise that does not count any more (承诺不算): its material is asked for as one that follows (容缺).

When it is to be there follows from the limits of the case, in their order: before the promised day, so that
time to examine is left; where that is too near, before the day of the law, which nobody may pass.
"""

from datetime import date
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import limits, promised, timeline
from app.cases.events import PromiseFell
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.promise_models import CasePromise
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.catalogue import tolerance
from app.catalogue.queries import Guide
from app.centres import working_days
from app.events import publish

# Working days, where the guide names none for what follows.
USUAL_DAYS: Final = 10
# Fewer are not enough to get a paper from an office, so that then only the law's limit counts.
LEAST_DAYS: Final = 3


def ask_for_materials(session: Session, case: Case) -> None:
    """Ask for each material for which a promise stood, by its day; nothing where none stands."""
    fallen = promised.of_case(session, case_id=case.id)
    if not fallen:
        return
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    days = _days(session, case, guide)
    due_on = None
    if case.state == State.ACCEPTED:
        due_on = working_days.due_date(session, start=clock.today(), days=days, unit="WORKDAY")
    names = "、".join(f"“{one.name}”" for one in fallen)
    for one in fallen:
        _ask_for(session, one, days=days, due_on=due_on)
    until = f"请在{due_on:%Y年%m月%d日}前补交" if due_on is not None else "请在受理后补交"
    timeline.note(
        session,
        case_id=case.id,
        kind="promise_fell",
        actor=timeline.SYSTEM,
        # Lines and events are never personal: who listed whom stands in the message and at the desk.
        sentence=f"按信用名单查询结果，告知承诺不算，{names}{until}",
    )
    publish(session, PromiseFell(case.id, names, until))


def days_to_follow(wanted: int, *, before_promise: int, before_law: int) -> int:
    """Working days that are given, of so many that lie before the promised day and the day of the law."""
    enough = min(wanted, LEAST_DAYS)
    if before_promise >= enough:
        return min(wanted, before_promise)
    return max(1, min(enough, before_law))


def _days(session: Session, case: Case, guide: Guide) -> int:
    today, calendar = clock.today(), working_days.calendar(session)
    wanted = tolerance.days(guide.body) or USUAL_DAYS
    promise, law = case.promised_due_on, case.statutory_due_on
    if promise is None or law is None:
        # The clock does not run yet, or stands: as it would run from today.
        found = limits.counted(session, case, guide, start=today)
        promise, law = found.promised.on, found.statutory.on

    def days_before(limit: date) -> int:
        ends = [calendar.due(today, number, unit="WORKDAY").on for number in range(1, wanted + 1)]
        return sum(end < limit for end in ends)

    return days_to_follow(wanted, before_promise=days_before(promise), before_law=days_before(law))


def _ask_for(session: Session, one: CasePromise, *, days: int, due_on: date | None) -> None:
    session.execute(
        insert(OwedMaterial)
        .values(
            case_id=one.case_id,
            material_code=one.material_code,
            name=one.name,
            days=days,
            undertaking_id=one.undertaking_id,
            digest=one.digest,
            chosen_at=clock.now(),
            due_on=due_on,
        )
        .on_conflict_do_nothing()
    )
    session.delete(one)
    session.flush()
