"""Which hall is the right one (办理地点): also said when a citizen has chosen another.

By 通办范围: what is handled in the whole city, province or country may be handed in at any hall that takes
it; what only the applicant's own district handles (本区) is taken by the halls of that district and by those
of the city and the province.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.appointments.bookable import Bookable
from app.appointments.errors import NotAtThisCentre, NotInYourDistrict, NotTakenInThisHall
from app.centres import queries as centres
from app.centres.models import Centre
from app.centres.queries import Point
from app.people import queries as people

_OVER_DISTRICTS = frozenset({"省级", "市级"})
_NAMED = 2


def check(session: Session, item: Bookable, *, centre_id: str, district: str | None = None) -> None:
    """Raises NotBookable, or NotTakenInThisHall or NotInYourDistrict with the right halls named.

    `district` is where the applicant lives or trades (six digits); without it a 本区 item is not checked.
    """
    try:
        item.check(centre_id=centre_id)
    except NotAtThisCentre as refusal:
        names = _named(session, _halls(session, item), centre_id=centre_id)
        if not names:
            raise
        raise NotTakenInThisHall(instead=names) from refusal
    if district is None or not item.own_district:
        return
    halls = _halls(session, item)
    right = [hall for hall in halls if hall.region_code == district or hall.level in _OVER_DISTRICTS]
    if centre_id not in {hall.id for hall in right}:
        own = [hall for hall in right if hall.region_code == district] or right
        raise NotInYourDistrict(instead=_named(session, own, centre_id=centre_id) or "市级政务服务中心")


def district_of(session: Session, *, citizen_id: int, visitor: str | None, told: str | None) -> str | None:
    """The applicant's district: told now, or else what the citizen told us before; None when nobody knows.

    Somebody else who will come (`visitor`) may live anywhere.
    """
    if told is not None or visitor is not None:
        return told
    return people.districts(session, citizen_ids=[citizen_id]).get(citizen_id)


def fitting(session: Session, asked: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of (hall, district) in which the hall serves the district: one statement for all."""
    ids = {centre_id for centre_id, _ in asked}
    rows = session.execute(select(Centre.id, Centre.region_code, Centre.level).where(Centre.id.in_(ids)))
    halls = {row.id: row for row in rows}
    return {
        (centre_id, district)
        for centre_id, district in asked
        if centre_id in halls
        and (halls[centre_id].region_code == district or halls[centre_id].level in _OVER_DISTRICTS)
    }


def nearest(session: Session, item: Bookable, *, to: str) -> list[Centre]:
    """The halls that take the item, nearest to another hall first."""
    return _sorted(session, _halls(session, item), centre_id=to)


def _halls(session: Session, item: Bookable) -> list[Centre]:
    taken = select(Centre).where(Centre.id.in_(item.centre_ids)).order_by(Centre.id)
    return list(session.scalars(taken))


def _named(session: Session, halls: Sequence[Centre], *, centre_id: str) -> str:
    return "、".join(f"“{hall.name}”" for hall in _sorted(session, halls, centre_id=centre_id)[:_NAMED])


def _sorted(session: Session, halls: Sequence[Centre], *, centre_id: str) -> list[Centre]:
    chosen = session.get(Centre, centre_id)
    if chosen is None:
        return list(halls)
    middle = Point(chosen.lat, chosen.lng)
    return sorted(halls, key=lambda hall: centres.distance_m(middle, Point(hall.lat, hall.lng)))
