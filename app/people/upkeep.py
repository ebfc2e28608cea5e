"""Regular clearing-up among people's short-lived rows, and the end of closed accounts (清理、到期注销)."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from app.crypto import UnreadableError
from app.db import unit_of_work
from app.errors import DomainError
from app.people import ending, sessions, sms_codes

log = logging.getLogger(__name__)


def forget_old() -> None:
    """Drop ended sessions and old SMS codes in small batches (job). Safe to repeat."""
    for forget in (sessions.forget_old, sms_codes.forget_old):
        while True:
            with unit_of_work() as session:
                gone = forget(session)
            if not gone:
                break


def close_accounts() -> None:
    """Warn, postpone and close what is due (job). Safe to repeat, to run late and to run twice at once.

    Each account is decided in a transaction of its own; one that cannot be does not hold up the others.
    """
    last = 0
    while True:
        with unit_of_work() as session:
            found = ending.due(session, after_id=last)
        if not found:
            return
        for closing_id in found:
            try:
                with unit_of_work() as session:
                    ending.settle(session, closing_id=closing_id)
            except (DomainError, SQLAlchemyError, UnreadableError):
                log.exception("closing_failed", extra={"closing_id": closing_id})
        last = found[-1]
