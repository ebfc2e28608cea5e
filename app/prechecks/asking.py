"""The applicant's side of a pre-check (请求预审、收回来改).

Whoever changes a draft holds the row of its case, and so does whoever asks or answers: what is looked at is
what there is. While it is with the office the draft does not change (`app.cases.prechecked`).
"""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.bundles import parts as bundle_parts
from app.cases import organisation, prechecked, steps, timeline
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.precheck_errors import (
    PrecheckAskedOften,
    PrecheckNotOffered,
    PrecheckOver,
    PrecheckPassed,
)
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.cases.states import Step
from app.catalogue import prechecking
from app.catalogue import queries as catalogue
from app.centres import working_days

ROUNDS_A_DAY = 5
_DAY = timedelta(days=1)


def ask(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    """Have a clerk look at a draft (请工作人员预审); asking again while they do changes nothing.

    Raises CaseNotFound, PrecheckNotOffered, PrecheckPassed, PrecheckAskedOften, ItemCancelled, a StepRefused
    once it was handed in, and SubmissionIncomplete with all that is missing, as handing it in does.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    organisation.renew(session, case)
    asked = Asked(session, case)
    dossier = asked.dossier
    days = prechecking.days(dossier.guide.body)
    if days is None or bundle_parts.wholes(session, case_ids=[case.id]):
        raise PrecheckNotOffered
    if prechecked.is_held(dossier):
        return case
    steps.allowed(asked, Step.SUBMIT, actor=timeline.CITIZEN)
    catalogue.guide(session, task_code=case.task_code)
    if prechecked.holds(dossier):
        raise PrecheckPassed
    _refuse_often(session, case)
    found = prechecked.things(dossier)
    row = CasePrecheck(
        case_id=case.id,
        round=1 if dossier.precheck is None else dossier.precheck.round + 1,
        asked_at=clock.now(),
        due_on=working_days.due_date(session, start=clock.today(), days=days, unit="WORKDAY"),
        digest=prechecked.digest(found),
        sealed_things=prechecked.sealed(found),
    )
    session.add(row)
    session.flush()
    until = f"最迟{row.due_on:%Y年%m月%d日}答复"
    _note(session, case, kind="precheck_asked", sentence=f"已请{case.dept_name}预审，{until}；预审不是受理")
    return case


def take_back(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    """Have a draft back before it is answered (收回来改); of this and the answer the first counts.

    Raises CaseNotFound, and PrecheckOver when nothing waits.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    taken = session.scalar(
        update(CasePrecheck)
        .where(CasePrecheck.case_id == case.id, CasePrecheck.state == PrecheckState.ASKED)
        .values(state=PrecheckState.TAKEN_BACK.value, ended_at=clock.now())
        .returning(CasePrecheck.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise PrecheckOver
    _note(session, case, kind="precheck_taken_back", sentence="已收回预审，可以接着修改")
    return case


def _refuse_often(session: Session, case: Case) -> None:
    lately = select(func.count()).where(
        CasePrecheck.case_id == case.id, CasePrecheck.asked_at > clock.now() - _DAY
    )
    if (session.scalar(lately) or 0) >= ROUNDS_A_DAY:
        raise PrecheckAskedOften(retry_after=int(_DAY.total_seconds()))


def _note(session: Session, case: Case, *, kind: str, sentence: str) -> None:
    timeline.note(session, case_id=case.id, kind=kind, actor=timeline.CITIZEN, sentence=sentence)
