"""A clerk looks before I travel (网上预审): /cases/{case_no}/precheck."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.cases import queries
from app.db import unit_of_work
from app.prechecks import asking
from miniprogram_api import precheck_shapes
from miniprogram_api.precheck_shapes import PrecheckPageOut
from web.callers import APPLYING, acting_for, current_citizen_id
from web.door import Door

door = Door("prechecks", __name__, url_prefix="/api/v1/cases")


@door.get("/<case_no>/precheck", auth=APPLYING, gives=PrecheckPageOut)
def show_precheck(case_no: str) -> ResponseReturnValue:
    """Show how it stands, what is to be mended, or the code and the originals for the window (网上预审)."""
    with unit_of_work() as session:
        citizen_id = current_citizen_id()
        case = queries.case_of(session, citizen_id=citizen_id, organisation_id=acting_for(), case_no=case_no)
        return precheck_shapes.whole(session, case, reader_id=citizen_id)


@door.post("/<case_no>/precheck", auth=APPLYING, gives=PrecheckPageOut, status=201, idempotent=True)
def ask_for_precheck(case_no: str) -> ResponseReturnValue:
    """Have a clerk look at my draft before I travel; what is missing is named all at once (请求预审)."""
    with unit_of_work() as session:
        citizen_id = current_citizen_id()
        case = asking.ask(session, citizen_id=citizen_id, organisation_id=acting_for(), case_no=case_no)
        return precheck_shapes.whole(session, case, reader_id=citizen_id), 201


@door.delete("/<case_no>/precheck", auth=APPLYING, status=204)
def take_precheck_back(case_no: str) -> ResponseReturnValue:
    """Have my draft back before it is answered, to change it (收回来改)."""
    with unit_of_work() as session:
        asking.take_back(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
    return Response(status=204)
