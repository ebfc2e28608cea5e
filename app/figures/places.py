"""Numbers about where things can be done (按大厅计的指标): windows, hours, ways to go, community stations."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, selectinload

from app.catalogue.models import ServiceItem
from app.centres import circle, naming
from app.centres.models import Centre, CityRules
from app.figures.models import ItemFacts
from app.figures.public import PUBLIC
from app.figures.shapes import Figure, Part, Unit, of_share, share

_GENERAL = "综合"
_SATURDAY, _SUNDAY, _WEDNESDAY = "6", "7", "3"
_TEN = time(10)


@dataclass(frozen=True, slots=True)
class Station:
    """A community station with how many items it offers (社区站点事项数)."""

    centre_id: str
    name: str
    items: int


def figures(session: Session) -> tuple[list[Figure], list[Station]]:
    """The numbers about halls, and the community stations with their items."""
    halls = session.scalars(select(Centre).order_by(Centre.id).options(selectinload(Centre.groups))).all()
    city = session.get(CityRules, 1)
    week: Mapping[str, Any] = city.hours if city is not None else {}
    offers = _offers(session)
    stations = _stations(halls, offers)
    numbers = [
        *_windows(halls, offers),
        _community(halls, offers),
        *_hours(halls, week),
        _circle(halls, week),
        of_share(
            "hall_names",
            (),
            name="大厅名称规范",
            definition="名称符合规定的大厅占全部大厅的比例：县（区）级以上叫政务服务中心，乡镇（街道）叫便民服务中心，"
            "村（社区）叫便民服务站。",
            counted=len(halls) - len(naming.faults(list(halls))),
            of=len(halls),
        ),
    ]
    return numbers, stations


def _offers(session: Session) -> Sequence[Row[Any]]:
    """The public items by what decides where they are done; a few hundred rows at most."""
    facts = ItemFacts
    what = (facts.field, facts.centres, facts.in_hall, facts.nearby)
    rows: Sequence[Any] = session.execute(
        select(*what, func.count().label("items"))
        .join(ServiceItem, ServiceItem.id == facts.service_item_id)
        .where(*PUBLIC)
        .group_by(*what)
    ).all()
    return rows


def _is_general(group: Any) -> bool:
    return _GENERAL in group.name and bool(group.codes)


def _windows(halls: Sequence[Centre], offers: Sequence[Row[Any]]) -> list[Figure]:
    return [
        _one_window(halls, offers),
        of_share(
            "general_windows",
            ("N27",),
            name="综合窗口覆盖",
            definition="设有综合窗口的大厅，占全部大厅的比例。",
            counted=sum(any(_is_general(group) for group in hall.groups) for hall in halls),
            of=len(halls),
            goal=1.0,
        ),
    ]


def _community(halls: Sequence[Centre], offers: Sequence[Row[Any]]) -> Figure:
    stations = {hall.id for hall in halls if naming.is_community(hall.level)}
    near = sum(row.items for row in offers if row.nearby and not stations.isdisjoint(row.centres))
    return Figure(
        "community_items",
        ("N12",),
        "下沉到社区的事项",
        "标了“就近办”、至少能在一个便民服务中心（站）办的在用事项有多少个；各站点的数目列在后面的表里。",
        value=near,
        counted=near,
        of=sum(row.items for row in offers),
        unit=Unit.NUMBER,
        goal=75,
    )


def _one_window(halls: Sequence[Centre], offers: Sequence[Row[Any]]) -> Figure:
    taken = {
        (hall.id, field)
        for hall in halls
        for group in hall.groups
        if _is_general(group)
        for field in chain(group.serves, group.weekend_serves)
    }
    in_hall = [row for row in offers if row.in_hall]
    return of_share(
        "one_window",
        ("N05",),
        name="一窗受理",
        definition="至少在一个大厅由综合窗口受理的事项，占进驻大厅的在用事项的比例。",
        counted=sum(row.items for row in in_hall if any((one, row.field) in taken for one in row.centres)),
        of=sum(row.items for row in in_hall),
        goal=0.70,
    )


def _stations(halls: Sequence[Centre], offers: Sequence[Row[Any]]) -> list[Station]:
    counted: Counter[str] = Counter()
    for row in offers:
        if row.nearby:
            counted.update(dict.fromkeys(row.centres, row.items))
    return [Station(one.id, one.name, counted[one.id]) for one in halls if naming.is_community(one.level)]


def _hours(halls: Sequence[Centre], week: Mapping[str, Any]) -> list[Figure]:
    weeks = [_of(hall, week).values() for hall in halls]
    per_week = [sum(_length(stretch) for day in days for stretch in day) for days in weeks]
    weekends = [hall for hall in halls if any(_of(hall, week).get(day) for day in (_SATURDAY, _SUNDAY))]
    return [
        of_share(
            "weekend_open",
            ("N10",),
            name="周末开门的大厅",
            definition="平常一周里周六或周日至少有一天开门的大厅，占全部大厅的比例（“5+2”）。",
            counted=len(weekends),
            of=len(halls),
        ),
        Figure(
            "open_hours",
            ("N10",),
            "大厅每周开放时间",
            "平常一周里所有大厅的开放小时数之和，除以大厅数。",
            value=round(sum(per_week) / len(halls), 1) if halls else None,
            counted=round(sum(per_week), 1),
            of=len(halls),
            unit=Unit.HOURS,
        ),
    ]


def _circle(halls: Sequence[Centre], week: Mapping[str, Any]) -> Figure:
    places = [(hall.lat, hall.lng) for hall in halls]
    parts = []
    for day, name in ((_WEDNESDAY, "工作日上午10点"), (_SATURDAY, "周六上午10点")):
        is_open = [(hall.lat, hall.lng) for hall in halls if _is_open(_of(hall, week).get(day, ()))]
        found = circle.circle(places, open_halls=is_open)
        parts.append(Part(name, share(found.within, found.points), found.within, found.points))
    return of_share(
        "circle",
        ("N13",),
        name="15分钟办事圈",
        definition=f"工作日上午10点，走{circle.MINUTES}分钟（直线{circle.REACH_M}米）以内有大厅开门的地点所占的比例。"
        f"市里还没有地址数据：地点取各大厅周围{circle.AREA_M // 1000}公里内每{circle.STEP_M}米一个点，"
        "不按人口加权，也没有算绕路，所以只能看个大概。",
        counted=parts[0].counted,
        of=parts[0].of,
        parts=tuple(parts),
    )


def _of(hall: Centre, week: Mapping[str, Any]) -> Mapping[str, Any]:
    return week if hall.hours is None else hall.hours


def _is_open(stretches: Sequence[Any]) -> bool:
    return any(time.fromisoformat(opens) <= _TEN < time.fromisoformat(closes) for opens, closes in stretches)


def _length(stretch: Sequence[str]) -> float:
    opens, closes = (datetime.strptime(moment, "%H:%M") for moment in stretch)  # noqa: DTZ007 - a difference
    return (closes - opens).total_seconds() / 3600
