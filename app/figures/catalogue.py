"""Numbers counted from the guides (按办事指南计的指标): two statements over the items' facts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import codes
from app.catalogue.models import ServiceItem
from app.figures import baselines
from app.figures.models import Baseline, BaselineItem, ItemFacts
from app.figures.public import PUBLIC
from app.figures.shapes import Figure, Observed, Part, Unit, of_share, share

FULL_ONLINE = 4
_MOST_OF_LIMIT = 0.30
WAYS = {
    "window": "窗口办理",
    "web": "电脑端网上办理",
    "mobile": "手机端办理",
    "courier": "快递申请",
    "kiosk": "自助终端办理",
    "preliminary": "网上预审",
    "instant": "即办件",
    "promised": "承诺件",
    "commitment": "告知承诺",
    "tolerant": "容缺受理",
    "automatic": "免申即享",
    "cross": "跨省通办",
}


Rows = Sequence[RowMapping]


@dataclass(frozen=True, slots=True)
class Visits:
    """What closed cases really took, for the numbers that promise it."""

    none: Observed
    at_most_one: Observed


def figures(session: Session, *, observed: Visits) -> list[Figure]:
    """The numbers that guides promise."""
    rows = _counted(session)
    total = _summed(rows)
    return [
        *_visits(total, observed),
        *_online(rows, total),
        *_limits(rows, total),
        of_share(
            "exempt_materials",
            (),
            name="免提交材料",
            definition="能从电子证照库取到、不用自己带的材料，占指南所列全部材料的比例。",
            counted=total["exempt"],
            of=total["materials"],
        ),
    ]


def _visits(total: Counter[str], observed: Visits) -> list[Figure]:
    return [
        of_share(
            "zero_visit",
            ("N08",),
            name="一趟不用跑",
            definition="指南承诺到现场0次的事项，占全部在用事项的比例。",
            counted=total["zero"],
            of=total["items"],
            goal=0.35,
            observed=observed.none,
        ),
        of_share(
            "one_visit",
            ("N07", "N16", "N32"),
            name="最多跑一趟",
            definition="指南承诺到现场不超过1次的事项，占全部在用事项的比例。",
            counted=total["one"],
            of=total["items"],
            goal=0.90,
            observed=observed.at_most_one,
        ),
    ]


def _online(rows: Rows, total: Counter[str]) -> list[Figure]:
    return [
        of_share(
            "online",
            ("N03",),
            name="网上可办",
            definition="可以在网上办理的事项，占全部在用事项的比例。",
            counted=total["online"],
            of=total["items"],
            goal=0.90,
            parts=_by(rows, codes.USE_LEVELS, "use_level", top="online", bottom="items"),
        ),
        of_share(
            "full_online",
            (),
            name="全程网办",
            definition="从申请到拿结果都在网上（网办深度四级）的事项，占全部在用事项的比例。",
            counted=total["full"],
            of=total["items"],
        ),
        of_share(
            "instant",
            (),
            name="马上办",
            definition="材料齐全当场办结（即办件）的事项，占全部在用事项的比例。",
            counted=total["instant"],
            of=total["items"],
        ),
    ]


def _limits(rows: Rows, total: Counter[str]) -> list[Figure]:
    return [
        of_share(
            "limit_ratio",
            ("N04",),
            name="承诺时限压缩到法定时限的比例",
            definition="承诺天数之和除以法定天数之和；只算两个时限都有、单位相同（都是工作日或都是自然日）的事项。",
            counted=total["promise_days"],
            of=total["legal_days"],
            goal=_MOST_OF_LIMIT,
            lower_is_better=True,
            parts=_by(rows, codes.TASK_TYPES, "task_type", top="promise_days", bottom="legal_days"),
        ),
        of_share(
            "limit_within",
            ("N04",),
            name="承诺时限不超过法定时限三成的事项",
            definition="承诺天数不超过法定天数30%的事项，占两个时限都有、单位相同的事项的比例。",
            counted=total["within"],
            of=total["comparable"],
        ),
    ]


def ways(session: Session) -> Figure:
    """How many ways of handling there are, with how many items offer each."""
    way = func.unnest(ItemFacts.ways).label("way")
    per_item = _public(way).subquery()
    rows = session.execute(select(per_item.c.way, func.count()).group_by(per_item.c.way))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    items = session.scalar(_public(func.count())) or 0
    parts = tuple(
        Part(name, share(found[key], items), found[key], items) for key, name in WAYS.items() if key in found
    )
    return Figure(
        "ways",
        ("N35",),
        "办理方式",
        "至少有一个在用事项提供的办理方式有多少种；后面列出每种方式有多少事项提供。",
        value=len(parts),
        counted=len(parts),
        of=None,
        unit=Unit.NUMBER,
        goal=8,
        parts=parts,
    )


def reduction(session: Session) -> tuple[Figure, Baseline | None]:
    """How many materials fewer are asked for than when the baseline was frozen."""
    base = baselines.current(session)
    before = now = 0
    if base is not None:
        before, now = session.execute(
            select(
                func.coalesce(func.sum(BaselineItem.materials - BaselineItem.exempt), 0),
                func.coalesce(func.sum(ItemFacts.materials - ItemFacts.exempt), 0),
            )
            .select_from(BaselineItem)
            .join(ServiceItem, ServiceItem.task_code == BaselineItem.task_code)
            .join(ItemFacts, ItemFacts.service_item_id == ServiceItem.id)
            .where(BaselineItem.baseline_id == base.id, *PUBLIC)
        ).one()
    when = f"{clock.local(base.frozen_at).date()}定下的基数" if base is not None else "基数（还没有定）"
    figure = of_share(
        "materials_reduced",
        ("N06",),
        name="申请材料减少",
        definition=f"要自己提交的材料比{when}少了多少；只比基数里有、现在仍在用的事项。",
        counted=int(before) - int(now),
        of=int(before),
        goal=0.60,
    )
    return figure, base


def _public(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(ItemFacts)
        .join(ServiceItem, ServiceItem.id == ItemFacts.service_item_id)
        .where(*PUBLIC)
    )


def _counted(session: Session) -> Rows:
    facts = ItemFacts

    def those(condition: ColumnElement[bool], name: str) -> Any:
        return func.count().filter(condition).label(name)

    comparable = facts.legal_days.is_not(None)
    return (
        session.execute(
            _public(
                facts.use_level,
                facts.task_type,
                func.count().label("items"),
                those(facts.visits == 0, "zero"),
                those(facts.visits <= 1, "one"),
                those(facts.online.is_(True), "online"),
                those(facts.online_depth == FULL_ONLINE, "full"),
                those(facts.ways.contains(["instant"]), "instant"),
                func.sum(facts.materials).label("materials"),
                func.sum(facts.exempt).label("exempt"),
                func.coalesce(func.sum(facts.promise_days).filter(comparable), 0).label("promise_days"),
                func.coalesce(func.sum(facts.legal_days).filter(comparable), 0).label("legal_days"),
                those(comparable, "comparable"),
                those(facts.promise_days * 10 <= facts.legal_days * 3, "within"),
            ).group_by(facts.use_level, facts.task_type)
        )
        .mappings()
        .all()
    )


def _summed(rows: Rows) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update({name: int(value) for name, value in row.items() if not isinstance(value, str)})
    return total


def _by(rows: Rows, words: codes.CodeList, column: str, *, top: str, bottom: str) -> tuple[Part, ...]:
    groups = {code: _summed([row for row in rows if row[column] == code]) for code in words}
    return tuple(
        Part(words[code], share(found[top], found[bottom]), found[top], found[bottom])
        for code, found in groups.items()
        if found[bottom]
    )
