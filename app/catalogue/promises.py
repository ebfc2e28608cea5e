"""Which materials a promise may stand for, and its text (告知承诺制): as the guide publishes it.

《国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）: what is
told is the basis, the conditions, what is not so and what follows; what is too dangerous to mend is excluded
(R035). A promise about an address is one that many items use (住所申报承诺制, R037).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.catalogue import codes
from app.catalogue.item_shape import Finding
from app.undertakings.texts import ADDRESS

Item = Mapping[str, Any]

_NO_BAR = "none"


def of_material(body: Item, material_code: str) -> Mapping[str, Any] | None:
    """The published promise that may stand for a material; None: it is to be handed in."""
    return next((row for row in _offered(body) if row["material_code"] == material_code), None)


def are_offered(body: Item) -> bool:
    """Whether a promise may stand for any material of the guide."""
    return bool(_offered(body))


def _offered(body: Item) -> Sequence[Mapping[str, Any]]:
    if not body.get("notify_commit") or body.get("promise_bar") != _NO_BAR:
        return ()
    return body.get("promises") or ()


def check(item: Item) -> Iterator[Finding]:
    """What is wrong with the promises of a guide; an excluded category cannot have any."""
    bar = item.get("promise_bar")
    if bar and bar != _NO_BAR:
        yield from _barred(item, codes.PROMISE_BARS[bar])
        return
    rows = item.get("promises") or []
    if rows and not bar:
        sentence = "有告知承诺书的，请确认事项不涉及国家安全、公共安全、人身健康等不适用的情形"
        yield Finding("promise_bar", "promises", sentence)
    if rows and not item.get("notify_commit"):
        yield Finding("notify_commit", "promises", "有告知承诺书的，请标明告知承诺")
    materials = {material["material_code"]: material for material in item.get("materials") or []}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        for name, sentence in _faults(row, materials.get(row["material_code"]), seen):
            yield Finding(f"promises[{place}].{name}", "promises", sentence)
        seen.add(row["material_code"])


def _barred(item: Item, why: str) -> Iterator[Finding]:
    sentence = f"{why}的事项，不适用告知承诺，请改为提交材料"
    for name in ("notify_commit", "promises"):
        if item.get(name):
            yield Finding(name, "promise_barred", sentence)
    for place, material in enumerate(item.get("materials") or []):
        if material.get("commit_replace"):
            yield Finding(f"materials[{place}].commit_replace", "promise_barred", sentence)


def _faults(
    row: Mapping[str, Any], material: Mapping[str, Any] | None, seen: set[str]
) -> Iterator[tuple[str, str]]:
    if material is None:
        yield "material_code", "材料里没有这个编码"
        return
    if row["material_code"] in seen:
        yield "material_code", "一项材料只能有一份承诺书"
    if not material.get("commit_replace"):
        yield "material_code", "这项材料没有标为可承诺代替"
    if not material.get("photo_upload", True):
        yield "material_code", "承诺代替的材料，也要能拍照上传，由申请人选择"
    if not row.get("check_days"):
        yield "check_days", "请写明决定后几个工作日内核查"
    if not row.get("promised") and row.get("kind") != ADDRESS:
        yield "promised", "请写明申请人承诺的内容"
