"""My electronic certificates (我的证照): /certificates."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app import clock
from app.certificates import following, queries, revoking, sharing
from app.certificates.models import Certificate
from app.db import unit_of_work
from app.people.queries import masked_id_number
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("certificates", __name__, url_prefix="/api/v1/certificates")


_MAYBE_TEXT = {"type": ["string", "null"]}


class CertificateOut(Schema):
    """One certificate of a list; no `valid_until` means without end."""

    id = fields.Integer()
    name = fields.String()
    identifier = fields.String()
    task_code = fields.String()
    issuer_name = fields.String()
    state = fields.Function(
        lambda certificate: certificate.state_on(clock.today()),
        metadata={"type": "string", "enum": ["valid", "expired", "revoked"]},
    )
    issued_at = ShanghaiTime()
    valid_until = fields.Date(allow_none=True)


class CertificateChangeOut(Schema):
    """One change that the registry told and the certificate followed."""

    at = ShanghaiTime()
    sentence = fields.Function(following.sentence, metadata={"type": "string"})


class FactOut(Schema):
    """One fact that its holder may choose to show."""

    name = fields.String()
    label = fields.String()


class CertificateDetailOut(CertificateOut):
    """One certificate with what it says; the holder's number is masked, screens are seen by others."""

    holder_name = fields.String()
    holder_number = fields.Function(
        lambda certificate: masked_id_number(queries.contents(certificate).get("holder_number")),
        metadata=_MAYBE_TEXT,
    )
    case_no = fields.Function(
        lambda certificate: queries.contents(certificate).get("case_no"), metadata=_MAYBE_TEXT
    )
    result_type = fields.Function(
        lambda certificate: queries.contents(certificate).get("result_type"), metadata=_MAYBE_TEXT
    )
    changes = fields.List(fields.Nested(CertificateChangeOut))
    revoked_because = fields.String(allow_none=True)
    # What may be shown of it beyond the least, by the names that showing takes.
    can_show = fields.List(fields.Nested(FactOut))


@door.get("", auth=CITIZEN_OR_COMPANY, query=PageIn, gives=CertificateOut, many=True)
def list_certificates(query: dict[str, Any]) -> ResponseReturnValue:
    """List my certificates, newest first (我的证照)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            cursor=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(found, limit=query["limit"], dump=CertificateOut().dump, key=_id)


@door.get("/<int:certificate_id>", auth=CITIZEN_OR_COMPANY, gives=CertificateDetailOut)
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """Show one of my certificates (证照详情)."""
    with unit_of_work() as session:
        found = queries.certificate_of(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            certificate_id=certificate_id,
        )
        changes = following.history(session, certificate_id=found.id)
        ended = revoking.of(session, certificate_id=found.id)
        shown = CertificateDetailOut(exclude=["changes", "revoked_because", "can_show"]).dump(found)
        return {
            **shown,
            "changes": CertificateChangeOut(many=True).dump(changes),
            "revoked_because": None if ended is None else revoking.sentence(ended),
            "can_show": [{"name": name, "label": words} for name, words in sharing.choices(found).items()],
        }


def _id(certificate: Certificate) -> int:
    return certificate.id
