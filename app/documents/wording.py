"""What each kind of document says (文书模板). Pure: facts of a case in, a sheet out.

A changed sentence counts `TEMPLATE` up; documents that stand keep what they said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app import clock
from app.cases import decided
from app.cases.decided import REMEDIES
from app.documents.facts import Facts, day
from app.documents.sheet import Part, Row, Sheet

TEMPLATE = 3
_REVIEW_LAW = "《中华人民共和国行政复议法》第二十条"
_ONLINE = "电子送达；领取纸质件的，在下面签名"
_EXTENSION_LAW = "《中华人民共和国行政许可法》第四十二条"
_SPECIAL_LAW = "《中华人民共和国行政许可法》第四十五条"
_IF_LATE = "到期没有补交的，终止办理并退回材料；这不是不予办理的决定，备齐材料后可以重新申请。"
_COURT_LAW = "《中华人民共和国行政诉讼法》第四十六条"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that has to be put right (补正事项): what is wrong, how to mend it, by which law."""

    name: str
    wrong: str
    mend: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is refused (不予的理由、依据), who decided, and what they say of remedies besides."""

    reason: str
    legal_basis: str
    decided_by: str
    remedies: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A special procedure (特别程序) that began: until when it is expected to last, and lasts at most."""

    name: str
    reason: str
    began_on: date
    expected_until: date
    published_until: date


