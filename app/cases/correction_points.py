"""The points of a correction notice (补正内容): what is wrong with which thing, and how it is mended."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a point is about: a field of the form, a material of the guide, or something beyond the guide."""

    FIELD = "field"
    MATERIAL = "material"
    OUTSIDE = "outside"


class Reason(StrEnum):
    """What is wrong (补正原因)."""

    MISSING = "missing"
    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    OTHER_PAPER = "other_paper"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"
    CONTRADICTS = "contradicts"
    WRONG = "wrong"
    BEYOND_GUIDE = "beyond_guide"
    ORIGINAL_DIFFERS = "original_differs"


REASON_TEXTS: dict[Reason, str] = {
    Reason.MISSING: "没有提交",
    Reason.UNCLEAR: "看不清楚",
    Reason.INCOMPLETE: "缺页或者没有拍全",
    Reason.OTHER_PAPER: "不是要求的这份材料",
    Reason.EXPIRED: "已经过了有效期",
    Reason.UNSIGNED: "没有签字或者盖章",
    Reason.CONTRADICTS: "和其他材料不一致",
    Reason.WRONG: "填写有误",
    Reason.BEYOND_GUIDE: "清单外要求",
    Reason.ORIGINAL_DIFFERS: "原件和照片不一致",
}
# What a clerk may choose from, and what is said when they add nothing of their own.
_OF_FIELDS = (Reason.WRONG, Reason.CONTRADICTS, Reason.INCOMPLETE, Reason.MISSING)
_OF_MATERIALS = (
    Reason.UNCLEAR,
    Reason.INCOMPLETE,
    Reason.MISSING,
    Reason.OTHER_PAPER,
    Reason.EXPIRED,
    Reason.UNSIGNED,
    Reason.CONTRADICTS,
)
REASONS: dict[Kind, tuple[Reason, ...]] = {
    Kind.FIELD: _OF_FIELDS,
    Kind.MATERIAL: _OF_MATERIALS,
    Kind.OUTSIDE: (Reason.BEYOND_GUIDE,),
}
# All that may be said of a material that passed a pre-check (网上预审), and how it differs with it.
OF_PASSED = (Reason.ORIGINAL_DIFFERS,)
_HOW_FIELD = "请对照证件或者原件核对后重新填写"
_HOW: dict[Reason, str] = {
    Reason.MISSING: "请拍照上传这份材料",
    Reason.UNCLEAR: "请在光线好的地方重新拍，四个角拍全，字要看得清",
    Reason.INCOMPLETE: "请把缺的页补拍上传，每页一张",
    Reason.OTHER_PAPER: "请对照办事指南，换成要求的这份材料",
    Reason.EXPIRED: "请换成在有效期内的",
    Reason.UNSIGNED: "请签字或者盖章后重新拍照上传",
    Reason.CONTRADICTS: "请核对后上传正确的材料",
    Reason.BEYOND_GUIDE: "请拍照上传",
}
LONGEST_HOW = 200


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to correct; `target` is the key of a field or the code of a material.

    `legal_basis` and `confirmed_by` only of what the guide does not ask for.
    """

    kind: Kind
    target: str
    label: str
    reason: Reason
    how: str
    legal_basis: str = ""
    confirmed_by: str = ""

    @property
    def reason_text(self) -> str:
        """What is wrong, in words."""
        return REASON_TEXTS[self.reason]

    @property
    def said(self) -> str:
        """The point in one sentence, as the notice has it."""
        return f"{self.label}：{self.reason_text}。{self.how}"


def usual_how(kind: Kind, reason: Reason) -> str:
    """How to mend it, when the clerk says nothing of their own."""
    return _HOW_FIELD if kind is Kind.FIELD else _HOW[reason]


def sealed(points: Iterable[Point]) -> str:
    """Points as text for their encrypted column."""
    return json.dumps([asdict(point) for point in points], ensure_ascii=False)


def opened(text: str) -> tuple[Point, ...]:
    """Points from their column."""
    return tuple(
        Point(**{**kept, "kind": Kind(kept["kind"]), "reason": Reason(kept["reason"])})
        for kept in json.loads(text)
    )
