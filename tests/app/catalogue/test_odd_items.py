"""Items that hold anything at all (任意内容的事项): the rules name what is wrong and never fall over."""

import pytest

from app.catalogue import rules
from tests.catalogue_fixtures import item

STRANGE: tuple[object, ...] = ([], {}, [[]], 1.5, {"a": []}, "\ud800", None)


@pytest.mark.parametrize(
    "part", ["kind", "known_from", "answered_by", "key", "label", "choices", "max_length", "required"]
)
def test_whatever_a_form_holds_is_looked_at(part: str) -> None:
    for strange in STRANGE:
        found = rules.check(item(form=[{"key": "a", "label": "甲", "kind": "text", part: strange}]))
        "".join(one.field + one.sentence for one in found).encode()


@pytest.mark.parametrize("field", ["task_type", "task_code", "theme", "\ud800"])
def test_half_a_character_is_named_in_words_that_can_be_shown(field: str) -> None:
    first, *_ = rules.check(item() | {field: "\ud800"})

    assert (first.rule, bool(f"{first.field}{first.sentence}".encode())) == ("characters", True)
