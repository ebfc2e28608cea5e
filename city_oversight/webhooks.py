"""Where supervisors report to (监管结果反馈). Verified before anything else; the same finding is taken once.

Success is answered only once the finding is in the database, so a crash makes the platform tell it again.
Findings about licences that are not ours, or in words we do not know, are answered like the rest: telling
them again would change nothing.
"""

import logging

from flask import request
from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.oversight import findings
from app.oversight.findings import Told
from platforms import directory
from platforms.errors import BadSignature, Malformed
from web.callers import SIGNED
from web.door import Door

log = logging.getLogger(__name__)

door = Door("oversight_webhooks", __name__, url_prefix="/webhooks/oversight")


@door.post("/findings", auth=SIGNED)
def supervisor_told() -> ResponseReturnValue:
    """A supervisor says what was found of a licence."""
    door_of_oversight = directory.current().oversight_door
    if door_of_oversight is None:
        return {"code": "not_joined"}, 404
    try:
        told = door_of_oversight.open(
            timestamp=request.headers.get("X-Oversight-Timestamp", ""),
            signature=request.headers.get("X-Oversight-Signature", ""),
            body=request.get_data(cache=False),
        )
    except (BadSignature, Malformed) as error:
        log.warning("callback_refused", extra={"channel": "oversight", "error": type(error).__name__})
        return {"code": "refused"}, 401
    said = Told(told.message_no, told.event_no, told.result, told.found_on, told.said)
    with unit_of_work() as session:
        new = findings.take(session, said)
    return {"code": "ok", "taken": new}
