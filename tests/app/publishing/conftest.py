"""Two clerks who write guides, and one item that is public."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import clock
from app.db import unit_of_work
from app.publishing import queries, service
from app.publishing.models import GuideDraft
from app.publishing.queries import Author
from app.staff.models import Role
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import make_clerk


class Room:
    """What the clerks of these tests do with drafts, each in a unit of work of its own."""

    def __init__(self) -> None:
        self.writer = Author(make_clerk(Role.APPROVER), "起草人", None)
        self.second = Author(make_clerk(Role.SUPERVISOR), "审核人", None)

    def begin(self, task_code: str = ID_LOST, *, author: Author | None = None, **changes: Any) -> GuideDraft:
        """A draft, with changes if there are any."""
        with unit_of_work() as session:
            draft = service.begin(session, author=author or self.writer, task_code=task_code)
        return self.save(draft, **changes) if changes else draft

    def save(self, draft: GuideDraft, *, author: Author | None = None, **changes: Any) -> GuideDraft:
        """Write over what the draft held when it was read."""
        with unit_of_work() as session:
            return service.save(
                session,
                author=author or self.writer,
                draft_id=draft.id,
                revision=draft.revision,
                body={**draft.body, **changes},
            )

    def hand_in(self, draft: GuideDraft, *, reason: str = "承诺时限压缩") -> GuideDraft:
        """Give it to the second person."""
        with unit_of_work() as session:
            return service.hand_in(
                session, author=self.writer, draft_id=draft.id, revision=draft.revision, reason=reason
            )

    def release(self, draft: GuideDraft, *, author: Author | None = None) -> GuideDraft:
        """Let it become public."""
        with unit_of_work() as session:
            return service.release(
                session, author=author or self.second, draft_id=draft.id, revision=draft.revision
            )

    def now(self, draft: GuideDraft) -> GuideDraft:
        """The draft as it stands."""
        with unit_of_work() as session:
            return queries.draft(session, author=self.writer, draft_id=draft.id)


@pytest.fixture
def room(database: None) -> Iterator[Room]:
    """A public item, on a Monday morning."""
    del database
    with clock.stopped_at(MONDAY):
        publish(item())
        yield Room()
