"""Files that are not opened (表格安全检查)."""

import io
import zipfile

import openpyxl
import pytest

from app.catalogue import sheet_guard, sheet_reading, sheet_writing
from app.catalogue.sheet_reading import read_sheet
from tests.catalogue_fixtures import item

GOOD = sheet_writing.export([item()])


def _with(name: str, content: bytes, *, of: bytes = GOOD) -> bytes:
    """The good workbook, or another, with one part replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(of)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return made.getvalue()


def _rules(content: bytes) -> list[str]:
    return [one.finding.rule for one in read_sheet(content).findings if one.finding.refuses]


def test_a_good_workbook_passes() -> None:
    assert _rules(GOOD) == []


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = _with("xl/media/big.bin", b"\x00" * (65 * 1024 * 1024))

    assert len(bomb) < 200_000
    assert _rules(bomb) == ["size"]


def test_a_file_that_is_too_large_is_refused() -> None:
    assert _rules(b"P" * (sheet_guard.LARGEST_FILE + 1)) == ["size"]


def test_words_that_grow_without_end_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><sst>&c;</sst>'

    assert _rules(_with("xl/sharedStrings.xml", bomb)) == ["doctype"]


@pytest.mark.parametrize("place", [sheet_guard._CHUNK - 5, sheet_guard._CHUNK])
def test_a_document_type_across_two_pieces_is_found(place: int) -> None:
    begin = b"<?xml version='1.0'?>"
    padded = begin + b" " * (place - len(begin)) + b"<!DOCTYPE x><x/>"

    assert _rules(_with("xl/sharedStrings.xml", padded)) == ["doctype"]


@pytest.mark.parametrize(
    "content",
    [
        "<?xml version='1.0' encoding='utf-16'?><x/>".encode("utf-16"),
        "<?xml version='1.0' encoding='cp037'?><x/>".encode("cp037"),
        b"<?xml version='1.0' encoding='utf-7'?><x/>",
        b"<?xml version='1.0'" + b" " * 70_000 + b"encoding='cp037'?><x/>",
        b"<?xml version='1.0' encoding='cp037'?>" + "<!DOCTYPE x><x/>".encode("cp037"),
    ],
)
def test_a_part_in_another_encoding_is_refused(content: bytes) -> None:
    assert _rules(_with("xl/sharedStrings.xml", content)) == ["encoding"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_sheet_that_is_called_a_picture_is_looked_at_too(encoding: str) -> None:
    hidden = "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>".encode(encoding)

    assert _rules(_with("xl/media/picture.png", hidden)) in (["doctype"], ["encoding"])


def test_too_many_parts_are_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for number in range(300):
            packed.writestr(f"xl/{number}.xml", b"<x/>")

    assert _rules(made.getvalue()) == ["parts"]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 not a zip", b"name,code\n", GOOD[: len(GOOD) // 2]],
    ids=["nothing", "no zip", "text", "half"],
)
def test_what_is_no_workbook_is_one_named_fault(content: bytes) -> None:
    assert _rules(content) == ["file"]


def test_another_zip_is_no_workbook() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("word/document.xml", b"<x/>")

    assert _rules(made.getvalue()) == ["file"]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize(
    "content", [b"<", b"<x/>", b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>"]
)
def test_a_damaged_part_is_a_named_fault(part: str, content: bytes) -> None:
    assert read_sheet(_with(part, content)).refused


def test_a_sheet_that_claims_to_be_endless_is_read_by_what_it_holds() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    claimed = sheet.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')

    assert _rules(_with("xl/worksheets/sheet1.xml", claimed)) == []


def test_a_row_far_down_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as packed:
        sheet = packed.read("xl/worksheets/sheet3.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048000"><c r="A1048000"><v>1</v></c></row></sheetData>')

    assert _rules(_with("xl/worksheets/sheet3.xml", far)) == ["size"]


@pytest.mark.filterwarnings("ignore:Workbook contains no stylesheet")
def test_a_workbook_without_styles_is_read_all_the_same() -> None:
    assert _rules(_with("xl/styles.xml", b"<x/>")) == []


def test_more_cells_than_any_list_has_are_refused_before_they_are_read() -> None:
    many = (
        b"<?xml version='1.0'?><worksheet><sheetData>" + b"<row/>" * 6_000_001 + b"</sheetData></worksheet>"
    )

    assert _rules(_with("xl/worksheets/sheet2.xml", many)) == ["size"]


def test_faults_without_end_are_not_all_kept() -> None:
    cell = b"<c><f>1</f></c>"
    sheet = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
    sheet += (b"<row>" + cell * 50 + b"</row>") * 500 + b"</sheetData></worksheet>"
    found = read_sheet(_with("xl/worksheets/sheet2.xml", sheet)).findings

    assert len(found) == sheet_reading.MOST_FAULTS + 1
    assert found[-1].finding.rule == "size"


def test_a_sheet_that_is_not_ours_is_not_even_read() -> None:
    """Its size is not asked for: a thousand names for one long part would be a thousand readings."""
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.create_sheet("别的表")
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as packed:
        last = [name for name in packed.namelist() if "worksheets/sheet" in name][-1]
    broken = _with(last, b"<worksheet><sheetData><row>", of=made.getvalue())

    assert _rules(broken) == []
