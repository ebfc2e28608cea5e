"""What a draft must keep before it is public (发布前检查): the rules of an item, and what it names."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import rules
from app.catalogue.item_shape import Finding, is_date
from app.catalogue.models import ItemState, ServiceItem
from app.papers import service as papers

Body = Mapping[str, Any]


def findings(session: Session, body: Body) -> list[Finding]:
    """All faults of a draft; never raises for what it holds."""
    found = rules.check(dict(body))
    if not any(finding.refuses for finding in found):
        found += _successor(session, body)
        found += _files(session, body)
    return found


def day(text: object) -> date | None:
    """A date as items write it, None for anything else."""
    return date.fromisoformat(str(text)) if is_date(text) else None


def planned_day(body: Body) -> date | None:
    """The day from which a change is planned to hold (计划生效日期); None: as soon as it is released."""
    planned = day(body.get("plan_effective_date"))
    return planned if planned is not None and planned > clock.today() else None


def _successor(session: Session, body: Body) -> Iterator[Finding]:
    """What replaces a cancelled item must be there for the citizen who is sent to it."""
    code = body.get("successor_code")
    if not code:
        return
    state = session.scalar(
        select(ServiceItem.state).where(ServiceItem.task_code == code, ServiceItem.secret.is_(False))
    )
    if state != ItemState.IN_USE:
        yield Finding("successor_code", "successor", "代替它的事项没有在用，请核对编码")


def _files(session: Session, body: Body) -> Iterator[Finding]:
    """The blank forms and samples that are named must be there for the citizen who taps them."""
    for _, file in papers.unstored(session, items=[body]):
        yield Finding(
            file.path, "files", f"“{file.material}”的{papers.KIND_NAMES[file.field]}还没有上传，请先上传"
        )
