"""Which department looks after what an item grants (监管部门), as its guide publishes it; pure.

Grants of a licence are always told to a department that supervises what follows; those of another item are
told when its guide names one. A guide that names none leaves it to whoever decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.catalogue import codes
from app.catalogue.item_shape import Finding

FIELD: Final = "supervisor"
_LICENCE: Final = "01"


@dataclass(frozen=True, slots=True)
class Department:
    """A department by its 统一社会信用代码 and its name."""

    code: str
    name: str


def is_told(body: Mapping[str, Any]) -> bool:
    """Whether grants of an item are told at all (纳入审管联动)."""
    return body.get("task_type") == _LICENCE or bool(body.get(FIELD))


def supervisor(body: Mapping[str, Any]) -> Department:
    """Who looks after what an item grants; without a word in the guide, who decides."""
    named = body.get(FIELD) or {"dept_code": body["dept_code"], "dept_name": body["dept_name"]}
    return Department(code=str(named["dept_code"]), name=str(named["dept_name"]))


def check(item: Mapping[str, Any], *, ours: bool) -> Iterator[Finding]:
    """What is wrong with who is named, and where a guide had better name somebody."""
    named = item.get(FIELD)
    if named and not codes.uscc_is_right(str(named["dept_code"])):
        yield Finding(f"{FIELD}.dept_code", "uscc", "部门编码的校验位不对，请核对", refuses=ours)
    if not named and item.get("task_type") == _LICENCE and item.get("original_dept_name"):
        sentence = "审批局集中办理的许可，请写明办成后由哪个部门监管，不写的只推给实施主体"
        yield Finding(FIELD, FIELD, sentence, refuses=False)
