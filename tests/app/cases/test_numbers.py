import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases import numbers
from app.check_characters import mod_37_36
from app.db import unit_of_work


def test_a_number_says_region_and_day_and_has_its_check_character(city: None) -> None:
    with unit_of_work() as session:
        number = numbers.new_case_no(session)

    assert number.startswith("35010020261116")
    assert len(number) == 23
    assert number[-1] == mod_37_36(number[:-1])


def test_no_number_comes_twice(city: None) -> None:
    with unit_of_work() as session:
        drawn = {numbers.new_case_no(session) for _ in range(200)}

    assert len(drawn) == 200


def test_a_number_is_read_as_people_type_it(city: None) -> None:
    with unit_of_work() as session:
        number = numbers.new_case_no(session)

    assert numbers.case_no(f" {number[:6]} {number[6:14]} {number[14:].lower()} ") == number


@given(st.integers(0, 99_999_999), st.integers(0, 22), st.sampled_from("0123456789"))
def test_a_slip_of_one_digit_is_no_number(sequence: int, place: int, digit: str) -> None:
    body = f"35010020261116{sequence:08d}"
    number = body + mod_37_36(body)
    slipped = number[:place] + digit + number[place + 1 :]

    assert (numbers.case_no(slipped) == slipped) is (slipped == number)


@pytest.mark.parametrize("text", ["", "350100", "../../etc/passwd", "3501002026111600000001!"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert numbers.case_no(text) is None


def test_a_query_code_is_six_digits() -> None:
    assert all(len(code) == 6 and code.isdigit() for code in (numbers.new_query_code() for _ in range(50)))
