"""The documents of my applications (我的文书): /cases/{case_no}/documents."""

from typing import Any
from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.cases import queries as cases
from app.cases.models import Case
from app.db import Session, unit_of_work
from app.documents import opening, queries
from app.documents.kinds import Kind
from app.documents.queries import Listed
from web.callers import APPLYING, acting_for, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("case_documents", __name__, url_prefix="/api/v1/cases/<case_no>/documents")


class DocumentOut(Schema):
    """One legal notice; until `ready` its file is being made. `replaced_by` is the number of its correction.

    `url` needs my login, `size` is in bytes, `sha256` of exactly the bytes at `url`, in hexadecimal digits.
    """

    id = fields.Integer()
    kind = fields.String(metadata={"enum": [kind.value for kind in Kind]})
    title = fields.String()
    number = fields.String()
    issued_on = fields.Date()
    ready = fields.Boolean()
    replaced_by = fields.String(allow_none=True)
    opened_at = ShanghaiTime(allow_none=True)
    name = fields.String()
    size = fields.Integer(allow_none=True)
    sha256 = fields.String(allow_none=True)
    url = fields.String()


@door.get("", auth=APPLYING, gives=DocumentOut, many=True)
def list_documents(case_no: str) -> ResponseReturnValue:
    """List the legal notices of one of my applications, newest first (办件的文书)."""
    with unit_of_work() as session:
        case = _mine(session, case_no)
        found = queries.of_case(session, case_id=case.id)
        items = [_shown(case.case_no, one) for one in reversed(found)]
        return {"items": DocumentOut(many=True).dump(items), "next_cursor": None}


@door.get("/<int:document_id>", auth=APPLYING)
def show_document(case_no: str, document_id: int) -> ResponseReturnValue:
    """Give the file of one legal notice (下载文书); that it was opened is noted."""
    with unit_of_work() as session:
        case = _mine(session, case_no)
        found = opening.open_own(
            session, citizen_id=current_citizen_id(), case_id=case.id, document_id=document_id
        )
    response = Response(mimetype="application/pdf")
    response.headers["Cache-Control"] = "private, no-cache"
    if found.sha256 is not None:
        response.set_etag(found.sha256)
        if found.sha256 in request.if_none_match:
            response.status_code = 304
            return response
    response.set_data(queries.content(found))
    # RFC 6266: the name in Chinese, and a plain one for what does not know it.
    name = quote(queries.file_name(found), safe="")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"document-{found.id}.pdf\"; filename*=UTF-8''{name}"
    )
    return response


def _mine(session: Session, case_no: str) -> Case:
    return cases.case_of(
        session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
    )


def _shown(case_no: str, one: Listed) -> dict[str, Any]:
    document = one.document
    return {
        "id": document.id,
        "kind": document.kind,
        "title": document.title,
        "number": document.number,
        "issued_on": document.issued_on,
        "ready": document.sha256 is not None,
        "replaced_by": one.replaced_by,
        "opened_at": one.first_opened,
        "name": queries.file_name(document),
        "size": document.size_bytes,
        "sha256": document.sha256,
        "url": f"/api/v1/cases/{case_no}/documents/{document.id}",
    }
