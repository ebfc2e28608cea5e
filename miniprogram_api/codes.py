"""The one code (一码): show one's own, scan any: /codes."""

from typing import Any
from urllib.parse import quote

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.certificates import looking
from app.certificates.errors import ShownInBrowser
from app.codes import qr, queries, service, tokens
from app.codes.errors import CodeUnknown
from app.codes.models import CodeKind
from app.codes.queries import Action
from app.db import Session, unit_of_work
from app.documents import checking as documents
from app.documents.errors import CheckedInBrowser
from web.callers import CITIZEN, MAYBE_CITIZEN, current_citizen_id, maybe_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("codes", __name__, url_prefix="/api/v1/codes")

# Fetch the next one this long before the shown one ends.
_AHEAD_S = 10

_PAGES = {
    Action.OPEN_GUIDE: "/pages/guides/detail?task_code={}",
    Action.OPEN_CENTRE: "/pages/booking/centre?id={}",
    Action.BOOK: "/pages/booking/slots?centre_id={}&window={}",
    Action.OPEN_APPOINTMENT: "/pages/booking/ticket?id={}",
    Action.OPEN_CASE: "/pages/cases/detail?no={}",
    Action.OPEN_BILL: "/pages/bills/pay?no={}",
    Action.OPEN_CERTIFICATE: "/pages/me/certificate?id={}",
    Action.OPEN_LICENCE: "/pages/bundles/licence?no={}",
}


class FormatIn(Schema):
    """As data to draw, or as a picture."""

    format = fields.String(load_default="json", validate=validate.OneOf(["json", "png", "svg"]))


class CodeOut(Schema):
    """My code of this minute; `content` is what the picture says, `refresh_after` is in seconds."""

    content = fields.String()
    expires_at = ShanghaiTime()
    refresh_after = fields.Integer()


class ScanIn(Schema):
    """What the camera read, or the `q` or `scene` with which the mini-program was opened."""

    content = fields.String(required=True, validate=validate.Length(1, tokens.LONGEST_CONTENT))


class ItemOut(Schema):
    """One thing that a window handles."""

    task_code = fields.String()
    name = fields.String()


class ScanOut(Schema):
    """What the phone does next: the action, what it is about, and the page that shows it."""

    action = fields.String(metadata={"enum": [action.value for action in _PAGES]})
    target = fields.String()
    title = fields.String()
    items = fields.List(fields.Nested(ItemOut))
    provenance = fields.String(allow_none=True)
    page = fields.Function(
        lambda meaning: _page_of(meaning.action, meaning.target, company=meaning.company),
        metadata={"type": "string"},
    )


def _page_of(action: Action, target: str, *, company: int | None = None) -> str:
    """The phone client's page for an action; for a company's thing, acting for it."""
    own = _PAGES[action].format(*(quote(part, safe="") for part in target.split("/")))
    return own if company is None else f"{own}&acting_for={company}"


@door.get("/me", auth=CITIZEN, query=FormatIn, gives=CodeOut)
def show_my_code(query: dict[str, Any]) -> ResponseReturnValue:
    """Show my code: one use, one minute, nothing personal inside (个人码)."""
    with unit_of_work() as session:
        shown = service.show_personal(session, citizen_id=current_citizen_id())
    if query["format"] == "png":
        return Response(qr.png(shown.content, mask=qr.QUICK_MASK), mimetype="image/png")
    if query["format"] == "svg":
        return Response(qr.svg(shown.content, mask=qr.QUICK_MASK), mimetype="image/svg+xml")
    refresh_after = int(service.LIVES_FOR.total_seconds()) - _AHEAD_S
    return dict(
        CodeOut().dump(
            {"content": shown.content, "expires_at": shown.expires_at, "refresh_after": refresh_after}
        )
    )


@door.post("/scan", auth=MAYBE_CITIZEN, takes=ScanIn, gives=ScanOut)
def scan(data: dict[str, Any]) -> ResponseReturnValue:
    """Say what a scanned code means for me (扫一扫)."""
    with unit_of_work() as session:
        meaning = _meaning(session, data["content"])
        return dict(ScanOut().dump(meaning))


def _meaning(session: Session, content: str) -> queries.Meaning:
    """What a code means; that of a legal notice opens its case for whoever may see that."""
    if looking.is_of_certificate(content):
        raise ShownInBrowser
    case_id = documents.scanned(session, content=content)
    if case_id is None:
        return queries.scan(session, content=content, citizen_id=maybe_citizen_id())
    of_case = service.static_code(session, kind=CodeKind.CASE, target=str(case_id))
    try:
        return queries.scan(session, content=of_case, citizen_id=maybe_citizen_id())
    except CodeUnknown as error:
        raise CheckedInBrowser from error
