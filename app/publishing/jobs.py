"""Planned changes on their day (到期发布): may run twice, late and in parallel."""

import logging

from sqlalchemy.exc import DBAPIError

from app.catalogue import service as catalogue
from app.db import unit_of_work
from app.errors import DomainError
from app.publishing import queries, releasing, service
from app.publishing.models import DraftState, GuideDraft

log = logging.getLogger(__name__)


def publish_due() -> None:
    """Publish what was released for a day that has come, and cancel what ends (job)."""
    with unit_of_work() as session:
        due = queries.due(session)
    for draft_id in due:
        try:
            _publish_one(draft_id)
        except DBAPIError as error:  # it stays planned, and the next run finds it again
            log.warning("planned_guide_waits", extra={"draft": draft_id, "error": type(error.orig).__name__})
    ended = 1
    while ended:
        with unit_of_work() as session:
            ended = releasing.end_cancelled(session)


def _publish_one(draft_id: int) -> None:
    """One planned draft, in a unit of work of its own, so that one that fails holds up no other.

    Another job that has its row is publishing it already. What no longer keeps the rules, or was overtaken by
    another version, goes back to its authors and says why: a guide never changes unseen.
    """
    with unit_of_work() as session:
        draft = session.get(
            GuideDraft, draft_id, with_for_update={"skip_locked": True}, populate_existing=True
        )
        if draft is None or draft.state != DraftState.PLANNED:
            return
        catalogue.take_turn(session)
        try:
            service.refuse_unready(session, draft)
        except DomainError as refusal:
            service.reopen(session, draft, author=None, note=f"到了生效日没能发布：{refusal.sentence}")
            log.warning("planned_guide_not_published", extra={"draft": draft_id, "why": refusal.code})
            return
        releasing.publish(session, draft)
