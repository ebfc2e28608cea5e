"""What I can prove of my case (办事凭据): /cases/{case_no}/proof, and the roots anybody may keep."""

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.case_proof import days, pack, paper
from app.case_proof.errors import RootNotFound
from app.case_proof.models import DailyRoot
from app.cases import queries as cases
from app.db import unit_of_work
from web.callers import CITIZEN_OR_COMPANY, PUBLIC, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page

door = Door("case_proof", __name__, url_prefix="/api/v1")

_A_DAY_S, _A_WHILE_S = 86400, 300


class DailyRootOut(Schema):
    """One day: how many cases moved, the hash over their chains, the hash of the day before, our signature.

    Signed is the canonical JSON of `day`, `leaves`, `previous` and `root`; hashes are hexadecimal digits.
    """

    day = fields.Date()
    leaves = fields.Integer()
    root = fields.Function(lambda found: found.root.hex(), metadata={"type": "string"})
    previous = fields.Function(lambda found: found.previous.hex(), metadata={"type": "string"})
    kid = fields.String(attribute="key_id")
    signature = fields.Function(lambda found: found.signature.hex(), metadata={"type": "string"})


@door.get("/cases/<case_no>/proof", auth=CITIZEN_OR_COMPANY)
def take_proof(case_no: str) -> ResponseReturnValue:
    """Give the signed record of every step of one of my applications (下载办事凭据)."""
    found = _found(case_no)
    response = Response(pack.bytes_of(found), mimetype="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    name = quote(found.file_name, safe="")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"proof-{found.payload['case_no']}.zip\"; filename*=UTF-8''{name}"
    )
    return response


@door.get("/cases/<case_no>/proof/summary", auth=CITIZEN_OR_COMPANY)
def take_summary(case_no: str) -> ResponseReturnValue:
    """Give the summary alone, for a phone that opens no packed files (凭据摘要)."""
    found = _found(case_no)
    response = Response(paper.draw(found.payload), mimetype="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@door.get("/daily-roots", auth=PUBLIC, query=PageIn, gives=DailyRootOut, many=True)
def list_roots(query: dict[str, Any]) -> ResponseReturnValue:
    """List the roots of days, newest first (每日根)."""
    before = None if query["cursor"] is None else _day_of(query["cursor"])
    with unit_of_work() as session:
        found = days.published(session, before=before, limit=query["limit"] + 1)
        return _open(page(found, limit=query["limit"], dump=DailyRootOut().dump, key=_key), _A_WHILE_S)


@door.get("/daily-roots/<day>", auth=PUBLIC, gives=DailyRootOut)
def show_root(day: str) -> ResponseReturnValue:
    """Give the root of one day."""
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise RootNotFound from error
    with unit_of_work() as session:
        return _open(dict(DailyRootOut().dump(days.of_day(session, asked))), _A_DAY_S)


def _found(case_no: str) -> pack.Found:
    with unit_of_work() as session:
        case = cases.case_of(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
        return pack.of(session, case)


def _open(content: dict[str, Any], seconds: int) -> Response:
    """For anybody, on any site, to keep."""
    answer: Response = jsonify(content)
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _key(found: DailyRoot) -> int:
    return found.day.toordinal()


def _day_of(number: int) -> date:
    try:
        return date.fromordinal(number)
    except (ValueError, OverflowError) as error:
        raise RootNotFound from error
