import json
from pathlib import Path

import pytest

from app.catalogue import cards, codes

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "id_vectors.json").read_text(encoding="utf-8"))[
    "uscc"
]


@pytest.mark.parametrize("code", VECTORS["valid"])
def test_a_right_organisation_code_is_right(code: str) -> None:
    assert codes.uscc_is_right(code)


@pytest.mark.parametrize("code", [case["v"] for case in VECTORS["invalid"]])
def test_a_wrong_organisation_code_is_wrong(code: str) -> None:
    assert not codes.uscc_is_right(code)


def test_a_task_code_splits_into_organisation_level_and_base() -> None:
    parts = ("11350100MB99000138", "3", "350790003000")

    assert codes.parts_of_task_code("11350100MB990001383350790003000") == parts
    assert codes.parts_of_task_code("1135010 MB990001383350790003000") is None
    assert codes.parts_of_task_code("11350100MB9900013833507900030000") is None
    assert codes.parts_of_task_code("11350100MB99000138335079000300001") == parts


def test_fen_are_shown_as_yuan() -> None:
    assert [cards.yuan(fen) for fen in (0, 5, 2000, 1234567)] == ["0元", "0.05元", "20元", "12345.67元"]
