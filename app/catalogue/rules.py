"""What an item must keep before it may be published (事项入库校验).

Three parts: the table of fields (`item_shape`), how the codes agree (here) and the twenty quality rules of a
guide (`quality`). In our own shape what breaks a rule is refused. A record of another source is not ours to
mend: there the quality rules and the check character of the organisation only warn.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app import clock
from app.catalogue import (
    codes,
    form_shape,
    instant,
    oversight,
    prechecking,
    promises,
    quality,
    telling_days,
    tolerance,
    visit_points,
)
from app.catalogue import joint_opinions as opinions
from app.catalogue.item_fields import BY_NAME, WANTED
from app.catalogue.item_shape import Finding, check_field, unstorable
from app.situations import checking as situations

Item = Mapping[str, Any]

_CANCELLED = "3"
_COUNTRY, _PROVINCE = "1", "2"


def check(item: object, *, unpublished: Collection[str] | None = None) -> list[Finding]:
    """All faults of one item; `unpublished` names the fields that a foreign source does not publish.

    None: the item is of our own shape. Never raises for what the item holds.
    """
    if not isinstance(item, dict):
        return [Finding("item", "type", "一个事项要是一组内容")]
    ours = unpublished is None
    findings = [*unstorable(item)]
    if any(finding.rule == "characters" for finding in findings):
        return findings  # what cannot even be written cannot be quoted in a sentence either
    findings += _fields(item, unpublished or (), ours=ours)
    if not any(finding.refuses for finding in findings):
        findings += _codes_agree(item, ours=ours)
        findings += _materials_are_told_apart(item)
        findings += _successor(item)
        findings += _licences_after(item)
        findings += _joint_opinions(item)
        findings += _visit_points(item)
        findings += _crosses(item, ours=ours)
        findings += tolerance.check(item, ours=ours)
        findings += promises.check(item)
        findings += oversight.check(item, ours=ours)
        findings += telling_days.check(item, ours=ours)
        findings += prechecking.check(item, ours=ours)
        findings += quality.check(item, unpublished=unpublished)
        asking = list(_asks_rightly(item))
        # Points name fields and questions, so these come first.
        findings += asking or instant.check(item, ours=ours)
    return findings


def _fields(item: Item, unpublished: Collection[str], *, ours: bool) -> Iterator[Finding]:
    for name, field in BY_NAME.items():
        if name in item:
            if item[name] is not None or not field.nullable:
                fine = name in unpublished
                yield from check_field(name, item[name], field, ours=ours, absent_is_fine=fine)
        elif field.needed and name not in unpublished:
            yield Finding(name, field.rule, "没有填")
        elif name in WANTED and name not in unpublished:
            yield Finding(name, "wanted", "最好填上，群众更容易找到、看懂", refuses=False)


def _asks_rightly(item: Item) -> Iterator[Finding]:
    """The form and the situation questions of a guide, which a case will follow."""
    form = list(form_shape.check(item["form"])) if "form" in item else []
    yield from form
    materials = [material["material_code"] for material in item.get("materials") or []]
    fees = [fee["fee_code"] for fee in item.get("fees") or []]
    asking = []
    if item.get("situations") is not None:
        asking = list(
            situations.faults(item["situations"], materials=materials, fees=fees, today=clock.today())
        )
    yield from (Finding(f"situations.{where}", "situations", sentence) for where, sentence in asking)
    if "form" in item and not form and not asking:
        yield from form_shape.check_answers(item["form"], item.get("situations"))


def _joint_opinions(item: Item) -> Iterator[Finding]:
    """The departments that give their opinion before a grant (并联审批)."""
    materials = [str(material["material_code"]) for material in item.get("materials") or []]
    for place, sentence in opinions.faults(item, lead=str(item["dept_name"]), materials=materials):
        yield Finding(f"{opinions.FIELD}{place}", "joint_opinions", sentence)


def _visit_points(item: Item) -> Iterator[Finding]:
    """What departments look at on site (现场核查要点)."""
    for place, sentence in visit_points.faults(item, lead=str(item["dept_name"])):
        yield Finding(f"{visit_points.FIELD}{place}", "visit_points", sentence)


def _codes_agree(item: Item, *, ours: bool) -> Iterator[Finding]:
    parts = codes.parts_of_task_code(item["task_code"])
    if parts is None:
        yield Finding(
            "task_code", "task_code", "要由18位主体代码、1位层级（1到7）、12位基本编码组成，业务办理项再加2位"
        )
        return
    organisation, level, base = parts
    if not codes.uscc_is_right(organisation):
        yield _wrong_organisation(organisation, item, ours=ours)
    if level != item["use_level"]:
        yield Finding("use_level", "task_code", f"填的是{item['use_level']}，实施编码里是{level}")
    if organisation != item["dept_code"]:
        yield Finding("dept_code", "task_code", f"填的是{item['dept_code']}，实施编码里是{organisation}")
    if base != item["catalog_code"]:
        yield Finding("catalog_code", "task_code", f"填的是{item['catalog_code']}，实施编码里是{base}")
    for place, longer in enumerate(item.get("task_handle_items") or []):
        if codes.parts_of_task_code(longer) != parts:
            yield Finding(f"task_handle_items[{place}]", "task_code", "要以本事项的31位实施编码开头")


def _successor(item: Item) -> Iterator[Finding]:
    """What replaces an item (替代事项): another item, and only when this one is over."""
    code = item.get("successor_code")
    if not code:
        return
    if codes.parts_of_task_code(code) is None or code == item["task_code"]:
        yield Finding("successor_code", "task_code", "要填另一个事项的31位或33位实施编码")
    if item.get("task_state") != _CANCELLED and not item.get("plan_cancel_date"):
        yield Finding("successor_code", "successor", "事项取消（或定了取消日期）才填由哪个事项代替")


def _crosses(item: Item, *, ours: bool) -> Iterator[Finding]:
    """What is handed in elsewhere says where, and who decides at home (跨省通办、省内通办, R017)."""
    area = item.get("handle_area")
    if item.get("cross_province") is True and area != _COUNTRY:
        yield Finding("cross_province", "crosses", "跨省通办的，通办范围要是“全国（跨省通办）”", refuses=ours)
    if area not in {_COUNTRY, _PROVINCE}:
        return
    for name, sentence in (("collecting_place", "写明收件地"), ("deciding_place", "写明决定地")):
        if not (item.get(name) or "").strip():
            yield Finding(name, "crosses", f"跨省或省内通办的，{sentence}", refuses=ours)


def _licences_after(item: Item) -> Iterator[Finding]:
    """The licences that follow a registration (双告知): other items, each once."""
    seen: set[str] = set()
    for place, row in enumerate(item.get("licences_after") or []):
        code = str(row.get("licence_code", ""))
        if codes.parts_of_task_code(code) is None or code == item["task_code"]:
            yield Finding(f"licences_after[{place}]", "task_code", "要填另一个事项的31位或33位实施编码")
        elif code in seen:
            yield Finding(f"licences_after[{place}]", "unique", "在这个事项里重复了")
        seen.add(code)


def _wrong_organisation(organisation: str, item: Item, *, ours: bool) -> Finding:
    """A typing error looks exactly like the few real codes that break GB 32100 (6 of 2,262 seen).

    So a code that is wrong is refused unless somebody says in `dept_code_explain` that it was given out like
    this; what another source publishes is taken with a warning.
    """
    explained = bool((item.get("dept_code_explain") or "").strip())
    return Finding(
        "task_code",
        "uscc",
        f"主体代码{organisation}的校验位不对，请核对；确实是这样赋码的，请在“主体编码说明”里写明",
        refuses=ours and not explained,
    )


def _materials_are_told_apart(item: Item) -> Iterator[Finding]:
    for name, key in (("materials", "material_code"), ("fees", "fee_code")):
        seen: set[str] = set()
        for place, row in enumerate(item.get(name) or []):
            if row[key] in seen:
                yield Finding(f"{name}[{place}].{key}", "unique", "在这个事项里重复了")
            seen.add(row[key])
