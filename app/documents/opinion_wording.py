"""What the notice of all departments' opinions says (并联审批意见汇总). Pure, as `wording` is."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents import wording
from app.documents.facts import Facts
from app.documents.sheet import Part, Sheet


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one department said (部门意见): on what, its answer, its reason or conditions, the law or rule."""

    department: str
    subject: str
    answer: str
    said: str
    basis: str


def opinions(facts: Facts, said: Sequence[Opinion]) -> Sheet:
    """并联审批意见汇总通知书: every department in one notice; the decision is the lead's (R046)."""
    case = facts.case
    opening = (
        f"您申请办理的“{case.task_name}”，由{case.dept_name}牵头，同时征求了{len(said)}个部门的意见。"
        "各部门的意见已经收齐，现汇总如下。"
    )
    lines = tuple(_line(at, each) for at, each in enumerate(said, start=1))
    closing = f"{case.dept_name}接着审查并作出一个决定。各部门的意见不是决定，不用您另外办理。"
    return wording.sheet_of(facts, opening, [*wording.head(facts)], Part("部门意见", lines), closing=closing)


def _line(at: int, each: Opinion) -> str:
    said = f"\n　 说明：{each.said}" if each.said else ""
    basis = f"\n　 依据：{each.basis}" if each.basis else ""
    return f"{at}. {each.department}（{each.subject}）：{each.answer}{said}{basis}"
