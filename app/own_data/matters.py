"""What keeps an account from ending, what goes with it and what stays (注销前须办结的事项、留存的档案)."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Delete, UpdateBase, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import clock
from app.appointments.models import LIVE, Appointment
from app.assistance import service as assistance
from app.bundles.models import BundleApplication
from app.case_proof.models import CaseReceiptOpening
from app.cases import co_signing
from app.cases import organisation as agency
from app.cases import service as cases
from app.cases.co_sign_models import CoSigning
from app.cases.forms import Form
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.precheck_models import CasePrecheck
from app.cases.promise_models import CasePromise
from app.cases.states import UNDER_WAY, State
from app.catalogue.models import GuideFeedback
from app.certificates.share_models import CertificateShare
from app.codes.models import PersonalCode
from app.complaints.models import Complaint, ComplaintState
from app.consents.models import Consent
from app.credit import records as credit_records
from app.delegations import service as delegations
from app.deliveries.models import Delivery
from app.enterprises.models import NameCheckCount, NameReservation, NameState
from app.fees.models import Bill, BillState, RefundRequest, RequestState
from app.locker.models import LockerItem, LockerUse
from app.organisations import service as organisations
from app.organisations.models import ClaimState, OrganisationClaim
from app.people.closing import Room
from app.promise_checks.models import PromiseCheck
from app.promise_checks.plea_models import Plea, PleaState
from app.promise_checks.queries import TO_DO
from app.queueing.models import LIVE_TICKET, LIVE_WISH, Ticket, WaitlistEntry
from app.undertakings.models import SignedUndertaking

_ARCHIVES = "《中华人民共和国档案法》和《政务服务电子文件归档和电子档案管理办法》（国办发〔2023〕26号）"
_PROMISES = "《关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）"
# What the citizen is told stays, why, and where that is written.
KEPT = (
    f"已提交的办件、材料、办理结果和评价、诉求：行政机关须归档保存，依据{_ARCHIVES}。",
    "缴费、退费记录和票据：属于会计凭证，保存30年，依据《会计档案管理办法》（财政部、国家档案局令第79号）。",
    "谁查看、改动过您的信息的记录：用来追查责任，依据《中华人民共和国网络安全法》，日志至少留存6个月。",
    "这些档案只存着、不再作别的用处，依据《中华人民共和国个人信息保护法》第四十七条。",
    f"核查不实的承诺还在限制期内的：只留证件号码的加密指纹，换账号也受同样限制，到期删除，依据{_PROMISES}。",
    "没提交的草稿、手机号、登录方式、偏好设置、各项同意和材料库会删除。",
    "以后用同一个微信或支付宝登录是新账号，看不到原来的办件；需要时请带身份证到窗口查询。",
)

# The sentence about a kind of matter, what each is called, and which are open.
Kind = tuple[str, InstrumentedAttribute[str], tuple[ColumnElement[bool], ...]]

_MOST_NAMED = 3
_RUNNING = (*UNDER_WAY, State.DECIDED)
_ASKED_BACK = (RequestState.REQUESTED.value, RequestState.APPROVED.value)


def open_matters(session: Session, citizen_id: int) -> list[str]:
    """What is on its way in the rooms of the city, one sentence each."""
    return [
        sentence.format(names=_some(names), count=len(names))
        for sentence, what, which in (*_at_the_desks(citizen_id), *_in_the_halls(citizen_id))
        if (names := session.scalars(select(what).where(*which).order_by(what)).all())
    ]


def _at_the_desks(citizen_id: int) -> Sequence[Kind]:
    return (
        (
            "有{count}件办件还没有办结：{names}。等办结后再注销；还没有作出决定的，也可以先撤回。",
            Case.task_name,
            (Case.citizen_id == citizen_id, Case.organisation_id.is_(None), Case.state.in_(_RUNNING)),
        ),
        _looked_into(citizen_id),
        _asked_of_records(citizen_id),
        (
            "有{count}笔费用还没有缴：{names}。请先缴清；不办了的，请先撤回办件。",
            Bill.title,
            (
                Bill.citizen_id == citizen_id,
                Bill.organisation_id.is_(None),
                Bill.state == BillState.UNPAID.value,
            ),
        ),
        (
            "有{count}笔退费还没有办完，退费编号：{names}。等退款到账后再注销。",
            RefundRequest.refund_no,
            (RefundRequest.citizen_id == citizen_id, RefundRequest.state.in_(_ASKED_BACK)),
        ),
        (
            "有{count}件诉求还没有答复，诉求编号：{names}。等答复后再注销。",
            Complaint.complaint_no,
            (Complaint.citizen_id == citizen_id, Complaint.state == ComplaintState.RECEIVED.value),
        ),
        (
            "有{count}个企业名称还在等登记系统答复：{names}。等有了结果再注销。",
            NameReservation.name,
            (NameReservation.citizen_id == citizen_id, NameReservation.state == NameState.SENDING.value),
        ),
    )


def _looked_into(citizen_id: int) -> Kind:
    checked = select(PromiseCheck.case_id).where(PromiseCheck.state.in_(TO_DO))
    return (
        "有{count}件办件的承诺还在核查：{names}。等核查有了结果再注销。",
        Case.task_name,
        (Case.citizen_id == citizen_id, Case.organisation_id.is_(None), Case.id.in_(checked)),
    )


def _asked_of_records(citizen_id: int) -> Kind:
    waiting = select(PromiseCheck.case_id).join(Plea, Plea.check_id == PromiseCheck.id)
    return (
        "有{count}件办件的失信记录申请还没有处理：{names}。等有了结果再注销。",
        Case.task_name,
        (
            Case.citizen_id == citizen_id,
            Case.organisation_id.is_(None),
            Case.id.in_(waiting.where(Plea.state == PleaState.OPEN.value)),
        ),
    )


def _in_the_halls(citizen_id: int) -> Sequence[Kind]:
    today = clock.today()
    booked = (Appointment.citizen_id == citizen_id, Appointment.status.in_(LIVE), Appointment.day >= today)
    waits = (Ticket.citizen_id == citizen_id, Ticket.state.in_(LIVE_TICKET), Ticket.day >= today)
    return (
        (
            "有{count}个预约还没有到时间：{names}。请先取消，或办完后再注销。",
            Appointment.task_name,
            booked,
        ),
        ("您正在排队：{names}。请先取消排队，或办完后再注销。", Ticket.task_name, waits),
        (
            "您还在候补更早的号：{names}。请先取消候补。",
            WaitlistEntry.task_name,
            (WaitlistEntry.citizen_id == citizen_id, WaitlistEntry.state.in_(LIVE_WISH)),
        ),
    )


def hold(session: Session, citizen_id: int) -> bool:
    """Lock the drafts: handing one in changes a row and begins none. False while somebody is at one."""
    drafts = select(Case.id).where(Case.citizen_id == citizen_id, Case.state == State.DRAFT.value)
    taken = session.scalars(drafts.with_for_update(skip_locked=True)).all()
    return set(taken) == set(session.scalars(drafts))


def forget(session: Session, citizen_id: int) -> None:
    """Take back the drafts, and empty what no file needs: forms never handed in, notes, opinions' owners."""
    # First: whoever acts under an authority is let finish before anything else is held.
    assistance.end_with_account(session, citizen_id=citizen_id)
    delegations.end_all(session, citizen_id=citizen_id, actor="system")
    of_person = Case.organisation_id.is_(None)
    drafts = select(Case.case_no).where(
        Case.citizen_id == citizen_id, of_person, Case.state == State.DRAFT.value
    )
    for case_no in session.scalars(drafts).all():
        cases.withdraw(session, citizen_id=citizen_id, case_no=case_no)
    organisations.leave_all(session, citizen_id=citizen_id)
    credit_records.outlast_account(session, citizen_id)
    agency.forget_agent(session, citizen_id=citizen_id)
    co_signing.leave_all(session, citizen_id=citizen_id)
    changes = (
        # What is left of it are drafts that have just been taken back.
        update(BundleApplication)
        .where(
            BundleApplication.citizen_id == citizen_id,
            BundleApplication.organisation_id.is_(None),
            BundleApplication.withdrawn_at.is_(None),
            BundleApplication.finished_at.is_(None),
        )
        .values(withdrawn_at=clock.now()),
        *_of_drafts(citizen_id),
        update(Appointment).where(Appointment.citizen_id == citizen_id).values(visitor=None, note=None),
        update(Ticket).where(Ticket.citizen_id == citizen_id).values(note=None, priority=None),
        update(GuideFeedback).where(GuideFeedback.citizen_id == citizen_id).values(citizen_id=None),
        *_dropped(citizen_id),
    )
    for change in changes:
        session.execute(change.execution_options(synchronize_session=False))


