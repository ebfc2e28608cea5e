"""Asking departments for their opinion (征求意见), and asking them no more.

The row of the case is held by whoever calls, so that an answer, a decision and a withdrawal come one after
the other.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.cases import opinions as queries
from app.cases import taken_in, timeline
from app.cases.models import Case
from app.cases.opinion_errors import OpinionNotFound, OpinionOver, TakingBackUnfounded
from app.cases.opinion_events import OpinionsIn
from app.cases.opinion_models import OpinionRequest, OpinionState
from app.cases.timeline import Actor
from app.catalogue import joint_opinions as rules
from app.catalogue.joint_opinions import Rule
from app.centres import working_days
from app.events import publish
from app.plain_text import readable

LONGEST_WHY = 200


def ask(session: Session, case: Case, body: Mapping[str, Any], *, actor: Actor) -> None:
    """Ask every department of the guide at once when a case is accepted (抄告相关)."""
    asked = [_request(session, case, rule) for rule in rules.of(body)]
    if not asked:
        return
    session.add_all(asked)
    session.flush()
    names = "、".join(request.dept_name for request in asked)
    last = max(request.due_on for request in asked)
    note(
        session,
        case,
        "opinions_asked",
        actor=actor,
        sentence=f"已同时向{names}征求意见（征求意见 0/{len(asked)}），最晚{last:%Y年%m月%d日}回复",
    )


def take_back(session: Session, case: Case, *, request_id: int, actor: Actor, why: str) -> OpinionRequest:
    """Ask a department no more (撤回征求意见), which its lead must give a reason for.

    Raises TakingBackUnfounded, PaperAskedAgain, OpinionNotFound, or OpinionOver when it was answered
    or is over.
    """
    said = readable(why).replace("\n", " ")
    if not 1 < len(said) <= LONGEST_WHY:
        raise TakingBackUnfounded
    taken_in.refuse_paper_again(session, case, said)
    if request_id not in {request.id for request in queries.of_case(session, case_id=case.id)}:
        raise OpinionNotFound
    taken = settle(session, request_id, state=OpinionState.TAKEN_BACK, taken_back_why=said)
    if taken is None:
        raise OpinionOver
    sentence = f"不再征求{taken.dept_name}的意见：{said}"
    note(session, case, "opinion_taken_back", actor=actor, sentence=sentence)
    tell_when_in(session, case)
    return taken


def end_with_case(session: Session, case: Case) -> None:
    """Wait no more for anybody, since the case is decided or withdrawn."""
    session.execute(
        update(OpinionRequest)
        .where(OpinionRequest.case_id == case.id, OpinionRequest.state == OpinionState.ASKED.value)
        .values(state=OpinionState.ENDED.value, settled_at=clock.now())
    )


def settle(
    session: Session, request_id: int, *, state: OpinionState, **values: object
) -> OpinionRequest | None:
    """Bring an open request to its end; None when it is there already. Of two who try, one does."""
    return session.scalars(
        update(OpinionRequest)
        .where(OpinionRequest.id == request_id, OpinionRequest.state == OpinionState.ASKED.value)
        .values(state=state.value, settled_at=clock.now(), **values)
        .returning(OpinionRequest)
        .execution_options(populate_existing=True)
    ).one_or_none()


def tell_when_in(session: Session, case: Case) -> None:
    """Say that all opinions are in, when the last one is and any was given."""
    now = queries.progress(queries.of_case(session, case_id=case.id))
    if now.over and now.received:
        publish(session, OpinionsIn(case.id))


def note(session: Session, case: Case, kind: str, *, actor: Actor, sentence: str) -> None:
    """One line of the case's story."""
    timeline.note(session, case_id=case.id, kind=kind, actor=actor, sentence=sentence)


def _request(session: Session, case: Case, rule: Rule) -> OpinionRequest:
    today = clock.today()
    return OpinionRequest(
        case_id=case.id,
        dept_code=rule.dept_code,
        dept_name=rule.dept_name,
        subject=rule.subject,
        materials=list(rule.materials),
        number_why=rule.number_why,
        asked_on=today,
        due_on=_due(session, today, rule),
        silence_agrees=rule.silence_agrees,
        law=rule.law,
    )


def _due(session: Session, today: date, rule: Rule) -> date:
    return working_days.due_date(session, start=today, days=rule.days, unit="WORKDAY")
