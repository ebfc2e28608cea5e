"""What a file is and whether citizens may have it (表格文件检查), told by its bytes alone."""

from dataclasses import dataclass

from app.materials import containers
from app.materials.errors import PhotoRefused
from app.papers import office_guard, pdf_guard
from app.papers.errors import PaperDamaged, PaperKindUnknown, PaperTooLarge, PaperTurned

MAX_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG, JPEG = "image/png", "image/jpeg"
# Media type → how such a file is called on a phone.
ENDINGS = {PDF: "pdf", DOCX: "docx", XLSX: "xlsx", PNG: "png", JPEG: "jpg"}

_PICTURES = {containers.Kind.PNG: PNG, containers.Kind.JPEG: JPEG}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be given out; a picture has lost what does not make the picture."""

    content: bytes
    media_type: str


def check(content: bytes) -> Checked:
    """Look at a file; raises PaperTooLarge, PaperKindUnknown, PaperDamaged, PaperActive or PaperTurned."""
    if len(content) > MAX_BYTES:
        raise PaperTooLarge(most_mb=MAX_BYTES // 1024 // 1024)
    if content.startswith(b"%PDF-"):
        pdf_guard.look(content)
        return Checked(content, PDF)
    if content.startswith(b"PK\x03\x04"):
        return Checked(content, {"word": DOCX, "xl": XLSX}[office_guard.look(content)])
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(content)
    raise PaperKindUnknown


def _picture(content: bytes) -> Checked:
    try:
        walked = containers.read(content)
    except PhotoRefused as error:
        raise PaperDamaged from error
    if walked.orientation != 1:
        raise PaperTurned
    return Checked(walked.content, _PICTURES[walked.kind])
