"""The files of documents: the same bytes whoever draws them, whole however long the text."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text, update

from app import settings
from app.crypto import cipher
from app.db import unit_of_work
from app.documents import drawing, jobs, queries, seal
from app.documents.drawing import Printed
from app.documents.errors import DocumentFileMissing, DocumentNotDrawn
from app.documents.kinds import Kind
from app.documents.models import Document
from app.documents.sheet import Part, Sheet, opened, sealed
from app.storage import storage
from tests import case_fixtures
from tests.document_fixtures import of_case, of_kind, words, words_of
from tests.races import together

PRINTED = Printed(
    "一次性告知书", "〔2026〕补字第000001号", "市公安局", date(2026, 11, 21), "http://x/verify/y"
)
SHEET = Sheet("王小明", "您申请办理的“补领”", (("事项", "补领"),))
LONG = SHEET.__class__(
    addressee="王" * 50,
    opening="事" * 200,
    rows=(("事项", "事" * 200), ("电话", "8" * 64)),
    parts=(Part("理由", ("由" * 2000,)), Part("依据", ("！" * 500,)), Part("长词", ("W" * 900,))),
)


def draw(sheet: Sheet, printed: Printed = PRINTED) -> bytes:
    return drawing.draw(printed, sheet, seal.current().mark(dept_code="", dept_name=""))


@pytest.fixture
def notice(citizen: int, deliver: Any) -> Document:
    """A notice of acceptance whose file is not drawn yet."""
    case_no = case_fixtures.accepted(citizen)
    deliver()
    return of_case(case_no)[0]


def again(document: Document) -> Document:
    with unit_of_work() as session:
        return queries.document(session, document_id=document.id)


def test_a_notice_says_what_the_law_asks(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    said = words(of_kind(case_no, Kind.ACCEPTANCE))

    for part in (
        *("业务受理通知书", "〔2026〕受字第000001号", "王小明", case_no, "市公安局"),
        *("2026年11月16日", "承诺办结", "法定期限", "40.00元", "咨询电话", "第1页共1页"),
        *("演示用章", "没有法律效力"),
    ):
        assert part in said
    assert case_fixtures.CITIZEN_NUMBER not in said
    assert "1****************X" in said


def test_the_fonts_are_in_the_file() -> None:
    page: Any = PdfReader(io.BytesIO(draw(SHEET))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    chinese = [font for font in fonts if "NotoSans" in str(font["/BaseFont"])]

    assert chinese
    for font in chinese:
        described = font.get("/FontDescriptor") or font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in described.get_object()


def test_the_same_document_gives_the_same_bytes() -> None:
    assert draw(LONG) == draw(opened(sealed(LONG)))


def test_long_text_goes_over_pages_and_nothing_is_lost() -> None:
    content = draw(LONG)
    said = words_of(content)

    assert (said.count("由"), said.count("W")) == (2000 + 1, 900)  # and the heading 理由
    assert len(PdfReader(io.BytesIO(content)).pages) == said.count("共")


def test_odd_characters_do_no_harm() -> None:
    said = words_of(draw(replace(SHEET, addressee="王\x00\u202e小\ud7ff明\n\n李", opening="一\t二\u200b三")))

    assert "李：" in said
    assert "\x00" not in said


def test_a_job_that_runs_again_draws_nothing_new(notice: Document) -> None:
    assert jobs.draw_waiting() == 1
    drawn = again(notice)

    assert jobs.draw_waiting() == 0
    assert again(notice).drawn_at == drawn.drawn_at
    assert queries.content(drawn) == jobs.bytes_of(drawn)


def test_jobs_in_parallel_leave_one_file(notice: Document) -> None:
    together(*[jobs.draw_waiting] * 4)

    assert queries.content(again(notice)).startswith(b"%PDF")


def test_of_two_files_with_different_bytes_the_first_one_stands(notice: Document) -> None:
    jobs._draw(notice)
    first = again(notice)
    late = replace_title(notice)

    assert jobs._draw(late) is False
    assert queries.content(again(notice)) == queries.content(first)


def replace_title(document: Document) -> Document:
    """The same document as another version of the program would draw it."""
    return Document(
        id=document.id,
        title="受理通知书",
        number=document.number,
        dept_code=document.dept_code,
        dept_name=document.dept_name,
        issued_on=document.issued_on,
        token=document.token,
        sealed_content=document.sealed_content,
    )


def test_one_that_cannot_be_drawn_holds_up_nobody(citizen: int, deliver: Any) -> None:
    cases = [case_fixtures.accepted(who) for who in (citizen, case_fixtures.citizen("李四"))]
    deliver()
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE documents DISABLE TRIGGER documents_unchanged"))
        session.execute(
            update(Document).where(Document.id == of_case(cases[0])[0].id).values(sealed_content="{}")
        )
        session.execute(text("ALTER TABLE documents ENABLE TRIGGER documents_unchanged"))

    assert jobs.draw_waiting() == 1
    assert of_case(cases[1])[0].sha256 is not None


def test_what_is_not_drawn_or_lost_is_said(notice: Document) -> None:
    with pytest.raises(DocumentNotDrawn):
        queries.content(notice)
    jobs.draw_waiting()
    drawn = again(notice)
    storage().delete(str(drawn.storage_key))

    with pytest.raises(DocumentFileMissing):
        queries.content(drawn)


def test_production_draws_no_mark_that_looks_like_a_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    current = replace(settings.current(), environment=settings.Environment.PRODUCTION)
    monkeypatch.setattr(settings, "current", lambda: current)
    said = words_of(draw(SHEET))

    assert "此处盖章" in said
    assert "演示" not in said


def test_what_a_document_says_is_unreadable_in_the_database(notice: Document) -> None:
    with unit_of_work() as session:
        stored = session.scalar(text("SELECT sealed_content FROM documents"))

    assert "王小明".encode() not in bytes(stored)
    assert "王小明" in cipher().open(bytes(stored), purpose="documents.content").decode()
    assert notice.token not in notice.sealed_content
