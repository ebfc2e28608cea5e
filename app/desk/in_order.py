"""Cases in the order of their urgency, a page at a time (按期限排序), however many there are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_, union

from app.cases.models import Case
from app.staff.sessions import OnDuty


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a list goes on: the last line's sort key, if the list has one, and its id."""

    key: date | datetime | None
    id: int


def first(
    asked: Select[*tuple[Any, ...]], clerk: OnDuty, key: Any = None, *, limit: int
) -> Select[*tuple[Any, ...]]:
    """The first of what the clerk's department has of a selection, by a key, or the newest.

    What bears the department's code and what bears its name are taken apart, so that an index in the wanted
    order gives each: both in one condition would have every open case of the department read and sorted. What
    bears it as both stands there once.
    """
    if clerk.department is None:
        return _ordered(asked, Case, key).limit(limit)
    by_code = asked.where(Case.dept_code == clerk.department)
    by_name = asked.where(Case.dept_name == clerk.department)
    both = union(*(_ordered(one, Case, key).limit(limit) for one in (by_code, by_name))).subquery().c
    return _ordered(select(*both), both, key).limit(limit)


def _ordered(asked: Select[*tuple[Any, ...]], columns: Any, key: Any) -> Select[*tuple[Any, ...]]:
    order = (columns.id.desc(),) if key is None else (getattr(columns, key.key), columns.id)
    return asked.order_by(*order)


def beyond(key: Any, after: Mark) -> ColumnElement[bool]:
    """What comes after a mark; cases whose limit stands still have no key and come last."""
    if after.key is None:
        return and_(key.is_(None), Case.id > after.id)
    return or_(tuple_(key, Case.id) > (after.key, after.id), key.is_(None))
