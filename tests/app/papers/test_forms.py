"""What stands on a drawn form, read back by a program that knows nothing of ours."""

import io
import json
import re
from typing import Any

from pypdf import PdfReader

from app import check_characters, clock
from app.papers import forms, letters, pdf
from commands import demo_papers
from tests.catalogue_fixtures import item
from tests.city_fixtures import document
from tests.paper_fixtures import FORM_KEY, MATERIAL


def form(key: str = FORM_KEY, code: str = MATERIAL, **changes: Any) -> forms.Form:
    one = item(key, **changes)
    return forms.form_of(one, next(each for each in one["materials"] if each["material_code"] == code))


def sample(of: forms.Form) -> bytes:
    return forms.draw(of, demo_papers._filled(of, document("samples.json")))


def words(content: bytes) -> str:
    """The text of a PDF, without blanks."""
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_blank_form_asks_all_that_the_item_asks() -> None:
    told = words(forms.draw(form()))

    assert all(asked["label"] in told for asked in item(FORM_KEY)["form"])
    assert "户口迁移申请表" in told
    assert item(FORM_KEY)["task_code"] in told
    assert "市公安局第1版2026-11-20" in told
    assert "第1页共1页" in told
    assert forms.SAMPLE_MARK not in told


def test_a_sample_is_filled_in_with_nobody_and_marked() -> None:
    told = words(sample(form()))

    assert "张三" in told
    assert "虚构" in told
    assert "350102********018X" in told


def test_the_numbers_of_samples_keep_their_rules() -> None:
    samples = document("samples.json")

    assert check_characters.citizen_number(samples["citizen_number"], today=clock.today())
    assert check_characters.organisation_code_is_right(samples["organisation_code"])


def test_a_paper_that_is_written_freely_has_lines_and_no_promise() -> None:
    of = form("marry", "MARRY-M03")
    told = words(sample(of))

    assert (of.writes, of.promises) == (True, False)
    assert "正文" in told
    assert "本人张三" in told


def test_a_long_form_goes_over_several_pages_and_counts_them() -> None:
    fields = [{"key": f"f{n}", "label": f"第{n}项", "kind": "long_text"} for n in range(30)]
    told = words(forms.draw(form(form=fields)))

    assert "第1页共4页" in told
    assert "第4页共4页" in told


def test_the_same_form_is_always_the_same_bytes() -> None:
    assert forms.draw(form()) == forms.draw(form())
    assert sample(form()) == sample(form())
    assert forms.recipe(form()) == forms.recipe(form())
    assert forms.recipe(form()) != forms.recipe(form(task_name="户口迁入"))


def test_only_titles_are_bold() -> None:
    drawn = PdfReader(io.BytesIO(forms.draw(form()))).pages[0].get_contents()
    assert drawn is not None
    bold = re.findall(rb"q\n[^q]*? 2 Tr .*? ET\nQ", drawn.get_data(), re.DOTALL)

    assert (len(bold), drawn.get_data().count(b" 2 Tr ")) == (2, 2)  # the title, and above the notes


def test_no_line_begins_with_a_closing_mark() -> None:
    lines = list(pdf.wrapped("一二三四，五六七八。", letters.width_of("一二三四", 10), 10))

    assert lines == ["一二三四，", "五六七八。"]


def test_the_font_has_every_letter_that_the_demo_city_uses() -> None:
    used = set(json.dumps([document("items.json"), document("samples.json")], ensure_ascii=False))

    assert sorted(used - letters._letters_of("NotoSansSC")) == []
