"""What counts of items that are handled together (一件事里的事项), for several of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import GuideVersion, ServiceItem
from app.catalogue.queries import Filter, Guide, as_guide, public_only

_OF_THE_FORM = ("form", "server_type", "result")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a current guide counts when it is handled together with others.

    `card` is as lists show it; `form_body` holds those parts of the body by which the form is made.
    """

    task_code: str
    card: dict[str, Any]
    materials: list[dict[str, Any]]
    procedure: list[dict[str, Any]]
    halls: list[str]
    promise_day: int
    visits: int
    form_body: dict[str, Any]
    result_name: str = ""
    situations: dict[str, Any] | None = None


def parts_of(session: Session, *, task_codes: Sequence[str]) -> dict[str, Part]:
    """What counts of those of the given items that are public, by task code: one statement for all."""
    if not task_codes:
        return {}
    body = GuideVersion.body
    found = session.execute(
        select(
            ServiceItem.task_code,
            ServiceItem.card,
            body["materials"],
            body["handle_flow"],
            body["transact_centers"],
            body["promise_day"].as_integer(),
            ServiceItem.visits,
            body["result"]["result_name"].as_string(),
            body["situations"],
            *(body[name] for name in _OF_THE_FORM),
        )
        .join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
        .where(
            ServiceItem.task_code.in_(task_codes), GuideVersion.effective_to.is_(None), *public_only(Filter())
        )
    )
    return {
        code: Part(
            code,
            card,
            materials or [],
            procedure or [],
            halls or [],
            promise_day=days,
            visits=visits,
            form_body=dict(zip(_OF_THE_FORM, form, strict=True)),
            result_name=result or "",
            situations=situations,
        )
        for code, card, materials, procedure, halls, days, visits, result, situations, *form in found
    }


def guides_of(session: Session, *, task_codes: Sequence[str]) -> dict[str, Guide]:
    """The guides in force of those of the given items that are public, by task code: one statement."""
    found = session.execute(
        select(ServiceItem.task_code, GuideVersion)
        .join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
        .where(
            ServiceItem.task_code.in_(task_codes), GuideVersion.effective_to.is_(None), *public_only(Filter())
        )
    )
    return {code: as_guide(version) for code, version in found}
