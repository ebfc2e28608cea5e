"""The office's steps of a case (受理、决定、办结), whoever takes them: a clerk, or the machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cases import (
    billing,
    clock_log,
    ending,
    granting,
    limits,
    owed,
    owing,
    situation,
    steps,
    telling,
    timeline,
)
from app.cases import opinion_asking as asking
from app.cases.clock_models import Happening
from app.cases.events import CaseAccepted, CaseClosed, CaseDecided
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.owed_models import OwedMaterial
from app.cases.states import Party, Step
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.events import publish
from app.fees import service as fees
from app.fees.models import Bill
from app.fees.service import FeeLine


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision (决定): yes or no, why, by which law; which head approved it, or a ground of the list."""

    granted: bool
    reason: str = ""
    legal_basis: str = ""
    approved_by: str = ""
    refused_code: str = ""


def accept(
    session: Session, case: Case, *, actor: timeline.Actor, fee_codes: Sequence[str] | None = None
) -> Bill | None:
    """Accept a case and bill it; the bill, if there is one. Raises as `service.accept` does.

    Who comes after the day until which they could have asked for a correction finds it accepted by law: then
    too the limits run from the day it was received.
    """
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    steps.take(Asked(session, case), Step.ACCEPT, actor=actor, values=_accepted(session, case, guide))
    return _begin(session, case, guide, actor=actor, fee_codes=fee_codes)


def deem_accepted(session: Session, case: Case) -> None:
    """Write down that a case is accepted because nobody spoke in time (视为受理); raises a StepRefused.

    What it costs is billed where the guide leaves nothing open; a fee that somebody must choose waits for a
    clerk, who bills or waives it before the case is granted.
    """
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    codes = situation.fee_codes(case, guide)
    settled = billing.is_fixed(guide.fees, codes)
    values = {**_accepted(session, case, guide), "fee_open": not settled}
    steps.take(Asked(session, case), Step.DEEM_ACCEPTED, actor=timeline.SYSTEM, values=values)
    _begin(session, case, guide, actor=timeline.SYSTEM, fee_codes=codes if settled else ())


def bill(session: Session, case: Case, *, actor: timeline.Actor, fee_codes: Sequence[str]) -> Bill | None:
    """Say what a case costs that silence accepted (确定收费); an empty list waives it.

    Raises FeeSettled, NotYourStep, a StepRefused or one of the fee errors.
    """
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    steps.take(Asked(session, case), Step.BILL, actor=actor, values={"fee_open": False})
    issued = _issue(session, case, billing.lines(guide, fee_codes))
    said = "不收费" if issued is None else f"请缴费{billing.yuan(issued.amount_fen)}元"
    timeline.note(session, case_id=case.id, kind="billed", actor=actor, sentence=f"收费已确定，{said}")
    return issued


def _accepted(session: Session, case: Case, guide: Guide) -> dict[str, Any]:
    """The columns of acceptance; `received_at` is there in every state from which a case is accepted."""
    now = clock.now()
    deemed = telling.deemed_at(case, today=clock.local(now).date())
    at = now if deemed is None or case.received_at is None else case.received_at
    return {
        "accepted_at": at,
        "deemed_accepted_at": deemed,
        **limits.at_acceptance(session, case, guide, start=clock.local(at).date()),
    }


def _begin(
    session: Session,
    case: Case,
    guide: Guide,
    *,
    actor: timeline.Actor,
    fee_codes: Sequence[str] | None,
) -> Bill | None:
    """Bill a case that has just been accepted, and tell of it."""
    deemed = case.deemed_accepted_at is not None
    cause = "视为受理" if deemed else "受理"
    clock_log.note(session, case, Happening.STARTED, actor=actor, before=(None, None), cause=cause)
    chosen = situation.fee_codes(case, guide) if fee_codes is None else fee_codes
    issued = _issue(session, case, billing.lines(guide, chosen))
    # Silence dates acceptance back; nobody could bring what follows before they were told of it.
    left_out = owing.begin(session, case, start=clock.today())
    kind, said = ("deemed_accepted", telling.sentence(case)) if deemed else ("accepted", _usual(left_out))
    sentence = f"{said}，{_promised(case)}"
    if issued is not None:
        sentence += f"，请缴费{billing.yuan(issued.amount_fen)}元"
    timeline.note(session, case_id=case.id, kind=kind, actor=actor, sentence=sentence)
    asking.ask(session, case, guide.body, actor=actor)
    publish(session, CaseAccepted(case.id, quiet=_is_machine(actor), deemed=deemed))
    return issued


def _issue(session: Session, case: Case, lines: Sequence[FeeLine]) -> Bill | None:
    return fees.issue(
        session,
        citizen_id=case.citizen_id,
        organisation_id=case.organisation_id,
        case_id=case.id,
        task_code=case.task_code,
        task_name=case.task_name,
        lines=lines,
    )


def decide(session: Session, case: Case, *, actor: timeline.Actor, decision: Decision) -> None:
    """Decide a case; a grant gives the certificate. Raises as `service.decide` does."""
    values: dict[str, Any] = {
        "decided_at": clock.now(),
        "decided_by": actor.name,
        "granted": decision.granted,
        "decision_reason": decision.reason or None,
        "legal_basis": decision.legal_basis or None,
        "refused_code": None if decision.granted else decision.refused_code,
    }
    asked = Asked(
        session,
        case,
        reason=decision.reason,
        legal_basis=decision.legal_basis,
        approved=bool(decision.approved_by),
        reason_code=decision.refused_code,
    )
    steps.take(asked, Step.GRANT if decision.granted else Step.REFUSE, actor=actor, values=values)
    before = clock_log.dates(case)
    clock_log.note(session, case, Happening.STOPPED, actor=actor, before=before, cause="作出决定")
    machine = _is_machine(actor)
    if decision.granted:
        granting.issue_certificate(session, case, quiet=machine)
    sentence = _decided(decision)
    timeline.note(session, case_id=case.id, kind="decided", actor=actor, sentence=sentence)
    ending.end_what_waits(session, case)
    publish(session, CaseDecided(case.id, by_machine=machine))


def close(session: Session, case: Case, *, actor: timeline.Actor) -> None:
    """Close a decided case; raises a StepRefused or NotYourStep."""
    steps.take(Asked(session, case), Step.CLOSE, actor=actor, values={"closed_at": clock.now()})
    timeline.note(session, case_id=case.id, kind="closed", actor=actor, sentence="办件已办结")
    publish(session, CaseClosed(case.id, quiet=_is_machine(actor)))


def _is_machine(actor: timeline.Actor) -> bool:
    """What the machine does in one go is told once, as its decision."""
    return Party.MACHINE in actor.parties


def _decided(decision: Decision) -> str:
    if not decision.granted:
        return "经审查不予办理，原因、依据和救济途径见决定"
    approved = f"，有部门不同意，经负责人{decision.approved_by}批准，" if decision.approved_by else ""
    return f"经审查{approved}准予办理，结果已生成"


def _usual(left_out: Sequence[OwedMaterial]) -> str:
    until = owed.last_day(left_out)
    if until is None:
        return "申请已受理"
    return f"申请已容缺受理，{owed.names(left_out)}请在{until:%Y年%m月%d日}前补交"


def _promised(case: Case) -> str:
    promised = f"承诺{case.promised_due_on:%Y年%m月%d日}前办结"
    if case.notice_until is not None:
        return f"公告到{case.notice_until:%Y年%m月%d日}，期满没有异议的，{promised}"
    return promised
