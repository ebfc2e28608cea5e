"""Decided by published review points alone (秒批、无人干预自动审批).

When an instant item is handed in, the machine looks at its points. If all are met it accepts, bills, decides
and closes in the same unit of work; what is to be paid first is decided when it is paid. It refuses nobody:
whatever is not met or cannot be told is left to a person, with the point's name and the reason.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases import (
    credit_marks,
    deciding,
    forms,
    machine_stops,
    promised,
    proofs,
    reviewing,
    timeline,
    ways,
)
from app.cases.deciding import Decision
from app.cases.events import CaseLeftToPerson
from app.cases.models import Case
from app.cases.review_models import CaseReview
from app.cases.reviewing import Applicant, Application
from app.cases.states import Party, State
from app.cases.ways import Way
from app.catalogue import instant
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.centres import working_days
from app.certificates.models import CertificateState
from app.events import publish
from app.fees import queries as fee_queries
from app.fees.models import BillState
from app.materials import queries as materials
from app.review_points import engine
from app.review_points.engine import Outcome, Verdict
from app.review_points.points import read

MACHINE = timeline.Actor("system", "机器审查", frozenset({Party.MACHINE}))
SUBMITTED, PAID = "submitted", "paid"
# An instant item is promised for the day itself; a person who takes over has the next working day.
PERSON_WORKDAYS = 1
_STOPPED: Final = Verdict("machine", "机器审查", "", Outcome.UNTOLD, "机器审查暂停，现在由工作人员逐件审查")
_CREDIT: Final = Verdict("credit", "信用名单", "", Outcome.UNTOLD, "信用名单还没有查到")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the machine said of a case when it looked last (机器审查结果)."""

    passed: bool
    person_by: date | None
    version_id: int
    verdicts: tuple[Verdict, ...]

    @property
    def doubts(self) -> list[Verdict]:
        """The points for which a person is needed."""
        return engine.doubts(self.verdicts)

    @property
    def why_person(self) -> str:
        """Why a person looks at it and until when, in one sentence; nothing where none is needed."""
        if self.person_by is None:
            return ""
        first, *more = self.doubts
        until = f"最迟{self.person_by:%m月%d日}看完，结果会通知您"
        if _STOPPED in self.doubts:
            return f"{_STOPPED.reason}，{until}"
        others = f"等{len(more) + 1}条" if more else ""
        return f"“{first.text}”{others}要由工作人员看（{first.reason}），{until}"


def reviews(guide: Guide) -> bool:
    """Whether the machine looks at what is applied for by a guide: an instant item with points (秒批)."""
    return instant.is_instant(guide.body) and bool(read(guide.body))


def look(session: Session, *, case: Case, occasion: str = SUBMITTED) -> CaseReview | None:
    """Look at a case whose row is held, and write down what the machine says; None: not one for it."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    if not reviews(guide):
        return None
    found = _verdicts(session, case, guide)
    passed = not engine.doubts(found)
    review = CaseReview(
        case_id=case.id,
        guide_version_id=case.guide_version_id,
        occasion=occasion,
        at=clock.now(),
        passed=passed,
        person_by=None
        if passed
        else working_days.due_date(session, start=clock.today(), days=PERSON_WORKDAYS, unit="WORKDAY"),
        sealed_verdicts=reviewing.sealed(found),
    )
    session.add(review)
    session.flush()
    timeline.note(
        session,
        case_id=case.id,
        kind="machine_reviewed",
        actor=MACHINE,
        sentence=_sentence(found, guide),
        reference=f"guide_version:{case.guide_version_id}:{occasion}",
    )
    return review


def carry_out(session: Session, *, case: Case) -> None:
    """Accept a case that passed, and decide it unless there is something to pay first."""
    bill = deciding.accept(session, case, actor=MACHINE)
    if bill is None:
        _grant(session, case)


def decide_when_paid(session: Session, *, case_id: int) -> None:
    """Decide a case that waited for its fees only; it is looked at once more, for the world has moved on.

    Its row is held, so that of two payments one decides; one that was withdrawn or decided stays as it is.
    """
    case = _held(session, case_id)
    if case.state != State.ACCEPTED or case.clock_paused_on is not None or not _waits(session, case):
        return
    review = look(session, case=case, occasion=PAID)
    if review is None:
        return
    if review.passed:
        _grant(session, case)
    else:
        publish(session, CaseLeftToPerson(case.id))


def latest(session: Session, *, case_id: int) -> Reviewed | None:
    """What the machine said of a case when it looked last."""
    return latest_of(session, case_ids=[case_id]).get(case_id)


def latest_of(session: Session, *, case_ids: Collection[int]) -> dict[int, Reviewed]:
    """The same for several cases: one statement for all."""
    asked = select(CaseReview).where(CaseReview.case_id.in_(case_ids)).order_by(CaseReview.id)
    return {
        one.case_id: Reviewed(
            one.passed, one.person_by, one.guide_version_id, reviewing.opened(one.sealed_verdicts)
        )
        for one in session.scalars(asked)
    }


def _verdicts(session: Session, case: Case, guide: Guide) -> Sequence[Verdict]:
    now = clock.now()
    application = Application(
        day=clock.local(case.submitted_at or now).date(),
        form=forms.opened(case.sealed_form).values,
        answers=json.loads(case.sealed_answers),
        # A signed promise stands for its material here too (告知承诺).
        photos={
            *materials.of_case(session, case_id=case.id),
            *(one.material_code for one in promised.of_case(session, case_id=case.id)),
        },
        certificates={
            code: certificate.state_on(clock.today()) == CertificateState.VALID
            for code, certificate in proofs.of_case(session, case_id=case.id).items()
        },
    )
    applicant = _applicant(session, case, guide.body)
    found = reviewing.verdicts(guide.body, application, applicant, before=now)
    if credit_marks.waits(session, case_id=case.id):
        found = (*found, _CREDIT)
    if machine_stops.is_stopped(session, task_code=case.task_code):
        return (*found, _STOPPED)
    return found


def _applicant(session: Session, case: Case, body: Mapping[str, Any]) -> Applicant:
    owner = (case.citizen_id, case.organisation_id)
    return reviewing.applicants(session, owners=[owner], points=read(body))[owner]


def _sentence(found: Sequence[Verdict], guide: Guide) -> str:
    by = f"（办事指南第{guide.version}版）"
    doubts = engine.doubts(found)
    if not doubts:
        return f"机器审查：{len(found)}个审查要点全部符合{by}"
    names = "、".join(f"“{one.text}”" for one in doubts)
    return f"机器审查：{names}要由工作人员看，其余{len(found) - len(doubts)}个要点已符合{by}"


def _grant(session: Session, case: Case) -> None:
    deciding.decide(session, case, actor=MACHINE, decision=Decision(granted=True))
    # What is there with the decision is closed with it; what is sent or fetched, when it is handed over.
    if ways.chosen(session, case) is Way.ELECTRONIC:
        deciding.close(session, case, actor=MACHINE)


def _held(session: Session, case_id: int) -> Case:
    lock = select(Case).where(Case.id == case_id).with_for_update()
    return session.scalars(lock.execution_options(populate_existing=True)).one()


def _waits(session: Session, case: Case) -> bool:
    """Whether nothing but the fees kept the machine from deciding, and all of them are paid."""
    looks = select(CaseReview.occasion, CaseReview.passed).where(CaseReview.case_id == case.id)
    passed_once = [tuple(row) for row in session.execute(looks)] == [(SUBMITTED, True)]
    bills = fee_queries.of_case(session, case_id=case.id)
    return passed_once and all(bill.state == BillState.PAID for bill in bills)
