"""The first page of the day (今日): what waits, what is due, how full the hall is, how the last days went."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response
from flask.typing import ResponseReturnValue

from app import clock
from app.db import Session, unit_of_work
from app.desk import (
    assisting,
    duties,
    heads,
    machine,
    opinions,
    oversight,
    satisfaction,
    spot_checks,
    takings,
    today,
    work,
)
from app.desk.takings import Takings
from app.desk.today import Day, HalfHour, Numbers
from app.evaluations import levels
from app.staff.models import Role
from app.staff.sessions import OnDuty
from console import callers, charts, menu, pages, words
from console.callers import ANY_CLERK
from console.charts import Chart, Series
from console.making import console_door

door = console_door("console_today")

_FEN = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """One number and where it leads, if this clerk may go there."""

    number: str
    label: str
    path: str | None
    look: str = ""


@door.get("", auth=ANY_CLERK)
def home() -> ResponseReturnValue:
    """Show a clerk their day; who only takes money is shown the money."""
    clerk = callers.current_clerk()
    if clerk.roles & duties.READING:
        return _day_of_cases(clerk)
    return _day_of_money(clerk)


def _day_of_cases(clerk: OnDuty) -> Response:
    with unit_of_work() as session:
        numbers = today.numbers(session, clerk=clerk)
        lines = today.urgent(session, clerk=clerk)
        load = today.load(session, clerk=clerk)
        channels = today.channels(session, clerk=clerk)
        days = today.last_days(session, clerk=clerk)
        thought = satisfaction.lately(session, clerk=clerk)
        to_mend = satisfaction.to_mend(session, clerk=clerk)
        owed = takings.unpaid(session, clerk=clerk) if Role.CASHIER in clerk.roles else None
        waiting = _waiting(session, clerk)
        helped = assisting.day(session, clerk=clerk) if clerk.roles & duties.RECEIVING else None
    tiles = _tiles(clerk, numbers)
    if to_mend is not None:
        tiles.append(Tile(_count(to_mend), "差评待整改", _door(clerk, "/console/ratings"), "bad"))
    tiles += waiting
    if owed is not None:
        tiles.append(Tile(_count(owed), "待缴费", _door(clerk, "/console/payments")))
    if helped is not None and helped.helped:
        led = f"{helped.handed_in}/{helped.helped}"
        tiles.append(Tile(led, "今日帮办后提交", _door(clerk, "/console/assistance")))
    return pages.page(
        "today.html",
        tiles=tiles,
        lines=lines,
        charts=_drawn(days, channels, load),
        thought=thought,
        levels=levels.LEVELS,
    )


def _waiting(session: Session, clerk: OnDuty) -> list[Tile]:
    """What waits for this clerk beside the work list; what is no duty, or nothing, has no tile."""
    overseen = oversight.to_do(session, clerk=clerk)
    counted = (
        (heads.waiting(session, clerk=clerk), "待我批准", "approvals", ""),
        (opinions.waiting(session, clerk=clerk), "待回复意见", "opinions", ""),
        (spot_checks.waiting(session, clerk=clerk), "秒批待抽查", "instant/checks", ""),
        (machine.stopped(session, clerk=clerk), "秒批已停用", "instant", "bad"),
        (overseen.pressing, "审管联动待处理", "oversight", "bad"),
        (overseen.irregular, "监管发现问题", "oversight", "bad"),
    )
    return [
        Tile(_count(count), label, _door(clerk, f"/console/{path}"), look)
        for count, label, path, look in counted
        if count
    ]


def _drawn(days: Sequence[Day], channels: dict[str, int], load: Sequence[HalfHour]) -> list[Chart]:
    drawn = [_days(days)]
    if channels:
        drawn.append(charts.shares("近 30 天办理渠道", axis="渠道", parts=channels))
    if load:
        drawn.append(_load(load))
    return drawn


def _day_of_money(clerk: OnDuty) -> Response:
    with unit_of_work() as session:
        owed = takings.unpaid(session, clerk=clerk)
        days = takings.last_days(session, clerk=clerk)
        latest = takings.latest(session, clerk=clerk)
    now = [each for each in days if each.day == clock.today()]
    tiles = [
        Tile(_count(owed), "待缴费", _door(clerk, "/console/payments")),
        Tile(str(sum(each.count for each in now)), "今日缴清笔数", None, "good"),
        Tile(words.yuan(sum(each.amount_fen for each in now)), "今日收款（元）", None, "good"),
    ]
    drawn = [_takings(days)] if days else []
    return pages.page("takings.html", tiles=tiles, latest=latest, charts=drawn)


def _tiles(clerk: OnDuty, numbers: Numbers) -> list[Tile]:
    tiles = [
        Tile(_count(numbers.waiting), "待受理", "/console/cases?view=submitted"),
        Tile(_count(numbers.yellow), "黄色预警", "/console/cases?view=yellow", "warn"),
        Tile(_count(numbers.red), "红色预警", "/console/cases?view=red", "bad"),
        Tile(_count(numbers.due_today), "今日到期", "/console/cases?view=due_today", "warn"),
        Tile(_count(numbers.overdue), "已超期", "/console/cases?view=overdue", "bad"),
        Tile(_count(numbers.closed_today), "今日办结", "/console/cases?view=closed", "good"),
    ]
    if numbers.to_decide is not None:
        tiles.append(Tile(_count(numbers.to_decide), "待我决定", "/console/cases?view=accepted"))
    visits = f"{numbers.came}/{numbers.expected}"
    tiles.append(Tile(visits, "今日预约到场", _door(clerk, "/console/appointments")))
    return tiles


def _door(clerk: OnDuty, path: str) -> str | None:
    """The address, when it opens to this clerk."""
    return path if clerk.roles & menu.duty_of(path) else None


def _count(number: int) -> str:
    return f"{work.COUNTED_TO}+" if number > work.COUNTED_TO else str(number)


def _days(days: Sequence[Day]) -> Chart:
    series = [
        Series("受理", [each.accepted for each in days]),
        Series("办结", [each.closed for each in days], "line"),
    ]
    return charts.over(
        "近 7 日受理与办结", axis="日期", names=[f"{each.day:%m-%d}" for each in days], series=series
    )


def _load(load: Sequence[HalfHour]) -> Chart:
    names = [words.hour(each.starts_at) for each in load]
    series = [
        Series("已约", [each.booked for each in load]),
        Series("已到", [each.came for each in load]),
    ]
    return charts.over("今日分时人流", axis="时段", names=names, series=series)


def _takings(days: Sequence[Takings]) -> Chart:
    dates = sorted({each.day for each in days})
    amounts = {(each.day, each.channel): each.amount_fen / _FEN for each in days}
    series = [
        Series(channel, [amounts.get((day, channel), 0.0) for day in dates])
        for channel in sorted({each.channel for each in days})
    ]
    names = [f"{day:%m-%d}" for day in dates]
    return charts.over("近 7 日收款", axis="日期", names=names, series=series, unit="元")
