"""What can be asked about ratings (查询评价)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import numbers
from app.cases.models import Case
from app.cases.states import State
from app.db import LARGEST_ID
from app.evaluations import levels
from app.evaluations.errors import EvaluationNotFound
from app.evaluations.levels import Level, Tag
from app.evaluations.models import (
    Evaluation,
    EvaluationTally,
    MendingStep,
    MendingTicket,
    StepKind,
    TicketState,
)

_OVER = {State.DECIDED, State.CLOSED, State.NOT_ACCEPTED, State.TERMINATED}
_ANSWERS = (StepKind.MENDED.value, StepKind.UNFOUNDED.value)
STATE_TEXTS = {
    TicketState.OPEN: "正在整改",
    TicketState.MENDED: "已整改，等待回访",
    TicketState.UNFOUNDED: "已核实答复",
    TicketState.CLOSED: "整改完成",
}


@dataclass(frozen=True, slots=True)
class Rated:
    """Whether a case may be rated now, and the level it has been given, if any (1 is the best)."""

    may_rate: bool
    level: int | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the office said about a bad rating, and when; `outcome` is mended or unfounded."""

    text: str
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Mending:
    """What became of a bad rating, for whoever gave it."""

    state: str
    state_text: str
    due_on: date
    answers: list[Reply]
    may_confirm: bool
    satisfied: bool | None


@dataclass(frozen=True, slots=True)
class Given:
    """A rating as its giver sees it."""

    evaluation: Evaluation
    case_no: str | None
    level: Level
    tags: list[Tag]
    mending: Mending | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The public numbers (公开指标): ratings by level, bad ones and what became of them.

    `bad_due` are those that were answered or should have been by now: what being in time is a share of.
    """

    since: date | None
    by_level: dict[int, int]
    bad_open: int
    bad_answered: int
    bad_due: int
    bad_in_time: int
    bad_mended: int

    @property
    def count(self) -> int:
        """All ratings."""
        return sum(self.by_level.values())

    @property
    def satisfied(self) -> int:
        """Ratings of a satisfied citizen, levels 1 to 3."""
        return sum(self.by_level[level] for level in levels.SATISFIED)

    @property
    def bad(self) -> int:
        """Ratings that open a ticket, levels 4 and 5."""
        return sum(self.by_level[level] for level in levels.BAD)


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What a message about an answered bad rating says."""

    citizen_id: int
    task_name: str
    case_no: str | None
    appointment_id: int | None
    mended: bool


def may_rate(case: Case) -> bool:
    """Whether a case is at its end: decided, closed, not taken up, or taken back after it was handed in.

    The public sources name no last day for a rating, so there is none.
    """
    state = State(case.state)
    return state in _OVER or (state is State.WITHDRAWN and case.submitted_at is not None)


def rated(session: Session, *, case: Case) -> Rated:
    """Whether this case may be rated, and how it was; one statement."""
    level = session.scalar(select(Evaluation.level).where(Evaluation.case_id == case.id))
    return Rated(level is None and may_rate(case), level)


def mine(session: Session, *, citizen_id: int, evaluation_id: int) -> Evaluation:
    """A citizen's own rating; raises EvaluationNotFound, also for somebody else's."""
    found = None
    if evaluation_id <= LARGEST_ID:
        found = session.scalar(
            select(Evaluation).where(Evaluation.id == evaluation_id, Evaluation.citizen_id == citizen_id)
        )
    if found is None:
        raise EvaluationNotFound
    return found


def given(session: Session, *, evaluation_id: int) -> Given:
    """A rating with everything its giver may see; raises EvaluationNotFound."""
    found = _given(session, _rows().where(Evaluation.id == evaluation_id))
    if not found:
        raise EvaluationNotFound
    return found[0]


