"""Drafts of guides at the desk (指南草稿): who may, and every step written down."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.desk import duties
from app.desk.duties import Duty
from app.publishing import bringing_in, queries, replay, service
from app.publishing.bringing_in import BroughtIn
from app.publishing.models import GuideDraft
from app.publishing.queries import Author
from app.publishing.replay import Replay
from app.publishing.service import Merged
from app.staff.models import Role
from app.staff.sessions import OnDuty

DRAFTING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})

Body = Mapping[str, Any]


def author(clerk: OnDuty) -> Author:
    """The clerk as drafts see one. Raises NotYourDuty."""
    duties.refuse_unless(clerk, DRAFTING)
    return Author(clerk.clerk_id, clerk.name, clerk.department)


def begin(session: Session, *, clerk: OnDuty, task_code: str, body: Body | None = None) -> GuideDraft:
    """Begin to change an item (起草); raises as the room does."""
    draft = service.begin(session, author=author(clerk), task_code=task_code, body=body)
    return _noted(session, clerk, action="guide_draft_begun", draft=draft)


def bring_in(session: Session, *, clerk: OnDuty, items: Sequence[Body]) -> BroughtIn:
    """Begin drafts of many items (导入为草稿), all written down at the end; raises as the room does."""
    done = bringing_in.bring_in(session, author=author(clerk), items=items)
    audit.record_all(
        session,
        actor=clerk.actor,
        action="guide_draft_begun",
        about=[(f"item:{draft.task_code}", {"draft": draft.id, "revision": 1}) for draft in done.begun],
    )
    return done


def begin_new(session: Session, *, clerk: OnDuty, task_code: str, copy_of: str | None) -> GuideDraft:
    """Begin a new item (新增事项); raises as the room does."""
    draft = service.begin_new(session, author=author(clerk), task_code=task_code, copy_of=copy_of)
    return _noted(session, clerk, action="guide_draft_begun", draft=draft)


def save(session: Session, *, clerk: OnDuty, draft_id: int, revision: int, body: Body) -> GuideDraft:
    """Keep what was written (保存草稿); raises as the room does."""
    draft = service.save(session, author=author(clerk), draft_id=draft_id, revision=revision, body=body)
    return _noted(session, clerk, action="guide_draft_saved", draft=draft)


def hand_in(session: Session, *, clerk: OnDuty, draft_id: int, revision: int, reason: str) -> GuideDraft:
    """Give it to a second person (送审); raises as the room does."""
    who = author(clerk)
    draft = service.hand_in(session, author=who, draft_id=draft_id, revision=revision, reason=reason)
    return _noted(session, clerk, action="guide_draft_handed_in", draft=draft)


def take_back(session: Session, *, clerk: OnDuty, draft_id: int, note: str) -> GuideDraft:
    """Go on writing (退回修改); raises as the room does."""
    draft = service.take_back(session, author=author(clerk), draft_id=draft_id, note=note)
    return _noted(session, clerk, action="guide_draft_returned", draft=draft)


def release(session: Session, *, clerk: OnDuty, draft_id: int, revision: int) -> GuideDraft:
    """Let it become public (审核通过); raises as the room does."""
    draft = service.release(session, author=author(clerk), draft_id=draft_id, revision=revision)
    return _noted(session, clerk, action="guide_draft_released", draft=draft)


def discard(session: Session, *, clerk: OnDuty, draft_id: int) -> GuideDraft:
    """Throw it away (作废); raises as the room does."""
    draft = service.discard(session, author=author(clerk), draft_id=draft_id)
    return _noted(session, clerk, action="guide_draft_discarded", draft=draft)


def take_over(session: Session, *, clerk: OnDuty, draft_id: int) -> Merged:
    """Bring in what was published meanwhile (并入新版本); raises as the room does."""
    merged = service.take_over(session, author=author(clerk), draft_id=draft_id)
    _noted(session, clerk, action="guide_draft_merged", draft=merged.draft)
    return merged


def tried(session: Session, *, clerk: OnDuty, draft_id: int) -> tuple[GuideDraft, Replay]:
    """The draft tried on past cases (变更推演), which shows case numbers and so is written down.

    Raises DraftBroken: what breaks the rules cannot be tried.
    """
    draft = queries.draft(session, author=author(clerk), draft_id=draft_id)
    service.refuse_broken(session, draft)
    found = replay.replay(session, task_code=draft.task_code, planned=draft.body)
    _noted(session, clerk, action="guide_draft_tried", draft=draft)
    return draft, found


def _noted(session: Session, clerk: OnDuty, *, action: str, draft: GuideDraft) -> GuideDraft:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"item:{draft.task_code}",
        details={"draft": draft.id, "revision": draft.revision},
    )
    return draft
