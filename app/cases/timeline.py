"""The timeline of a case (办件经过): every step leaves one line that the citizen can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import channels, clock, on_behalf, rows
from app.cases.models import CaseEvent
from app.cases.officers import Officer
from app.cases.states import Party
from app.delegations import acting as delegations
from app.on_behalf import Agent, Helper


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: the name is what the citizen reads, the parties are those of the states table."""

    kind: str
    name: str
    parties: frozenset[Party] = frozenset()
    clerk_id: int | None = None


CITIZEN = Actor("citizen", "申请人", frozenset({Party.CITIZEN}))
SYSTEM = Actor("system", "系统", frozenset({Party.SYSTEM}))
# Into the table itself, and put together once: every step writes a line, and nobody reads back what he wrote.
_LINES = CaseEvent.metadata.tables[CaseEvent.__tablename__]
_LINE = insert(_LINES)
_LINE_ONCE = _LINE.on_conflict_do_nothing(
    index_elements=[CaseEvent.case_id, CaseEvent.kind, CaseEvent.reference],
    index_where=CaseEvent.reference.is_not(None),
)


def clerk(officer: Officer) -> Actor:
    """A clerk as an actor; the citizen can see who handled the case."""
    return Actor("clerk", officer.name, officer.parties, officer.clerk_id)


def note(
    session: Session,
    *,
    case_id: int,
    kind: str,
    actor: Actor,
    sentence: str,
    reference: str | None = None,
) -> None:
    """Write one line; a line about the same `reference` is written once. The sentence is never personal.

    What an agent does in the citizen's place stands under the agent's name (代办人), what a clerk types
    beside them under both (帮办); either is written down.
    """
    line = _line(case_id=case_id, kind=kind, actor=actor, sentence=sentence, reference=reference)
    session.execute(_LINE if reference is None else _LINE_ONCE, line)
    if _in_their_place(actor) is not None:
        delegations.note(session, kind=kind, reference=f"case:{case_id}", sentence=sentence)


def note_each(session: Session, sentences: Mapping[int, str], *, kind: str, actor: Actor) -> None:
    """Write one line for each of several cases, by case: what `note` writes, in one go."""
    lines = [
        _line(case_id=case_id, kind=kind, actor=actor, sentence=sentence)
        for case_id, sentence in sentences.items()
    ]
    rows.add(session, _LINES, lines)
    if _in_their_place(actor) is not None:
        for case_id, sentence in sentences.items():
            delegations.note(session, kind=kind, reference=f"case:{case_id}", sentence=sentence)


def _line(
    *, case_id: int, kind: str, actor: Actor, sentence: str, reference: str | None = None
) -> dict[str, Any]:
    named = _in_their_place(actor)
    return {
        "case_id": case_id,
        "kind": kind,
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_name": actor.name if named is None else named.title,
        "delegation_id": named.delegation_id if isinstance(named, Agent) else None,
        "clerk_id": actor.clerk_id,
        "channel": None if Party.SYSTEM in actor.parties or actor.kind == "system" else channels.current(),
        "sentence": sentence,
        "reference": reference,
    }


def _in_their_place(actor: Actor) -> Agent | Helper | None:
    """Who acts for the citizen, or types for them, when the actor is the citizen."""
    if actor.kind != CITIZEN.kind:
        return None
    return on_behalf.agent() or on_behalf.helper()