def of_citizen(
    session: Session,
    *,
    citizen_id: int,
    case_no: str | None = None,
    appointment_id: int | None = None,
    before_id: int | None = None,
    limit: int = 20,
) -> list[Given]:
    """A citizen's ratings, newest first, of one case or one visit if such is named."""
    asked = _rows().where(Evaluation.citizen_id == citizen_id)
    if case_no is not None:
        asked = asked.where(Case.case_no == (numbers.case_no(case_no) or ""))
    if appointment_id is not None:
        asked = asked.where(Evaluation.appointment_id == appointment_id)
    if before_id is not None:
        asked = asked.where(Evaluation.id < before_id)
    return _given(session, asked.order_by(Evaluation.id.desc()).limit(limit))


def summary(session: Session) -> Summary:
    """The public numbers, from the counts of each day; two statements."""
    tallies = select(
        EvaluationTally.level, func.sum(EvaluationTally.count), func.min(EvaluationTally.day)
    ).group_by(EvaluationTally.level)
    counted = {level: (int(count), day) for level, count, day in session.execute(tallies)}
    ticket = MendingTicket
    found = session.execute(
        select(
            func.count().filter(ticket.state == TicketState.OPEN.value),
            func.count().filter(ticket.answered_at.is_not(None)),
            func.count().filter(or_(ticket.answered_at.is_not(None), ticket.due_on < clock.today())),
            func.count().filter(ticket.in_time.is_(True)),
            func.count().filter(ticket.state.in_((TicketState.MENDED.value, TicketState.CLOSED.value))),
        )
    ).one()
    return Summary(
        since=min((day for _, day in counted.values()), default=None),
        by_level={level: counted.get(level, (0, None))[0] for level in levels.LEVELS},
        bad_open=found[0],
        bad_answered=found[1],
        bad_due=found[2],
        bad_in_time=found[3],
        bad_mended=found[4],
    )


def answer_facts(session: Session, *, step_id: int) -> AnswerFacts:
    """What a message about an answer says; raises EvaluationNotFound."""
    row = session.execute(
        select(
            Evaluation.citizen_id,
            Evaluation.task_name,
            Case.case_no,
            Evaluation.appointment_id,
            MendingStep.kind,
        )
        .join(MendingTicket, MendingTicket.id == MendingStep.ticket_id)
        .join(Evaluation, Evaluation.id == MendingTicket.evaluation_id)
        .outerjoin(Case, Case.id == Evaluation.case_id)
        .where(MendingStep.id == step_id)
    ).one_or_none()
    if row is None:
        raise EvaluationNotFound
    return AnswerFacts(*row[:4], mended=row.kind == StepKind.MENDED)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(Evaluation, Case.case_no, MendingTicket)
        .outerjoin(Case, Case.id == Evaluation.case_id)
        .outerjoin(MendingTicket, MendingTicket.evaluation_id == Evaluation.id)
        .execution_options(populate_existing=True)
    )


def _given(session: Session, asked: Select[*tuple[Any, ...]]) -> list[Given]:
    rows = session.execute(asked).all()
    replies = _replies(session, [row.MendingTicket.id for row in rows if row.MendingTicket is not None])
    return [
        Given(
            evaluation=row.Evaluation,
            case_no=row.case_no,
            level=levels.LEVELS[row.Evaluation.level],
            tags=[levels.TAGS[key] for key in row.Evaluation.tags if key in levels.TAGS],
            mending=_mending(row.MendingTicket, replies),
        )
        for row in rows
    ]


def _replies(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[Reply]]:
    if not ticket_ids:
        return {}
    found: dict[int, list[Reply]] = {}
    asked = select(MendingStep).where(MendingStep.ticket_id.in_(ticket_ids), MendingStep.kind.in_(_ANSWERS))
    for step in session.scalars(asked.order_by(MendingStep.id)):
        found.setdefault(step.ticket_id, []).append(Reply(step.text, step.at, step.kind))
    return found


def _mending(ticket: MendingTicket | None, replies: dict[int, list[Reply]]) -> Mending | None:
    if ticket is None:
        return None
    state = TicketState(ticket.state)
    may_confirm = state is TicketState.MENDED and ticket.satisfied is None
    return Mending(
        state=state.value,
        state_text="已整改，等您确认" if may_confirm else STATE_TEXTS[state],
        due_on=ticket.due_on,
        answers=replies.get(ticket.id, []),
        may_confirm=may_confirm,
        satisfied=ticket.satisfied,
    )
