"""What several parts of a bundle ask is asked once (一次问清)."""

from typing import Any

from app.bundles.one_questionnaire import Asking, Sameness, SharedQuestion, merged, spread
from app.situations.tables import read

WHEN = [{"q": "married", "is": "yes"}]


def question(key: str, text: str = "是吗？", kind: str = "yes_no", **more: Any) -> dict[str, Any]:
    return {"key": key, "text": text, "kind": kind, **more}


def part(code: str, *questions: dict[str, Any]) -> Asking:
    return Asking(code, f"item-{code}", read({"questions": list(questions)}))


def asked(*parts: Asking, same: dict[str, list[str]] | None = None) -> list[SharedQuestion]:
    return merged(parts, [Sameness(text, frozenset(names)) for text, names in (same or {}).items()])


def told(shared: list[SharedQuestion]) -> list[tuple[str, str, int]]:
    return [(one.question.key, one.question.text, len(one.askers)) for one in shared]


def test_the_same_question_of_two_parts_is_asked_once() -> None:
    found = asked(part("A", question("married")), part("B", question("married"), question("local")))

    assert told(found) == [("item-A-married", "是吗？", 2), ("item-B-local", "是吗？", 1)]


def test_questions_that_only_share_a_key_stay_two() -> None:
    found = asked(part("A", question("born", "您哪天出生？")), part("B", question("born", "孩子哪天出生？")))

    assert len(found) == 2


def test_what_the_same_fact_proves_is_asked_once() -> None:
    fact = {"kind": "date", "known_from": "birth_date"}
    found = asked(part("A", question("born", **fact)), part("B", question("birthday", "生日？", **fact)))

    assert told(found) == [("item-A-born", "是吗？", 2)]


def test_what_the_bundle_declares_to_be_one_is_asked_once_in_its_words() -> None:
    same = {"孩子哪天出生？": ["item-A-born", "item-B-child"]}
    parts = part("A", question("born", kind="date")), part("B", question("child", "哪天？", kind="date"))

    assert told(asked(*parts, same=same)) == [("item-A-born", "孩子哪天出生？", 2)]


def test_what_is_answered_differently_is_never_one() -> None:
    same = {"哪天？": ["item-A-born", "item-B-born"]}

    assert len(asked(part("A", question("born", kind="date")), part("B", question("born")), same=same)) == 2


def test_conditions_keep_to_their_question_under_its_new_name() -> None:
    local = question("local", ask_when=WHEN)
    found = asked(part("A", question("married")), part("B", question("married"), local))

    assert [one.question for one in found[1].question.ask_when] == ["item-A-married"]


def test_a_question_that_one_part_asks_everybody_is_asked_everybody() -> None:
    parts = part("A", question("married"), question("local", ask_when=WHEN)), part("B", question("local"))
    found = asked(*parts)

    assert (len(found), found[1].question.ask_when) == (2, ())


def test_an_answer_reaches_every_part_that_asks_under_whatever_name() -> None:
    shared = asked(part("A", question("married")), part("B", question("married"), question("local")))

    said = {"item-B-married": "yes", "item-B-local": "no", "item-C-x": "yes"}
    assert spread(shared, said) == {"A": {"married": "yes"}, "B": {"married": "yes", "local": "no"}}
