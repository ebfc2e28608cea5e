"""Drawing documents (生成文书文件): after the commit, so that nobody waits for it."""

import hashlib
import logging
import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock, queues
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.documents import checking, drawing, seal, sheet
from app.documents.drawing import Printed
from app.documents.models import Document
from app.storage import storage

log = logging.getLogger(__name__)

# The job ends by itself well before its queue would kill it in the middle of a document.
_LONGEST_RUN_S = 60
# What one document may come to grief by without holding up the others.
_TROUBLE = (UnreadableError, OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def draw_waiting() -> int:
    """Draw every document that has no file yet (job); how many. Safe to repeat and to run in parallel.

    Two who draw the same one make the same bytes; where a seal makes them differ, the first one stands.
    """
    queues.nudge_taken(draw_waiting)
    drawn, last, ends_at = 0, 0, time.monotonic() + _LONGEST_RUN_S
    while time.monotonic() < ends_at and (found := _next(last)) is not None:
        last = found.id
        try:
            drawn += _draw(found)
        except _TROUBLE:
            log.exception("document_not_drawn", extra={"document_id": found.id})
    return drawn


def bytes_of(document: Document) -> bytes:
    """The file of a document, sealed; never call it inside a unit of work."""
    stamp = seal.current()
    printed = Printed(
        title=document.title,
        number=document.number,
        dept_name=document.dept_name,
        issued_on=document.issued_on,
        verify=checking.address(document.token),
    )
    mark = stamp.mark(dept_code=document.dept_code, dept_name=document.dept_name)
    content = drawing.draw(printed, sheet.opened(document.sealed_content), mark)
    return stamp.sign(content, dept_code=document.dept_code)


def _next(after: int) -> Document | None:
    undrawn = select(Document).where(Document.sha256.is_(None), Document.id > after)
    with unit_of_work() as session:
        return session.scalar(undrawn.order_by(Document.id).limit(1))


def _draw(document: Document) -> bool:
    """Draw, store, then say so; whether ours is the file that stands."""
    content = bytes_of(document)
    sha256 = hashlib.sha256(content).hexdigest()
    key = f"documents/{sha256[:2]}/{sha256}"
    storage().put(key, content)
    with unit_of_work() as session:
        kept = _keep(session, document.id, sha256=sha256, key=key, size=len(content))
    if kept != sha256:
        storage().delete(key)  # somebody else's stands, with other bytes
    return kept == sha256


def _keep(session: Session, document_id: int, *, sha256: str, key: str, size: int) -> str | None:
    """Write the file down unless there is one; the digest of the one that stands."""
    session.execute(
        update(Document)
        .where(Document.id == document_id, Document.sha256.is_(None))
        .values(sha256=sha256, storage_key=key, size_bytes=size, drawn_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return session.scalar(select(Document.sha256).where(Document.id == document_id))
