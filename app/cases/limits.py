"""How long a case may take (办理时限): the promise, the law, and a public notice that comes before both.

Some matters are announced first (公告), as 企业简易注销 is for twenty natural days (《市场主体登记管理条例》
第三十三条). The notice is a special step outside the limit (R011, R055): the first day that counts is the day
after its last one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import counting, situation
from app.cases.clock_models import CaseExtension, CasePause
from app.cases.counting import Span
from app.cases.models import Case
from app.catalogue.queries import Guide
from app.centres import working_days
from app.centres.working_days import Due

PUBLIC_NOTICE = "PUBLIC_NOTICE"
# The columns of a case whose clock stands.
NO_LIMIT: Final = {"promised_due_on": None, "statutory_due_on": None, "limit_provisional": False}


@dataclass(frozen=True, slots=True)
class Limits:
    """The promised and the statutory limit of a case (承诺时限、法定时限)."""

    promised: Due
    statutory: Due

    @property
    def columns(self) -> dict[str, Any]:
        """As the case keeps them; provisional while one of them rests on a year that is not published."""
        return {
            "promised_due_on": self.promised.on,
            "statutory_due_on": self.statutory.on,
            "limit_provisional": self.promised.provisional or self.statutory.provisional,
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """The public notice of a guide: how long it stays, in which unit."""

    days: int
    unit: working_days.Unit


def notice_of(body: Mapping[str, Any]) -> Notice | None:
    """The public notice that comes before the limit of a guide, if it has one."""
    for step in body.get("special_procedure") or ():
        if step.get("kind") == PUBLIC_NOTICE and not step.get("counted_in_limit"):
            working = step.get("promise_workdays")
            if working is not None:
                return Notice(int(working), "WORKDAY")
            return Notice(int(step["promise_days"]), _unit(str(step.get("unit") or "DAY")))
    return None


def last_day(session: Session, notice: Notice, *, since: date) -> date:
    """The last day of a notice that was published on a day."""
    return working_days.due_date(session, start=since, days=notice.days, unit=notice.unit)


def at_acceptance(session: Session, case: Case, guide: Guide, *, start: date) -> dict[str, Any]:
    """The columns that acceptance fills in: the notice as planned, and both limits after it."""
    notice = notice_of(guide.body)
    if notice is None:
        return due_dates(session, case, guide, start=start)
    until = last_day(session, notice, since=start)
    return {
        "notice_from": start,
        "notice_until": until,
        **due_dates(session, case, guide, start=until),
    }


def due_dates(session: Session, case: Case, guide: Guide, *, start: date) -> dict[str, Any]:
    """The promised and the statutory limit, counted from the day after `start` (承诺时限、法定时限).

    Neither runs while a special procedure is open; both count from the same day once it is over.
    """
    if case.clock_paused_on is not None:
        return {"clock_from": start, **NO_LIMIT}
    found = counted(session, case, guide, start=start)
    return {"clock_from": start, **found.columns}


def counted(
    session: Session, case: Case, guide: Guide, *, start: date, pauses: Sequence[working_days.Pause] = ()
) -> Limits:
    """Both limits with the pauses that are over, with `pauses` besides, and with the extension."""
    calendar = working_days.calendar(session)
    more = session.scalar(select(CaseExtension.days).where(CaseExtension.case_id == case.id)) or 0
    out = [*_ended(session, case.id), *pauses]
    days, unit = situation.limit(case, guide)
    promise = Span(days, _unit(unit), more)
    law = Span(guide.anticipate_day, _unit(guide.anticipate_unit), more)
    return Limits(
        counting.due(calendar, start, promise, pauses=out), counting.due(calendar, start, law, pauses=out)
    )


def _ended(session: Session, case_id: int) -> list[working_days.Pause]:
    over = select(CasePause.began_on, CasePause.ended_on).where(CasePause.case_id == case_id)
    return [(began, ended) for began, ended in session.execute(over) if ended is not None]


def notice_is_over(case: Case, *, today: date) -> bool:
    """Whether nothing of a notice stands in the way of a grant: none, or past and nobody objects."""
    if case.notice_until is None:
        return True
    return case.notice_objected_on is None and today > case.notice_until


def _unit(word: str) -> working_days.Unit:
    return "DAY" if word == "DAY" else "WORKDAY"
