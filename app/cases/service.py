"""What can be done with a case (办件): start, fill in, submit, withdraw, accept, decide, close."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import channels, clock, on_behalf
from app.cases import (
    billing,
    corrections,
    credit_marks,
    deciding,
    ending,
    forms,
    numbers,
    organisation,
    own_fields,
    pausing,
    prefilling,
    queries,
    refusing,
    steps,
    submitting,
    taken_in,
    timeline,
)
from app.cases.deciding import Decision
from app.cases.dossier import Dossier
from app.cases.errors import DeskReasonTooLong
from app.cases.events import CaseWithdrawn
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.states import State, Step
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.delegations import acting as delegations
from app.delegations.errors import OwnDraftFirst
from app.errors import Conflict
from app.events import publish
from app.materials import service as materials
from app.plain_text import readable

REASON_LENGTH = 1000
BASIS_LENGTH = 500
_TRIES_TO_START = 3
_DRAFT_OF_PERSON = "state = 'draft' AND organisation_id IS NULL"
_DRAFT_OF_COMPANY = "state = 'draft' AND organisation_id IS NOT NULL"


def start(
    session: Session,
    *,
    citizen_id: int,
    task_code: str,
    answers: Mapping[str, str] | None = None,
    organisation_id: int | None = None,
    in_bundle: bool = False,
) -> tuple[Case, bool]:
    """The one live draft of this citizen, or of the company they act for, for this item; whether it is new.

    A new draft is pinned to the guide in force, filled with what is proven; `answers` to the guide's
    situation questions replace earlier ones. `in_bundle`: a person takes parts for companies too.
    Raises OwnDraftFirst, and as `catalogue.guide` and `organisation.may_apply` do.
    """
    guide = catalogue.guide(session, task_code=task_code)
    mine = organisation.may_apply(
        session, guide, citizen_id=citizen_id, organisation_id=organisation_id, in_bundle=in_bundle
    )
    live = select(Case).where(mine, Case.task_code == guide.task_code, Case.state == State.DRAFT)
    for _ in range(_TRIES_TO_START):
        draft = session.scalar(live.with_for_update())
        if draft is not None:
            if answers is not None:
                prefilling.answer(session, draft, answers)
            return draft, False
        new = _new_draft(
            session, citizen_id, organisation_id=organisation_id, guide=guide, answers=answers or {}
        )
        started = session.scalar(new)
        if started is not None:
            case = session.get_one(Case, started)
            _told(session, case, "started", actor=timeline.CITIZEN, sentence="已开始填写申请")
            credit_marks.ask_early(session, case, guide)
            return case, True
    # An agent does not see a draft whose guide allows none, and it leaves no room for a second one.
    raise Conflict if on_behalf.agent() is None else OwnDraftFirst(name=guide.name)


def save_form(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    changes: Mapping[str, object],
    organisation_id: int | None = None,
) -> Case:
    """Keep some fields of a draft (自动保存); raises FormRefused, FormTooLarge or a StepRefused.

    While a correction is waited for, only what the notice names is changed, or NotToCorrect is raised. Two
    screens that save at once lose nothing of each other.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    asked = Asked(session, case)
    row = steps.allowed(asked, Step.EDIT_FORM, actor=timeline.CITIZEN)
    if row.source is State.CORRECTION:
        corrections.refuse_other_fields(session, case, changes)
    fields, before = organisation.fields_of(case, asked.dossier.guide.body), forms.opened(case.sealed_form)
    form = forms.merged(fields, before, changes, proven=organisation.proven_fields(case))
    own_fields.refuse_agent(session, case, fields=fields, before=before, after=form)
    if form == before:
        return case
    case.sealed_form = form.sealed()
    case.updated_at = clock.now()
    session.flush()
    delegations.note(session, kind="form", reference=f"case:{case.id}", sentence="填写了申请表")
    return case


