"""What is done for appointments while nobody asks (放号)."""

import logging

from app.appointments import service
from app.centres.errors import CityNotLoaded
from app.db import unit_of_work

log = logging.getLogger(__name__)


def open_more_slots() -> None:
    """Open the slots of the next working days (job). Safe to repeat and to run twice at once."""
    try:
        with unit_of_work() as session:
            changed = service.open_slots(session)
    except CityNotLoaded:
        log.info("slots_not_opened", extra={"reason": "no city is loaded"})
        return
    log.info("slots_opened", extra={"slots": changed})
