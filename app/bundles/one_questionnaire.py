"""One set of questions for all parts of a bundle (一次问清): what several parts ask is asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.situations.tables import Condition, Question, Table

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asking:
    """One part and what its guide asks."""

    code: str
    item_key: str
    table: Table


@dataclass(frozen=True, slots=True)
class Asker:
    """One part's own question: the part by task code, the question by its key there."""

    code: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """What is asked once (共用问题); `question.key` is the name by which it is answered."""

    question: Question
    askers: tuple[Asker, ...]


@dataclass(frozen=True, slots=True)
class Sameness:
    """Questions that a bundle declares to be one (同一个问题), by `<item key>-<key>`, and how it is asked."""

    text: str
    names: frozenset[str]


def merged(parts: Sequence[Asking], same: Sequence[Sameness] = ()) -> list[SharedQuestion]:
    """The questions of all parts, each once, in the order of the parts.

    Questions are one when the kind and the choices agree and either the key and the words do, or both are
    answered by the same proven fact, or the bundle says so: `born` of a child is not `born` of its parent.
    """
    found: list[SharedQuestion] = []
    names: dict[tuple[str, str], str] = {}
    for part in parts:
        for question in part.table.questions:
            asker = Asker(part.code, question.key, f"{part.item_key}-{question.key}")
            declared = next((one for one in same if asker.name in one.names), None)
            asked = _as_asked(part, question, names, text=declared.text if declared else question.text)
            place = next(
                (at for at, shared in enumerate(found) if _is_one(shared, asked, asker, declared=declared)),
                None,
            )
            if place is None:
                found.append(SharedQuestion(replace(asked, key=asker.name), (asker,)))
                names[part.code, question.key] = asker.name
            else:
                found[place] = _joined(found[place], asked, asker)
                names[part.code, question.key] = found[place].question.key
    return found


def spread(shared: Sequence[SharedQuestion], said: Said) -> dict[str, dict[str, str]]:
    """The answers as each part calls them, by task code; an answer under the name of any asker counts."""
    found: dict[str, dict[str, str]] = {}
    for one in shared:
        given = next((said[asker.name] for asker in one.askers if asker.name in said), None)
        for asker in one.askers:
            answers = found.setdefault(asker.code, {})
            if given is not None:
                answers[asker.key] = given
    return found


def _as_asked(
    part: Asking, question: Question, names: Mapping[tuple[str, str], str], *, text: str
) -> Question:
    """The question with its conditions under the names of the one set."""
    conditions = tuple(
        Condition(names[part.code, one.question], one.test, one.value) for one in question.ask_when
    )
    return replace(question, text=text, ask_when=conditions)


def _is_one(shared: SharedQuestion, asked: Question, asker: Asker, *, declared: Sameness | None) -> bool:
    held = shared.question
    if (held.kind, held.choices) != (asked.kind, asked.choices):
        return False
    # Two different conditions cannot be one: a question is asked when all of them hold, never when one does.
    if held.ask_when and asked.ask_when and held.ask_when != asked.ask_when:
        return False
    if declared is not None and any(one.name in declared.names for one in shared.askers):
        return True
    alike = any(one.key == asker.key for one in shared.askers) and held.text == asked.text
    return alike or (asked.known_from is not None and _fact(held) == _fact(asked))


def _fact(question: Question) -> tuple[object, ...]:
    return question.known_from, question.known_by, question.known_as


def _joined(shared: SharedQuestion, asked: Question, asker: Asker) -> SharedQuestion:
    held = shared.question
    question = replace(
        held,
        help=held.help or asked.help,
        unit=held.unit or asked.unit,
        ask_when=held.ask_when if held.ask_when == asked.ask_when else (),
    )
    return SharedQuestion(question, (*shared.askers, asker))
