"""What follows when a department does not answer in time (视为无异议): by the published rule alone.

The job may run late, twice and in parallel: who answers after the day is refused, whether the job has run or
not, and of two jobs one writes. Where the guide does not say that silence is a yes, it stays a question.
"""

import logging
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import clock
from app.cases import opinion_asking as asking
from app.cases import opinion_giving as giving
from app.cases import opinions as queries
from app.cases import timeline
from app.cases.opinion_events import SilenceCounted
from app.cases.opinion_models import OpinionRequest, OpinionState
from app.cases.states import State
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.errors import DomainError
from app.events import publish

log = logging.getLogger(__name__)

# What one request may come to grief by without holding up the others.
_TROUBLE = (DomainError, SQLAlchemyError, UnreadableError, LookupError, TypeError, ValueError)


def count_silence() -> int:
    """Write down every silence that counts (job), each in a unit of work of its own; how many.

    One that cannot be written is left for the next run and does not hold up the others.
    """
    today, after, counted = clock.today(), 0, 0
    while True:
        with unit_of_work() as session:
            found = _next(session, today=today, after=after)
        if found is None:
            return counted
        after = found
        try:
            with unit_of_work() as session:
                counted += fall_silent(session, request_id=found, today=today)
        except _TROUBLE:
            log.exception("silence_not_counted", extra={"request_id": found})


def fall_silent(session: Session, *, request_id: int, today: date) -> bool:
    """Write one silence down with its rule and tell of it; False when somebody answered or it is over."""
    request = session.get_one(OpinionRequest, request_id)
    case = giving.hold(session, request)
    session.refresh(request)
    over = case.state != State.ACCEPTED or request.due_on >= today or not request.silence_agrees
    if over or asking.settle(session, request_id, state=OpinionState.SILENT) is None:
        return False
    now = queries.progress(queries.of_case(session, case_id=case.id))
    sentence = (
        f"{request.dept_name}到{request.due_on:%Y年%m月%d日}没有回复，按{request.law}视为无异议（{now.text}）"
    )
    asking.note(session, case, "opinion_silent", actor=timeline.SYSTEM, sentence=sentence)
    publish(session, SilenceCounted(case.id, request_id))
    asking.tell_when_in(session, case)
    return True


def _next(session: Session, *, today: date, after: int) -> int | None:
    """By its own index: what is open and over, one after the other."""
    return session.scalar(
        select(OpinionRequest.id)
        .where(
            OpinionRequest.state == OpinionState.ASKED.value,
            OpinionRequest.silence_agrees,
            OpinionRequest.due_on < today,
            OpinionRequest.id > after,
        )
        .order_by(OpinionRequest.id)
        .limit(1)
    )
