"""What a clerk does with a case (办理): look, accept, decide, close; each is written into the audit log."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import clock, settings
from app.assistance import queries as assistance
from app.assistance.queries import Helped
from app.audit import queries as audit_queries
from app.audit import service as audit
from app.bundles import news
from app.bundles.news import Matter
from app.cases import (
    co_signed,
    credit_marks,
    head_approvals,
    numbers,
    opinions,
    overview,
    remarks,
    situation,
    taken_in,
    telling,
)
from app.cases import queries as case_queries
from app.cases import service as cases
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.co_signed import CoSigned
from app.cases.credit_models import CaseCredit
from app.cases.deciding import Decision
from app.cases.errors import CaseNotFound, MaterialNotFound
from app.cases.models import Case, CaseEvent
from app.cases.opinion_models import OpinionRequest
from app.cases.overview import MaterialView, Overview
from app.cases.remark_models import MaterialRemark
from app.cases.states import State, Step
from app.catalogue import queries as catalogue
from app.delegations import queries as delegations
from app.delegations.queries import Mandate
from app.desk import assisting, clocks, duties, fee_choices
from app.desk.clocks import ClockSeen
from app.desk.errors import FeeUndecided, TextInvalid
from app.desk.fee_choices import FeeChoice
from app.forecasts import queries as forecasts
from app.forecasts.queries import Risk
from app.materials import queries as material_queries
from app.materials.errors import PhotoBeingChecked, PhotoNotFound
from app.materials.models import Photo
from app.spot_checks import queries as spot_checks
from app.spot_checks.models import SpotCheck
from app.staff.sessions import OnDuty

_PAGE_IS_OPEN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as a clerk sees it: all of it, what happened, what they may do, and the matter it is part of.

    `spot_check` is there when the machine decided it and it was drawn to be looked at again.
    """

    overview: Overview
    timeline: Sequence[CaseEvent]
    actions: frozenset[Step]
    fees: list[FeeChoice]
    legal_bases: list[str]
    clock: ClockSeen
    matter: Matter | None
    spot_check: SpotCheck | None
    # The departments that were asked for their opinion (并联审批).
    opinions: Sequence[OpinionRequest]
    # A grant that the head is asked for, and the newest to which they said no (负责人批准).
    grant_asked: HeadApproval | None
    grant_refused: HeadApproval | None
    # That it is likely to be late, by the cases before it (预计超期).
    risk: Risk | None
    # Who handed it in for the applicant, and by what authority (代办).
    mandate: Mandate | None
    # Who signed it besides the applicant (共同申请人).
    co_signed: CoSigned | None
    # Who sat beside the applicant while it was prepared (帮办).
    helped: Sequence[Helped]
    # Working days left to ask for a correction, today not counted; None when none is to be asked.
    telling_left: int | None
    # How many remarks stand beside each material (批注).
    remarked: Mapping[str, int]
    # What the credit lists say of a promise it stands on (信用核查), and when it is settled badly, by whom.
    credit: CaseCredit | None


@dataclass(frozen=True, slots=True)
class MaterialSeen:
    """One material as a clerk sees it: to read, and to write remarks beside once it is taken in."""

    overview: Overview
    material: MaterialView
    taken_in: bool
    remarks: Sequence[MaterialRemark]


def look_at(session: Session, *, clerk: OnDuty, case_no: str) -> Seen:
    """A case with everything that hangs on it (查看办件); raises CaseNotFound, also for a foreign one."""
    case = case_of(session, clerk, case_no)
    whole = overview.of(session, case, parties=duties.officer(clerk).parties)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    helped = assistance.helped(session, reference=f"case:{case.id}")
    seen = Seen(
        overview=whole,
        timeline=case_queries.timeline(session, case_id=case.id),
        actions=frozenset(whole.allowed_actions) - assisting.left_to_others(clerk, helped),
        fees=fee_choices.of(guide, situation.fee_codes(case, guide)),
        legal_bases=_legal_bases(guide.body),
        clock=clocks.seen(session, clerk=clerk, case=case, guide=guide),
        matter=news.matter_of(session, case_id=case.id),
        spot_check=spot_checks.of_case(session, case_id=case.id),
        opinions=opinions.of_case(session, case_id=case.id),
        grant_asked=head_approvals.waiting(session, case_id=case.id, kind=ApprovalKind.GRANT),
        grant_refused=head_approvals.refused(session, case_id=case.id, kind=ApprovalKind.GRANT),
        risk=forecasts.risks(session, case_ids=[case.id]).get(case.id),
        mandate=delegations.mandate(session, delegation_id=case.delegation_id),
        co_signed=co_signed.given(session, case),
        helped=helped,
        telling_left=telling.days_left(session, case) if case.state == State.SUBMITTED else None,
        remarked={code: len(said) for code, said in remarks.of_case(session, case_id=case.id).items()},
        credit=credit_marks.of_case(session, case_id=case.id),
    )
    _note(session, clerk, "case_viewed", case=case)
    return seen


def look_at_material(session: Session, *, clerk: OnDuty, case_no: str, material_code: str) -> MaterialSeen:
    """The pages of one material, large (查看材料); raises CaseNotFound, MaterialNotFound."""
    case = case_of(session, clerk, case_no)
    whole = overview.of(session, case, parties=duties.officer(clerk).parties)
    material = next((found for found in whole.materials if found.code == material_code), None)
    if material is None:
        raise MaterialNotFound
    _note(session, clerk, "material_viewed", case=case, material=material.code)
    return MaterialSeen(
        overview=whole,
        material=material,
        taken_in=material.code in taken_in.of_case(session, case),
        remarks=remarks.of_case(session, case_id=case.id).get(material.code, []),
    )


