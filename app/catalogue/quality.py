"""The twenty quality rules of a guide (办事指南质量规则), as one table.

Each has a name, a sentence that tells a clerk what to do, where it comes from, and a function that yields the
places where an item breaks it. The functions expect an item whose fields have their shape.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue import codes
from app.catalogue.item_shape import Finding

Item = Mapping[str, Any]
Places = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `breaks` yields (path, words to add) for every place where it is broken."""

    name: str
    sentence: str
    source: str
    breaks: Callable[[Item], Places]
    never_refuses: bool = False


_INSTANT = "1"
_PERMIT = "01"
_WINDOW, _WEB, _PHONE = "1", "2", "3"
_DEPTH_FOUR = 4
_HOLIDAYS = 10  # the longest run of days off, which lies between working days and natural days
_CATCH_ALL = re.compile(
    r"其[他它](?:有关|相关|必要|需要)?的?(?:申请)?(?:材料|资料|文件|证明|证件)|(?:有关|相关)(?:证明)?(?:材料|资料|文件)$"
    r"|规定的其[他它]|需要提[交供]的(?:材料|资料|文件)"
)
_PERMIT_FLOW = (("受理",), ("审核", "审查"), ("审批", "决定", "核准"), ("办结", "送达", "发证", "颁证"))
_RESULT_WORDS = {kind: tuple(re.split(r"[、或]", words)) for kind, words in codes.RESULT_TYPES.items()}
_KEPT_REASON = "by_law"


def check(item: Item, *, unpublished: Collection[str] | None) -> Iterator[Finding]:
    """What an item breaks; a foreign record is only warned of, and only about what its source publishes."""
    ours = unpublished is None
    for rule in RULES:
        for path, more in rule.breaks(item):
            if re.split(r"[.\[]", path, maxsplit=1)[0] not in (unpublished or ()):
                yield Finding(path, rule.name, f"{rule.sentence}{more}", ours and not rule.never_refuses)


def _instant(item: Item) -> Places:
    if (item["project_type"] == _INSTANT) != (item["promise_day"] == 0):
        yield "promise_day", ""


