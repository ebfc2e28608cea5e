import zlib

import pytest

from app.papers import checking
from app.papers.errors import (
    PaperActive,
    PaperDamaged,
    PaperKindUnknown,
    PaperRefused,
    PaperTooLarge,
    PaperTurned,
)
from tests.paper_fixtures import blank, docx, pdf_with, stream, xlsx
from tests.photo_fixtures import exif_of_a_phone, heic, jpeg, page, png

RELS = (
    '<Relationships><Relationship Id="r1" Type="http://x/{type}" Target="{target}" TargetMode="External"/>'
    "</Relationships>"
)
_FIELD = '<w:fldChar w:fldCharType="begin"/><w:instrText>{}</w:instrText><w:fldChar w:fldCharType="end"/>'
FIELDS = f"<w:d>{_FIELD}{_FIELD}</w:d>"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(blank(), checking.PDF), (docx(), checking.DOCX), (xlsx(), checking.XLSX), (png(), checking.PNG)],
    ids=["pdf", "docx", "xlsx", "png"],
)
def test_what_a_file_is_is_told_by_its_bytes(content: bytes, media_type: str) -> None:
    assert checking.check(content).media_type == media_type
    assert checking.check(content).content[:4] == content[:4]


def test_a_picture_keeps_nothing_but_the_picture() -> None:
    told = checking.check(jpeg(page(), exif=exif_of_a_phone(orientation=1)))

    assert told.media_type == checking.JPEG
    assert b"SECRET-PHONE" not in told.content


def test_a_picture_that_lies_on_its_side_is_to_be_turned() -> None:
    with pytest.raises(PaperTurned):
        checking.check(jpeg(page(), exif=exif_of_a_phone(orientation=6)))


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"MZ\x90", heic(page((64, 64))), b"\xd0\xcf\x11\xe0" * 9]
)
def test_other_kinds_are_refused(content: bytes) -> None:
    with pytest.raises(PaperKindUnknown):
        checking.check(content)


def test_a_large_file_is_refused_before_anything_looks_into_it() -> None:
    with pytest.raises(PaperTooLarge):
        checking.check(b"%PDF-" + bytes(checking.MAX_BYTES))


@pytest.mark.parametrize(
    "harm",
    [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<< /S /J#61vaScript /JS (x) >>",
        b"<< /S/Launch /F (calc.exe) >>",
        b"<< /Names << /EmbeddedFiles 9 0 R >> >>",
        b"<< /S /SubmitForm /F (http://x) >>",
        b"<< /AcroForm << /XFA 5 0 R >> >>",
        stream(zlib.compress(b"3 0 << /S /JavaScript >>"), b"/Type /ObjStm /Filter /FlateDecode"),
        stream(zlib.compress(b"3 0 << /S /JavaScript >>"), b""),  # whatever its dictionary says
        stream(zlib.compress(b"/Filler endstream " * 9 + b"/JavaScript", level=0)),
        stream(zlib.compress(zlib.compress(b"<< /S /Launch >>")), b"/Filter [/FlateDecode /FlateDecode]"),
        stream(zlib.compress(b"<< /S /Launch >>").hex().encode() + b">", b"/Filter [/AHx /Fl]"),
    ],
)
def test_a_pdf_that_does_something_by_itself_is_refused_wherever_it_hides_it(harm: bytes) -> None:
    with pytest.raises(PaperActive):
        checking.check(pdf_with(harm))


