"""Which items somebody else may handle for the applicant (可代办), and items by what people call them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.catalogue.cards import ONLINE
from app.catalogue.models import GuideVersion, ServiceItem
from app.catalogue.queries import Filter, public_only


def is_delegable() -> ColumnElement[bool]:
    """The guide versions that let whoever is authorised in here act for the applicant (可在线授权代办)."""
    return GuideVersion.body["delegation"].contains(ONLINE)


def delegable(session: Session, *, task_codes: Collection[str]) -> set[str]:
    """Which of the given items are public and may be handled by somebody else today (可代办的事项)."""
    if not task_codes:
        return set()
    asked = (
        select(ServiceItem.task_code)
        .join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
        .where(ServiceItem.task_code.in_(task_codes), GuideVersion.effective_to.is_(None), is_delegable())
    )
    return set(session.scalars(asked.where(*public_only(Filter()))))


def named(session: Session, *, words: Collection[str]) -> dict[str, tuple[str, str]]:
    """The public items that somebody names, by name or code: their code and name, by the word."""
    if not words:
        return {}
    asked = select(ServiceItem.task_code, ServiceItem.name).where(
        or_(ServiceItem.task_code.in_(words), ServiceItem.name.in_(words)), *public_only(Filter())
    )
    found = session.execute(asked.order_by(ServiceItem.id)).all()
    return {word: (row.task_code, row.name) for row in found for word in (row.name, row.task_code)}