def _dropped(citizen_id: int) -> Sequence[Delete]:
    """What no file needs at all."""
    return (
        # Nobody waits for the answer any more, and nothing may follow from it.
        delete(OrganisationClaim).where(
            OrganisationClaim.citizen_id == citizen_id, OrganisationClaim.state == ClaimState.ASKING.value
        ),
        delete(NameCheckCount).where(NameCheckCount.citizen_id == citizen_id),
        # That they were given and taken back stays written in the audit log.
        delete(Consent).where(Consent.citizen_id == citizen_id),
        # After the consent, without which nothing new comes in.
        delete(LockerItem).where(LockerItem.citizen_id == citizen_id),
        delete(LockerUse).where(LockerUse.citizen_id == citizen_id),
        # The chains of the cases stay, and say no more what they are about.
        delete(CaseReceiptOpening).where(
            CaseReceiptOpening.case_id.in_(
                select(Case.id).where(Case.citizen_id == citizen_id, Case.organisation_id.is_(None))
            )
        ),
        # What was shown of certificates, and with it who looked; the certificates stay.
        delete(CertificateShare).where(CertificateShare.citizen_id == citizen_id),
        delete(PersonalCode).where(PersonalCode.citizen_id == citizen_id),
    )


def _of_drafts(citizen_id: int) -> Sequence[UpdateBase]:
    """What was never handed in: its form, what was promised in it, and where a result should have gone."""
    mine = (Case.citizen_id == citizen_id, Case.organisation_id.is_(None), Case.submitted_at.is_(None))
    return (
        update(Case).where(*mine).values(sealed_form=Form({}, {}).sealed(), sealed_answers=json.dumps({})),
        *(
            delete(table).where(table.case_id.in_(select(Case.id).where(*mine)))
            for table in (OwedMaterial, CasePromise, CoSigning, CasePrecheck, SignedUndertaking, Delivery)
        ),
    )


def _some(names: Sequence[str]) -> str:
    shown = "、".join(dict.fromkeys(names[:_MOST_NAMED]))
    return shown if len(names) <= _MOST_NAMED else f"{shown}等"


ROOM = Room(open_matters, forget, hold)
