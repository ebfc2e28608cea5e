"""How long a case may take (办理时限): the promise, the law, and a public notice that comes before both.

Some matters are announced first (公告), as 企业简易注销 is for twenty natural days (《市场主体登记管理条例》
第三十三条). The notice is a special step outside the limit (R011, R055): the first day that counts is the day
after its last one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cases import situation
from app.cases.models import Case
from app.catalogue.queries import Guide
from app.centres import working_days

PUBLIC_NOTICE = "PUBLIC_NOTICE"


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


def at_acceptance(session: Session, case: Case, guide: Guide, *, start: date) -> dict[str, date]:
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


def due_dates(session: Session, case: Case, guide: Guide, *, start: date) -> dict[str, date]:
    """The promised and the statutory limit, counted from the day after `start` (承诺时限、法定时限)."""
    days, unit = situation.limit(case, guide)
    promised = working_days.due_date(session, start=start, days=days, unit=_unit(unit))
    statutory = working_days.due_date(
        session, start=start, days=guide.anticipate_day, unit=_unit(guide.anticipate_unit)
    )
    return {"promised_due_on": promised, "statutory_due_on": statutory}


def notice_is_over(case: Case, *, today: date) -> bool:
    """Whether nothing of a notice stands in the way of a grant: none, or past and nobody objects."""
    if case.notice_until is None:
        return True
    return case.notice_objected_on is None and today > case.notice_until


def _unit(word: str) -> working_days.Unit:
    return "DAY" if word == "DAY" else "WORKDAY"
