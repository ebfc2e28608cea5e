"""A planned change tried on past cases (变更推演): who would have been asked for what.

Every case keeps the answers of its citizen and the version it was handed in under. Both versions are
evaluated for the same person on the same day, by the same engine that will do it for the next one.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import forms
from app.cases.models import Case
from app.catalogue.cards import limit_text
from app.catalogue.models import GuideVersion
from app.publishing import machine_replay
from app.publishing.machine_replay import MachineTried
from app.situations import guide as situations
from app.situations.guide import ForPerson

Body = Mapping[str, Any]

LOOKS_BACK = timedelta(days=365)
MOST_CASES = 1000
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Told:
    """What one version tells one person: what to bring by name, fen, a limit, whether they may."""

    materials: frozenset[str]
    fee_fen: int | None
    limit: str
    visits: int
    eligible: bool
    fields: frozenset[str]
    questions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One case that the change would have touched; `new_questions` open, the rest is what is known so far."""

    case_no: str
    submitted_on: date
    more: list[str]
    fewer: list[str]
    fields: list[str]
    new_questions: list[str]
    fee: tuple[int | None, int | None] | None
    limit: tuple[str, str] | None
    visits: tuple[int, int] | None
    refused: bool
    admitted: bool


@dataclass(slots=True)
class Replay:
    """All cases that were looked at, how many would differ, and by what; the newest differing ones whole.

    `machine`: what the planned review points would have decided (秒批推演).
    """

    since: date
    cases: int = 0
    touched: int = 0
    more: Counter[str] = field(default_factory=Counter)
    fewer: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    dearer: int = 0
    cheaper: int = 0
    limits: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    admitted: int = 0
    shown: list[Difference] = field(default_factory=list)
    machine: MachineTried | None = None


def replay(session: Session, *, task_code: str, planned: Body) -> Replay:
    """Try a planned body on the item's cases of the last year, the newest MOST_CASES of them."""
    since = clock.today() - LOOKS_BACK
    asked = (
        select(Case.case_no, Case.submitted_at, Case.sealed_answers, Case.guide_version_id)
        .where(Case.task_code == task_code, Case.submitted_at >= clock.now() - LOOKS_BACK)
        .order_by(Case.submitted_at.desc())
        .limit(MOST_CASES)
    )
    rows = session.execute(asked).all()
    bodies = _bodies(session, {row.guide_version_id for row in rows})
    done = Replay(since)
    for row in rows:
        _count(done, _difference(row, before=bodies[row.guide_version_id], after=planned))
    done.machine = machine_replay.tried(
        session, task_code=task_code, planned=planned, since=clock.now() - LOOKS_BACK, most=MOST_CASES
    )
    return done


def told(body: Body, answers: Mapping[str, object], *, day: date) -> Told:
    """What somebody with these answers is told on a day."""
    table = situations.table_of(body)
    person = situations.for_person(body, situations.answers_of(table, answers), today=day)
    return Told(
        materials=frozenset(_must_bring(person)),
        fee_fen=_fee(person),
        limit=limit_text(*person.limit),
        visits=person.visits,
        eligible=person.eligible,
        fields=frozenset(one.label for one in forms.fields_of(body) if one.required),
        questions=frozenset(question.text for question in person.open_questions),
    )


def _bodies(session: Session, ids: set[int]) -> dict[int, dict[str, Any]]:
    found = session.execute(select(GuideVersion.id, GuideVersion.body).where(GuideVersion.id.in_(ids)))
    return {row.id: row.body for row in found}


def _difference(row: Row[*tuple[Any, ...]], *, before: Body, after: Body) -> Difference | None:
    day = clock.local(row.submitted_at).date()
    answers = json.loads(row.sealed_answers)
    old, new = told(before, answers, day=day), told(after, answers, day=day)
    if old == new:
        return None
    return Difference(
        case_no=row.case_no,
        submitted_on=day,
        more=sorted(new.materials - old.materials),
        fewer=sorted(old.materials - new.materials),
        fields=sorted(new.fields - old.fields),
        new_questions=sorted(new.questions - old.questions),
        fee=(old.fee_fen, new.fee_fen) if old.fee_fen != new.fee_fen else None,
        limit=(old.limit, new.limit) if old.limit != new.limit else None,
        visits=(old.visits, new.visits) if old.visits != new.visits else None,
        refused=old.eligible and not new.eligible,
        admitted=new.eligible and not old.eligible,
    )


def _count(done: Replay, found: Difference | None) -> None:
    done.cases += 1
    if found is None:
        return
    done.touched += 1
    done.more.update(found.more)
    done.fewer.update(found.fewer)
    done.fields.update(found.fields)
    done.questions.update(found.new_questions)
    if found.fee is not None and None not in found.fee:
        was, will = found.fee
        done.dearer += (will or 0) > (was or 0)
        done.cheaper += (will or 0) < (was or 0)
    if found.limit is not None:
        done.limits["→".join(found.limit)] += 1
    done.refused += found.refused
    done.admitted += found.admitted
    if len(done.shown) < SHOWN:
        done.shown.append(found)


def _must_bring(person: ForPerson) -> Sequence[str]:
    """What must be handed in: alternatives of one choice count as the choice."""
    return [
        f"{material['name']}（几项交一项）" if material.get("one_of") else str(material["name"])
        for material in person.materials
        if material.get("one_of") or material["is_need"] == situations.MANDATORY
    ]


def _fee(person: ForPerson) -> int | None:
    """What is surely due, in fen; None when it is for an office to set (核定)."""
    due = [fee["amount_fen"] for fee in person.fees if fee.get("charge", "always") == "always"]
    return None if any(amount is None for amount in due) else sum(due)
