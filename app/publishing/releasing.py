"""A released draft becomes a version (发布): at once, on its day, or not at all with the reason."""

import logging
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import service as catalogue
from app.catalogue.models import PLAN_CANCEL_DATE, GuideVersion, ItemState, ServiceItem
from app.publishing import queries
from app.publishing.models import DraftState, DraftStep, GuideDraft

log = logging.getLogger(__name__)

_ENDING = 100  # items per look


def publish(session: Session, draft: GuideDraft) -> None:
    """Make a draft that was looked through the item's version; the caller holds its row."""
    catalogue.publish(session, items=[draft.body])
    draft.state = DraftState.PUBLISHED.value
    draft.published_at = clock.now()
    latest = queries.latest(session, task_code=draft.task_code)
    draft.published_version = None if latest is None else latest.version
    session.flush()
    if latest is None:
        forget(session, task_codes=[draft.task_code])


def forget(session: Session, *, task_codes: Collection[str]) -> None:
    """Empty every finished draft of items that are secret (涉密): what is stored nowhere stays in none.

    Who did what and when stays.
    """
    over = (
        GuideDraft.task_code.in_(task_codes),
        GuideDraft.state.in_((DraftState.PUBLISHED.value, DraftState.DISCARDED.value)),
    )
    of_those = DraftStep.draft_id.in_(select(GuideDraft.id).where(*over))
    session.execute(update(DraftStep).where(of_those).values(note=""))
    empty = {"body": {}, "task_name": catalogue.WITHHELD_NAME, "reason": ""}
    session.execute(update(GuideDraft).where(*over).values(empty))


def end_cancelled(session: Session) -> int:
    """Cancel the items whose planned last day is over (计划取消日期); how many. Safe to repeat.

    They are read again when it is our turn: a day that was put off a moment ago stays put off.
    """
    if not _over(session):
        return 0
    catalogue.take_turn(session)
    ended = [{**body, "task_state": ItemState.CANCELLED.value} for body in _over(session)]
    if ended:
        catalogue.publish(session, items=ended)
        log.info("items_cancelled_as_planned", extra={"count": len(ended)})
    return len(ended)


def _over(session: Session) -> Sequence[dict[str, Any]]:
    return session.scalars(
        select(GuideVersion.body)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(
            GuideVersion.effective_to.is_(None),
            ServiceItem.secret.is_(False),
            ServiceItem.state.in_((ItemState.IN_USE.value, ItemState.SUSPENDED.value)),
            PLAN_CANCEL_DATE > "",  # a source may send an empty one
            clock.today().isoformat() >= PLAN_CANCEL_DATE,
        )
        .limit(_ENDING)
    ).all()
