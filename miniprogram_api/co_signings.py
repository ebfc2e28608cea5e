"""A second person's signature (共同申请人签名): /cases/{case_no}/co-signing, /co-signings for who signs."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases import co_sign_words, co_signed, co_signing
from app.cases.co_signed import Bound
from app.cases.dossier import Dossier
from app.db import Session, unit_of_work
from app.materials import queries as materials
from app.undertakings.service import Consent
from miniprogram_api import co_sign_shapes
from miniprogram_api.co_sign_shapes import (
    CoSigningBriefOut,
    CoSigningOut,
    CoSignInvitationOut,
    CoSignStandingOut,
)
from miniprogram_api.materials import SizeIn
from miniprogram_api.undertakings import SignedIn, signer
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.paging import PageIn, page

door = Door("co_signings", __name__, url_prefix="/api/v1")


class CoSignCodeIn(Schema):
    """The code that the applicant handed over."""

    code = fields.String(required=True, validate=validate.Length(1, 64))


@door.get("/cases/<case_no>/co-signing", auth=CITIZEN, gives=CoSignStandingOut)
def show_co_signing(case_no: str) -> ResponseReturnValue:
    """Show who must sign my application besides me, and how it stands (共同申请人)."""
    with unit_of_work() as session:
        return co_sign_shapes.standing(session, citizen_id=current_citizen_id(), case_no=case_no)


@door.post(
    "/cases/<case_no>/co-signing", auth=CITIZEN, gives=CoSignInvitationOut, status=201, idempotent=True
)
def invite_co_signer(case_no: str) -> ResponseReturnValue:
    """Make a code for the second person, good once; an earlier one ends (邀请签名)."""
    with unit_of_work() as session:
        code, over_at = co_signing.invite(session, citizen_id=current_citizen_id(), case_no=case_no)
        return dict(CoSignInvitationOut().dump({"code": code, "over_at": over_at})), 201


@door.delete("/cases/<case_no>/co-signing", auth=CITIZEN, status=204)
def call_back_co_signer(case_no: str) -> ResponseReturnValue:
    """End the invitation (撤回邀请); doing it again changes nothing."""
    with unit_of_work() as session:
        co_signing.call_back(session, citizen_id=current_citizen_id(), case_no=case_no)
    return Response(status=204)


@door.post("/cases/<case_no>/co-signing/reminder", auth=CITIZEN, status=204, idempotent=True)
def remind_co_signer(case_no: str) -> ResponseReturnValue:
    """Ask the second person to sign what there is now (请对方重新签)."""
    with unit_of_work() as session:
        co_signing.ask_again(session, citizen_id=current_citizen_id(), case_no=case_no)
    return Response(status=204)


@door.get("/co-signings", auth=CITIZEN, query=PageIn, gives=CoSigningBriefOut, many=True)
def list_co_signings(query: dict[str, Any]) -> ResponseReturnValue:
    """List what I was asked to sign (请我签名的)."""
    with unit_of_work() as session:
        found = co_signed.of_citizen(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=query["limit"] + 1
        )
        return page(found, limit=query["limit"], dump=co_sign_shapes.brief, key=lambda one: one.row.id)


@door.post("/co-signings", auth=CITIZEN, takes=CoSignCodeIn, gives=CoSigningOut, status=201, idempotent=True)
def take_co_signing(data: dict[str, Any]) -> ResponseReturnValue:
    """Be the second person of an application by its code, to read and sign it (接受邀请)."""
    with unit_of_work() as session:
        found = co_signing.take(session, citizen_id=current_citizen_id(), code=data["code"].strip())
        return _shown(session, found), 201


@door.get("/co-signings/<int:co_signing_id>", auth=CITIZEN, gives=CoSigningOut)
def show_what_i_sign(co_signing_id: int) -> ResponseReturnValue:
    """Show what I am asked to sign, just as it would be handed in (签名内容)."""
    with unit_of_work() as session:
        return _shown(session, co_signing_id)


@door.post(
    "/co-signings/<int:co_signing_id>/signature",
    auth=CITIZEN,
    takes=SignedIn,
    gives=CoSigningOut,
    idempotent=True,
)
def co_sign(co_signing_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Sign the words that I have read (签名)."""
    with unit_of_work() as session:
        consent = Consent(data["digest"], read=data["read"])
        co_signing.sign(session, signer=signer(), co_signing_id=co_signing_id, consent=consent)
        return _shown(session, co_signing_id)


@door.post("/co-signings/<int:co_signing_id>/refusal", auth=CITIZEN, gives=CoSigningOut, idempotent=True)
def refuse_to_co_sign(co_signing_id: int) -> ResponseReturnValue:
    """Say no, or take my signature back before the case is handed in (不签、撤回签名)."""
    with unit_of_work() as session:
        co_signing.decline(session, citizen_id=current_citizen_id(), co_signing_id=co_signing_id)
        return _shown(session, co_signing_id)


@door.get("/co-signings/<int:co_signing_id>/photos/<int:photo_id>", auth=CITIZEN, query=SizeIn)
def show_signed_photo(co_signing_id: int, photo_id: int, query: dict[str, Any]) -> ResponseReturnValue:
    """Give the bytes of one page of what I am asked to sign (查看照片)."""
    with unit_of_work() as session:
        bound = _mine(session, co_signing_id)
        photo = co_sign_words.photo(Dossier(session, bound.case), bound.row, photo_id=photo_id)
    return Response(materials.content(photo, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


def _mine(session: Session, co_signing_id: int) -> Bound:
    return co_signed.mine(session, citizen_id=current_citizen_id(), co_signing_id=co_signing_id)


def _shown(session: Session, co_signing_id: int) -> dict[str, Any]:
    return co_sign_shapes.whole(session, _mine(session, co_signing_id))
