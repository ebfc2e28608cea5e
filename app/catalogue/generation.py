"""How a process learns that the catalogue has changed (目录代次): one row, read once a second at most."""

import logging
import math
import threading
import time
from collections.abc import Callable

from sqlalchemy import BigInteger, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.catalogue.models import CatalogueGeneration
from app.db import after_commit, unit_of_work

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
# How long a number may be believed from the moment at which it was asked for: by then at the latest every
# process shows what was published.
LEASE_S = 2.0


def advance(session: Session) -> None:
    """Say that the catalogue has changed; every process sees it within seconds after the commit.

    The number is the transaction's own, so it differs from every earlier one.
    """
    own = cast(cast(func.pg_current_xact_id(), Text), BigInteger)
    statement = insert(CatalogueGeneration).values(id=1, number=own)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[CatalogueGeneration.id], set_={"number": statement.excluded.number}
        )
    )
    after_commit(watch.forget)


def settle() -> None:
    """Wait until every process shows what was committed, before a person is told that it is public."""
    time.sleep(LEASE_S)


def current(session: Session) -> int:
    """The generation as it is at this moment."""
    return _read(session)


class Watch:
    """What this process knows of the generation; times are those of the monotonic clock."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._looked_at = -math.inf  # when somebody last began to look
        self._asked_at = -math.inf  # when the look began that brought the number
        self._forgot_at = -math.inf
        self._good_until = -math.inf  # kept beside the times it follows from: every ready answer asks
        self._lock = threading.Lock()

    def number(self, session: Session) -> int:
        """The generation, read through the caller's session when it was not read within a second."""
        return self._known(lambda: _read(session))

    def number_alone(self) -> int:
        """The generation, read in a unit of work of its own; a database that is away changes nothing."""
        try:
            return self._known(_read_alone)
        except SQLAlchemyError as error:
            if self._number is None:
                raise
            log.warning("generation_unknown", extra={"error": type(error).__name__})
            with self._lock:
                self._asked_at = time.monotonic()  # without the database nobody publishes either
                self._reckon()
            return self._number

    def number_now(self) -> int | None:
        """The generation as long as it may be believed and nobody need look. Never waits."""
        return self._number if time.monotonic() < self._good_until else None

    def forget(self) -> None:
        """Look again at the next question; called by the process that has published."""
        with self._lock:
            self._looked_at = self._asked_at = -math.inf
            self._forgot_at = time.monotonic()
            self._reckon()

    def _reckon(self) -> None:
        self._good_until = min(self._looked_at + LOOK_EVERY_S, self._asked_at + LEASE_S)

    def _known(self, read: Callable[[], int]) -> int:
        with self._lock:
            began = time.monotonic()
            if self._number is not None and began < self._good_until:
                return self._number
            # The time is set first: while one thread looks, the others go on with what is known.
            self._looked_at = began
            self._reckon()
        number = read()
        with self._lock:
            # A look that began before a publication, or before another look, does not undo that.
            if began > max(self._asked_at, self._forgot_at):
                self._number, self._asked_at = number, began
                self._reckon()
        return number


watch = Watch()


def _read(session: Session) -> int:
    return session.scalar(select(CatalogueGeneration.number)) or 0


def _read_alone() -> int:
    with unit_of_work() as session:
        return _read(session)
