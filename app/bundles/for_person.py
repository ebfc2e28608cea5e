"""What one person needs for a bundle (一件事的办理清单): asked once, decided by part, told as one list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from app.bundles import one_questionnaire, queries, results
from app.bundles.errors import PartUnknown
from app.bundles.models import Bundle
from app.bundles.one_questionnaire import Asking, Said, SharedQuestion
from app.catalogue import together
from app.catalogue.queries import Guide
from app.checklists.errors import AnswersIncomplete
from app.situations import engine
from app.situations import guide as situations
from app.situations.engine import Answer
from app.situations.guide import ForPerson
from app.situations.known import Fact
from app.situations.tables import Kind

Answered = Mapping[str, Mapping[str, Answer]]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The parts that are wanted and can be had, in the bundle's order, with what they ask once.

    `everywhere` is what all parts of the bundle ask: a question may be named after a part that is not wanted.
    `coming` says which part will have made a question true by then: (task code, key) → the guide whose result
    is the certificate that is asked about.
    """

    bundle: Bundle
    guides: dict[str, Guide]
    steps: list[list[str]]
    shared: list[SharedQuestion]
    everywhere: list[SharedQuestion]
    coming: dict[tuple[str, str], Guide]

    def spread(self, said: Said) -> dict[str, dict[str, str]]:
        """The answers as each part calls them, by task code."""
        return one_questionnaire.spread(self.everywhere, said)


@dataclass(frozen=True, slots=True)
class PersonalPart:
    """One part and what it means for this person."""

    guide: Guide
    step: int
    person: ForPerson


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to hand in, wanted once; `giver` is the earlier part whose result it is."""

    guide: Guide
    material: Mapping[str, Any]
    mandatory: bool
    giver: Guide | None


@dataclass(frozen=True, slots=True)
class Personal:
    """The whole for one person: materials and days are those of the parts that they may apply for.

    `days`: one step after the other, the slowest part of each; working and calendar days as they are.
    """

    parts: list[PersonalPart]
    materials: list[Wanted]
    days: int


def questionnaire(session: Session, *, key: str, chosen: Collection[str] | None = None) -> Questionnaire:
    """What is asked for a bundle, or for some of its parts (task codes): two statements however many.

    Raises BundleNotFound, PartUnknown.
    """
    bundle = queries.stored(session, key=key)
    refuse_unknown(bundle, chosen or ())
    found = together.guides_of(session, task_codes=bundle.task_codes)
    keys = dict(zip(bundle.task_codes, bundle.body["items"], strict=True))
    steps = [[code for code in step if code in found] for step in _steps(bundle)]
    asking = [
        Asking(code, keys[code], situations.table_of(found[code].body)) for step in steps for code in step
    ]
    wanted = {code for code in found if not chosen or code in chosen}
    same = queries.sameness(bundle.body)
    wanted_steps = [[code for code in step if code in wanted] for step in steps]
    return Questionnaire(
        bundle,
        {code: found[code] for step in wanted_steps for code in step},
        wanted_steps,
        one_questionnaire.merged([one for one in asking if one.code in wanted], same),
        one_questionnaire.merged(asking, same),
        _coming(found, wanted_steps),
    )


def refuse_unknown(bundle: Bundle, chosen: Collection[str]) -> None:
    """Raises PartUnknown for items that the bundle does not hold."""
    unknown = set(chosen) - set(bundle.task_codes)
    if unknown:
        raise PartUnknown(
            errors={"parts": [f"这个“一件事”里没有事项{code[:64]}" for code in sorted(unknown)]}
        )


def of(
    guides: Mapping[str, Guide], steps: Sequence[Sequence[str]], answers: Answered, *, today: date
) -> Personal:
    """What follows for somebody who answered like this; parts and steps in task codes."""
    parts = [
        PersonalPart(guide, number, situations.for_person(guide.body, answers[code], today=today))
        for number, step in enumerate(steps, start=1)
        for code in step
        for guide in [guides[code]]
    ]
    possible = [part for part in parts if part.person.eligible]
    days = sum(
        max(part.person.limit[0] for part in step)
        for _, step in groupby(possible, key=lambda part: part.step)
    )
    return Personal(parts, _wanted(possible), days)


def answered(asked: Questionnaire, said: Said, *, today: date) -> dict[str, dict[str, Answer]]:
    """The answers as the engine reads them, by part; raises AnswersIncomplete by the questions' names."""
    given = asked.spread(said)
    read: dict[str, dict[str, Answer]] = {}
    open_ones: set[tuple[str, str]] = set()
    for code, guide in asked.guides.items():
        table = situations.table_of(guide.body)
        read[code] = situations.answers_of(table, given.get(code, {}))
        open_ones |= {(code, question.key) for question in engine.unanswered(table, read[code], today=today)}
    errors = {
        shared.question.key: [
            "请重新回答这一题" if asker.key in given.get(asker.code, {}) else "请回答这一题"
        ]
        for shared in asked.shared
        for asker in shared.askers
        if (asker.code, asker.key) in open_ones
    }
    if errors:
        raise AnswersIncomplete(errors=errors)
    return read


def _wanted(parts: Sequence[PersonalPart]) -> list[Wanted]:
    """Every material of the parts as `one_list` has it: the same name once, earlier results apart."""
    found: dict[tuple[str, str], Wanted] = {}
    for part in parts:
        earlier = {
            results.result_of(one.guide): one.guide
            for one in parts
            if one.step < part.step and results.result_of(one.guide)
        }
        for material in part.person.materials:
            name = results.name_of(material)
            mandatory = material["is_need"] == situations.MANDATORY and not material.get("one_of")
            giver = earlier.get(name)
            key = (name, giver.task_code if giver else "")
            held = found.get(key)
            if held is None:
                found[key] = Wanted(part.guide, material, mandatory, giver)
            elif mandatory and not held.mandatory:
                found[key] = replace(held, mandatory=True)
    # Of several of which any one is enough, one that must be there anyway is enough.
    enough = {_choice(one) for one in found.values() if one.mandatory} - {None}
    return [one for one in found.values() if one.mandatory or _choice(one) not in enough]


def _choice(wanted: Wanted) -> tuple[str, str] | None:
    one_of = wanted.material.get("one_of")
    return (wanted.guide.task_code, str(one_of)) if one_of else None


def _coming(guides: Mapping[str, Guide], steps: Sequence[Sequence[str]]) -> dict[tuple[str, str], Guide]:
    """Who will hold a certificate because an earlier step of the same application gives it."""
    found: dict[tuple[str, str], Guide] = {}
    earlier: dict[str, Guide] = {}
    for step in steps:
        for code in step:
            for question in situations.table_of(guides[code].body).questions:
                asks = question.kind is Kind.YES_NO and question.known_from == Fact.CERTIFICATE
                names = [results.squeezed(name) for name in question.known_by] if asks else []
                giver = next((earlier[name] for name in names if name in earlier), None)
                if giver is not None:
                    found[code, question.key] = giver
        earlier |= {name: guides[code] for code in step if (name := results.result_of(guides[code]))}
    return found


def _steps(bundle: Bundle) -> list[list[str]]:
    codes = dict(zip(bundle.body["items"], bundle.task_codes, strict=True))
    return [[codes[key] for key in step] for step in bundle.body["parallel"]]
