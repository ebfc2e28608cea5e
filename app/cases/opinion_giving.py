"""Giving an opinion (回复意见): each department once, in any order, and in time where silence is a yes."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases import opinion_asking as asking
from app.cases import opinions as queries
from app.cases import taken_in
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.opinion_errors import OpinionGiven, OpinionOver, OpinionTooLate, OpinionUnsaid
from app.cases.opinion_models import Answer, OpinionRequest, OpinionState
from app.cases.states import State
from app.cases.timeline import Actor, clerk
from app.plain_text import readable

LONGEST_SAID, LONGEST_BASIS = 1000, 500


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a department says: its answer, its reason or conditions, and the law an objection rests on.

    `site_visit_id` is the trip on whose record it rests.
    """

    answer: Answer
    said: str = ""
    legal_basis: str = ""
    site_visit_id: int | None = None


def give(session: Session, *, officer: Officer, request_id: int, opinion: Opinion) -> OpinionRequest:
    """Answer for the clerk's department (回复意见). The case is held, so no decision comes in between.

    Raises OpinionNotFound, OpinionUnsaid, PaperAskedAgain, OpinionGiven, OpinionTooLate, OpinionOver.
    """
    request = queries.for_department(session, officer=officer, request_id=request_id)
    case = hold(session, request)
    # Read again, for it may have moved while the case was waited for.
    session.refresh(request)
    _refuse_what_is_over(case, request)
    values = _worded(opinion)
    taken_in.refuse_paper_again(session, case, values["said"] or "")
    given = asking.settle(
        session,
        request_id,
        state=OpinionState.GIVEN,
        answer=opinion.answer.value,
        clerk_id=officer.clerk_id,
        clerk_name=officer.name,
        site_visit_id=opinion.site_visit_id,
        **values,
    )
    if given is None:
        raise OpinionGiven
    _tell(session, case, given, by=clerk(officer))
    return given


def hold(session: Session, request: OpinionRequest) -> Case:
    """The case of a request, which nobody else moves until the unit of work ends."""
    asked = select(Case).where(Case.id == request.case_id).with_for_update()
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _refuse_what_is_over(case: Case, request: OpinionRequest) -> None:
    if request.state == OpinionState.GIVEN:
        raise OpinionGiven
    late = request.silence_agrees and request.due_on < clock.today()
    if request.state == OpinionState.SILENT or (request.state == OpinionState.ASKED and late):
        raise OpinionTooLate
    if request.state != OpinionState.ASKED or case.state != State.ACCEPTED:
        raise OpinionOver


def _worded(opinion: Opinion) -> dict[str, str | None]:
    said, basis = readable(opinion.said), readable(opinion.legal_basis).replace("\n", " ")
    wrong: dict[str, list[str]] = {}
    if len(said) > LONGEST_SAID:
        wrong["said"] = [f"不超过{LONGEST_SAID}字"]
    elif not said and opinion.answer is not Answer.AGREES:
        wrong["said"] = ["请写明条件" if opinion.answer is Answer.ON_CONDITION else "请写明不同意的理由"]
    if len(basis) > LONGEST_BASIS:
        wrong["legal_basis"] = [f"不超过{LONGEST_BASIS}字"]
    elif not basis and opinion.answer is Answer.OBJECTS:
        wrong["legal_basis"] = ["不同意的要写明法律依据"]
    if wrong:
        raise OpinionUnsaid(errors=wrong)
    return {"said": said or None, "legal_basis": basis or None}


def _tell(session: Session, case: Case, given: OpinionRequest, *, by: Actor) -> None:
    now = queries.progress(queries.of_case(session, case_id=case.id))
    sentence = f"{given.dept_name}已回复：{given.answer_text}（{now.text}）"
    asking.note(session, case, "opinion_given", actor=by, sentence=sentence)
    asking.tell_when_in(session, case)
