"""Whether a Word or Excel file can do anything by itself (Office文件检查): macros, objects, foreign parts.

Such a file is a ZIP of XML. Only .docx and .xlsx are taken, told by what their main part says it is; a part
that could run, or that fetches something when the file is opened, has it refused.
"""

import io
import re
import zipfile
import zlib

from app.papers import office_xml
from app.papers.errors import PaperActive, PaperDamaged, PaperKindUnknown

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {
    "word": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xl": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_MOST_PARTS = 2000
_MOST_UNPACKED = 100 * 1024 * 1024
_MACROS = re.compile(r"vba|macrosheet|dialogsheet|customui|xl/intlmacro", re.IGNORECASE)
_OBJECTS = re.compile(r"activex|/embeddings/|oleobject|/ctrlprops/", re.IGNORECASE)
_FOREIGN = re.compile(r"externallink|/querytables/|xl/connections|afchunk|/model/", re.IGNORECASE)
_BINARY = re.compile(r"\.(?:bin|exe|dll|js|vbs|hta|scr|lnk|chm|jar|html?|mht|svg|swf)$", re.IGNORECASE)
_PRINTER = re.compile(r"/printersettings/", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_PLAIN_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")


def look(content: bytes) -> str:
    """`word` or `xl`; raises PaperKindUnknown, PaperActive with what was found, or PaperDamaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _look_at_parts(packed)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise PaperDamaged from error


def _look_at_parts(packed: zipfile.ZipFile) -> str:
    parts = packed.infolist()
    names = [part.filename for part in parts]
    if len(parts) > _MOST_PARTS or len({name.lower() for name in names}) != len(names):
        raise PaperDamaged
    # No more of a part is ever read than it announces, so the announced sizes are the bound.
    if sum(part.file_size for part in parts) > _MOST_UNPACKED or any(part.flag_bits & 1 for part in parts):
        raise PaperDamaged
    kind = _kind(packed, names)
    for name in names:
        _look_at_name(name)
        text = packed.read(name)
        if name.lower().endswith(_XML) or _PLAIN_XML.match(text):
            _look_at_xml(name, text)
    return kind


def _kind(packed: zipfile.ZipFile, names: list[str]) -> str:
    if _CONTENT_TYPES not in names:
        raise PaperKindUnknown
    told = packed.read(_CONTENT_TYPES)
    if b"macroenabled" in told.lower():
        raise PaperActive(found="宏")
    for kind, (main, said) in _MAIN_PARTS.items():
        if main in names and said in told:
            return kind
    raise PaperKindUnknown


def _look_at_name(name: str) -> None:
    if name.startswith(("/", "\\")) or ".." in name or "\\" in name:
        raise PaperDamaged
    if _MACROS.search(name):
        raise PaperActive(found="宏")
    if _OBJECTS.search(name) or (_BINARY.search(name) and not _PRINTER.search(name)):
        raise PaperActive(found="嵌入的程序或文件")
    if _FOREIGN.search(name):
        raise PaperActive(found="指向其他文件的内容")


def _look_at_xml(name: str, text: bytes) -> None:
    """A part in UTF-8 without a document type; in another encoding nothing here would be seen."""
    if not _PLAIN_XML.match(text) or b"\x00" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise PaperDamaged
    declared = text[:200].lower()
    if b"encoding=" in declared.replace(b" ", b"") and b"utf-8" not in declared:
        raise PaperDamaged
    # Drawings of old programs are no XML; whatever else a part is called, a program reads it as XML or not.
    office_xml.look(text, strictly=not name.lower().endswith(".vml"))
