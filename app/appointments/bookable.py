"""What may be booked and where (可预约事项): the part of a guide that booking needs."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.appointments.errors import NotAtThisCentre, NotBookable
from app.catalogue import queries as catalogue
from app.catalogue.generation import watch

_OWN_DISTRICT = "4"  # 通办范围：本区（县）


@dataclass(frozen=True, slots=True)
class Bookable:
    """An item as booking sees it; `field` names the windows that take it, such as 公安.

    `own_district`: only the applicant's own district handles it (本区).
    """

    task_code: str
    task_name: str
    field: str | None
    centre_ids: frozenset[str]
    by_appointment: bool
    own_district: bool

    def check(self, *, centre_id: str) -> None:
        """Raises NotBookable, or NotAtThisCentre."""
        if not self.by_appointment:
            raise NotBookable
        if centre_id not in self.centre_ids:
            raise NotAtThisCentre


@dataclass
class _Kept:
    """The items that were asked for in one generation of the catalogue."""

    generation: int
    items: dict[str, Bookable]


_kept = _Kept(-1, {})


def bookable(session: Session, *, task_code: str) -> Bookable:
    """The item, kept until the catalogue changes: reading a whole guide would cost more than the booking.

    Raises GuideNotFound or ItemCancelled.
    """
    global _kept  # noqa: PLW0603 - replaced as a whole, so that a thread never sees a mixture
    kept, generation = _kept, watch.number(session)
    if kept.generation != generation:
        kept = _kept = _Kept(generation, {})
    found = kept.items.get(task_code)
    if found is None:
        found = kept.items[task_code] = _read(session, task_code)
    return found


def _read(session: Session, task_code: str) -> Bookable:
    guide = catalogue.guide(session, task_code=task_code)
    return Bookable(
        guide.task_code,
        guide.name,
        field=guide.window_group,
        centre_ids=frozenset(guide.body.get("transact_centers", ())),
        by_appointment=bool(guide.body.get("is_schedule")) and guide.window_group is not None,
        own_district=guide.body.get("handle_area") == _OWN_DISTRICT,
    )
