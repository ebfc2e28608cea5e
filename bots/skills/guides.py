"""Questions about how to get something done (办事咨询): quotes the published guide, or asks back.

Nothing is made up: an answer is the text of one field of one version, and says which.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app import clock
from app.catalogue import feedback, queries, search
from app.catalogue.queries import Guide
from app.catalogue.search import Hit, SearchResult
from app.db import Session
from bots.replies import Choice, Question, Reply, Source

_MOST_CHOICES = 3
_MOST_MATERIALS = 8
# A hit below this share of the question says nothing about it.
_WORTH_OFFERING = 0.5
_MARKS = " ，。？?！!、"
_UNITS = {"WORKDAY": "个工作日", "DAY": "天"}


def answer(session: Session, question: Question) -> Reply | None:
    """Quote the guide when sure, offer a choice when not, pass on when nothing fits."""
    field = _asked_field(question.text)
    result = _found(session, question.text)
    feedback.note_if_nothing(session, text=question.text, result=result)
    if not result.hits:
        return None
    best = result.hits[0]
    if not result.confident:
        return _ask_back(result)
    if best.task_code is None:
        return Reply(kind="text", text=best.excerpt, demo=best.provenance.startswith("demo"))
    guide = queries.guide(session, task_code=best.task_code)
    if field is None and best.kind == "faq":
        return _quote(guide, field="faqs", text=best.excerpt)
    return _quote(guide, field=field or "summary", text=_FIELDS[field or "summary"][1](guide))


def _found(session: Session, text: str) -> SearchResult:
    """What fits the question without the words that ask for a field, else what fits it whole.

    "补办身份证多少钱" is about 补办身份证; 多少钱 only says which field of that guide to quote.
    """
    bare = text
    for pattern, _ in _FIELDS.values():
        bare = pattern.sub("", bare)
    bare = bare.strip(_MARKS)
    about = search.find(session, text=bare, limit=_MOST_CHOICES) if bare not in {"", text} else None
    if about is not None and about.confident:
        return about
    whole = search.find(session, text=text, limit=_MOST_CHOICES)
    return whole if whole.confident or about is None or not about.hits else about


def _ask_back(result: SearchResult) -> Reply | None:
    """The likeliest guides to choose from; None when even they say nothing about the question."""
    offered: dict[str, Hit] = {}
    for hit in result.hits:
        if hit.task_code is not None and hit.score >= _WORTH_OFFERING:
            offered.setdefault(hit.task_code, hit)
    if not offered:
        return None
    return Reply(
        kind="choices",
        text="您想办的是不是下面这些？",
        choices=tuple(Choice(hit.name, hit.task_code) for hit in offered.values()),
        demo=any(hit.provenance.startswith("demo") for hit in offered.values()),
    )


def _quote(guide: Guide, *, field: str, text: str) -> Reply:
    since = clock.local(guide.effective_from).date()
    return Reply(
        kind="card",
        text=f"{text}\n——摘自办事指南《{guide.name}》第{guide.version}版，{since}公布",
        choices=(Choice(guide.name, guide.task_code),) if field == "faqs" else (),
        sources=(Source(guide.task_code, field, guide.version),),
        demo=str(guide.body.get("provenance", "")).startswith("demo"),
    )


def _asked_field(text: str) -> str | None:
    for name, (pattern, _) in _FIELDS.items():
        if name != "summary" and pattern.search(text):
            return name
    return None


def _materials(guide: Guide) -> str:
    wanted = guide.body.get("materials", [])
    lines = [f"{number}. {_material(found)}" for number, found in enumerate(wanted[:_MOST_MATERIALS], 1)]
    more = f"\n等{len(wanted)}项" if len(wanted) > _MOST_MATERIALS else ""
    return f"办理“{guide.name}”需要：\n" + "\n".join(lines) + more


def _material(found: Mapping[str, Any]) -> str:
    name = str(found["name"])
    if found.get("exempt_submit"):
        return f"{name}（能查到电子证照的，不用交）"
    return name if found.get("is_need") == "1" else f"{name}（视情况）"


def _fees(guide: Guide) -> str:
    priced = [
        f"{fee['fee_name']}：{_yuan(fee['amount_fen'])}元/{fee['unit']}（{fee['by_law']}）"
        for fee in guide.body.get("fees", [])
        if fee.get("amount_fen") is not None
    ]
    if priced:
        return f"办理“{guide.name}”的收费：\n" + "\n".join(priced)
    if guide.body.get("fees"):
        return f"办理“{guide.name}”的费用按实际情况核定，受理后会给您缴款通知。"
    return f"办理“{guide.name}”不收费。"


def _yuan(fen: int) -> str:
    """Exactly, whatever the amount; whole yuan without decimals, as one says them."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}" if rest else str(yuan)


def _limit(guide: Guide) -> str:
    body = guide.body
    promised = _days(body["promise_day"], body["promise_unit"])
    legal = _days(body["anticipate_day"], body["anticipate_unit"])
    return f"“{guide.name}”承诺办结时限：{promised}；法定时限：{legal}。"


def _days(number: int, unit: str) -> str:
    return "当场办结" if number == 0 else f"{number}{_UNITS[unit]}"


def _place(guide: Guide) -> str:
    online = "可以在手机上全程办理，不用跑。" if guide.body.get("limit_scene_num") == 0 else ""
    count = len(guide.body.get("transact_centers", []))
    halls = (
        f"也可以到{count}个办事大厅的“{guide.body.get('window_group', '综合')}”窗口办理。" if count else ""
    )
    return f"“{guide.name}”：{online}{halls}咨询电话：{guide.body.get('consult_phone', '12345')}。"


def _conditions(guide: Guide) -> str:
    return f"办理“{guide.name}”的条件：\n" + "\n".join(
        f"{number}. {condition}" for number, condition in enumerate(guide.body.get("accept_condition", []), 1)
    )


def _summary(guide: Guide) -> str:
    names = "、".join(str(found["name"]) for found in guide.body.get("materials", [])[:_MOST_MATERIALS])
    return (
        f"“{guide.name}”可以这样办：\n材料：{names or '无'}\n{_limit(guide)}\n{_fees(guide)}\n{_place(guide)}"
    )


_FIELDS: Mapping[str, tuple[re.Pattern[str], Callable[[Guide], str]]] = {
    "materials": (
        re.compile(r"(需要|要|带|准备)?(些)?(什么|哪些)(材料|资料|证件|东西)|材料|要带(什么|啥)|带(什么|啥)"),
        _materials,
    ),
    "fees": (re.compile(r"多少钱|收费吗?|要钱吗?|费用|免费吗?|工本费"), _fees),
    "limit": (re.compile(r"要?多久|几天|多长时间|什么时候(能)?(办好|拿到)|时限"), _limit),
    "place": (
        re.compile(r"去?(在)?(哪里|哪儿|哪)(可以|能)?(办理?|领)|地址|地点|能?网上(能|可以)?办"),
        _place,
    ),
    "accept_condition": (re.compile(r"什么条件|条件|符合"), _conditions),
    "summary": (re.compile(r"怎么(办理?|弄|申请)?|如何(办理?|申请)?|流程"), _summary),
}
