"""What a bundle saves (办理前后对比): counted from the guides in force, never taken from a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.bundles import results
from app.catalogue.together import Part

_MANDATORY = "1"
_APPLICANT = "申请人"


@dataclass(frozen=True, slots=True)
class Change:
    """One number when every part is handled alone, and when they are handled as one matter."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The five numbers of a bundle; `slowest` is the longest limit of a single part, in days like `days`.

    materials: what everybody must give, a choice among several counting as one; the same one is asked once,
    and what an earlier part yields not at all.
    visits: parts of one step share a visit when one hall handles them all.
    days: one part after the other, against the parts of one step at the same time. Working days and calendar
    days are added as they are.
    steps: lines of the guides' procedures; what the applicant does alike for several parts is done once.
    """

    forms: Change
    materials: Change
    visits: Change
    days: Change
    steps: Change
    slowest: int


def of(parts: Mapping[str, Part], order: Sequence[Sequence[str]]) -> Figures:
    """The figures of the parts (by item key) in their order, in which parts of one step go in parallel.

    A key of the order that is no part is passed over: its item is not public any more.
    """
    staged = [[parts[key] for key in step if key in parts] for step in order]
    stages = [stage for stage in staged if stage]
    every = [part for stage in stages for part in stage]
    asked = [wanted for part in every for wanted in _asked(part)]
    lines = [line for part in every for line in _lines(part)]
    return Figures(
        forms=Change(len(every), min(1, len(every))),
        materials=Change(len(asked), len(_asked_together(stages))),
        visits=Change(sum(part.visits for part in every), sum(map(_visits_together, stages))),
        days=Change(
            sum(part.promise_day for part in every),
            sum(max(part.promise_day for part in stage) for stage in stages),
        ),
        steps=Change(len(lines), len(set(lines))),
        slowest=max((part.promise_day for part in every), default=0),
    )


def _asked(part: Part) -> set[tuple[str, ...]]:
    """What a part asks of everybody, each by what makes it the same thing in another part.

    The name decides: an identity card of the parents is another card than the applicant's, although both are
    the same kind of licence. The alternatives of a choice are the same only where all of them are.
    """
    choices: dict[str, set[str]] = {}
    alone: set[tuple[str, ...]] = set()
    for material in part.materials:
        if material.get("one_of"):
            choices.setdefault(str(material["one_of"]), set()).add(results.name_of(material))
        elif material.get("is_need") == _MANDATORY:
            alone.add((results.name_of(material),))
    return alone | {("", *sorted(names)) for names in choices.values()}


def _asked_together(stages: Sequence[Sequence[Part]]) -> set[tuple[str, ...]]:
    """What is asked of everybody once, without what is the result of an earlier step."""
    together: set[tuple[str, ...]] = set()
    yielded: set[str] = set()
    for stage in stages:
        asked = {wanted for part in stage for wanted in _asked(part)}
        together |= {wanted for wanted in asked if yielded.isdisjoint(wanted)}
        yielded |= {name for part in stage if (name := results.without_occasion(part.result_name))}
    return together


def _visits_together(stage: Sequence[Part]) -> int:
    """Visits of the parts of one step: one for all where one hall handles all, else each its own."""
    visited = [part for part in stage if part.visits]
    if not visited:
        return 0
    halls = set.intersection(*(set(part.halls) for part in visited))
    return (max if halls else sum)([part.visits for part in visited])


def _lines(part: Part) -> list[tuple[str, ...]]:
    """The lines of a part's procedure; those of the offices are its own, those of the applicant are not."""
    return [
        (str(line["name"]),)
        if line.get("role") == _APPLICANT
        else (str(line["name"]), part.task_code, str(number))
        for number, line in enumerate(part.procedure)
    ]
