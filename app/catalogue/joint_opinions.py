"""Whose opinion an item needs before it is granted (征求意见的部门), as its guide publishes it; pure.

Each row names a department, what it is to look at, within how many working days, and whether its silence is
a yes. Silence is a yes only where the guide says so and names the rule it follows from.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FIELD = "joint_opinions"
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """One department that is asked; `materials` are the codes of what it needs to see, none: the form alone.

    `number_why` is what it needs the applicant's whole identity number for; empty: it sees it masked, since
    no office learns more than its task needs (个人信息保护法第六条、第三十四条).
    `days` are working days. `silence_agrees`: who does not answer in time has no objection, by `law`.
    """

    dept_code: str
    dept_name: str
    subject: str
    days: int
    silence_agrees: bool
    law: str
    materials: tuple[str, ...]
    number_why: str


def of(body: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The departments that a guide's item asks, in the order of the guide."""
    return tuple(
        Rule(
            dept_code=str(row.get("dept_code") or ""),
            dept_name=str(row["dept_name"]),
            subject=str(row["subject"]),
            days=int(row["days"]),
            silence_agrees=bool(row.get("silence_agrees")),
            law=str(row.get("law") or ""),
            materials=tuple(str(code) for code in row.get("materials") or ()),
            number_why=str(row.get("number_why") or ""),
        )
        for row in body.get(FIELD) or ()
    )


def faults(body: Mapping[str, Any], *, lead: str, materials: Collection[str]) -> Iterator[tuple[str, str]]:
    """Where a guide asks wrongly, and what is wrong in one sentence each; `lead` is who decides."""
    asked: set[str] = set()
    for place, rule in enumerate(of(body)):
        row = f"[{place}]"
        if rule.dept_name == lead:
            yield f"{row}.dept_name", "实施主体自己就是牵头部门，不用再征求它的意见"
        if rule.dept_name in asked:
            yield f"{row}.dept_name", "同一个部门只征求一次意见"
        asked.add(rule.dept_name)
        if not 1 <= rule.days <= MOST_DAYS:
            yield f"{row}.days", f"回复期限要在1到{MOST_DAYS}个工作日之间"
        if rule.silence_agrees and not rule.law:
            yield f"{row}.law", "到期不回复视为无异议的，要写明依据"
        for code in rule.materials:
            if code not in materials:
                yield f"{row}.materials", f"申请材料里没有“{code}”"
