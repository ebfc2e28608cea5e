"""How a second person's signature is shown (共同申请人签名的接口形状)."""

from typing import Any

from marshmallow import Schema, fields

from app.cases import co_sign_words, co_signed, queries
from app.cases.co_sign_words import Standing
from app.cases.co_signed import Bound
from app.cases.dossier import Dossier
from app.db import Session
from miniprogram_api.undertakings import UndertakingTextOut
from web.times import ShanghaiTime

_STATES = [standing.value for standing in Standing]


class CoSignStandingOut(Schema):
    """Who must sign besides the applicant (empty: nobody), and how it stands; `changed`: to sign anew."""

    who = fields.String()
    state = fields.String(metadata={"enum": _STATES})
    signer = fields.String(allow_none=True, metadata={"description": "masked"})
    over_at = ShanghaiTime(allow_none=True)
    signed_at = ShanghaiTime(allow_none=True)


class CoSignInvitationOut(Schema):
    """A new invitation; who knows the code may take it, once."""

    code = fields.String()
    over_at = ShanghaiTime()


class CoSigningBriefOut(Schema):
    """One application that I was asked to sign."""

    id = fields.Integer()
    task_name = fields.String()
    dept_name = fields.String()
    applicant = fields.String(allow_none=True, metadata={"description": "masked"})
    taken_at = ShanghaiTime()
    signed_at = ShanghaiTime(allow_none=True)


class SignedPageOut(Schema):
    """One page; the addresses need my login."""

    id = fields.Integer()
    name = fields.String()
    url = fields.String()
    thumb_url = fields.String()


class CoSigningOut(CoSigningBriefOut):
    """The same with the words to sign and every page, while they can be signed; null and empty afterwards."""

    state = fields.String(metadata={"enum": _STATES})
    text = fields.Nested(UndertakingTextOut, allow_none=True)
    photos = fields.List(fields.Nested(SignedPageOut))


def standing(session: Session, *, citizen_id: int, case_no: str) -> dict[str, Any]:
    """How it stands, for the applicant; raises CaseNotFound."""
    case = queries.case_of(session, citizen_id=citizen_id, case_no=case_no)
    dossier = Dossier(session, case)
    who = co_signed.wanted(case, dossier.guide)
    row = co_signed.latest(session, case_id=case.id) if who else None
    told = {
        "who": who,
        "state": co_sign_words.standing(dossier, row),
        "signer": None if row is None else co_signed.signer_name(session, row),
        "over_at": None if row is None else row.over_at,
        "signed_at": None if row is None else row.signed_at,
    }
    return dict(CoSignStandingOut().dump(told))


def brief(bound: Bound) -> dict[str, Any]:
    """One line of a list."""
    return dict(
        CoSigningBriefOut().dump(
            {
                "id": bound.row.id,
                "task_name": bound.case.task_name,
                "dept_name": bound.case.dept_name,
                "applicant": bound.applicant,
                "taken_at": bound.row.taken_at,
                "signed_at": bound.row.signed_at,
            }
        )
    )


def whole(session: Session, bound: Bound) -> dict[str, Any]:
    """What is signed, for who signs."""
    dossier = Dossier(session, bound.case)
    state = co_sign_words.standing(dossier, bound.row)
    open_still = co_sign_words.is_open(dossier, bound.row)
    return {
        **brief(bound),
        "state": state.value,
        "text": UndertakingTextOut().dump(co_sign_words.text(dossier)) if open_still else None,
        "photos": [_page(bound, code, photo) for code, photo in co_sign_words.pages(dossier)]
        if open_still
        else [],
    }


def _page(bound: Bound, name: str, photo: Any) -> dict[str, Any]:
    address = f"/api/v1/co-signings/{bound.row.id}/photos/{photo.id}"
    return {"id": photo.id, "name": name, "url": address, "thumb_url": f"{address}?size=thumb"}
