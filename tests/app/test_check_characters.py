import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.check_characters import (
    CitizenNumberFault,
    CitizenNumberWrong,
    citizen_number,
    mod_37_36,
    organisation_code_is_right,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parent.parent / "data" / "id_vectors.json").read_text(encoding="utf-8")
)
TODAY = date(2026, 11, 20)
# The data names two texts "invalid" only as they are written: normalised, they are right.
MENDED = {"11010519491231002x", "１１０１０５19491231002X"}


@pytest.mark.parametrize("number", VECTORS["citizen_id"]["valid"])
def test_a_right_citizen_number_is_taken_as_it_is(number: str) -> None:
    assert citizen_number(number, today=TODAY) == number


@pytest.mark.parametrize("number", sorted(MENDED))
def test_small_x_and_full_width_digits_are_mended(number: str) -> None:
    assert citizen_number(number, today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    "number", [case["v"] for case in VECTORS["citizen_id"]["invalid"] if case["v"] not in MENDED]
)
def test_a_wrong_citizen_number_is_refused(number: str) -> None:
    with pytest.raises(CitizenNumberWrong):
        citizen_number(number, today=TODAY)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", CitizenNumberFault.EMPTY),
        ("1101051949", CitizenNumberFault.LENGTH),
        ("1101051949123100AX", CitizenNumberFault.CHARACTERS),
        ("110105194902300021", CitizenNumberFault.BIRTH_DATE),
        ("110105194912310021", CitizenNumberFault.CHECK),
    ],
)
def test_the_fault_is_named(number: str, fault: CitizenNumberFault) -> None:
    with pytest.raises(CitizenNumberWrong) as refused:
        citizen_number(number, today=TODAY)

    assert refused.value.fault is fault


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "350182"])
def test_residents_of_hong_kong_macao_taiwan_and_old_counties_are_taken(region: str) -> None:
    body = f"{region}19900101001"
    right = [f"{body}{check}" for check in "0123456789X" if _taken(f"{body}{check}")]

    assert len(right) == 1


@given(st.text(max_size=24))
def test_no_text_breaks_the_check(text: str) -> None:
    assert _taken(text) in {True, False}


@pytest.mark.parametrize("code", VECTORS["uscc"]["valid"])
def test_a_right_organisation_code_is_known(code: str) -> None:
    assert organisation_code_is_right(code)


@pytest.mark.parametrize("code", [case["v"] for case in VECTORS["uscc"]["invalid"]])
def test_a_wrong_organisation_code_is_known(code: str) -> None:
    assert not organisation_code_is_right(code)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=40), st.data())
def test_the_check_character_finds_every_single_slip(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    slipped = text[:place] + other + text[place + 1 :]

    assert (mod_37_36(slipped) == mod_37_36(text)) is (slipped == text)


def _taken(text: str) -> bool:
    try:
        citizen_number(text, today=TODAY)
    except CitizenNumberWrong:
        return False
    return True
