"""The proof of a case to read (凭据摘要): what happened when, in the order of the chain, as PDF."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app import clock, settings
from app.cases.ways import WAY_TEXTS, Way
from app.deliveries.models import DeliveryState
from app.deliveries.tracing import NEWS_TEXTS
from app.papers.pdf import BODY, INNER, SMALL, Cell, Pages
from app.plain_text import readable

_WHEN, _WHAT = 112.0, 64.0
_DIGITS = 16
_KINDS: Final[Mapping[str, str]] = {
    "step": "办理",
    "form": "申请表",
    "material": "材料",
    "undertaking": "签署",
    "decision": "决定",
    "clock": "时限",
    "bill": "缴款通知",
    "payment": "缴费",
    "document": "文书",
    "file": "文书文件",
    "message": "告知",
    "opinion": "部门意见",
    "parcel": "邮件",
    "delivery": "送达",
}


def draw(payload: Mapping[str, Any]) -> bytes:
    """The summary of a record; the same record gives the same bytes."""
    case_no = str(payload["case_no"])
    pages = Pages(title=f"办事凭据{case_no}", author=str(payload["city"]), footer=f"办事凭据　{case_no}")
    pages.heading("办事凭据")
    pages.paragraph(f"{payload['task_name']}　{payload['department']}", centred=True)
    pages.paragraph(f"办件编号：{case_no}", centred=True)
    pages.gap(10)
    pages.paragraph(
        "下面是这件事到现在为止的每一步。每一步都接着上一步，由本市签名；改动、删去或者插入任何一步，都会被发现。"
    )
    pages.gap(8)
    for receipt in payload["receipts"]:
        pages.row(
            Cell(_WHEN, texts=(_moment(receipt["at"]),), notes=(f"第{receipt['seq']}步",)),
            Cell(_WHAT, texts=(_KINDS.get(receipt["kind"], receipt["kind"]),)),
            Cell(
                INNER - _WHEN - _WHAT,
                texts=(" ".join(readable(_said(receipt)).split("\n")),),
                notes=(f"校验值前{_DIGITS}位 {receipt['hash'][:_DIGITS]}",),
            ),
        )
    _how(pages, payload)
    return pages.finish()


def _how(pages: Pages, payload: Mapping[str, Any]) -> None:
    pages.gap(14)
    pages.paragraph("怎么核验", bold=True, size=BODY)
    days = [day["day"] for day in payload["days"]]
    sealed = f"已写入{'、'.join(days)}公布的每日根。" if days else "今天的步骤，明天起写入公布的每日根。"
    address = settings.current().public_url
    for line in (
        f"到{_moment(payload['made_at'])}为止办件里的步骤都在里面，之后发生的要重新下载。",
        f"同一个压缩包里的 record.json 是完整的记录。{sealed}",
        f"公钥：{address}/.well-known/yima-keys.json　每日根：{address}/api/v1/daily-roots",
        "有公钥和核验程序 check_proof.py，不联网、不问本市，也能核对。",
    ):
        pages.paragraph(line, size=SMALL)


def _said(receipt: Mapping[str, Any]) -> str:
    if receipt["says"] is None:
        return "内容已按规定删除"
    says: Mapping[str, Any] = receipt["says"]["content"]
    words = _WORDS.get(receipt["kind"])
    return words(says) if words else ""


def _decision(says: Mapping[str, Any]) -> str:
    if not says["accepted"]:
        return "不予受理"
    return "准予" if says["granted"] else f"不予：{says['reason'] or ''}"


def _moment(text: str) -> str:
    return f"{clock.local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S}"


def _clock(says: Mapping[str, Any]) -> str:
    before, after = says["promised"]
    moved = f"承诺办结日{before or '未定'}→{after or '暂停'}" if before != after else ""
    return "　".join(part for part in (says["cause"], says["reason"], moved) if part)


_WORDS: Final[Mapping[str, Any]] = {
    "step": lambda says: f"{says['who']}：{says['sentence']}",
    "form": lambda says: f"提交了申请表，共{len(says['form'])}项",
    "material": lambda says: f"{says['name']}，文件校验值 {says['sha256'][:_DIGITS]}",
    "undertaking": lambda says: (
        f"签了{says['text'].partition(chr(10))[0]}，原文校验值 {says['sha256'][:_DIGITS]}"
    ),
    "decision": _decision,
    "clock": _clock,
    "bill": lambda says: f"{says['title']} {says['amount_fen'] / 100:.2f}元，{says['bill_no']}",
    "payment": lambda says: f"{says['title']} {says['amount_fen'] / 100:.2f}元，支付单号{says['payment_no']}",
    "document": lambda says: f"{says['department']}出具{says['title']}{says['number']}",
    "file": lambda says: f"{says['number']}，文件校验值 {says['sha256'][:_DIGITS]}",
    "message": lambda says: f"{says['title']}：{says['text']}",
    "opinion": lambda says: f"{says['department']}：{says['answer']}",
    "parcel": lambda says: "　".join((NEWS_TEXTS.get(says["happening"], "运输中"), says["place"])).strip(),
    "delivery": lambda says: (
        "已撤销，不再发放" if says["outcome"] == DeliveryState.WITHHELD else WAY_TEXTS[Way(says["way"])]
    ),
}
