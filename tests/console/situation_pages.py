"""A clerk's browser on the page of a draft's questions and rules (情形表单夹具)."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.db import unit_of_work
from app.publishing import queries
from app.publishing.models import GuideDraft
from app.publishing.queries import Author
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.sent_forms import fields_of
from tests.staff_fixtures import Browser


def begin(clerk: Browser, key: str = "id-lost") -> str:
    """The page of a new draft of an item; its address."""
    code = item(key)["task_code"]
    if code != ID_LOST:
        publish(item(key))
    draft = clerk.post(f"/console/items/{code}/draft").headers["Location"]
    return f"{draft}/situations"


def now(draft: str) -> GuideDraft:
    """The draft as it is kept."""
    with unit_of_work() as session:
        return queries.draft(session, author=Author(0, "", None), draft_id=int(draft.split("/")[3]))


def kept(draft: str) -> Any:
    """Its questions and rules."""
    return now(draft).body.get("situations")


def send(clerk: Browser, draft: str, **changes: Any) -> TestResponse:
    """What the browser sends when some fields are changed and a button is pressed."""
    sent: dict[str, Any] = fields_of(clerk.get(draft).text, form="situations")
    del sent["csrf"]
    return clerk.post(draft, **sent | {name.replace("__", "."): value for name, value in changes.items()})


def take_out(clerk: Browser, draft: str) -> None:
    """Leave no question and no rule."""
    clerk.post(draft, revision=str(now(draft).revision), **{"questions.count": "0", "rows.count": "0"})


def take_in(clerk: Browser, draft: str, content: bytes) -> TestResponse:
    """Upload a file of questions and rules."""
    file = FileStorage(io.BytesIO(content), filename="情形.json")
    return clerk.post(f"{draft}/import", revision=str(now(draft).revision), file=file)
