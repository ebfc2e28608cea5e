"""What is said about a case (办件消息): each happening once, in one sentence or two."""

from sqlalchemy.orm import Session

from app import clock
from app.cases import machine, owed
from app.cases import queries as cases
from app.cases.events import (
    CaseAccepted,
    CaseClockChanged,
    CaseClosed,
    CaseDecided,
    CaseLeftToPerson,
    CaseSubmitted,
    CaseWithdrawn,
)
from app.cases.states import State
from app.documents import queries as documents
from app.documents.events import DocumentCorrected
from app.documents.kinds import Kind
from app.materials.events import PhotoShutAway
from notifications.drafts import CASE_PROGRESS, Draft, company, moment, thing

_NOTICE_WORDS = {
    "published": ("公告已发布", "公告中"),
    "objected": ("公告期内有人提出异议", "时限暂停"),
    "settled": ("异议已处理，继续办理", "办理中"),
}
# What is missed at a cost: a question to answer, or an answer.
_MUST_ARRIVE = {
    *("correction", "correction_due", "not_accepted", "decided", "closed"),
    *("owed_due", "owed_sent_back", "owed_overdue", "terminated"),
    *("promise_broken", "promise_settled"),
}


def of_case(
    session: Session,
    *,
    case_id: int,
    happening: str,
    title: str,
    state: str,
    hint: str,
    paper: str = "",
    must_arrive: bool = False,
) -> Draft:
    """What is said about one happening of a case; `hint` is a sentence or two on what comes next.

    `paper` names the document that stands for it; the platforms' short fields have no room for it.
    `must_arrive`: it is missed at a cost, besides what always is.
    """
    facts = cases.facts(session, case_id=case_id)
    return Draft(
        citizen_id=facts.citizen_id,
        company=company(facts.organisation_id, facts.task_code),
        delegation_id=facts.delegation_id,
        subject=f"case:{case_id}:{happening}",
        title=title,
        text=f"您办理的“{facts.task_name}”{title}。{hint}{paper}办件编号：{facts.case_no}",
        page=f"pages/cases/detail?no={facts.case_no}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.task_name),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint.rstrip("。") or "点开查看办理进度"),
        },
        must_arrive=must_arrive or happening.partition(":")[0] in _MUST_ARRIVE,
    )


def paper_of(session: Session, case_id: int, *kinds: Kind) -> str:
    """The document that was issued for a happening, by its number."""
    found = documents.latest(session, case_id=case_id, kinds=kinds)
    return "" if found is None else f"{found.title}：{found.number}，可在办件里下载。"


def case_submitted(session: Session, event: CaseSubmitted) -> Draft | None:
    """Received; the clerk looks at it next, and why where the machine could have decided."""
    if event.quiet:
        return None
    review = machine.latest(session, case_id=event.case_id)
    return of_case(
        session,
        case_id=event.case_id,
        happening="submitted",
        title="已提交",
        state="已提交",
        hint=f"{review.why_person}。" if review is not None else "请等待受理。",
    )


def case_accepted(session: Session, event: CaseAccepted) -> Draft | None:
    """Accepted; when it will be done."""
    if event.quiet:
        return None
    due = cases.facts(session, case_id=event.case_id).promised_due_on
    hint = f"承诺{due:%m月%d日}前办结。" if due else "请等待办理结果。"
    left_out = owed.names_until(owed.of_case(session, case_id=event.case_id))
    if left_out:
        hint += f"还要补交{left_out}。"
    if event.deemed:
        hint = f"部门没有按时告知补正，依法自收到申请之日起视为受理。{hint}"
    return of_case(
        session,
        case_id=event.case_id,
        happening="accepted",
        title="已受理",
        state="已受理",
        hint=hint,
        paper=paper_of(session, event.case_id, Kind.ACCEPTANCE),
    )


def case_clock_changed(session: Session, event: CaseClockChanged) -> Draft:
    """The public notice was published or objected to, or the objection is settled."""
    due = cases.facts(session, case_id=event.case_id).promised_due_on
    title, state = _NOTICE_WORDS[event.happening]
    hint = f"承诺{due:%m月%d日}前办结。" if due else "办理时限暂停，核实后再告诉您。"
    happening = f"notice_{event.happening}:{event.on}"
    return of_case(session, case_id=event.case_id, happening=happening, title=title, state=state, hint=hint)


def case_decided(session: Session, event: CaseDecided) -> Draft:
    """Decided; the result is one tap away. What the machine did in one go is told here, once."""
    if event.by_machine:
        return _decided_at_once(session, event)
    return of_case(
        session,
        case_id=event.case_id,
        happening="decided",
        title="已有办理结果",
        state="已决定",
        hint="点开查看办理结果。",
        paper=paper_of(session, event.case_id, Kind.GRANT, Kind.REFUSAL),
    )


def _decided_at_once(session: Session, event: CaseDecided) -> Draft:
    closed = cases.facts(session, case_id=event.case_id).state == State.CLOSED
    after = "结果在“我的证照”里，欢迎评价。" if closed else "结果按您选的方式交给您。"
    return of_case(
        session,
        case_id=event.case_id,
        happening="decided",
        title="已秒批",
        state="已办结" if closed else "已决定",
        hint=f"审查要点全部符合，{after}",
        paper=paper_of(session, event.case_id, Kind.GRANT),
    )


def photo_shut_away(session: Session, event: PhotoShutAway) -> Draft:
    """A virus was found in a page after it had been taken in; each page is told of once."""
    facts = cases.facts(session, case_id=event.case_id)
    draft = facts.state == State.DRAFT
    return of_case(
        session,
        case_id=event.case_id,
        happening=f"photo_shut_away:{event.photo_id}",
        title="有一张照片没有通过病毒检查",
        state="请重新拍照" if draft else "照片已隔离",
        hint="这张照片已隔离，请用手机相机重新拍一张。"
        if draft
        else "这张照片已隔离，谁也看不到。需要补交时会通知您，也可以打电话问受理部门。",
    )


def case_left_to_person(session: Session, event: CaseLeftToPerson) -> Draft | None:
    """The fees are paid, and a person decides after all: why, and until when."""
    review = machine.latest(session, case_id=event.case_id)
    if review is None or review.passed:
        return None
    hint = f"{review.why_person}。"
    return of_case(
        session, case_id=event.case_id, happening="left", title="转人工审查", state="审查中", hint=hint
    )


def case_closed(session: Session, event: CaseClosed) -> Draft | None:
    """Closed; ask for a rating, never for a good one."""
    if event.quiet:
        return None
    hint = "欢迎评价这次服务。"
    return of_case(
        session, case_id=event.case_id, happening="closed", title="已办结", state="已办结", hint=hint
    )


def case_withdrawn(session: Session, event: CaseWithdrawn) -> Draft:
    """Withdrawn by the citizen."""
    hint = "需要时可重新申请。"
    return of_case(
        session, case_id=event.case_id, happening="withdrawn", title="已撤回", state="已撤回", hint=hint
    )


def document_corrected(session: Session, event: DocumentCorrected) -> Draft:
    """A document was replaced by a new one, which says what was wrong."""
    found = documents.document(session, document_id=event.document_id)
    return of_case(
        session,
        case_id=found.case_id,
        happening=f"corrected:{found.id}",
        title="有一份文书更正了",
        state="文书已更正",
        hint="请以新的一份为准。",
        paper=f"{found.title}：{found.number}，可在办件里下载。",
    )
