"""Taking my certificate along and showing it (证照下载、亮证): /certificates/{id}/pdf, /share, /shares."""

from typing import Any
from urllib.parse import quote

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.certificates import looking, queries, sharing
from app.certificates.looking import Past
from app.certificates.sharing import Showing
from app.db import unit_of_work
from app.documents import certificate_paper
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("certificate_sharing", __name__, url_prefix="/api/v1/certificates/<int:certificate_id>")


class ShareIn(Schema):
    """Which facts are shown beyond the least: name, issuer, days, state and the holder's name, masked."""

    facts = fields.List(
        fields.String(validate=validate.OneOf([*sharing.FACTS])),
        load_default=list,
        validate=validate.Length(max=len(sharing.FACTS)),
    )


class ShareOut(Schema):
    """What the code says, and until when; it ends before when I show the certificate anew or end it."""

    content = fields.String()
    expires_at = ShanghaiTime()
    lives_for = fields.Integer(metadata={"description": "seconds"})


class PastOut(Schema):
    """One showing of mine or of whoever acts for the company, with when somebody looked."""

    shown_at = ShanghaiTime()
    expires_at = ShanghaiTime()
    is_open = fields.Boolean()
    facts = fields.List(fields.String())
    looks = fields.List(ShanghaiTime())


@door.get("/pdf", auth=CITIZEN_OR_COMPANY)
def take_pdf(certificate_id: int) -> ResponseReturnValue:
    """Give a certificate of mine as PDF with its code (下载证照)."""
    with unit_of_work() as session:
        found = queries.certificate_of(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            certificate_id=certificate_id,
        )
        paper = certificate_paper.of(session, found)
    response = Response(certificate_paper.bytes_of(paper), mimetype="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    name = quote(paper.file_name, safe="")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"certificate-{certificate_id}.pdf\"; filename*=UTF-8''{name}"
    )
    return response


@door.post("/share", auth=CITIZEN_OR_COMPANY, takes=ShareIn, gives=ShareOut)
def share(certificate_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Show a certificate for five minutes; what I showed of it before ends (出示证照)."""
    with unit_of_work() as session:
        shown = sharing.show(session, _mine(certificate_id), facts=data["facts"])
        return dict(
            ShareOut().dump(
                {
                    "content": shown.content,
                    "expires_at": shown.expires_at,
                    "lives_for": int(sharing.LIVES_FOR.total_seconds()),
                }
            )
        )


@door.delete("/share", auth=CITIZEN_OR_COMPANY, status=204)
def end_share(certificate_id: int) -> ResponseReturnValue:
    """End what I show of a certificate at once (结束出示)."""
    with unit_of_work() as session:
        sharing.end(session, _mine(certificate_id))
    return "", 204


@door.get("/shares", auth=CITIZEN_OR_COMPANY, gives=PastOut, many=True)
def list_shares(certificate_id: int) -> ResponseReturnValue:
    """List when a certificate of mine was shown and looked at, newest first (出示记录)."""
    with unit_of_work() as session:
        found = queries.certificate_of(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            certificate_id=certificate_id,
        )
        past = looking.past(session, certificate_id=found.id)
        return {"items": [PastOut().dump(_shown(each)) for each in past], "next_cursor": None}


def _mine(certificate_id: int) -> Showing:
    return Showing(certificate_id, current_citizen_id(), acting_for())


def _shown(past: Past) -> dict[str, Any]:
    return {
        "shown_at": past.share.shown_at,
        "expires_at": past.share.expires_at,
        "is_open": past.is_open(clock.now()),
        "facts": [sharing.FACTS[fact] for fact in past.share.facts],
        "looks": past.looks,
    }
