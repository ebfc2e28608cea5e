"""What must hold before a step (前提条件): one check for each need of the states table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from app import clock
from app.cases import (
    clock_errors,
    co_sign_errors,
    co_sign_words,
    co_signed,
    completeness,
    correction_errors,
    corrections,
    credit_marks,
    errors,
    limits,
    opinion_errors,
    opinions,
    owed,
    owed_errors,
    precheck_errors,
    prechecked,
    promise_errors,
    telling,
)
from app.cases.completeness import Errors
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.states import Need
from app.errors import DomainError
from app.fees import queries as fee_queries
from app.fees.models import BillState

_ON_PAPER = frozenset({"window", "post"})


@dataclass(frozen=True)
class Asked:
    """A step that somebody wants to take, with what they said.

    `as_it_is`: what the notice names and is unchanged is right as it is. `coming` names materials that need
    not be there yet: another part of the same matter will give them. `handed_over`: the applicant has the
    paper in this moment. `approved`: the head has said yes, or is asked to.
    """

    session: Session
    case: Case
    reason: str = ""
    legal_basis: str = ""
    reason_code: str = ""
    remedies: str = ""
    as_it_is: bool = False
    handed_over: bool = False
    approved: bool = False
    coming: frozenset[str] = frozenset()

    @cached_property
    def dossier(self) -> Dossier:
        """What belongs to the case, read once for this step."""
        return Dossier(self.session, self.case)

    @classmethod
    def of(cls, dossier: Dossier) -> "Asked":
        """A step of a case of which much is read already."""
        asked = cls(dossier.session, dossier.case)
        vars(asked)["dossier"] = dossier
        return asked


def refuse_unless(asked: Asked, needs: Sequence[Need]) -> None:
    """Check every need at once; raises the error of the first that does not hold, with all the sentences."""
    failed = {need: found for need in needs if (found := _CHECKS[need](asked))}
    if failed:
        sentences = {key: said for found in failed.values() for key, said in found.items()}
        raise _ERRORS[next(iter(failed))](errors=sentences)


def gaps(asked: Asked) -> Errors:
    """Everything that is missing before a case can be handed in (缺项); refuses nothing."""
    return {**_form_complete(asked), **_materials_complete(asked)}


def _at_precheck(asked: Asked) -> Errors:
    return {"precheck": ["正在请工作人员预审"]} if prechecked.is_held(asked.dossier) else {}


def _form_complete(asked: Asked) -> Errors:
    return completeness.of_form(asked.dossier)


def _materials_complete(asked: Asked) -> Errors:
    return completeness.of_materials(asked.dossier, coming=asked.coming)


def _not_co_signed(asked: Asked) -> Errors:
    who = co_signed.wanted(asked.case, asked.dossier.guide)
    if not who or co_sign_words.holds(asked.dossier):
        return {}
    return {"co_signer": [f"请邀请{who}看过全部内容后签名"]}


def _unpaid(asked: Asked) -> Errors:
    return {
        f"bills.{bill.bill_no}": ["这笔费用还没有缴纳"]
        for bill in fee_queries.of_case(asked.session, case_id=asked.case.id)
        if bill.state == BillState.UNPAID
    }


def _something_to_pay(asked: Asked) -> Errors:
    return {} if _unpaid(asked) else {"bills": ["没有待缴的费用"]}


def _fee_settled(asked: Asked) -> Errors:
    return {} if asked.case.fee_open else {"fee_codes": ["收费已经确定"]}


def _fee_unsettled(asked: Asked) -> Errors:
    return {"fee_codes": ["请先选择收费项目，或者减免"]} if asked.case.fee_open else {}


def _notice_running(asked: Asked) -> Errors:
    case = asked.case
    if limits.notice_is_over(case, today=clock.today()):
        return {}
    if case.notice_objected_on is not None:
        return {"notice": [f"{case.notice_objected_on:%Y年%m月%d日}有人提出异议，处理以后才能准予办理"]}
    return {"notice": [f"公告到{case.notice_until:%Y年%m月%d日}，期满以后才能准予办理"]}


def _clock_stands(asked: Asked) -> Errors:
    paused_on = asked.case.clock_paused_on
    if paused_on is None:
        return {}
    return {"clock": [f"{paused_on:%Y年%m月%d日}起正在进行特别程序，结束后请先恢复计时"]}


def _clock_runs(asked: Asked) -> Errors:
    return {} if asked.case.clock_paused_on else {"clock": ["办件没有暂停，不用恢复"]}


def _opinions_missing(asked: Asked) -> Errors:
    names = opinions.waiting(asked.session, case_id=asked.case.id)
    return {"opinions": [f"{name}还没有回复意见" for name in names]} if names else {}


def _objections_unanswered(asked: Asked) -> Errors:
    if asked.reason:
        return {}
    names = opinions.objecting(asked.session, case_id=asked.case.id)
    return {"reason": [f"{'、'.join(names)}不同意，请写明为什么仍然准予"]} if names else {}


def _objections_unapproved(asked: Asked) -> Errors:
    if asked.approved or not opinions.objecting(asked.session, case_id=asked.case.id):
        return {}
    return {"head": ["有部门不同意，要由本机关负责人批准"]}


def _credit_unknown(asked: Asked) -> Errors:
    waits = credit_marks.waits(asked.session, case_id=asked.case.id)
    return {"credit": ["信用名单还没有查到"]} if waits else {}


def _telling_over(asked: Asked) -> Errors:
    due = asked.case.notice_due_on
    return {"notice_due_on": [f"告知期限到{due:%Y年%m月%d日}为止"]} if telling.is_over(asked.case) else {}


def _telling_runs(asked: Asked) -> Errors:
    return {} if telling.is_over(asked.case) else {"notice_due_on": ["告知期限还没有过"]}


def _asked_before(asked: Asked) -> Errors:
    return {} if asked.case.correct_by is None else {"correction": ["这个办件已经一次告知过"]}


def _not_corrected(asked: Asked) -> Errors:
    return corrections.still_wrong(asked.session, asked.case)


def _unchanged(asked: Asked) -> Errors:
    return {} if asked.as_it_is else corrections.unchanged(asked.session, asked.case)


def _owes_something(asked: Asked) -> Errors:
    rows = owed.of_case(asked.session, case_id=asked.case.id)
    waiting = [one for one in rows if one.confirmed_at is None]
    return {f"materials.{one.material_code}": [_owed_sentence(one)] for one in waiting}


def _owed_sentence(one: OwedMaterial) -> str:
    return f"“{one.name}”" + ("补交以后还没有核对" if one.delivered_at is not None else "还没有补交")


def _owes_nothing(asked: Asked) -> Errors:
    rows = owed.of_case(asked.session, case_id=asked.case.id)
    return {} if any(map(owed.is_open, rows)) else {"materials": ["没有要补交的材料"]}


def _nothing_delivered(asked: Asked) -> Errors:
    rows = owed.of_case(asked.session, case_id=asked.case.id)
    brought = [one for one in rows if one.delivered_at is not None and one.confirmed_at is None]
    return {} if brought else {"materials": ["没有待核对的补交材料"]}


def _nothing_overdue(asked: Asked) -> Errors:
    rows = owed.of_case(asked.session, case_id=asked.case.id)
    return {} if any(map(owed.is_overdue, rows)) else {"materials": ["容缺的材料还没有逾期"]}


def _not_handed_over(asked: Asked) -> Errors:
    on_paper = asked.case.delivery_way in _ON_PAPER and not asked.handed_over
    return {"delivery": ["申请人选了纸质结果，请在“送达”里交给申请人或寄出"]} if on_paper else {}


def _reason_code(asked: Asked) -> Errors:
    return {} if asked.reason_code else {"reason_code": ["请选择是哪一种情形"]}


def _reason(asked: Asked) -> Errors:
    return {} if asked.reason else {"reason": ["请写明不予办理的原因"]}


def _legal_basis(asked: Asked) -> Errors:
    return {} if asked.legal_basis else {"legal_basis": ["请写明法律依据"]}


def _remedies(asked: Asked) -> Errors:
    return {} if asked.remedies else {"remedies": ["请写明申请人可以怎样救济"]}


_CHECKS: dict[Need, Callable[[Asked], Errors]] = {
    Need.NOT_AT_PRECHECK: _at_precheck,
    Need.FORM_COMPLETE: _form_complete,
    Need.MATERIALS_COMPLETE: _materials_complete,
    Need.CO_SIGNED: _not_co_signed,
    Need.BILLS_PAID: _unpaid,
    Need.BILL_UNPAID: _something_to_pay,
    Need.FEE_OPEN: _fee_settled,
    Need.FEE_SETTLED: _fee_unsettled,
    Need.NOTICE_OVER: _notice_running,
    Need.OPINIONS_IN: _opinions_missing,
    Need.OBJECTIONS_ANSWERED: _objections_unanswered,
    Need.OBJECTIONS_APPROVED: _objections_unapproved,
    Need.CREDIT_KNOWN: _credit_unknown,
    Need.CLOCK_RUNS: _clock_stands,
    Need.CLOCK_STANDS: _clock_runs,
    Need.TELLING_IN_TIME: _telling_over,
    Need.TELLING_TOO_LATE: _telling_runs,
    Need.NEVER_ASKED: _asked_before,
    Need.CORRECTED: _not_corrected,
    Need.CHANGED: _unchanged,
    Need.NOTHING_OWED: _owes_something,
    Need.OWES: _owes_nothing,
    Need.OWED_DELIVERED: _nothing_delivered,
    Need.OWED_OVERDUE: _nothing_overdue,
    Need.HANDED_OVER: _not_handed_over,
    Need.REASON_CODE: _reason_code,
    Need.REASON: _reason,
    Need.LEGAL_BASIS: _legal_basis,
    Need.REMEDIES: _remedies,
}
_ERRORS: dict[Need, type[DomainError]] = {
    Need.NOT_AT_PRECHECK: precheck_errors.PrecheckRunning,
    Need.FORM_COMPLETE: errors.SubmissionIncomplete,
    Need.MATERIALS_COMPLETE: errors.SubmissionIncomplete,
    Need.CO_SIGNED: co_sign_errors.CoSignatureMissing,
    Need.BILLS_PAID: errors.FeeUnpaid,
    Need.BILL_UNPAID: errors.NothingToPay,
    Need.FEE_OPEN: errors.FeeSettled,
    Need.FEE_SETTLED: errors.FeeUnsettled,
    Need.NOTICE_OVER: errors.NoticeRunning,
    Need.OPINIONS_IN: opinion_errors.OpinionsMissing,
    Need.OBJECTIONS_ANSWERED: opinion_errors.ObjectionUnanswered,
    Need.OBJECTIONS_APPROVED: opinion_errors.ObjectionUnapproved,
    Need.CREDIT_KNOWN: promise_errors.CreditUnknown,
    Need.CLOCK_RUNS: clock_errors.ClockPaused,
    Need.CLOCK_STANDS: clock_errors.ClockNotPaused,
    Need.TELLING_IN_TIME: correction_errors.TellingOver,
    Need.TELLING_TOO_LATE: correction_errors.TellingRuns,
    Need.NEVER_ASKED: correction_errors.SecondNotice,
    Need.CORRECTED: correction_errors.CorrectionIncomplete,
    Need.CHANGED: correction_errors.CorrectionUnchanged,
    Need.NOTHING_OWED: owed_errors.StillOwed,
    Need.OWES: owed_errors.NothingToDeliver,
    Need.OWED_DELIVERED: owed_errors.NotDelivered,
    Need.OWED_OVERDUE: owed_errors.NotOverdue,
    Need.HANDED_OVER: errors.NotHandedOver,
    Need.REASON_CODE: errors.RefusalUnfounded,
    Need.REASON: errors.RefusalUnfounded,
    Need.LEGAL_BASIS: errors.RefusalUnfounded,
    Need.REMEDIES: errors.RefusalUnfounded,
}
