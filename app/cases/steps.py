"""Taking a step (办件流转): the one place where a case changes its state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app import clock, rows
from app.assistance import acting as assistance
from app.assistance import queries as helpers
from app.cases import needs, numbers, opinions, states
from app.cases.errors import CaseNotFound, HelpedBefore, NotYourStep
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.states import Edge, Need, Party, State, Step
from app.cases.timeline import Actor
from app.organisations import queries as organisations

# A step may begin in several states; a case that moves on meanwhile is looked at again this often.
_LOOKS = 3

_ROWS = Case.metadata.tables[Case.__tablename__]

_UNHELD = (
    select(Case)
    .where(
        tuple_(Case.case_no, Case.citizen_id).in_(bindparam("mine", expanding=True)),
        Case.organisation_id.is_(None),
    )
    .order_by(Case.id)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)

_ROLE_NAMES = {
    Party.CITIZEN: "申请人本人",
    Party.FRONT_DESK: "受理人员",
    Party.APPROVER: "审批人员",
}

# What may end by itself between the look at a need and the step, as a condition on a day.
_AT_ANY_MOMENT: dict[Need, Callable[[date], ColumnElement[bool]]] = {
    Need.NOTICE_OVER: lambda today: and_(
        or_(Case.notice_until.is_(None), Case.notice_until < today), Case.notice_objected_on.is_(None)
    ),
    Need.FEE_OPEN: lambda _: Case.fee_open.is_(True),
    Need.FEE_SETTLED: lambda _: Case.fee_open.is_(False),
    Need.OPINIONS_IN: lambda _: opinions.none_open(),
    Need.CLOCK_RUNS: lambda _: Case.clock_paused_on.is_(None),
    Need.CLOCK_STANDS: lambda _: Case.clock_paused_on.is_not(None),
    Need.TELLING_IN_TIME: lambda today: Case.notice_due_on >= today,
    Need.TELLING_TOO_LATE: lambda today: Case.notice_due_on < today,
    Need.NEVER_ASKED: lambda _: Case.correct_by.is_(None),
}


def take(asked: Asked, step: Step, *, actor: Actor, values: dict[str, Any], looks: int = _LOOKS) -> None:
    """Move a case along one row of the table, together with the columns that belong to the step.

    The state is changed by a conditional UPDATE, so that of two who try, one moves the case and the other is
    told what happened. Raises NotYourStep, a StepRefused, or the error of a need that does not hold.
    """
    session, case = asked.session, asked.case
    row = allowed(asked, step, actor=actor)
    moved = session.scalar(
        update(Case)
        .where(Case.id == case.id, _still_there(row))
        .values(state=row.target.value, updated_at=clock.now(), **values)
        .returning(Case)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if moved is not None:
        return
    session.refresh(case)
    if looks <= 1:
        raise states.refusal(State(case.state), step)
    # Not only the case: what belongs to it may have moved on too.
    take(replace(asked), step, actor=actor, values=values, looks=looks - 1)


def take_held(session: Session, moves: Sequence[tuple[Case, Mapping[str, Any]]], step: Step) -> None:
    """Move cases of one state, for which `allowed` said yes and whose rows are held, in one go.

    Nothing outside their rows may take the yes back. Raises the StepRefused of one that was moved after all,
    and ValueError when they do not all get the same columns.
    """
    row = states.edge(State(moves[0][0].state), step)
    target = {"state": row.target.value, "updated_at": clock.now()}
    changes = [{**values, **target} for _, values in moves]
    changed = [{"id": case.id, **change} for (case, _), change in zip(moves, changes, strict=True)]
    if rows.change(session, _ROWS, changed, held=row.source.value) != len(moves):
        for case, _ in moves:
            session.refresh(case)
        raise states.refusal(next(State(case.state) for case, _ in moves if case.state != row.source), step)
    for (case, _), change in zip(moves, changes, strict=True):
        for name, value in change.items():
            set_committed_value(case, name, value)


def allowed(asked: Asked, step: Step, *, actor: Actor) -> Edge:
    """The row by which a step may be taken now; raises as `take` does, and moves nothing.

    No clerk takes a step for the applicant beside them (OwnHandOnly), and who helped them does not judge
    their case afterwards (HelpedBefore).
    """
    if step not in states.HELPING:
        assistance.refuse()
    _refuse_others(states.who(step), actor)
    row = states.edge(State(asked.case.state), step)
    _refuse_others(row.who, actor)
    if step in states.FOUR_EYES:
        refuse_helper(asked.session, asked.case, clerk_id=actor.clerk_id)
    needs.refuse_unless(asked, row.needs)
    return row


def held(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    """A citizen's own case, or one of the company they act for, locked until the unit of work ends.

    So is their standing for the company. Raises CaseNotFound, also for another's, and OrganisationNotFound.
    """
    mine = organisations.owned(
        session, Case, citizen_id=citizen_id, organisation_id=organisation_id, hold=True
    )
    case = session.scalar(
        select(Case)
        .where(Case.case_no == numbers.case_no(case_no), mine)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise CaseNotFound
    return case


def held_together(session: Session, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Case]:
    """Of several citizens' own cases, each named by citizen and number, those that nobody holds; locked.

    For whoever acts for themselves. Each is given to whoever asked, as they asked: another may have named the
    same one in the same moment, and gets nothing.
    """
    read = {asked: number for asked in wanted if (number := numbers.case_no(asked[1])) is not None}
    mine = [(number, citizen_id) for (citizen_id, _), number in read.items()]
    found = {(case.citizen_id, case.case_no): case for case in session.scalars(_UNHELD, {"mine": mine})}
    return {asked: case for asked, number in read.items() if (case := found.get((asked[0], number)))}


def refuse_helper(session: Session, case: Case, *, clerk_id: int | None) -> None:
    """Leave to a colleague what a clerk who sat beside the applicant must not judge (帮办回避).

    Raises HelpedBefore.
    """
    if clerk_id is not None and helpers.has_helped(session, clerk_id=clerk_id, reference=f"case:{case.id}"):
        raise HelpedBefore


def _still_there(row: Edge) -> ColumnElement[bool]:
    """As it was when the needs were looked at: an objection comes from outside, midnight comes by itself."""
    still = (_AT_ANY_MOMENT[need](clock.today()) for need in row.needs if need in _AT_ANY_MOMENT)
    return and_(Case.state == row.source.value, *still)


def _refuse_others(allowed: frozenset[Party], actor: Actor) -> None:
    if not allowed & actor.parties:
        names = [name for party, name in _ROLE_NAMES.items() if party in allowed]
        raise NotYourStep(who="或".join(names))