@pytest.mark.parametrize(
    "seal",
    [
        b"<< /Encrypt 5 0 R >>",
        stream(b"xx", b"/Filter /LZWDecode"),
        stream(b"xx", b"/Filter /#4cZW"),
        stream(b"xx", b"/Filter %\n5 0 R"),
        stream(b"xx", b"/First 9 /N 1 /Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
    ],
)
def test_a_pdf_that_cannot_be_seen_through_is_refused(seal: bytes) -> None:
    with pytest.raises(PaperDamaged):
        checking.check(pdf_with(seal))


def test_a_pdf_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(PaperDamaged):
        checking.check(pdf_with(stream(zlib.compress(bytes(101 * 1024 * 1024)))))


@pytest.mark.parametrize("busy", [b"stream\n" * 60_000, b"stream\nabcde" * 30_000, b"/Filter%" * 50_000])
def test_a_pdf_that_would_keep_us_busy_for_hours_is_refused_in_seconds(busy: bytes) -> None:
    with pytest.raises(PaperDamaged):
        checking.check(b"%PDF-1.4\n1 0 obj\n" + busy + b"\nendobj\n%%EOF")


def test_half_a_pdf_is_refused() -> None:
    with pytest.raises(PaperDamaged):
        checking.check(blank()[:-900])


@pytest.mark.parametrize(
    "content",
    [
        docx(word__vbaProject_dot_bin=b"x"),
        docx(word__activeX__activeX1_dot_xml="<x/>"),
        docx(word__embeddings__oleObject1_dot_bin=b"x"),
        docx(word__afchunk_dot_mht=b"x"),
        docx(xl__externalLinks__externalLink1_dot_xml="<x/>"),
        docx(
            word___rels__settings_dot_xml_dot_rels=RELS.format(type="attachedTemplate", target="http://x/t")
        ),
        docx(word___rels__document_dot_xml_dot_rels=RELS.format(type="hyperlink", target="file:///c:/x.exe")),
        docx(word__document_dot_xml="<w:document><w:instrText> DDEAUTO c:\\\\x </w:instrText></w:document>"),
        docx(word__document_dot_xml='<w:fldSimple w:instr="INCLUDETEXT http://x"/>'),
        docx(word__document_dot_xml="<x:d><x:instrText>&#68;DE c:\\\\x </x:instrText></x:d>"),
        docx(word__document_dot_xml=FIELDS.format("PAGE", "DDEAUTO c:\\\\x")),
        docx(word__document_dot_xml=FIELDS.format("DDEA</w:instrText><w:instrText>UTO", "PAGE")),
        docx(word__header1_dot_dat="<w:hdr><w:instrText>DDE x</w:instrText></w:hdr>"),
        docx(
            word___rels__settings_dot_xml_dot_rels=RELS.format(type="attachedTemplate", target="http://x/>")
        ),
        docx(
            word___rels__a_dot_xml_dot_rels=RELS.replace("External", "&#69;xternal").format(
                type="a", target="b"
            )
        ),
    ],
)
def test_an_office_file_that_does_something_by_itself_is_refused(content: bytes) -> None:
    with pytest.raises(PaperActive):
        checking.check(content)


@pytest.mark.parametrize(
    "content",
    [
        docx(word__document_dot_xml="<!DOCTYPE x [<!ENTITY a 'b'>]><w:document/>"),
        docx(word__document_dot_xml="<w:document/>".encode("utf-16")),
        docx(word__document_dot_xml=b'<?xml version="1.0" encoding="UTF-7"?><w:document/>'),
        docx(word__big_dot_xml=bytes(101 * 1024 * 1024)),
        docx()[:-30],
    ],
)
def test_an_office_file_that_cannot_be_seen_through_is_refused(content: bytes) -> None:
    with pytest.raises(PaperRefused):
        checking.check(content)


def test_a_macro_file_under_another_name_is_refused() -> None:
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    with pytest.raises(PaperActive):
        checking.check(docx(**{"[Content_Types]_dot_xml": f"<Types>{macro}</Types>"}))


def test_a_link_that_a_reader_has_to_tap_is_fine() -> None:
    link = RELS.format(type="hyperlink", target="https://www.gov.cn")
    assert checking.check(docx(word___rels__document_dot_xml_dot_rels=link)).media_type == checking.DOCX


def test_a_field_that_only_sounds_harmful_is_fine() -> None:
    field = FIELDS.format('HYPERLINK "http://hidden.example"', "PAGE")
    assert checking.check(docx(word__document_dot_xml=f"{field}")).media_type == checking.DOCX


def test_an_office_file_of_a_million_open_fields_is_looked_through_at_once() -> None:
    many = b"<w:d>" + b"<w:instrText>" * 200_000 + b"</w:instrText>" * 200_000 + b"</w:d>"
    assert checking.check(docx(word__document_dot_xml=many)).media_type == checking.DOCX
