"""What was just answered is not asked again in the form (情形回答预填)."""

from typing import Any

import pytest

from app.cases import forms, prefilling, queries, service
from app.catalogue import rules
from app.db import unit_of_work
from tests import case_fixtures as cases
from tests.catalogue_fixtures import item, publish

SCHOOL, ELDER = item("school-enrol"), item("elder-card")


@pytest.fixture(autouse=True)
def _items(citizen: int) -> None:
    publish(SCHOOL, ELDER)


def begin(citizen: int, task_code: str, **answers: str) -> str:
    with unit_of_work() as session:
        return service.start(session, citizen_id=citizen, task_code=task_code, answers=answers)[0].case_no


def form(citizen: int, case_no: str) -> forms.Form:
    with unit_of_work() as session:
        return forms.opened(queries.case_of(session, citizen_id=citizen, case_no=case_no).sealed_form)


def test_a_date_and_a_choice_stand_in_the_form_with_their_source(citizen: int) -> None:
    found = form(
        citizen, begin(citizen, SCHOOL["task_code"], stage="primary", born="2020-03-01", local="yes")
    )

    assert (found.values["stage"], found.values["child_born"]) == ("小学一年级", "2020-03-01")
    assert (found.sources["stage"], found.sources["child_born"]) == (prefilling.ANSWERED,) * 2


def test_what_the_form_does_not_word_alike_or_is_no_answer_is_asked(citizen: int) -> None:
    found = form(citizen, begin(citizen, ELDER["task_code"], born="unknown", home="away"))

    assert "home" not in found.values


def test_another_answer_changes_the_form_and_none_clears_it(citizen: int) -> None:
    case_no = begin(citizen, ELDER["task_code"], home="local")

    begin(citizen, ELDER["task_code"], home="living")
    assert form(citizen, case_no).values["home"] == "户口在外地，住在本市"
    begin(citizen, ELDER["task_code"], home="away")

    assert "home" not in form(citizen, case_no).values


def test_what_was_typed_over_stays(citizen: int) -> None:
    case_no = begin(citizen, SCHOOL["task_code"], born="2020-03-01")
    cases.fill(citizen, case_no, child_born="2020-03-02")

    begin(citizen, SCHOOL["task_code"], born="2020-05-05")

    assert form(citizen, case_no).values["child_born"] == "2020-03-02"


def test_a_form_without_such_fields_is_left_alone(citizen: int) -> None:
    case_no = cases.start(citizen)
    before = form(citizen, case_no)

    begin(citizen, item()["task_code"], come="yes")

    assert form(citizen, case_no) == before


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("nobody", "没有这个问题"),
        ("local", "要都是日期，或者都是单选"),
        ("stage", "要都是日期，或者都是单选"),
        (3, "要写问题的代号"),
    ],
)
def test_a_guide_names_a_question_that_can_answer(link: Any, sentence: str) -> None:
    wrong = [
        {**field, "answered_by": link} if field["key"] == "child_born" else field for field in SCHOOL["form"]
    ]

    found = rules.check(SCHOOL | {"form": wrong})

    assert any(sentence in one.sentence for one in found if one.refuses)


def test_a_choice_needs_words_in_common(citizen: int) -> None:
    del citizen
    wrong = [
        {**field, "choices": ["甲", "乙"]} if field["key"] == "stage" else field for field in SCHOOL["form"]
    ]

    assert any("没有一个选项的文字是一样的" in one.sentence for one in rules.check(SCHOOL | {"form": wrong}))
