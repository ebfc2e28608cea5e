"""Six elements are to be the same everywhere (六统一): name, code, basis, conditions, materials, limit.

Items with the same base code (and the same part of it) are one matter in several districts or departments.
One of them is the standard: the one that says so, else that of the highest level. What differs from it
without a reason stated in `unified_reasons` is a difference. Source: R009 of the requirements.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import codes
from app.catalogue.exporting import in_force
from app.catalogue.models import ItemState, ServiceItem

Item = Mapping[str, Any]
Values = tuple[str, ...]

LABELS = {
    "name": "名称",
    "code": "编码",
    "basis": "依据",
    "conditions": "条件",
    "materials": "材料",
    "limit": "时限",
}
_BASE_BEGINS, _BASE_LENGTH = 20, 12  # of the task code, counted from 1 as SQL does


@dataclass(frozen=True, slots=True)
class Difference:
    """One element of one item that is not as in the standard item; `reason` is None unless it is explained.

    `here` is what only this item has, `there` what only the standard has.
    """

    catalog_code: str
    element: str
    task_code: str
    name: str
    place: str
    standard_code: str
    here: Values
    there: Values
    reason: str | None

    @property
    def label(self) -> str:
        """The element as a clerk calls it."""
        return LABELS[self.element]


def differences(session: Session, *, explained: bool = False) -> Iterator[Difference]:
    """What differs from the standard items without a stated reason, by base code; with reasons if asked for.

    Items in use only; reads a few at a time.
    """
    for found in itertools.chain(_within_codes(session), _across_codes(session)):
        if explained or found.reason is None:
            yield found


def _within_codes(session: Session) -> Iterator[Difference]:
    """Items of one base code: the same matter, told differently."""
    matter = func.substr(ServiceItem.task_code, _BASE_BEGINS)
    several = select(matter).where(*_IN_USE).group_by(matter).having(func.count() > 1)
    bodies = session.scalars(
        in_force().where(*_IN_USE, matter.in_(several)).order_by(matter, ServiceItem.task_code)
    )
    for _, group in itertools.groupby(bodies, key=lambda item: item["task_code"][_BASE_BEGINS - 1 :]):
        items = list(group)
        standard = min(items, key=_rank)
        for item in items:
            if item is not standard:
                yield from compared(item, standard)


def _across_codes(session: Session) -> Iterator[Difference]:
    """Items of one name under several base codes: one matter that was numbered differently."""
    base = func.substr(ServiceItem.task_code, _BASE_BEGINS, _BASE_LENGTH)
    several = (
        select(ServiceItem.name)
        .where(*_IN_USE)
        .group_by(ServiceItem.name)
        .having(func.count(base.distinct()) > 1)
    )
    bodies = session.scalars(
        in_force()
        .where(*_IN_USE, ServiceItem.name.in_(several))
        .order_by(ServiceItem.name, ServiceItem.task_code)
    )
    for _, group in itertools.groupby(bodies, key=lambda item: item["task_name"]):
        yield from _numbered(list(group))


def _numbered(items: Sequence[Item]) -> Iterator[Difference]:
    flagged = [item for item in items if item.get("is_standard")]
    often = Counter(item["catalog_code"] for item in flagged or items)
    usual = min(often, key=lambda code: (-often[code], code))
    standard = min((item for item in items if item["catalog_code"] == usual), key=_rank)
    for item in items:
        if item["catalog_code"] != usual:
            yield _difference(item, standard, "code", here=(item["catalog_code"],), there=(usual,))


def compared(item: Item, standard: Item) -> Iterator[Difference]:
    """The elements in which an item differs from the standard, with its reasons."""
    for element, values in _ELEMENTS.items():
        mine, wanted = values(item), values(standard)
        here = tuple(one for one in mine if one not in wanted)
        there = tuple(one for one in wanted if one not in mine)
        if here or there:
            yield _difference(item, standard, element, here=here, there=there)


def _difference(item: Item, standard: Item, element: str, *, here: Values, there: Values) -> Difference:
    reason = ((item.get("unified_reasons") or {}).get(element) or "").strip()
    return Difference(
        catalog_code=item["catalog_code"],
        element=element,
        task_code=item["task_code"],
        name=item["task_name"],
        place=" ".join(filter(None, (item.get("region_name"), item["dept_name"]))),
        standard_code=standard["task_code"],
        here=here,
        there=there,
        reason=reason or None,
    )


def _rank(item: Item) -> tuple[bool, str, str]:
    """The standard comes first: the one that says so, the highest level, the lowest code."""
    return not item.get("is_standard"), item["use_level"], item["task_code"]


def _name(item: Item) -> Values:
    return ("".join(item["task_name"].split()),)


def _code(item: Item) -> Values:
    """Beside the base code, which is the same here, the type is part of what a matter is numbered by."""
    kind = str(item["task_type"])
    return (codes.TASK_TYPES.get(kind, kind),)


def _basis(item: Item) -> Values:
    laws = item.get("legal_basis") or []
    return tuple("".join(f"{law['law_name']}{law.get('clause') or ''}".split()) for law in laws)


def _conditions(item: Item) -> Values:
    return tuple("".join(condition.split()) for condition in item.get("accept_condition") or [])


def _materials(item: Item) -> Values:
    return tuple(
        f"{''.join(material['name'].split())}（{codes.MATERIAL_NEEDS.get(material['is_need'], '')}）"
        for material in item.get("materials") or []
    )


def _limit(item: Item) -> Values:
    return tuple(
        f"{said}{item[f'{kind}_day']}{codes.LIMIT_UNITS[item[f'{kind}_unit']]}"
        for kind, said in (("anticipate", "法定"), ("promise", "承诺"))
    )


_ELEMENTS: Mapping[str, Callable[[Item], Values]] = {
    "name": _name,
    "code": _code,
    "basis": _basis,
    "conditions": _conditions,
    "materials": _materials,
    "limit": _limit,
}
_IN_USE = (ServiceItem.state == ItemState.IN_USE.value, ServiceItem.secret.is_(False))
