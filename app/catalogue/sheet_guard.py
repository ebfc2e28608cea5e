"""What is looked at before a sheet is opened (表格安全检查): size, packing and XML that means harm.

An .xlsx file is a ZIP of XML: a few kilobytes can unpack to gigabytes, and a document type can define words
that grow without end. Nothing is parsed before all parts have been found small and plain.
"""

import io
import re
import zipfile
import zlib

LARGEST_FILE = 10 * 1024 * 1024
_LARGEST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 200
# Each tag becomes an object that takes ten times its letters; an item has about a thousand.
_MOST_TAGS = 6_000_000
_CHUNK = 64 * 1024
_OVERLAP = 16
_BOM = b"\xef\xbb\xbf"
_LIKE_XML = (b"<", b"\x00<", b"\xff\xfe", b"\xfe\xff")
_LONGEST_DECLARATION = 1024
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_HARMFUL = (b"<!DOCTYPE", b"<!ENTITY")
_NEEDED = "xl/workbook.xml"


class Unsafe(Exception):
    """A file that is not opened: the rule and a sentence for the clerk."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule, self.sentence = rule, sentence


def look(content: bytes) -> None:
    """Raises Unsafe when the file must not be opened."""
    if len(content) > LARGEST_FILE:
        raise Unsafe("size", f"文件超过{LARGEST_FILE // 1024 // 1024}MB，请分成几个文件导入")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _look_at_parts(packed)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise Unsafe("file", "不是完好的.xlsx文件，请用表格软件另存为.xlsx后再导入") from error


def _look_at_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > _MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Unsafe("parts", "文件内部的部件太多或重名，请用表格软件另存为新的.xlsx文件")
    # The library never reads more of a part than it announces, so the announced sizes are the bound.
    if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise Unsafe("size", "文件展开后太大，请分成几个文件导入")
    if _NEEDED not in packed.namelist():
        raise Unsafe("file", "不是.xlsx表格文件，请用表格软件另存为.xlsx后再导入")
    if sum(_look_at_part(packed, part) for part in parts) > _MOST_TAGS:
        raise Unsafe("size", "文件里的单元格太多，请分成几个文件导入")


def _look_at_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Every part, for a file may call any of them a sheet; how many tags it has."""
    named_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    with packed.open(part) as opened:
        chunk = opened.read(_CHUNK).removeprefix(_BOM).lstrip()
        if (named_xml or chunk.startswith(_LIKE_XML)) and not _is_plain(chunk):
            raise Unsafe("encoding", "文件内部编码不对，请用表格软件另存为新的.xlsx文件")
        before, tags = b"", 0
        while chunk:
            if any(word in before + chunk for word in _HARMFUL):
                raise Unsafe("doctype", "文件里有不安全的内容，请用表格软件另存为新的.xlsx文件")
            tags += chunk.count(b"<")
            before = chunk[-_OVERLAP:]
            chunk = opened.read(_CHUNK)
    return tags


def _is_plain(chunk: bytes) -> bool:
    """Whether XML is UTF-8: in another encoding a document type would look different."""
    if not chunk.startswith(b"<") or b"\x00" in chunk:
        return False
    if not chunk.startswith(b"<?xml"):
        return True
    declaration, end, _ = chunk[:_LONGEST_DECLARATION].partition(b"?>")
    encoding = _ENCODING.search(declaration)
    return bool(end) and (encoding is None or encoding[1].lower() == b"utf-8")
