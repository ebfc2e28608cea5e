"""Which materials may follow later, and within how many days (容缺受理): as the guide publishes it.

温州市行政审批: 对主件已具备、暂缺次要申报材料且不影响审查的，在申请人作出承诺后，先予以受理 (R036). What may
follow is a material that the guide marks 容缺后补; everything else must be there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue import instant
from app.catalogue.item_shape import Finding
from app.situations.guide import MANDATORY, TO_FOLLOW

Item = Mapping[str, Any]

_WEEK, _WORK_WEEK = 7, 5


def days(body: Item) -> int | None:
    """Working days from acceptance in which what is missing is to follow; None: nothing may follow.

    An instant item is decided at once, so nothing of it can follow.
    """
    if not body.get("tolerant_accept") or instant.is_instant(body):
        return None
    return body.get("tolerant_days") or None


def may_follow(body: Item, material: Mapping[str, Any]) -> bool:
    """Whether a material, as it applies to an applicant, may follow after acceptance (可容缺)."""
    return bool(
        days(body)
        and material.get("is_need") == TO_FOLLOW
        and not material.get("one_of")
        and material.get("photo_upload", True)
    )


def check(item: Item, *, ours: bool) -> Iterator[Finding]:
    """What is unclear in a guide about what may follow; a record of another source is only warned of."""
    materials = item.get("materials") or []
    following = [place for place, material in enumerate(materials) if material["is_need"] == TO_FOLLOW]
    if not following:
        if item.get("tolerant_accept") or item.get("tolerant_days"):
            yield Finding("tolerant_accept", "tolerance", "没有标为容缺后补的材料", refuses=False)
        return
    for path, sentence in _faults(item, materials, following):
        yield Finding(path, "tolerance", sentence, refuses=ours)


def _faults(item: Item, materials: list[dict[str, Any]], following: list[int]) -> Iterator[tuple[str, str]]:
    if instant.is_instant(item):
        yield "tolerant_accept", "即办件当场办结，材料不能容缺后补"
        return
    if not item.get("tolerant_accept"):
        yield "tolerant_accept", "有容缺后补的材料，请标明容缺受理"
    if not item.get("tolerant_days"):
        yield "tolerant_days", "有容缺后补的材料，请写明受理后几个工作日内补交"
    elif item["tolerant_days"] >= _promised(item):
        yield "tolerant_days", "补交期限要短于承诺时限，补齐以后还要留时间审查"
    if not any(material["is_need"] == MANDATORY for material in materials):
        yield "materials", "主要材料不能都容缺，至少一项要标为必要"
    for place in following:
        if materials[place].get("one_of") or not materials[place].get("photo_upload", True):
            yield f"materials[{place}].is_need", "任选其一或在线填写的材料，不能容缺后补"


def _promised(item: Item) -> int:
    promised = int(item["promise_day"])
    return promised if item["promise_unit"] == "WORKDAY" else promised * _WORK_WEEK // _WEEK
