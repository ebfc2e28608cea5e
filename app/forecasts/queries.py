"""What is forecast, in sentences (查询办结预测)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import counting
from app.cases.models import Case
from app.cases.states import State
from app.centres import working_days
from app.forecasts import quantiles
from app.forecasts.models import CaseForecast, ItemForecast
from app.forecasts.quantiles import FEWEST, MOST


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often forecasts of an item were right (校准), of the newest hundred that came to their end."""

    scored: int
    by_half: int
    by_most: int

    @property
    def sentence(self) -> str:
        """In one sentence; empty while there are too few to speak of."""
        if self.scored < FEWEST:
            return ""
        return (
            f"以前这样说过{self.scored}次：{self.by_most}次在“十件有九件”的天数里办完，"
            f"{self.by_half}次在“一半”的天数里办完"
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long the newest cases of an item took; without numbers when there are too few cases."""

    cases: int
    half_days: int | None
    most_days: int | None
    sentence: str
    calibration: str


@dataclass(frozen=True, slots=True)
class Risk:
    """That a case is likely to be late (预计超期), and by what that is said."""

    percent: int
    sentence: str


def of_item(session: Session, *, task_code: str) -> Forecast:
    """The forecast of one item; where there is none it says so, and that the promise counts."""
    known = session.get(ItemForecast, task_code)
    if known is None:
        return Forecast(0, None, None, f"近一年办结的不到{FEWEST}件，不作预测，以承诺的时限为准", "")
    return Forecast(
        cases=len(known.days),
        half_days=known.half_days,
        most_days=known.most_days,
        sentence=sentence(len(known.days), half=known.half_days, most=known.most_days),
        calibration=calibration(session, task_code=task_code).sentence,
    )


def sentence(cases: int, *, half: int, most: int) -> str:
    """最近100件里，一半5个工作日办完，十件有九件8个工作日办完."""
    if half == most:
        return f"最近{cases}件里，十件有九件{_within(most)}办完"
    return f"最近{cases}件里，一半{_within(half)}办完，十件有九件{_within(most)}办完"


def of_case(session: Session, *, case_id: int) -> CaseForecast | None:
    """What was forecast of a case when it was accepted."""
    return session.get(CaseForecast, case_id)


def calibration(session: Session, *, task_code: str) -> Calibration:
    """How often the newest forecasts of an item were right."""
    newest = (
        select(CaseForecast.took_days, CaseForecast.half_days, CaseForecast.most_days)
        .where(CaseForecast.task_code == task_code, CaseForecast.scored_at.is_not(None))
        .order_by(CaseForecast.scored_at.desc())
        .limit(MOST)
        .subquery()
    )
    row = session.execute(
        select(
            func.count().label("scored"),
            func.count().filter(newest.c.took_days <= newest.c.half_days).label("by_half"),
            func.count().filter(newest.c.took_days <= newest.c.most_days).label("by_most"),
        ).select_from(newest)
    ).one()
    return Calibration(row.scored, row.by_half, row.by_most)


def risks(session: Session, *, case_ids: Collection[int]) -> Mapping[int, Risk]:
    """The cases among these that are in time and likely to be late (预计超期): one statement.

    Of the cases that took at least as long as this one does already, more than half were over its promise.
    """
    today, calendar = clock.today(), working_days.calendar(session)
    rows = session.execute(
        select(Case.id, Case.accepted_at, Case.promised_due_on, ItemForecast.days)
        .join(ItemForecast, ItemForecast.task_code == Case.task_code)
        .where(
            Case.id.in_(case_ids),
            Case.state == State.ACCEPTED.value,
            Case.promised_due_on >= today,
        )
    )
    found: dict[int, Risk] = {}
    for row in rows:
        start = clock.local(row.accepted_at).date()
        elapsed = counting.days_left(calendar, today, today=start)
        limit = counting.days_left(calendar, row.promised_due_on, today=start)
        percent = quantiles.late_percent(row.days, elapsed=elapsed, limit=limit)
        if quantiles.too_likely(percent):
            found[row.id] = Risk(percent, _risk(row.days, elapsed=elapsed, percent=percent))
    return found


def _risk(days: Collection[int], *, elapsed: int, percent: int) -> str:
    if elapsed > max(days):
        return f"已经用了{elapsed}个工作日，比最近{len(days)}件都慢"
    return f"最近{len(days)}件里，办到第{elapsed}个工作日还没办完的，{percent}%超过了承诺"


def _within(days: int) -> str:
    return f"{days}个工作日" if days else "当天"
