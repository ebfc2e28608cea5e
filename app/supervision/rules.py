"""What supervision looks for (监察规则): the nearing of a limit, and eight things that may not be.

Each can be told from the tables alone. An alert is an alert (超时默认预警): it decides nothing by itself.
"""

from dataclasses import dataclass
from enum import StrEnum

# In working days. A bill that lies open for ten is asked about, as the city chose; a decision is delivered
# within ten (行政许可法第四十四条).
PAY_DAYS = 10
DELIVER_DAYS = 10


class Level(StrEnum):
    """How grave an alert is: the colours of a limit (黄牌、红牌 mean something else in each place)."""

    YELLOW = "yellow"
    RED = "red"
    OVER = "over"


class Recipient(StrEnum):
    """Who is told (经办人、部门负责人、效能监察)."""

    HANDLER = "handler"
    HEAD = "head"
    SUPERVISION = "supervision"


class Rule(StrEnum):
    """What was found."""

    PROMISE_NEAR = "promise_near"
    PROMISE_OVER = "promise_over"
    LAW_OVER = "law_over"
    ANSWER_LATE = "answer_late"
    PAUSE_LONG = "pause_long"
    FEE_UNPAID = "fee_unpaid"
    DELIVERY_LATE = "delivery_late"
    CHECK_LATE = "check_late"
    PRECHECK_LATE = "precheck_late"


@dataclass(frozen=True, slots=True)
class Said:
    """A rule in words; `number` is its own in the exchange with the supervision office."""

    number: str
    name: str
    sentence: str


TEXTS: dict[Rule, Said] = {
    Rule.PROMISE_NEAR: Said("JCGZ-01", "承诺时限临近", "承诺{on}前办结，请抓紧办理"),
    Rule.PROMISE_OVER: Said("JCGZ-02", "超过承诺时限", "承诺{on}前办结，已经超期，请尽快办理并说明原因"),
    Rule.LAW_OVER: Said("JCGZ-03", "超过法定时限", "法定最晚{on}办结，已经超期，请立即办理并说明原因"),
    Rule.ANSWER_LATE: Said("JCGZ-04", "收件后未按时受理", "应当在{on}前受理或者一次性告知，还没有办理"),
    Rule.PAUSE_LONG: Said("JCGZ-05", "特别程序超过公布时长", "特别程序应当在{on}前完成，还没有恢复计时"),
    Rule.FEE_UNPAID: Said("JCGZ-06", "费用长期未缴", "缴款通知到{on}仍未缴费，请联系申请人"),
    Rule.DELIVERY_LATE: Said("JCGZ-07", "决定后未按时送达", "决定应当在{on}前送达，还没有办结"),
    Rule.CHECK_LATE: Said("JCGZ-08", "告知承诺未按时核查", "承诺应当在{on}前核查，还没有核查结论"),
    Rule.PRECHECK_LATE: Said("JCGZ-09", "网上预审未按时答复", "预审应当在{on}前答复，申请人还在等"),
}
LEVEL_TEXTS = {Level.YELLOW: "黄色预警", Level.RED: "红色预警", Level.OVER: "超期"}
RECIPIENT_TEXTS = {
    Recipient.HANDLER: "经办人",
    Recipient.HEAD: "部门负责人",
    Recipient.SUPERVISION: "效能监察",
}
# The ladder (R029): the nearer the limit, the further the word goes.
LADDER: dict[Level, tuple[Recipient, ...]] = {
    Level.YELLOW: (Recipient.HANDLER,),
    Level.RED: (Recipient.HANDLER, Recipient.HEAD),
    Level.OVER: (Recipient.HANDLER, Recipient.HEAD, Recipient.SUPERVISION),
}
