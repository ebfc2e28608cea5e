"""Whether a draft is with the office, and whether its pass still holds (查询网上预审).

A pass is for just what was looked at. Nothing marks it void: whoever changes a letter or a page has another
digest, and whoever changes it back has the pass again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import correction_points, forms, organisation
from app.cases.correction_points import Kind, Point
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.precheck_errors import PrecheckRunning
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.cases.states import State
from app.catalogue import prechecking
from app.centres import working_days

# What was looked at: of each field and material by `kind:key` a sum over what it was.
Things = Mapping[str, str]


class Standing(StrEnum):
    """How it stands with a pre-check, for the applicant."""

    NONE = "none"
    ASKED = "asked"
    TO_MEND = "to_mend"
    PASSED = "passed"
    CHANGED = "changed"
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Prechecked:
    """A pre-check as screens show it; `points` only while they are to be mended. `days` are promised."""

    standing: Standing
    days: int
    round: int = 0
    asked_at: datetime | None = None
    due_on: date | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    holds_until: date | None = None
    points: tuple[Point, ...] = ()
    late_reason: str | None = None

    def of(self, kind: Kind, target: str) -> Point | None:
        """What is to be mended of one thing."""
        return next((one for one in self.points if (one.kind, one.target) == (kind, target)), None)


def refuse_held(dossier: Dossier) -> None:
    """Raises PrecheckRunning while a draft, whose row is held, is with the office."""
    if is_held(dossier):
        raise PrecheckRunning


def is_held(dossier: Dossier) -> bool:
    """Whether a draft is with the office."""
    row = dossier.precheck
    return row is not None and row.state == PrecheckState.ASKED


def things(dossier: Dossier) -> dict[str, str]:
    """What there is to look at now; what the registry has proven of a company is not looked at."""
    return {named: _sum(whole) for named, whole in _wholes(dossier)}


def digest(found: Things) -> str:
    """SHA-256 over all things."""
    return _sum(sorted(found.items()))


def sealed(found: Things) -> str:
    """Things as text for their encrypted column."""
    return json.dumps(dict(found), sort_keys=True)


def things_of(row: CasePrecheck) -> dict[str, str]:
    """What was there when a round was asked for."""
    found: dict[str, str] = json.loads(row.sealed_things)
    return found


def points_of(row: CasePrecheck) -> tuple[Point, ...]:
    """What was said to be mended in a round."""
    return () if row.sealed_points is None else correction_points.opened(row.sealed_points)


def holds(dossier: Dossier) -> bool:
    """Whether just what there is has passed, and the pass is not too old; only of a draft."""
    return standing(dossier) is Standing.PASSED


def standing(dossier: Dossier) -> Standing:
    """How it stands with the last round."""
    row = dossier.precheck
    if row is None:
        return Standing.NONE
    if row.state != PrecheckState.PASSED:
        return Standing(row.state)
    if dossier.case.state != State.DRAFT or last_day(dossier.session, row) < clock.today():
        return Standing.EXPIRED
    return Standing.PASSED if row.digest == digest(things(dossier)) else Standing.CHANGED


def last_day(session: Session, row: CasePrecheck) -> date:
    """The last day on which a pass is of use: where the office is shut on its last, the next it works."""
    until = row.holds_until or date.min
    return next(working_days.calendar(session).working_days_from(until))


def seen(dossier: Dossier) -> Prechecked | None:
    """The pre-check of a case as screens show it; None where the guide offers none."""
    days = prechecking.days(dossier.guide.body)
    if days is None:
        return None
    row, stands = dossier.precheck, standing(dossier)
    if row is None:
        return Prechecked(stands, days)
    return Prechecked(
        standing=stands,
        days=days,
        round=row.round,
        asked_at=row.asked_at,
        due_on=row.due_on,
        answered_at=row.answered_at,
        answered_by=row.clerk_name,
        holds_until=None if row.holds_until is None else last_day(dossier.session, row),
        points=points_of(row) if dossier.case.state == State.DRAFT else (),
        late_reason=row.late_reason,
    )


def use(dossier: Dossier) -> bool:
    """Use a pass up with the handing in of just what passed (核销预审); whether there was one."""
    if not holds(dossier) or dossier.precheck is None:
        return False
    used = dossier.session.scalar(
        update(CasePrecheck)
        .where(CasePrecheck.id == dossier.precheck.id, CasePrecheck.state == PrecheckState.PASSED)
        .values(state=PrecheckState.USED.value, ended_at=clock.now())
        .returning(CasePrecheck.id)
        .execution_options(synchronize_session=False)
    )
    dossier.session.refresh(dossier.precheck)
    return used is not None


def passed(session: Session, case: Case) -> dict[tuple[str, str], str]:
    """What of a case that was handed in after a pass is not asked for again: who passed it, by kind and key.

    Where the applicant has changed something since, all that is as it was looked at has passed all the same.
    """
    if case.submitted_at is None:
        return {}
    rounds = select(CasePrecheck).where(
        CasePrecheck.case_id == case.id, CasePrecheck.state != PrecheckState.TAKEN_BACK.value
    )
    row = session.scalar(rounds.order_by(CasePrecheck.round.desc()).limit(1))
    if row is None or row.holds_until is None:
        return {}
    covered = things_of(row)
    if row.state == PrecheckState.PASSED:
        in_time = clock.local(case.submitted_at).date() <= last_day(session, row)
        now = things(Dossier(session, case)) if in_time else {}
        covered = {named: whole for named, whole in covered.items() if now.get(named) == whole}
    said = f"{row.clerk_name or ''}，{clock.local(row.answered_at or row.asked_at):%Y年%m月%d日%H:%M}"
    return {(kind, key): said for named in covered for kind, _, key in [named.partition(":")]}


def end_with_case(session: Session, *, case_id: int) -> None:
    """Nobody looks at a draft any more that was taken back."""
    session.execute(
        update(CasePrecheck)
        .where(CasePrecheck.case_id == case_id, CasePrecheck.state == PrecheckState.ASKED)
        .values(state=PrecheckState.TAKEN_BACK.value, ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _wholes(dossier: Dossier) -> Iterator[tuple[str, Any]]:
    case = dossier.case
    yield "answers:", json.loads(case.sealed_answers)
    values, proven = forms.opened(case.sealed_form).values, organisation.proven_fields(case)
    for field in organisation.fields_of(case, dossier.guide.body):
        if field.key not in proven:
            yield f"{Kind.FIELD}:{field.key}", values.get(field.key, "")
    follows = {one.material_code: one.digest for one in dossier.owed}
    promised = {one.material_code: one.digest for one in dossier.promised}
    for material in dossier.guide.materials:
        code = str(material["material_code"])
        given = dossier.given.get(code)
        yield (
            f"{Kind.MATERIAL}:{code}",
            [
                [one.sha256.hex() for one in dossier.photos.get(code, [])],
                None if given is None else given.identifier,
                follows.get(code),
                promised.get(code),
            ],
        )


def _sum(whole: Any) -> str:
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
