"""Rare letters of names on paper, read back by a program that knows nothing of ours."""

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import reportlab
from pypdf import PdfReader
from reportlab.pdfbase.ttfonts import TTFont

from app import settings
from app.papers import letters
from app.papers.pdf import BODY, INNER, Pages, wrapped
from tests.races import Meeting, together

OTHER = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"  # has a letter that ours lacks: ł


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What was read of fonts holds for a process; here for a test."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    letters._printed.cache_clear()
    letters._letters_of.cache_clear()
    letters._read.cache_clear()


@pytest.fixture
def more_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The city has a font that cannot be read and one that can; the former's file."""
    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes(OTHER.read_bytes()[:200])
    found = replace(settings.current(), paper_fonts=(damaged, OTHER))
    monkeypatch.setattr(settings, "current", lambda: found)
    return damaged


def printed(said: str) -> str:
    pages = Pages(title="", author="", footer=said)
    pages.heading(said)
    pages.paragraph(said)
    return PdfReader(io.BytesIO(pages.finish())).pages[0].extract_text()


def test_a_letter_of_no_font_is_printed_as_its_number(environment: dict[str, str]) -> None:
    assert printed("李𠮷").count("李〔U+20BB7〕") == 3


def test_a_letter_is_printed_by_the_font_that_has_it(environment: dict[str, str], more_fonts: Path) -> None:
    told = printed("Paweł李𠮷明")

    assert told.count("Paweł李〔U+20BB7〕明") == 3
    assert [run.font for run in letters.runs("李ł明")] == ["NotoSansSC", "added-1", "NotoSansSC"]


def test_a_line_is_as_wide_as_it_is_printed(environment: dict[str, str]) -> None:
    named = "𠮷" * 30
    lines = list(wrapped(named, INNER, BODY))

    assert "".join(lines) == named
    assert max(letters.width_of(line, BODY) for line in lines) <= INNER
    assert letters.width_of("𠮷", BODY) == letters.width_of("〔U+20BB7〕", BODY)


@pytest.mark.parametrize("unseen", ["\u200d", "\ufe0f", "\U000e0101", "\x07"])
def test_what_cannot_be_seen_is_not_printed(environment: dict[str, str], unseen: str) -> None:
    assert letters.runs(f"葛{unseen}城") == [letters.Run("NotoSansSC", "葛城")]


def test_the_usual_letters_are_one_run(environment: dict[str, str]) -> None:
    assert letters.runs("张三，2026年") == [letters.Run("NotoSansSC", "张三，2026年")]
    assert letters.runs("") == [letters.Run("NotoSansSC", "")]


def read_by_four(monkeypatch: pytest.MonkeyPatch, pause: Callable[[], object]) -> int:
    """How often four threads that need a font at once read it, when reading it takes a moment."""
    at_once = Meeting(4)

    def slowly(*given: str) -> object:
        times.append(given[0])
        if given[0] == "added-1":
            pause()
        return TTFont(*given)

    def ask() -> object:
        at_once.wait()
        return letters.runs("ł")

    times: list[str] = []
    letters.runs("明")
    monkeypatch.setattr(letters, "TTFont", slowly)
    together(*[ask] * 4)
    return times.count("added-1")


def test_a_font_that_many_need_at_once_is_read_once(
    database: None, more_fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_by_four(monkeypatch, lambda: time.sleep(0.3)) == 1


def test_control_without_the_lock_it_is_read_again(
    database: None, more_fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "_reading", contextlib.nullcontext())

    assert read_by_four(monkeypatch, Meeting(2).wait) > 1


def test_a_program_does_not_start_with_what_is_no_font(
    environment: dict[str, str], more_fonts: Path, tmp_path: Path
) -> None:
    letters.refuse_unusable()  # its first bytes are those of a font
    more_fonts.write_bytes(b"OTTO")

    with pytest.raises(settings.UnsafeSettingError, match=r"damaged\.ttf is no TrueType font"):
        letters.refuse_unusable()
