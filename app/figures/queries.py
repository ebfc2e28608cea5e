"""The promised numbers as they are published (公开指标): counted when the catalogue or the halls change."""

import threading
import time
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.bundles import queries as bundles
from app.catalogue.generation import watch
from app.catalogue.models import ServiceItem
from app.figures import catalogue, facts, observed, places
from app.figures.observed import OverVisits
from app.figures.places import Station
from app.figures.public import PUBLIC
from app.figures.shapes import Figure, Unit, of_share

KEPT_S = 60.0


@dataclass(frozen=True, slots=True)
class BaselineShown:
    """Against which state reductions are counted."""

    frozen_on: date
    note: str
    provenance: str


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A promise for which there is no number, and why (未测)."""

    promises: tuple[str, ...]
    name: str
    reason: str


NOT_MEASURED = (
    NotMeasured(
        ("N09",),
        "高频事项一趟不用跑",
        "要有90天以上的办件量才能定出哪些是高频事项。",
    ),
    NotMeasured(("N11",), "投资审批五个一", "不在本系统办理范围内。"),
    NotMeasured(("N33",), "公开办理条件的及时性", "还没有记录政策生效到指南发布隔了多少天。"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """Every published number of one moment."""

    counted_on: date
    figures: list[Figure]
    stations: list[Station]
    over_visits: list[OverVisits]
    baseline: BaselineShown | None
    provenance: str
    not_measured: tuple[NotMeasured, ...] = field(default=NOT_MEASURED)


class Published:
    """What this process counted last. One thread counts; others take what is known meanwhile."""

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._known: tuple[int, Report] | None = None
        self._count_at = 0.0

    def report(self, session: Session) -> Report:
        """The numbers: of this generation of the catalogue, and at most a minute old."""
        generation, known = watch.number(session), self._known
        if known is not None and (self._is_fresh(generation) or self._counting.locked()):
            return known[1]
        with self._counting:
            if self._known is None or not self._is_fresh(generation):
                self._known = generation, count(session)
                self._count_at = time.monotonic() + KEPT_S
            return self._known[1]

    def _is_fresh(self, generation: int) -> bool:
        known = self._known
        return known is not None and known[0] == generation and time.monotonic() < self._count_at

    def forget(self) -> None:
        """Count anew when next asked."""
        with self._counting:
            self._known = None


published = Published()


def count(session: Session) -> Report:
    """Count every number now."""
    now = clock.now()
    facts.follow(session, now=now)
    seen, of_cases = observed.visits(session)
    reduced, base = catalogue.reduction(session)
    of_places, stations = places.figures(session)
    least, most = session.execute(
        select(func.min(ServiceItem.provenance), func.max(ServiceItem.provenance)).where(*PUBLIC)
    ).one()
    return Report(
        counted_on=clock.local(now).date(),
        figures=[
            *catalogue.figures(session, observed=seen),
            reduced,
            *_bundles(session),
            *of_places,
            catalogue.ways(session),
            *of_cases,
        ],
        stations=stations,
        over_visits=observed.over_visits(session),
        baseline=None
        if base is None
        else BaselineShown(clock.local(base.frozen_at).date(), base.note, base.provenance),
        provenance=(least or "none") if least == most else "mixed",
    )


def _bundles(session: Session) -> list[Figure]:
    found = bundles.figures_of_all(session)
    before = sum(one.materials.before for one in found)
    after = sum(one.materials.after for one in found)
    return [
        Figure(
            "bundles",
            ("N14",),
            "一件事套餐",
            "已公布、几件事合成一次办的“一件事”有多少个。",
            value=len(found),
            counted=len(found),
            of=None,
            unit=Unit.NUMBER,
            goal=25,
        ),
        of_share(
            "bundle_materials",
            ("N06",),
            name="一件事材料减少",
            definition="合成“一件事”以后要交的材料，比一件件分开办少了多少。",
            counted=before - after,
            of=before,
            goal=0.60,
        ),
    ]
