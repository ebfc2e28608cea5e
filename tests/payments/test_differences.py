"""Differences about money: every kind that the code knows can be read by a person."""

import ast
from pathlib import Path

from payments import desk_lists

ROOT = Path(__file__).resolve().parents[2]


def kinds_in_code(room: Path) -> set[str]:
    """Every kind that is recorded somewhere."""
    return {
        keyword.value.value
        for path in room.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "kind"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


def test_every_kind_of_difference_has_a_sentence_of_its_own() -> None:
    kinds = kinds_in_code(ROOT / "payments")

    assert "lost_at_channel" in kinds
    assert kinds == set(desk_lists.SENTENCES)
