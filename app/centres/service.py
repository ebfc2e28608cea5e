"""Bringing a city's centres, rules and calendar in (大厅数据导入); every load may be repeated."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.centres import naming, working_days
from app.centres.errors import CityDataInvalid
from app.centres.models import CalendarDay, CalendarYear, Centre, CityRules, DayKind, WindowGroup

_CITY_HOURS = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}
# Windows for whatever has no window of its own in the centre (综合窗口).
_GENERAL = frozenset({"综合受理", "综合窗口", "综合咨询", "帮代办"})
_WEEKDAYS = frozenset("1234567")
_DOCUMENT_ERRORS = (KeyError, TypeError, ValueError, AttributeError)

log = logging.getLogger(__name__)


def load_city(session: Session, *, centres: Mapping[str, Any], calendar: Mapping[str, Any]) -> int:
    """Load `centres.json` and `calendar.json`, all or nothing; returns how many centres there are.

    What is there already is brought up to date. A window group that is no longer named keeps its past but has
    no windows, so no slots are opened for it. A centre whose name does not tell its level is loaded all the
    same and named in the log (场所名称统一). Raises CityDataInvalid with the place of the first fault.
    """
    load_calendar(session, calendar)
    _load_rules(session, centres)
    documents = _part(centres, "centers", "centers")
    for position, document in enumerate(documents):
        where = f"centers[{position}]"
        try:
            _load_centre(session, document, provenance=str(centres.get("provenance", "demo-authored")))
        except _DOCUMENT_ERRORS as error:
            raise CityDataInvalid(where=where, why=_reason(error)) from error
        misnamed = naming.fault(document["level"], document["name"])
        if misnamed is not None:
            log.warning("%s: %s", where, misnamed)
    session.flush()
    return len(documents)


def load_calendar(session: Session, document: Mapping[str, Any]) -> None:
    """Replace the calendar of the years that the document names; other years are left alone.

    Raises CityDataInvalid.
    """
    try:
        years = list(_years(document))
        days = list(_days(document))
        named = {year.year for year in years}
        strays = sorted(day.day for day in days if day.day.year not in named)
        if strays:
            raise ValueError(f"{strays[0]} 不在所列年份内")
    except _DOCUMENT_ERRORS as error:
        raise CityDataInvalid(where="calendar", why=_reason(error)) from error
    for year in sorted(named):
        session.execute(
            delete(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        )
    session.execute(delete(CalendarYear).where(CalendarYear.year.in_(named)))
    session.add_all([*years, *days])
    session.flush()
    working_days.forget(session)


def _years(document: Mapping[str, Any]) -> Iterator[CalendarYear]:
    papers = document.get("papers", {})
    for year in document["published_years"]:
        yield CalendarYear(year=int(year), published=True, source=" ".join(papers.get(str(year), [])))
    if provisional := document.get("provisional"):
        yield CalendarYear(year=int(provisional["year"]), published=False, source=provisional["status"])


def _days(document: Mapping[str, Any]) -> Iterator[CalendarDay]:
    for day, name in document["off_days"].items():
        yield CalendarDay(day=date.fromisoformat(day), kind=DayKind.OFF, name=name, provisional=False)
    for day in document["makeup_workdays"]:
        yield CalendarDay(
            day=date.fromisoformat(day), kind=DayKind.MAKE_UP, name="调休上班", provisional=False
        )
    for day, name in document.get("provisional", {}).get("statutory_only", {}).items():
        yield CalendarDay(day=date.fromisoformat(day), kind=DayKind.OFF, name=name, provisional=True)


def _load_rules(session: Session, document: Mapping[str, Any]) -> None:
    rules = _part(document, "booking_rules", "booking_rules")
    try:
        values = {
            "hours": _checked_hours(document.get("city", {}).get("opening_hours", _CITY_HOURS)),
            "advance_workdays": _count(rules["advance_workdays"]),
            "min_lead_minutes": _count(rules["min_lead_minutes"]),
            "slot_minutes": _count(rules["slot_minutes"]),
            "per_person_per_day": _count(rules["per_person_per_day"]),
            "cancel_before_minutes": _count(rules["cancel_before_minutes"]),
            "late_grace_minutes": _count(rules["late_grace_minutes"]),
            "walk_in_percent": round(float(rules["walk_in_reserved_ratio"]) * 100),
        }
    except _DOCUMENT_ERRORS as error:
        raise CityDataInvalid(where="booking_rules", why=_reason(error)) from error
    statement = insert(CityRules).values(id=1, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _load_centre(session: Session, document: Mapping[str, Any], *, provenance: str) -> None:
    shift = document.get("weekend_shift", {})
    values = {
        "name": document["name"],
        "level": document["level"],
        "region_code": document["region_code"],
        "address": document["address"],
        "lat": float(document["lat"]),
        "lng": float(document["lng"]),
        "phone": document["phone"],
        "hours": _own_hours(document),
        "shift_days": [int(day) for day in shift.get("days", [])],
        "service_groups": list(document["service_groups"]),
        "last_ticket_before_minutes": _count(document["last_ticket_before_minutes"]),
        "lunch_break": bool(document["lunch_break"]),
        "self_service": list(document["self_service_24h"]),
        "accessibility": list(document["accessibility"]),
        "special_windows": list(document["special_windows"]),
        "parking": document["parking"],
        "transit": document["transit"],
        "note": document["note"],
        "provenance": document.get("provenance", provenance),
        "updated_at": clock.now(),
    }
    statement = insert(Centre).values(id=document["center_id"], **values)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    _load_groups(session, document, taken_at_weekends=set(shift.get("items_from", [])))


def _load_groups(session: Session, document: Mapping[str, Any], *, taken_at_weekends: set[str]) -> None:
    """A group takes its own field; a general window also what the centre offers and no other window takes."""
    centre_id = document["center_id"]
    names = [window["group"] for window in document["windows"]]
    unclaimed = [field for field in document["service_groups"] if field not in names]
    for window in document["windows"]:
        name = window["group"]
        serves = [name, *(unclaimed if name in _GENERAL else ())]
        at_weekends = taken_at_weekends | ({name} if window["weekend"] else set())
        values = {
            "codes": list(window["codes"]),
            "capacity_per_slot": _count(window["capacity_per_slot"]),
            "serves": serves,
            "weekend_serves": [field for field in serves if field in at_weekends],
        }
        statement = insert(WindowGroup).values(centre_id=centre_id, name=name, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["centre_id", "name"], set_=values))
    gone = select(WindowGroup).where(WindowGroup.centre_id == centre_id, WindowGroup.name.not_in(names))
    for group in session.scalars(gone):
        group.codes, group.serves, group.weekend_serves = [], [], []


def _own_hours(document: Mapping[str, Any]) -> dict[str, list[list[str]]] | None:
    """The centre's own hours with its weekend shift filled in; None when it follows the city."""
    given, shift = document.get("opening_hours"), document.get("weekend_shift", {})
    if given is None:
        return None
    hours = _checked_hours(given)
    for day in shift.get("days", []):
        if not hours.get(str(day)):
            hours[str(day)] = _checked_stretches([shift["hours"].split("-")])
    return hours


def _checked_hours(given: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    if not _WEEKDAYS.issuperset(given):
        raise ValueError("opening_hours 的键必须是 1 到 7")
    return {day: _checked_stretches(stretches) for day, stretches in given.items()}


def _checked_stretches(stretches: Sequence[Sequence[str]]) -> list[list[str]]:
    """Pairs of times such as 09:00 and 17:00, each after the one before."""
    moments = [time.fromisoformat(moment) for opens, closes in stretches for moment in (opens, closes)]
    if any(later <= earlier for earlier, later in pairwise(moments)):
        raise ValueError("开放时间必须先后相接、不得重叠")
    return [[opens, closes] for opens, closes in stretches]


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} 不是非负整数")
    return value


def _part(document: Mapping[str, Any], key: str, where: str) -> Any:
    try:
        return document[key]
    except _DOCUMENT_ERRORS as error:
        raise CityDataInvalid(where=where, why=_reason(error)) from error


def _reason(error: Exception) -> str:
    return f"缺少 {error.args[0]}" if isinstance(error, KeyError) else str(error)
