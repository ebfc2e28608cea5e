"""Signing instead of handing a material in: that it follows later, or a promise (容缺后补、告知承诺)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases import overview, owing, promising
from app.cases.models import Case
from app.cases.owing import Which
from app.cases.states import Party
from app.db import Session, unit_of_work
from app.undertakings.service import Consent, Signer
from miniprogram_api import case_shapes
from miniprogram_api.case_shapes import CaseOut
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_caller, current_citizen_id
from web.door import Door

door = Door("undertakings", __name__, url_prefix="/api/v1/cases/<case_no>/materials/<material_code>")

_OWNER = frozenset({Party.CITIZEN})


class TextPartOut(Schema):
    """Some paragraphs of a text under their heading."""

    heading = fields.String()
    paragraphs = fields.List(fields.String())


class UndertakingTextOut(Schema):
    """A text to be read and signed; whoever signs sends its `digest` back."""

    kind = fields.String(attribute="kind.value")
    title = fields.String()
    parts = fields.List(fields.Nested(TextPartOut))
    digest = fields.String(metadata={"description": "SHA-256 of the text"})


class PromiseTextOut(UndertakingTextOut):
    """A promise to be read and signed."""

    credit_note = fields.String(
        metadata={"description": "what is to be known before signing while the lists are asked, or empty"}
    )


class SignedIn(Schema):
    """That the text was read to its end and is signed; the digest is the one that came with it."""

    digest = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    read = fields.Boolean(required=True)


@door.get("/later", auth=CITIZEN_OR_COMPANY, gives=UndertakingTextOut)
def show_promise_to_follow(case_no: str, material_code: str) -> ResponseReturnValue:
    """Give the text that is signed so that a material may follow later (容缺受理承诺书)."""
    with unit_of_work() as session:
        found = owing.words(session, citizen_id=current_citizen_id(), which=_which(case_no, material_code))
        return dict(UndertakingTextOut().dump(found))


@door.post("/later", auth=CITIZEN_OR_COMPANY, takes=SignedIn, gives=CaseOut, idempotent=True)
def hand_in_later(case_no: str, material_code: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Sign that a material follows later (稍后补交)."""
    with unit_of_work() as session:
        case = owing.choose(
            session,
            signer=signer(),
            which=_which(case_no, material_code),
            consent=Consent(data["digest"], read=data["read"]),
        )
        return _whole(session, case)


@door.delete("/later", auth=CITIZEN_OR_COMPANY, gives=CaseOut)
def hand_in_now(case_no: str, material_code: str) -> ResponseReturnValue:
    """Hand the material in now after all (改为现在提交)."""
    with unit_of_work() as session:
        which = _which(case_no, material_code)
        return _whole(session, owing.take_back(session, citizen_id=current_citizen_id(), which=which))


@door.post("/delivery", auth=CITIZEN_OR_COMPANY, gives=CaseOut, idempotent=True)
def deliver_material(case_no: str, material_code: str) -> ResponseReturnValue:
    """Say that what was to follow is there, after its photos (补交)."""
    with unit_of_work() as session:
        which = _which(case_no, material_code)
        return _whole(session, owing.deliver(session, citizen_id=current_citizen_id(), which=which))


@door.get("/promise", auth=CITIZEN_OR_COMPANY, gives=PromiseTextOut)
def show_promise(case_no: str, material_code: str) -> ResponseReturnValue:
    """Give the text that is signed instead of a material (告知承诺书)."""
    with unit_of_work() as session:
        which = _which(case_no, material_code)
        found = promising.words(session, citizen_id=current_citizen_id(), which=which)
        note = promising.note(session, citizen_id=current_citizen_id(), which=which)
        return {**UndertakingTextOut().dump(found), "credit_note": note}


@door.post("/promise", auth=CITIZEN_OR_COMPANY, takes=SignedIn, gives=CaseOut, idempotent=True)
def sign_promise(case_no: str, material_code: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Let a promise stand for a material (签署告知承诺书)."""
    with unit_of_work() as session:
        case = promising.sign(
            session,
            signer=signer(),
            which=_which(case_no, material_code),
            consent=Consent(data["digest"], read=data["read"]),
        )
        return _whole(session, case)


@door.delete("/promise", auth=CITIZEN_OR_COMPANY, gives=CaseOut)
def take_promise_back(case_no: str, material_code: str) -> ResponseReturnValue:
    """Hand the material in after all (改为提交材料)."""
    with unit_of_work() as session:
        which = _which(case_no, material_code)
        return _whole(session, promising.take_back(session, citizen_id=current_citizen_id(), which=which))


def signer() -> Signer:
    """Who signs in this request, and through which login."""
    caller = current_caller()
    return Signer(caller.citizen_id, caller.session_id, caller.platform)


def _which(case_no: str, material_code: str) -> Which:
    return Which(case_no, material_code, acting_for())


def _whole(session: Session, case: Case) -> ResponseReturnValue:
    return case_shapes.whole(overview.of(session, case, parties=_OWNER))
