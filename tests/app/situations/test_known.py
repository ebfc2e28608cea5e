"""What is proposed as an answer: only what a fact proves, and never a no."""

from datetime import date
from typing import Any

import pytest

from app.situations import checking, known
from app.situations.known import FEMALE, LAST_TIME, MALE, Known
from app.situations.tables import read

TODAY = date(2026, 11, 21)
CITY = "350100"
MAN, WOMAN_FROM_ELSEWHERE = "35010319900228001X", "110101199002280028"


def question(**change: Any) -> dict[str, Any]:
    return {"key": "q", "text": "是吗？", "kind": "yes_no", **change}


def proposed(about: Known, **change: Any) -> tuple[object, str] | None:
    found = known.proposals(read({"questions": [question(**change)]}), about, today=TODAY).get("q")
    return None if found is None else (found.answer, found.source)


def faults(**change: Any) -> list[str]:
    table = {"questions": [question(**change)], "rows": []}
    return [said for _, said in checking.faults(table, materials=[], fees=[], today=TODAY)]


def test_a_number_tells_birthday_sex_and_where_it_was_given() -> None:
    assert known.of_number(MAN, region_code=CITY) == Known(date(1990, 2, 28), MALE, local=True)
    assert known.of_number(WOMAN_FROM_ELSEWHERE, region_code=CITY) == Known(date(1990, 2, 28), FEMALE)
    assert known.of_number(None, region_code=CITY) == Known()


def test_an_old_county_code_of_the_city_counts() -> None:
    assert known.of_number("35012219490101001X", region_code=CITY).local


@pytest.mark.parametrize(("born", "age"), [(date(2010, 11, 21), 16), (date(2010, 11, 22), 15)])
def test_an_age_is_reached_on_the_birthday(born: date, age: int) -> None:
    assert proposed(Known(born=born), kind="number", known_from="age") == (age, "实名信息里的出生日期")


def test_a_birthday_goes_to_the_one_it_belongs_to() -> None:
    about = known.of_number(MAN, region_code=CITY)

    assert proposed(about, kind="date", known_from="birth_date_if_male") is not None
    assert proposed(about, kind="date", known_from="birth_date_if_female") is None


def test_sex_is_one_of_two_choices() -> None:
    choices = [{"value": MALE, "text": "男"}, {"value": FEMALE, "text": "女"}]

    assert proposed(Known(sex=FEMALE), kind="choice", choices=choices, known_from="sex") == (
        FEMALE,
        "实名信息里的性别",
    )


def test_a_number_of_this_city_proposes_yes_and_another_proposes_nothing() -> None:
    assert proposed(Known(local=True), known_from="local_household") is not None
    assert proposed(Known(local=False), known_from="local_household") is None


def test_a_choice_says_which_of_its_answers_is_proven() -> None:
    choices = [{"value": "here", "text": "本市"}, {"value": "away", "text": "外地"}]
    asked = {"kind": "choice", "choices": choices, "known_from": "local_household", "known_as": "here"}

    assert faults(**asked) == []
    answer, _ = proposed(Known(local=True), **asked) or ("", "")
    assert answer == "here"


def test_a_certificate_proposes_yes_and_its_last_day() -> None:
    about = Known(certificates={"护照": date(2030, 1, 1), "结婚证": None})

    assert proposed(about, known_from="certificate", known_by=["结婚证"]) == ("yes", "您的电子证照：结婚证")
    ends = {"kind": "date", "known_from": "certificate_end"}
    assert proposed(about, **ends, known_by=["护照"]) == (date(2030, 1, 1), "您的电子证照：护照")
    assert proposed(about, **ends, known_by=["结婚证"]) is None


def test_whoever_has_no_certificate_here_may_have_one_on_paper() -> None:
    assert proposed(Known(), known_from="certificate", known_by=["结婚证"]) is None


def test_only_a_stable_answer_is_proposed_again_and_only_if_it_still_is_one() -> None:
    assert proposed(Known(earlier={"q": "no"}), stable=True) == ("no", LAST_TIME)
    assert proposed(Known(earlier={"q": "no"})) is None
    assert proposed(Known(earlier={"q": "maybe"}), stable=True) is None


def test_what_would_be_used_is_named_without_a_look_at_anybody() -> None:
    questions = [
        question(known_from="local_household"),
        question(key="p", known_from="certificate", known_by=["结婚证"], stable=True),
    ]

    assert known.uses(read({"questions": questions})) == [
        "身份证号开头的地区（首次登记户口的地方）",
        "电子证照：结婚证",
        LAST_TIME,
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"known_from": "shoe_size"},
        {"known_from": "birth_date"},
        {"known_from": "certificate"},
        {"known_from": "local_household", "known_by": ["结婚证"]},
        {"known_by": ["结婚证"]},
        {"known_by": []},
        {"known_by": "结婚证"},
        {"known_as": "yes"},
        {"known_from": "local_household", "known_as": "yes"},
        {"kind": "choice", "choices": [{"value": "a", "text": "甲"}], "known_from": "sex"},
        {
            "kind": "choice",
            "choices": [{"value": "a", "text": "甲"}],
            "known_from": "local_household",
            "known_as": "b",
        },
        {"kind": "choice", "choices": [{"value": "a", "text": "甲"}], "known_from": "local_household"},
        {"stable": "yes"},
    ],
)
def test_a_mapping_that_proves_nothing_is_refused_before_publication(odd: dict[str, Any]) -> None:
    assert len(faults(**odd)) == 1


def test_a_right_mapping_is_let_through() -> None:
    assert faults(known_from="certificate", known_by=["结婚证"], stable=True) == []
