"""What each rule looks at (监察规则的查法): cases of which it holds now and of which nobody was told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import colours, counting
from app.cases.clock_models import CasePause
from app.cases.models import Case
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.cases.states import State
from app.centres import working_days
from app.centres.working_days import WorkCalendar
from app.fees.models import Bill, BillState
from app.promise_checks.models import CheckState, PromiseCheck
from app.supervision.models import SupervisionAlert
from app.supervision.rules import DELIVER_DAYS, PAY_DAYS, Level, Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One look: for which rule and level, at which cases, and how the missed day of a row is told.

    `found` selects the case's id and a moment or day; `days` are working days from there to the missed one.
    """

    rule: Rule
    level: Level
    found: Select[*tuple[Any, ...]]
    days: int = 0

    def untold(self) -> Select[*tuple[Any, ...]]:
        """The cases of which nobody was told for this rule and level."""
        told = exists().where(
            SupervisionAlert.case_id == Case.id,
            SupervisionAlert.rule == self.rule.value,
            SupervisionAlert.level == self.level.value,
        )
        return self.found.where(~told)

    def due_on(self, calendar: WorkCalendar, since: date | datetime) -> date:
        """The last day that was not kept."""
        day = clock.local(since).date() if isinstance(since, datetime) else since
        return calendar.due(day, self.days, unit="WORKDAY").on if self.days else day


def all_of(session: Session) -> list[Check]:
    """Every look as it is taken today."""
    calendar, today = working_days.calendar(session), clock.today()
    red = counting.horizon(calendar, today=today, left=colours.RED_DAYS)
    yellow = counting.horizon(calendar, today=today, left=colours.YELLOW_DAYS)
    promised, running = Case.promised_due_on, Case.state == State.ACCEPTED.value
    near = select(Case.id, promised).where(running)
    over = near.where(promised < today)
    return [
        Check(Rule.PROMISE_NEAR, Level.YELLOW, near.where(promised > red, promised <= yellow)),
        Check(Rule.PROMISE_NEAR, Level.RED, near.where(promised >= today, promised <= red)),
        Check(Rule.PROMISE_OVER, Level.OVER, over),
        # No promise is longer than the law allows, so that the same few cases are looked at.
        Check(
            Rule.LAW_OVER,
            Level.OVER,
            select(Case.id, Case.statutory_due_on).where(
                running, promised < today, Case.statutory_due_on < today
            ),
        ),
        *_besides(calendar, today=today),
        Check(Rule.PRECHECK_LATE, Level.OVER, _unanswered(today)),
    ]


def _besides(calendar: WorkCalendar, *, today: date) -> list[Check]:
    """What may not be besides a limit that was not kept."""
    return [
        # What was silence at midnight is soon accepted by law, and told of then: see `watching.note_silence`.
        Check(
            Rule.ANSWER_LATE,
            Level.OVER,
            select(Case.id, Case.notice_due_on).where(
                Case.state == State.SUBMITTED.value, Case.notice_due_on < today
            ),
        ),
        Check(
            Rule.PAUSE_LONG,
            Level.OVER,
            select(Case.id, CasePause.published_until)
            .join(CasePause, CasePause.case_id == Case.id)
            .where(CasePause.ended_on.is_(None), CasePause.published_until < today),
        ),
        Check(
            Rule.FEE_UNPAID,
            Level.OVER,
            select(Case.id, Bill.issued_at)
            .join(Bill, Bill.case_id == Case.id)
            .where(
                Case.state == State.ACCEPTED.value,
                Bill.state == BillState.UNPAID.value,
                _before(Bill.issued_at, calendar, PAY_DAYS),
            ),
            PAY_DAYS,
        ),
        Check(
            Rule.DELIVERY_LATE,
            Level.OVER,
            select(Case.id, Case.decided_at).where(
                Case.state == State.DECIDED.value, _before(Case.decided_at, calendar, DELIVER_DAYS)
            ),
            DELIVER_DAYS,
        ),
        Check(Rule.CHECK_LATE, Level.OVER, _unchecked(today)),
    ]


def _unchecked(today: date) -> Select[*tuple[Any, ...]]:
    """Cases with a promise that nobody looked into in time; of several the one whose day was first."""
    late = select(Case.id, func.min(PromiseCheck.due_on)).join(PromiseCheck, PromiseCheck.case_id == Case.id)
    late = late.where(PromiseCheck.state == CheckState.OPEN.value, PromiseCheck.due_on < today)
    return late.group_by(Case.id)


def _unanswered(today: date) -> Select[*tuple[Any, ...]]:
    """Drafts whose applicants wait for the look before their way longer than was promised (网上预审)."""
    asked = select(Case.id, CasePrecheck.due_on).join(CasePrecheck, CasePrecheck.case_id == Case.id)
    return asked.where(CasePrecheck.state == PrecheckState.ASKED.value, CasePrecheck.due_on < today)


def _before(moment: Any, calendar: WorkCalendar, days: int) -> ColumnElement[bool]:
    """Whether so many working days after a moment are over; one comparison, as an index can answer it."""
    day = clock.today()
    while calendar.due(day, days, unit="WORKDAY").on >= clock.today():
        day -= _DAY
    passed: ColumnElement[bool] = moment < datetime.combine(day + _DAY, time(), clock.SHANGHAI)
    return passed
