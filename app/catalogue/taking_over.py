"""Which items take over into their form what the city knows already (预填的来源)."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.catalogue.form_shape import KNOWN_FROM
from app.catalogue.models import GuideVersion, ItemState, ServiceItem


@dataclass(frozen=True, slots=True)
class Named:
    """An item by its code and name."""

    task_code: str
    name: str


def reserved_names(session: Session) -> list[Named]:
    """The public items whose form asks for a name that was reserved at the registry (企业名称)."""
    form = GuideVersion.body["form"]
    asked = (
        select(ServiceItem.task_code, ServiceItem.name)
        .join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
        .where(
            GuideVersion.effective_to.is_(None),
            ServiceItem.state == ItemState.IN_USE.value,
            ServiceItem.secret.is_(False),
            or_(*(form.contains([{"known_from": source}]) for source in sorted(KNOWN_FROM))),
        )
        .order_by(ServiceItem.id)
    )
    return [Named(row.task_code, row.name) for row in session.execute(asked)]
