"""What has happened to a document (公文事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class DocumentCorrected(Event):
    """A document was replaced by a new one that names it (已更正)."""

    document_id: int
