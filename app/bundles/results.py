"""What an earlier part yields is not asked of the citizen again (前一步的结果免提交)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app import clock
from app.bundles import standing
from app.bundles.parts import WholePart
from app.catalogue.queries import Guide
from app.certificates.models import CertificateState

# What is said in brackets after a result is its occasion: 居民户口簿（出生登记） is a 居民户口簿.
_OCCASION = re.compile(r"（[^（）]*）$")


def givers(parts: Sequence[WholePart]) -> dict[tuple[str, str], WholePart]:
    """Which part gives which material: (task code, material code) → the part whose result it is.

    A material is the result of a part of an earlier step when it is called like it; of several, of the last.
    For a part that is not handed in yet only those count that can still give it.
    """
    found: dict[tuple[str, str], WholePart] = {}
    for part in parts:
        open_still = standing.is_draft(part.case)
        earlier = {
            result_name(one): one
            for one in parts
            if one.part.step < part.part.step and result_name(one) and (can_give(one) or not open_still)
        }
        for material in part.guide.materials:
            giver = earlier.get(name_of(material))
            if giver is not None:
                found[part.code, str(material["material_code"])] = giver
    return found


def can_give(part: WholePart) -> bool:
    """Whether a part's result can be counted on: it is not decided yet, or what it gave is valid today."""
    if standing.holds_up(part.case):
        return False
    if not part.case.granted:
        return True
    given = part.certificate
    return given is not None and given.state_on(clock.today()) == CertificateState.VALID


def coming(part: WholePart, found: Mapping[tuple[str, str], WholePart]) -> frozenset[str]:
    """The codes of the part's materials that earlier parts give."""
    return frozenset(code for task_code, code in found if task_code == part.code)


def result_name(part: WholePart) -> str:
    """What a part yields, without its occasion; empty when its guide does not say."""
    return result_of(part.guide)


def result_of(guide: Guide) -> str:
    """What a guide yields, without its occasion; empty when it does not say."""
    result = guide.body.get("result") or {}
    return without_occasion(str(result.get("result_name", "")))


def without_occasion(result: str) -> str:
    """A result as materials call it."""
    return _OCCASION.sub("", squeezed(result))


def name_of(material: Mapping[str, Any]) -> str:
    """What makes a material the same thing in another part: its name without spaces."""
    return squeezed(str(material["name"]))


def squeezed(text: str) -> str:
    """A text without spaces."""
    return "".join(text.split())