def submit(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    """Hand the case in (提交申请); raises SubmissionIncomplete with every gap at once, or a StepRefused.

    An instant item whose review points are all met is decided with it (秒批, R041).
    """
    return handed_in(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id).case


def handed_in(
    session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None
) -> Dossier:
    """Hand the case in as `submit` does: all that was read of it, for whoever shows it next."""
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    organisation.renew(session, case)
    return submitting.hand_in(session, case=case, actor=timeline.CITIZEN, sentence=submitting.BY_CITIZEN)


def withdraw(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    """Take the case back before it is decided (撤回); bills that are not paid become void.

    The photos of a case that was never handed in go too: nobody has seen them, and nobody needs them.
    """
    case = queries.case_of(
        session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id, hold=True
    )
    withdrawn = {"withdrawn_at": clock.now(), "clock_paused_on": None}
    steps.take(Asked(session, case), Step.WITHDRAW, actor=timeline.CITIZEN, values=withdrawn)
    pausing.end_with_case(session, case)
    ending.end_what_waits(session, case)
    if case.submitted_at is None:
        materials.remove_all(session, case_id=case.id)
    paid = billing.void_open_bills(session, case_id=case.id)
    sentence = "申请已撤回，已缴的费用可在“我的缴费”里申请退费" if paid else "申请已撤回"
    _told(session, case, "withdrawn", actor=timeline.CITIZEN, sentence=sentence)
    publish(session, CaseWithdrawn(case.id))
    return case


def accept(
    session: Session, *, case_no: str, officer: Officer, fee_codes: Sequence[str] | None = None
) -> Case:
    """Accept a case (受理): the clocks start, and what it costs is billed.

    `fee_codes` name fees of the pinned guide; None takes those that the citizen's answers choose, or else
    those that always apply, an empty list none.
    Amounts come from the guide alone. Raises a StepRefused, NotYourStep or one of the fee errors.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    deciding.accept(session, case, actor=timeline.clerk(officer), fee_codes=fee_codes)
    return case


def bill(session: Session, *, case_no: str, officer: Officer, fee_codes: Sequence[str]) -> Case:
    """Bill or waive what a case costs that silence accepted (确定收费); raises as `deciding.bill` does."""
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    deciding.bill(session, case, actor=timeline.clerk(officer), fee_codes=fee_codes)
    return case


def decide(
    session: Session,
    *,
    case_no: str,
    officer: Officer,
    granted: bool,
    reason: str = "",
    legal_basis: str | None = None,
    refused_code: str = "",
) -> Case:
    """Decide a case (作出决定); a grant gives the certificate, a refusal needs its ground, reason and basis.

    Only an approver may, and only once every bill is paid. Raises FeeUnpaid, RefusalUnfounded,
    PaperAskedAgain, NotYourStep, or a StepRefused such as AlreadyDecided.
    """
    reason, basis = readable(reason), readable(legal_basis or "")
    if len(reason) > REASON_LENGTH or len(basis) > BASIS_LENGTH:
        raise DeskReasonTooLong
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    taken_in.refuse_paper_again(session, case, reason)
    decision = Decision(granted, reason, basis, refused_code=refusing.known(refused_code))
    deciding.decide(session, case, actor=timeline.clerk(officer), decision=decision)
    return case


def close(session: Session, *, case_no: str, officer: Officer) -> Case:
    """Close a decided case (办结); raises a StepRefused or NotYourStep."""
    case = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    deciding.close(session, case, actor=timeline.clerk(officer))
    return case


def _new_draft(
    session: Session,
    citizen_id: int,
    *,
    organisation_id: int | None,
    guide: Guide,
    answers: Mapping[str, str],
) -> Any:
    now = clock.now()
    known = prefilling.form(session, citizen_id, guide, organisation_id=organisation_id, answers=answers)
    return (
        insert(Case)
        .values(
            case_no=numbers.new_case_no(session),
            query_code=numbers.new_query_code(),
            citizen_id=citizen_id,
            organisation_id=organisation_id,
            guide_version_id=guide.version_id,
            task_code=guide.task_code,
            task_name=guide.name,
            dept_code=str(guide.body["dept_code"]),
            dept_name=guide.dept_name,
            state=State.DRAFT.value,
            channel=channels.current(),
            sealed_form=known.sealed(),
            sealed_answers=prefilling.sealed(answers),
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(
            index_elements=[
                Case.citizen_id if organisation_id is None else Case.organisation_id,
                Case.task_code,
            ],
            # Literal: with a parameter PostgreSQL no longer recognises the index once it plans generically.
            index_where=text(_DRAFT_OF_PERSON if organisation_id is None else _DRAFT_OF_COMPANY),
        )
        .returning(Case.id)
    )


def _told(session: Session, case: Case, kind: str, *, actor: timeline.Actor, sentence: str) -> None:
    timeline.note(session, case_id=case.id, kind=kind, actor=actor, sentence=sentence)
