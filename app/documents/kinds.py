"""Which legal notices there are (文书种类), and the word that stands in their numbers (文号用字)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a document says."""

    ACCEPTANCE = "acceptance"
    CORRECTION = "correction"
    NOT_ACCEPTED = "not_accepted"
    GRANT = "grant"
    REFUSAL = "refusal"
    SPECIAL = "special"
    EXTENSION = "extension"
    OPINIONS = "opinions"
    DELIVERY = "delivery"
    TERMINATION = "termination"
    UNDERTAKING = "undertaking"
    CO_SIGNATURE = "co_signature"
    PROMISE_CHECK = "promise_check"
    PROMISE_END = "promise_end"


@dataclass(frozen=True, slots=True)
class Named:
    """How a kind is called, for a licence (行政许可) and for everything else, and its word in the number."""

    word: str
    title: str
    of_licence: str = ""


_NAMES = {
    Kind.ACCEPTANCE: Named("受", "业务受理通知书"),
    Kind.CORRECTION: Named("补", "一次性告知书"),
    Kind.NOT_ACCEPTED: Named("不受", "不予受理决定书"),
    Kind.GRANT: Named("准", "准予办理决定书", "准予行政许可决定书"),
    Kind.REFUSAL: Named("不准", "不予办理决定书", "不予行政许可决定书"),
    Kind.SPECIAL: Named("特", "特别程序告知书"),
    Kind.EXTENSION: Named("延", "延期办理告知书"),
    Kind.OPINIONS: Named("并", "并联审批意见汇总通知书"),
    Kind.DELIVERY: Named("送", "送达回证"),
    Kind.TERMINATION: Named("终", "终止办理通知书"),
    Kind.UNDERTAKING: Named("诺", "承诺书"),
    Kind.CO_SIGNATURE: Named("同", "共同申请人同意书"),
    Kind.PROMISE_CHECK: Named("核", "承诺核查告知书"),
    Kind.PROMISE_END: Named("核决", "承诺核查处理决定书"),
}
LICENCE = "01"  # 事项类型：行政许可


def word(kind: Kind) -> str:
    """The word of a kind in its numbers."""
    return _NAMES[kind].word


def title(kind: Kind, task_type: str) -> str:
    """The title of a document about an item of a type (事项类型)."""
    named = _NAMES[kind]
    return named.of_licence if named.of_licence and task_type == LICENCE else named.title