def _limit(item: Item) -> Places:
    promised, legal = item["promise_day"], item["anticipate_day"]
    if item["anticipate_unit"] == "WORKDAY" and item["promise_unit"] == "DAY":
        legal = -(-legal * 7 // 5) + _HOLIDAYS
    if promised > legal:
        yield "promise_day", ""


def _visits(item: Item) -> Places:
    if item["limit_scene_num"] and not (item.get("limit_scene_explain") or "").strip():
        yield "limit_scene_explain", ""


def _depth(item: Item) -> Places:
    if item["limit_scene_num"] and item.get("online_handle_depth") == _DEPTH_FOUR:
        yield "online_handle_depth", ""


def _fee(item: Item) -> Places:
    if not item.get("is_fee"):
        return
    fees = item.get("fees") or []
    if not fees:
        yield "fees", ""
    if not (item.get("fee_basis") or "").strip() and not all(fee.get("by_law") for fee in fees):
        yield "fee_basis", ""
    for place, fee in enumerate(fees):
        if fee.get("amount_fen") is None and not fee.get("fee_stand"):
            yield f"fees[{place}].fee_stand", ""


def _free(item: Item) -> Places:
    if not item.get("is_fee") and (item.get("fees") or item.get("is_pay_online")):
        yield "is_fee", ""


def _phones(item: Item) -> Places:
    consult = re.sub(r"\D", "", item.get("consult_phone") or "")
    if consult and consult == re.sub(r"\D", "", item.get("complain_phone") or ""):
        yield "complain_phone", ""


def _question(item: Item) -> Places:
    if item["task_type"] == _PERMIT and not item.get("faqs"):
        yield "faqs", ""


def _permit_flow(item: Item) -> Places:
    if item["task_type"] != _PERMIT:
        return
    steps = [step["name"] for step in item.get("handle_flow") or []]
    lacking = [words for words in _PERMIT_FLOW if not any(word in step for word in words for step in steps)]
    if lacking:
        yield "handle_flow", f"，缺{'、'.join('或'.join(words) for words in lacking)}"


def _result(item: Item) -> Places:
    result = item.get("result") or {}
    kind, name = result.get("result_type"), result.get("result_name")
    if not kind or not name:
        yield "result", "，还没填全"
    elif not any(word in name for word in _RESULT_WORDS[kind]):
        yield "result.result_name", f"，“{kind}”的名称里要有：{codes.RESULT_TYPES[kind]}"


def _catch_all(item: Item) -> Places:
    for place, material in enumerate(item.get("materials") or []):
        if _CATCH_ALL.search(re.sub(r"\s", "", material["name"])):
            yield f"materials[{place}].name", f"（现为“{material['name'][:40]}”）"


def _mistakes(item: Item) -> Places:
    if not any(mistake.strip() for mistake in item.get("common_mistakes") or []):
        yield "common_mistakes", ""


def _basis(item: Item) -> Places:
    if not item.get("legal_basis"):
        yield "legal_basis", ""


def _four_ban(item: Item) -> Places:
    flags = item.get("four_ban") or {}
    online = {_WEB, _PHONE} & set(item["handle_type"])
    if flags.get("mashang") and item["project_type"] != _INSTANT:
        yield "four_ban.mashang", "：马上办只能是即办件"
    if flags.get("wangshang") and (item["limit_scene_num"] or not online):
        yield "four_ban.wangshang", "：网上办要能在网上申请，而且一次都不用跑"
    if flags.get("yici") and item["limit_scene_num"] > 1:
        yield "four_ban.yici", "：一次办最多跑一次"
    if flags.get("jiujin") and len(item.get("transact_centers") or []) == 1 and not online:
        yield "four_ban.jiujin", "：就近办不能只有一个大厅能办"


def _proof(item: Item) -> Places:
    for place, material in enumerate(item.get("materials") or []):
        reason = material.get("proof_reason")
        if reason and reason != _KEPT_REASON:
            said = codes.PROOF_REASONS[reason]
            yield f"materials[{place}].proof_reason", f"（“{said}”的证明已取消，不得再要）"
        elif not reason and "证明" in material["name"] and not material.get("exempt_submit"):
            yield f"materials[{place}].proof_reason", ""


def _intermediary(item: Item) -> Places:
    for place, service in enumerate(item.get("intermediary_service") or []):
        if service.get("mandatory") is not False and not (service.get("by_law") or "").strip():
            yield f"intermediary_service[{place}].by_law", ""


def _elements(item: Item) -> Places:
    for name in ("accept_condition", "handle_flow"):
        if not item.get(name):
            yield name, ""
    if not item.get("materials") and not item.get("no_material_explain"):
        yield "materials", "；不用材料的，写明原因"
    window = item.get("transact_centers") or item.get("transact_addr")
    link = any(item.get(name) for name in ("online_handle_url", "mobile_terminal_url"))
    if not window and not link:
        yield "transact_addr", "；大厅、地址、办理网址至少填一个"


def _secret(item: Item) -> Places:
    if item.get("secret"):
        yield "secret", ""


def _planned(item: Item) -> Places:
    begins, ends = item.get("plan_effective_date"), item.get("plan_cancel_date")
    if begins and ends and begins >= ends:
        yield "plan_cancel_date", ""


def _delegation(item: Item) -> Places:
    said = item.get("delegation") or {}
    if not said.get("who") or not (said.get("text") or "").strip():
        yield "delegation", ""


_CHECKER = "quality rules of a city's public checker (standards 2.1)"
RULES: tuple[Rule, ...] = (
    Rule("instant", "即办件承诺0天办结，承诺0天的才是即办件", _CHECKER, _instant),
    Rule("limit", "承诺时限不能比法定时限长", "行政许可法第四十二条；R004", _limit),
    Rule("visits", "要到现场的，写明为什么非来不可", _CHECKER, _visits),
    Rule("depth", "网上办理深度为Ⅳ级的，到现场次数要是0", _CHECKER, _depth),
    Rule("fee", "收费的，写明收费项目、标准和依据", f"{_CHECKER}; R127", _fee),
    Rule("free", "不收费的，不能有收费项目，也不能开网上支付", _CHECKER, _free),
    Rule("phones", "咨询电话和监督投诉电话不能是同一个", _CHECKER, _phones),
    Rule("question", "行政许可至少写一个常见问题", _CHECKER, _question),
    Rule("permit_flow", "行政许可的流程要有受理、审查、决定、送达", _CHECKER, _permit_flow),
    Rule("result", "办理结果要有类型和名称，并且对得上", _CHECKER, _result),
    Rule("catch_all", "不能要“其他材料”，请逐项写清材料名称", "R008 取消兜底条款", _catch_all),
    Rule("mistakes", "写出办事人常犯的错误", "R006 易错范例", _mistakes),
    Rule("basis", "写明设定依据", "GB/T 39046-2020 table 4", _basis),
    Rule("four_ban", "四办标记和事项内容对不上", "R001 四办清单", _four_ban),
    Rule("proof", "要申请人交证明，须写明依法必须提交的理由", "R040 五个一律取消", _proof),
    Rule("intermediary", "没有法定依据，不得要求申请人委托中介", "R050 中介服务清单", _intermediary),
    Rule("elements", "条件、材料、时限、流程和办理渠道都要公开", "R010 标准公开要素", _elements),
    Rule("secret", "涉密事项不会公布", "R111 涉密除外", _secret, never_refuses=True),
    Rule("planned", "计划取消日期要晚于计划生效日期", "national exchange tables", _planned),
    Rule("delegation", "写明能不能请别人代办", "demo/README.md; citizens ask it of every item", _delegation),
)
