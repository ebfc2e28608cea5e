"""What can be asked about cases (查询办件)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.cases import numbers, revoked
from app.cases.errors import CaseNotFound
from app.cases.models import Case, CaseEvent
from app.cases.officers import Officer
from app.cases.states import State
from app.organisations import queries as organisations

_WAYS = {"electronic": "电子送达", "window": "窗口领取", "post": "邮寄送达"}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a message, a code or a chat card says about a case; `hint` is one sentence on what comes next."""

    citizen_id: int
    organisation_id: int | None
    delegation_id: int | None
    case_no: str
    task_code: str
    task_name: str
    state: str
    state_text: str
    promised_due_on: date | None
    hint: str


def of_citizen(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    state: str | None = None,
    cursor: int | None = None,
    limit: int = 20,
) -> Sequence[Case]:
    """A citizen's cases, or those of the company they act for, newest first.

    `cursor` is the id below which the list goes on. Raises OrganisationNotFound.
    """
    mine = organisations.owned(session, Case, citizen_id=citizen_id, organisation_id=organisation_id)
    asked = select(Case).where(mine)
    if state is not None:
        asked = asked.where(Case.state == state)
    if cursor is not None:
        asked = asked.where(Case.id < cursor)
    return session.scalars(asked.order_by(Case.id.desc()).limit(limit)).all()


def case_of(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    organisation_id: int | None = None,
    hold: bool = False,
) -> Case:
    """A citizen's own case, or one of the company they act for; raises CaseNotFound for every other.

    `hold`: their standing for the company does not end before this unit of work.
    """
    mine = organisations.owned(
        session, Case, citizen_id=citizen_id, organisation_id=organisation_id, hold=hold
    )
    case = session.scalar(select(Case).where(Case.case_no == numbers.case_no(case_no), mine))
    if case is None:
        raise CaseNotFound
    return case


def for_clerk(session: Session, *, officer: Officer, case_no: str, hold: bool = False) -> Case:
    """A case that was handed in to the clerk's department; raises CaseNotFound for every other.

    `hold`: nobody else moves it until the unit of work ends.
    """
    asked = select(Case).where(
        Case.case_no == numbers.case_no(case_no), Case.submitted_at.is_not(None), _in_department(officer)
    )
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    case = session.scalar(asked)
    if case is None:
        raise CaseNotFound
    return case


def work_list(
    session: Session,
    *,
    officer: Officer,
    state: str | None = None,
    cursor: int | None = None,
    limit: int = 20,
) -> Sequence[Case]:
    """The department's cases in one state (default: waiting for acceptance), the longest waiting first."""
    wanted = State(state) if state is not None else State.SUBMITTED
    asked = select(Case).where(
        Case.state == wanted.value, Case.submitted_at.is_not(None), _in_department(officer)
    )
    if cursor is not None:
        asked = asked.where(Case.id > cursor)
    return session.scalars(asked.order_by(Case.id).limit(limit)).all()


def timeline(session: Session, *, case_id: int) -> Sequence[CaseEvent]:
    """What has happened with a case, oldest first."""
    return session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)).all()


def how_delivered(session: Session, case: Case) -> str:
    """How and when a paper reached its applicant, as the timeline says it; empty where it was online."""
    if case.delivered_at is None or case.delivery_way is None:
        return ""
    told = select(CaseEvent.sentence).where(CaseEvent.case_id == case.id, CaseEvent.kind == "delivered")
    sentence = session.scalar(told.order_by(CaseEvent.id.desc()).limit(1))
    return f"{_WAYS[case.delivery_way]}；{clock.local(case.delivered_at):%Y年%m月%d日%H:%M}{sentence}"


def facts(session: Session, *, case_id: int) -> CaseFacts:
    """The facts of one case; raises CaseNotFound."""
    case = session.get(Case, case_id)
    if case is None:
        raise CaseNotFound
    state = State(case.state)
    return CaseFacts(
        citizen_id=case.citizen_id,
        organisation_id=case.organisation_id,
        delegation_id=case.delegation_id,
        case_no=case.case_no,
        task_code=case.task_code,
        task_name=case.task_name,
        state=case.state,
        state_text=revoked.state_text(case.state, revoked_at=case.grant_revoked_at),
        promised_due_on=case.promised_due_on,
        hint=_hint(case, state),
    )


def _in_department(officer: Officer) -> ColumnElement[bool]:
    if officer.department is None:
        return true()
    return or_(Case.dept_code == officer.department, Case.dept_name == officer.department)


def _hint(case: Case, state: State) -> str:
    if state is State.ACCEPTED:
        if case.promised_due_on is None:
            paused = case.clock_paused_on is not None
            return "正在进行特别程序，办理时限暂停" if paused else "公告期内有人提出异议，办理时限暂停"
        return f"承诺{case.promised_due_on:%Y年%m月%d日}前办结，如有费用请先缴清"
    if state is State.CORRECTION:
        return f"请在{case.correct_by:%Y年%m月%d日}前按告知补正，一次改好就能受理"
    if state is State.DECIDED:
        return "准予办理，请按所选方式领取结果" if case.granted else "不予办理，原因和依据请看决定"
    return {
        State.DRAFT: "请补全表单和材料后提交",
        State.SUBMITTED: "等待受理，结果会通知您",
        State.CLOSED: "已办结，欢迎评价",
        State.NOT_ACCEPTED: "不予受理，原因、依据和救济途径请看办件详情",
        State.WITHDRAWN: "已撤回，如需办理请重新申请",
        State.TERMINATED: "没有按期补交容缺的材料，已终止办理，可以重新申请",
    }[state]
