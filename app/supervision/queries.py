"""What can be asked of supervision (查询预警、督办): lists by a key, and the export of the standard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.cases import states
from app.cases.models import Case
from app.cases.states import State
from app.db import LARGEST_ID
from app.supervision.errors import TicketNotFound
from app.supervision.models import SupervisionAlert, SupervisionTicket, TicketState
from app.supervision.rules import LEVEL_TEXTS, RECIPIENT_TEXTS, TEXTS, Level, Recipient, Rule

TICKET_TEXTS = {
    TicketState.OPENED: "待说明",
    TicketState.EXPLAINED: "已说明，待核实",
    TicketState.SETTLED: "已办结",
}

# What a ticket is about; the other rules are over when their case moves on.
EXPLAINED_BY_TICKET = frozenset({Rule.PROMISE_OVER, Rule.LAW_OVER})


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert in words, with what has become of its case since (监察结果)."""

    id: int
    alert_no: str
    case_no: str
    task_name: str
    dept_name: str
    rule: Rule
    rule_text: str
    level: Level
    level_text: str
    recipient_text: str
    sentence: str
    due_on: date
    at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket with its case, oldest first while something is to be done."""

    ticket: SupervisionTicket
    case_no: str
    task_name: str
    dept_name: str
    state_text: str
    promised_due_on: date | None


def alerts(
    session: Session, *, after: int | None = None, limit: int = 20
) -> tuple[list[AlertLine], int | None]:
    """What supervision was told, the newest first, and where the next page begins; one statement."""
    asked = _alerts().where(SupervisionAlert.recipient == Recipient.SUPERVISION.value)
    if after is not None:
        asked = asked.where(SupervisionAlert.id < after)
    rows = session.execute(asked.order_by(SupervisionAlert.id.desc()).limit(limit + 1)).all()
    lines = [_alert(row) for row in rows[:limit]]
    return lines, lines[-1].id if len(rows) > limit else None


def alerts_of_case(session: Session, *, case_id: int) -> list[AlertLine]:
    """Everything that was told of one case, oldest first."""
    asked = _alerts().where(SupervisionAlert.case_id == case_id).order_by(SupervisionAlert.id)
    return [_alert(row) for row in session.execute(asked)]


def tickets(
    session: Session, *, state: TicketState, after: int | None = None, limit: int = 20
) -> tuple[list[TicketLine], int | None]:
    """The tickets in one state, the oldest first, the settled ones newest first; one statement."""
    asked = _tickets().where(SupervisionTicket.state == state.value)
    key = SupervisionTicket.id
    newest_first = state is TicketState.SETTLED
    if after is not None:
        asked = asked.where(key < after if newest_first else key > after)
    asked = asked.order_by(key.desc() if newest_first else key)
    lines = [_ticket(row) for row in session.execute(asked.limit(limit + 1))]
    return lines[:limit], lines[limit - 1].ticket.id if len(lines) > limit else None


def ticket(session: Session, *, ticket_id: int) -> TicketLine:
    """One ticket; raises TicketNotFound."""
    row = session.execute(_tickets().where(SupervisionTicket.id == min(ticket_id, LARGEST_ID))).one_or_none()
    if row is None:
        raise TicketNotFound
    return _ticket(row)


def counts(session: Session, *, most: int) -> dict[str, int]:
    """How many tickets there are in each state of open work, counted to one beyond `most`; one statement."""
    counted = []
    for state in (TicketState.OPENED, TicketState.EXPLAINED):
        found = select(SupervisionTicket.id).where(SupervisionTicket.state == state.value).limit(most + 1)
        counted.append(select(func.count()).select_from(found.subquery()).scalar_subquery())
    opened, explained = session.execute(select(*counted)).one()
    return {TicketState.OPENED.value: opened, TicketState.EXPLAINED.value: explained}


def explanations(session: Session, *, case_ids: Sequence[int]) -> dict[int, SupervisionTicket]:
    """What was said of some cases that were late, by case."""
    asked = select(SupervisionTicket).where(
        SupervisionTicket.case_id.in_(case_ids), SupervisionTicket.explained_at.is_not(None)
    )
    return {found.case_id: found for found in session.scalars(asked)}


def result(case_state: str, found: SupervisionTicket | None, *, rule: Rule) -> str:
    """What has become of an alert so far (监察结果描述)."""
    where = f"办件{states.TEXTS[State(case_state)]}"
    if found is None or rule not in EXPLAINED_BY_TICKET or found.explanation is None:
        return where
    said = f"{where}；{found.explainer_name}说明：{found.explanation}"
    return f"{said}；{found.settler_name}核实：{found.settlement}" if found.settlement else said


def _alerts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            SupervisionAlert,
            SupervisionTicket,
            Case.case_no,
            Case.task_name,
            Case.dept_name,
            Case.state.label("case_state"),
        )
        .join(Case, Case.id == SupervisionAlert.case_id)
        .outerjoin(SupervisionTicket, SupervisionTicket.case_id == SupervisionAlert.case_id)
    )


def _tickets() -> Select[*tuple[Any, ...]]:
    return select(SupervisionTicket, Case.case_no, Case.task_name, Case.dept_name, Case.promised_due_on).join(
        Case, Case.id == SupervisionTicket.case_id
    )


def _alert(row: Row[*tuple[Any, ...]]) -> AlertLine:
    alert: SupervisionAlert = row.SupervisionAlert
    rule, level = Rule(alert.rule), Level(alert.level)
    return AlertLine(
        id=alert.id,
        alert_no=alert.alert_no,
        case_no=row.case_no,
        task_name=row.task_name,
        dept_name=row.dept_name,
        rule=rule,
        rule_text=TEXTS[rule].name,
        level=level,
        level_text=LEVEL_TEXTS[level],
        recipient_text=RECIPIENT_TEXTS[Recipient(alert.recipient)],
        sentence=TEXTS[rule].sentence.format(on=f"{alert.due_on:%Y年%m月%d日}"),
        due_on=alert.due_on,
        at=alert.at,
        result=result(row.case_state, row.SupervisionTicket, rule=rule),
    )


def _ticket(row: Row[*tuple[Any, ...]]) -> TicketLine:
    found: SupervisionTicket = row.SupervisionTicket
    return TicketLine(
        ticket=found,
        case_no=row.case_no,
        task_name=row.task_name,
        dept_name=row.dept_name,
        state_text=TICKET_TEXTS[TicketState(found.state)],
        promised_due_on=row.promised_due_on,
    )
