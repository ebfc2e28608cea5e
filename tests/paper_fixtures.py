"""Papers for tests: a small PDF, Word and Excel files, and what must not reach a citizen (表格文件夹具)."""

import io
import zipfile
from typing import Any

from openpyxl import Workbook

from app.catalogue.item_files import BLANK, SAMPLE
from app.papers import forms, service
from tests.catalogue_fixtures import item

FORM_KEY = "hukou-spouse"
MATERIAL = "HUKOU-SPOUSE-M04"
_MAIN = "word/document.xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def blank(key: str = FORM_KEY, code: str = MATERIAL) -> bytes:
    """The blank form of one material of the demo city."""
    one = item(key)
    material = next(each for each in one["materials"] if each["material_code"] == code)
    return forms.draw(forms.form_of(one, material))


def pdf_with(more: bytes) -> bytes:
    """A PDF with one more object in it."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n" + more + b"\nendobj\n%%EOF\n"


def stream(packed: bytes, dictionary: bytes = b"/Filter /FlateDecode") -> bytes:
    """An object that holds bytes."""
    return b"<< /Length %d %s >>\nstream\n" % (len(packed), dictionary) + packed + b"\nendstream"


def docx(**parts: bytes | str) -> bytes:
    """A Word file, always of the same bytes; `parts` are added, with / written as __ and . as _dot_."""
    told: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types><Override PartName="/{_MAIN}" ContentType="{_WORD}"/></Types>',
        _MAIN: "<w:document><w:t>申请表</w:t></w:document>",
    }
    told.update({name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in told.items():
            packed.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def xlsx() -> bytes:
    """An Excel file as a clerk makes it."""
    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = "姓名"
    book.save(out)
    return out.getvalue()


def form_item(**files: str) -> dict[str, Any]:
    """An item whose form names its files: `blank` and `sample` by their SHA-256."""
    one = item(FORM_KEY)
    material = next(each for each in one["materials"] if each["material_code"] == MATERIAL)
    names = {"blank": BLANK, "sample": SAMPLE}
    material.update({names[kind]: sha256 for kind, sha256 in files.items()})
    return one


def kept(content: bytes | None = None, name: str = "申请表.pdf") -> str:
    """A stored paper's SHA-256."""
    return service.keep(content or blank(), name, None).sha256