def photo(session: Session, *, clerk: OnDuty, case_no: str, photo_id: int) -> Photo:
    """One photo of a case; raises CaseNotFound, PhotoNotFound, PhotoBeingChecked.

    The page it stands on was written down just before; whoever asks for the photo alone is written down now.
    """
    case, found = _photo(session, clerk, case_no, photo_id=photo_id)
    note_photo(session, clerk, case=case, photo=found)
    return found


def note_photo(session: Session, clerk: OnDuty, *, case: Case, photo: Photo) -> None:
    """Write down that a photo was looked at, unless its page was written down just before."""
    lately = clock.now() - _PAGE_IS_OPEN
    if not audit_queries.noted_since(
        session, actor=clerk.actor, subject=f"case:{case.case_no}", since=lately
    ):
        _note(session, clerk, "photo_viewed", case=case, photo=str(photo.id))


def photo_to_copy(session: Session, *, clerk: OnDuty, case_no: str, photo_id: int) -> tuple[Photo, str]:
    """A photo that leaves the house, and what its copy is for (副本用途); each is written down.

    Raises CaseNotFound, PhotoNotFound, PhotoBeingChecked.
    """
    case, found = _photo(session, clerk, case_no, photo_id=photo_id)
    _note(session, clerk, "photo_copied", case=case, photo=str(found.id))
    city = settings.current().city_name
    return found, f"仅用于{case.task_name}，{city}，{clock.today():%Y年%m月%d日}"


def accept(session: Session, *, clerk: OnDuty, case_no: str, fee_codes: Sequence[str], waived: bool) -> Case:
    """Accept a case (受理) and bill the chosen fees of its guide.

    A waiver (减免) is said, never meant by choosing nothing. Raises FeeUndecided and what cases raise.
    """
    case = case_of(session, clerk, case_no)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    chosen, before = fee_choices.decided(guide, fee_codes, waived=waived), case.state
    case = cases.accept(session, case_no=case.case_no, officer=duties.officer(clerk), fee_codes=chosen)
    _note(session, clerk, "case_accepted", case=case, before=before, fees=",".join(chosen), waived=waived)
    return case


def bill(session: Session, *, clerk: OnDuty, case_no: str, fee_codes: Sequence[str], waived: bool) -> Case:
    """Say what a case costs that silence accepted (确定收费); raises FeeUndecided and what cases raise."""
    number, before = _before(session, clerk, case_no)
    chosen = list(dict.fromkeys(fee_codes))
    if bool(chosen) == waived:
        raise FeeUndecided
    case = cases.bill(session, case_no=number, officer=duties.officer(clerk), fee_codes=chosen)
    _note(session, clerk, "case_billed", case=case, before=before, fees=",".join(chosen), waived=waived)
    return case


def decide(session: Session, *, clerk: OnDuty, case_no: str, granted: bool, said: Mapping[str, str]) -> Case:
    """Decide a case (作出决定) with its `reason`, `legal_basis` and `refused_code`.

    A grant to which a department objects is asked of the head (报请批准). Raises TextInvalid and what cases
    raise, such as RefusalUnfounded.
    """
    case, officer = case_of(session, clerk, case_no), duties.officer(clerk)
    number, before = case.case_no, case.state
    decision = Decision(granted, _readable(said["reason"]), _readable(said["legal_basis"]))
    if granted and opinions.objecting(session, case_id=case.id):
        head_approvals.ask_grant(session, case_no=number, officer=officer, decision=decision)
        _note(session, clerk, "grant_asked", case=case)
        return case
    case = cases.decide(
        session,
        case_no=number,
        officer=officer,
        granted=granted,
        reason=decision.reason,
        legal_basis=decision.legal_basis,
        refused_code=said["refused_code"],
    )
    ground = case.refused_code or ""
    _note(session, clerk, "case_decided", case=case, before=before, granted=granted, ground=ground)
    return case


def close(session: Session, *, clerk: OnDuty, case_no: str) -> Case:
    """Close a decided case (办结); raises what cases raise."""
    number, before = _before(session, clerk, case_no)
    case = cases.close(session, case_no=number, officer=duties.officer(clerk))
    _note(session, clerk, "case_closed", case=case, before=before)
    return case


def note_refusal(session: Session, *, clerk: OnDuty, what: str, code: str) -> None:
    """Write down that a clerk tried what their roles do not hold (越权留痕)."""
    audit.record(
        session, actor=clerk.actor, action="refused", subject=f"route:{what}"[:128], details={"code": code}
    )


def _photo(session: Session, clerk: OnDuty, case_no: str, *, photo_id: int) -> tuple[Case, Photo]:
    case = case_of(session, clerk, case_no)
    pages = material_queries.of_case(session, case_id=case.id).values()
    found = next((page for material in pages for page in material if page.id == photo_id), None)
    if found is None:
        raise PhotoNotFound
    if found.being_checked:
        raise PhotoBeingChecked(retry_after=60)
    return case, found


def case_of(session: Session, clerk: OnDuty, typed: str) -> Case:
    """The case of a typed number, if it is the clerk's department's; raises CaseNotFound."""
    number = numbers.case_no(typed)
    if number is None:
        raise CaseNotFound
    return case_queries.for_clerk(session, officer=duties.officer(clerk), case_no=number)


def _before(session: Session, clerk: OnDuty, typed: str) -> tuple[str, str]:
    case = case_of(session, clerk, typed)
    return case.case_no, case.state


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str | bool) -> None:
    if "before" in details:
        details["after"] = case.state
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )


def _legal_bases(body: dict[str, Any]) -> list[str]:
    return [f"《{basis['law_name']}》{basis.get('clause', '')}" for basis in body.get("legal_basis") or []]


def _readable(text: str) -> str:
    """A typed text with plain line ends; raises TextInvalid for control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in plain):
        raise TextInvalid
    return plain
