"""Where the courier reports to (物流轨迹推送). Verified before anything else; the same news is taken once.

Success is answered only once the news is in the database, so a crash makes the courier tell it again. News of
parcels that are not ours are answered like the rest: telling them again would change nothing.
"""

import logging

from flask import request
from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.deliveries import tracing
from couriers import news
from platforms import directory
from platforms.errors import BadSignature, Malformed
from web.callers import SIGNED
from web.door import Door

log = logging.getLogger(__name__)

door = Door("courier_webhooks", __name__, url_prefix="/webhooks/courier")


@door.post("/events", auth=SIGNED)
def courier_told() -> ResponseReturnValue:
    """The courier says where a parcel is."""
    door_of_courier = directory.current().courier_door
    if door_of_courier is None:
        return {"code": "not_joined"}, 404
    try:
        told = door_of_courier.open(
            timestamp=request.headers.get("X-Courier-Timestamp", ""),
            signature=request.headers.get("X-Courier-Signature", ""),
            body=request.get_data(cache=False),
        )
    except (BadSignature, Malformed) as error:
        log.warning("callback_refused", extra={"channel": "courier", "error": type(error).__name__})
        return {"code": "refused"}, 401
    with unit_of_work() as session:
        new = tracing.take(session, news.told(told))
    return {"code": "ok", "taken": new}