@dataclass(frozen=True, slots=True)
class Extension:
    """The extension of the limits (延期): by how many working days, why, approved by whom."""

    days: int
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One document of a case, and when it reached its reader, if it has."""

    title: str
    number: str
    issued_on: date
    opened: str


def acceptance(facts: Facts) -> Sheet:
    """业务受理通知书: received, accepted, until when, what does not count, what it costs (R021)."""
    case = facts.case
    rows = [*head(facts), *_moments(facts), *_limits(facts)]
    rows.append(("费用", "；".join(facts.fees) or "不收费"))
    all_there = "主要申请材料" if facts.to_follow else "申请材料"
    why = f"经审查，{all_there}齐全、符合法定形式，现予受理。"
    if case.deemed_accepted_at is not None:
        why = "部门没有在规定的期限内告知需要补正的内容，依法自收到申请之日起视为受理。"
    if facts.to_follow:
        why += "次要材料按您签署的承诺容缺受理，请按下面的日期补交。"
    opening = f"您申请办理的“{case.task_name}”，{why}"
    parts = [Part("收到的材料", _counted(facts.materials))] if facts.materials else []
    if facts.to_follow:
        parts.append(Part("还要补交的材料", (*_counted(facts.to_follow), _IF_LATE)))
    return sheet_of(facts, opening, rows, *parts, closing="请妥善保存本通知书。办理结果出来后会告知您。")


def correction(facts: Facts, points: Sequence[Point], *, until: date | None) -> Sheet:
    """一次性告知书: everything at once that is missing or wrong, why, and how to mend it (R022)."""
    rows = [*head(facts), ("收到申请", _received(facts))]
    if until is not None:
        rows.append(("请在此日前补正", day(until)))
    opening = (
        f"您申请办理的“{facts.case.task_name}”，经审查，以下内容需要补正。"
        "本告知书一次列出了全部需要补正的内容，部门不会再提出其他补正要求。"
    )
    said = [
        "".join(
            (
                f"{at}. {point.name}：{point.wrong}",
                f"\n　 怎样补正：{point.mend}" if point.mend else "",
                f"\n　 依据：{point.basis}" if point.basis else "",
            )
        )
        for at, point in enumerate(points, start=1)
    ]
    part = Part("需要补正的内容", tuple(said))
    return sheet_of(facts, opening, rows, part, closing="补正后，部门接着办理。")


def not_accepted(facts: Facts, refusal: Refusal) -> Sheet:
    """不予受理决定书: reason, legal basis, remedies (R027)."""
    rows = [*head(facts), ("收到申请", _received(facts))]
    opening = f"您申请办理的“{facts.case.task_name}”，经审查，决定不予受理。"
    return sheet_of(facts, opening, rows, *_why(refusal), remedies(facts, refusal.remedies))


def granted(facts: Facts) -> Sheet:
    """准予决定书: what was granted, on which day, by which law, what comes of it."""
    case = facts.case
    rows = [*head(facts), *_moments(facts), *_decided(facts)]
    if facts.certificate:
        rows.append(("办理结果", facts.certificate))
    opening = f"您申请办理的“{case.task_name}”，经审查，符合法定条件、标准，决定准予办理。"
    parts = (Part("说明", (case.decision_reason,)),) if case.decision_reason else ()
    basis = (Part("依据", (case.legal_basis,)),) if case.legal_basis else ()
    return sheet_of(facts, opening, rows, *parts, *basis)


def refused(facts: Facts) -> Sheet:
    """不予决定书: reason, legal basis, who decided, and what can be done against it (R026, R027)."""
    case = facts.case
    rows = [*head(facts), *_moments(facts), *_decided(facts)]
    opening = f"您申请办理的“{case.task_name}”，经审查，{decided.ground(case)}，决定不予办理。"
    refusal = Refusal(case.decision_reason or "", case.legal_basis or "", case.decided_by or "")
    return sheet_of(facts, opening, rows, *_why(refusal), remedies(facts))


def terminated(facts: Facts) -> Sheet:
    """终止办理通知书: what did not follow, by which basis, who ended it, and what can be done (R036)."""
    case = facts.case
    rows = [*head(facts), *_moments(facts)]
    opening = (
        f"您申请办理的“{case.task_name}”，容缺受理后没有按期补交材料，现终止办理，退回已交的材料。"
        "这不是不予办理的决定，备齐材料后可以重新申请。"
    )
    missing = (Part("没有按期补交的材料", _counted(facts.to_follow)),) if facts.to_follow else ()
    why = _why(Refusal(case.decision_reason or "", case.legal_basis or "", case.decided_by or ""))
    return sheet_of(facts, opening, rows, *missing, *why, remedies(facts))


def special(facts: Facts, pause: Pause) -> Sheet:
    """特别程序告知书: which procedure, why, how long; its days do not run (《行政许可法》第四十五条)."""
    opening = (
        f"您申请办理的“{facts.case.task_name}”，办理中需要进行{pause.name}。"
        "所需时间依法不计入办理期限，现将所需时间书面告知您。"
    )
    rows = [
        *head(facts),
        *_moments(facts),
        ("开始", day(pause.began_on)),
        ("预计结束", day(pause.expected_until)),
        ("最长到", day(pause.published_until)),
    ]
    basis = _SPECIAL_LAW if facts.is_licence else "办事指南公布的特别程序"
    parts = (Part("理由", (pause.reason,)), Part("依据", (basis,)))
    closing = "结束以后，办理期限接着计算，新的办结日期另行告知。"
    return sheet_of(facts, opening, rows, *parts, closing=closing)


def extension(facts: Facts, extended: Extension) -> Sheet:
    """延期办理告知书: by how much, why, who approved it, and the new days (《行政许可法》第四十二条)."""
    opening = f"您申请办理的“{facts.case.task_name}”，不能在原定期限内作出决定，经批准延长办理期限。"
    rows = [
        *head(facts),
        *_moments(facts),
        ("延长", f"{extended.days}个工作日"),
        ("批准人", extended.approved_by),
        *_limits(facts),
    ]
    basis = (Part("依据", (_EXTENSION_LAW,)),) if facts.is_licence else ()
    return sheet_of(facts, opening, rows, Part("理由", (extended.reason,)), *basis)


def delivery(facts: Facts, handed: Sequence[Handed], *, how: str = "") -> Sheet:
    """送达回证: which documents reached the applicant, how and when; lines to sign for a paper.

    `how`: how a paper reached them, where there was one.
    """
    said = tuple(
        f"{at}. {one.title} {one.number}，{day(one.issued_on)}发到一码办“我的办件”，{one.opened}"
        for at, one in enumerate(handed, start=1)
    )
    parts = [Part("送达的文书", said)]
    if facts.certificate:
        parts.append(Part("送达的结果", (facts.certificate,)))
    return sheet_of(
        facts,
        f"“{facts.case.task_name}”办理中作出的文书，按下面的方式送达。",
        [*head(facts), ("受送达人", facts.applicant), ("送达方式", how or _ONLINE)],
        *parts,
        signs=("受送达人（代收人）签名：", "送达人签名：", "收到日期："),
    )


def sheet_of(
    facts: Facts,
    opening: str,
    rows: Sequence[Row],
    *parts: Part,
    closing: str = "",
    signs: tuple[str, ...] = (),
) -> Sheet:
    """A sheet to the applicant, with the telephones of the item."""
    return Sheet(
        addressee=facts.applicant,
        opening=opening,
        rows=(*rows, *facts.contact),
        parts=parts,
        closing=closing,
        follow=facts.follow,
        demo=facts.demo,
        signs=signs,
    )


def head(facts: Facts) -> list[Row]:
    """What every document names: the item, the case, the number of the applicant."""
    case = facts.case
    rows = [("事项", case.task_name), ("实施编码", case.task_code), ("办件编号", case.case_no)]
    if facts.id_number:
        rows.append(("统一社会信用代码" if facts.company else "证件号码", facts.id_number))
    return rows


def _received(facts: Facts) -> str:
    received = facts.case.received_at
    return "" if received is None else day(clock.local(received).date())


def _moments(facts: Facts) -> list[Row]:
    accepted = facts.case.accepted_at
    rows = [("收到申请", _received(facts))]
    if accepted is not None:
        rows.append(("受理日期", day(clock.local(accepted).date())))
    return rows


def _limits(facts: Facts) -> list[Row]:
    """Both limits with what does not count; neither runs in an objection or a special procedure."""
    case = facts.case
    rows: list[Row] = []
    if case.notice_from is not None and case.notice_until is not None:
        rows.append(("公告期", f"{day(case.notice_from)}至{day(case.notice_until)}，不计入办理期限"))
    if case.promised_due_on is None or case.statutory_due_on is None:
        why = "公告期内有人提出异议" if case.notice_objected_on is not None else "正在进行特别程序"
        return [*rows, ("办理期限", f"{why}，暂停计算，恢复后的办结日期另行告知")]
    provisional = "（放假安排公布后如有变化，另行告知）" if case.limit_provisional else ""
    rows.append(("承诺办结", f"{day(case.promised_due_on)}前{provisional}"))
    rows.append(("法定期限", f"{day(case.statutory_due_on)}前{provisional}"))
    if facts.not_counted:
        rows.append(("不计入期限", "需要时进行的" + "、".join(facts.not_counted)))
    return rows


def _decided(facts: Facts) -> list[Row]:
    case = facts.case
    rows: list[Row] = []
    if case.decided_at is not None:
        rows.append(("决定日期", day(clock.local(case.decided_at).date())))
    if case.decided_by:
        rows.append(("决定人", case.decided_by))
    return rows


def _why(refusal: Refusal) -> tuple[Part, ...]:
    by = (Part("决定人", (refusal.decided_by,)),) if refusal.decided_by else ()
    return (Part("理由", (refusal.reason,)), Part("法律依据", (refusal.legal_basis,)), *by)


def remedies(facts: Facts, said: str = "") -> Part:
    """What can be done against a decision (救济途径)."""
    return Part(
        "不同意这个决定怎么办",
        (
            f"可以自收到本决定书之日起60日内，依照{_REVIEW_LAW}，向{facts.reconsideration}申请行政复议；",
            f"也可以自收到本决定书之日起6个月内，依照{_COURT_LAW}，向{facts.litigation}提起诉讼。",
            *((said,) if said and said != REMEDIES else ()),
        ),
    )


def _counted(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{at}. {each}" for at, each in enumerate(said, start=1))
