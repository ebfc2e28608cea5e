"""The office's answer to a pre-check (预审意见): passed, or all that is to be mended at once.

In the spirit of 一次性告知 a later round names only what was changed since or was named before. What else
must be named after all takes a reason, which the applicant reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import correcting, correction_points, prechecked, steps, timeline
from app.cases.completeness import takes_photos
from app.cases.correcting import Askable, Ticked
from app.cases.correction_points import Kind, Point
from app.cases.dossier import Dossier
from app.cases.events import PrecheckAnswered
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.precheck_errors import NamedTooLate, PrecheckChanged, PrecheckOver
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.centres import working_days
from app.events import publish
from app.plain_text import readable
from app.prechecks import queries

HOLDS_DAYS = 30
LONGEST_REASON = 200


def askable(session: Session, case: Case) -> Askable:
    """What a clerk may name: what the guide asks of this applicant; what was photographed is not missing."""
    dossier = Dossier(session, case)
    there = {
        str(one["material_code"]): str(one["name"])
        for one in dossier.guide.materials
        if takes_photos(one) and one["material_code"] in dossier.photos
    }
    return replace(correcting.askable(session, case), there=there, outside={})


def pass_(session: Session, *, precheck_id: int, officer: Officer) -> CasePrecheck:
    """Say that a draft can be handed in at a window as it is (预审通过); it holds for thirty days at least.

    Of two answers, or of an answer and the applicant who takes it back, the first counts. Raises
    PrecheckNotFound, PrecheckOver, HelpedBefore, and PrecheckChanged when the draft is not what was to be
    looked at.
    """
    case, row = queries.for_clerk(session, officer=officer, precheck_id=precheck_id, hold=True)
    steps.refuse_helper(session, case, clerk_id=officer.clerk_id)
    if not _is_the_same(Dossier(session, case), row):
        raise PrecheckChanged if row.state == PrecheckState.ASKED else PrecheckOver
    days = working_days.calendar(session).working_days_from(clock.today() + timedelta(days=HOLDS_DAYS))
    until = next(days)
    _answer(session, row, officer, state=PrecheckState.PASSED.value, holds_until=until)
    sentence = f"网上预审已通过，请在{until:%Y年%m月%d日}前带原件到窗口办理"
    _tell(session, row, officer, kind="precheck_passed", sentence=sentence)
    return row


def mend(
    session: Session,
    *,
    precheck_id: int,
    officer: Officer,
    points: Sequence[Ticked],
    late_reason: str = "",
) -> CasePrecheck:
    """Say all that is to be mended before the way to the window is worth it (需要修改).

    Raises as `pass_`, as a correction notice of its points, and NamedTooLate.
    """
    case, row = queries.for_clerk(session, officer=officer, precheck_id=precheck_id, hold=True)
    steps.refuse_helper(session, case, clerk_id=officer.clerk_id)
    said = correcting.checked(askable(session, case), points)
    reason = readable(late_reason).replace("\n", " ")[:LONGEST_REASON]
    late = _too_late(session, row, said)
    if late and not reason:
        raise NamedTooLate(errors={one.target[:64]: [f"“{one.label}”上次没有提出"] for one in late})
    _answer(
        session,
        row,
        officer,
        state=PrecheckState.TO_MEND.value,
        sealed_points=correction_points.sealed(said),
        late_reason=reason if late else None,
    )
    names = "、".join(f"“{point.label}”" for point in said)
    sentence = f"预审后有{len(said)}项要修改：{names}，改好后可以再请预审"
    _tell(session, row, officer, kind="precheck_to_mend", sentence=sentence)
    return row


def only_late(session: Session, row: CasePrecheck, allowed: Askable) -> frozenset[str]:
    """What may be named in this round by reason alone, as `kind:key`."""
    every = [f"{Kind.FIELD}:{key}" for key in allowed.fields]
    every += [f"{Kind.MATERIAL}:{code}" for code in allowed.materials]
    return _could_have_been_named(session, row, every)


def _too_late(session: Session, row: CasePrecheck, points: Sequence[Point]) -> list[Point]:
    named = {f"{one.kind}:{one.target}": one for one in points}
    late = _could_have_been_named(session, row, named)
    return [one for key, one in named.items() if key in late]


def _could_have_been_named(session: Session, row: CasePrecheck, named: Iterable[str]) -> frozenset[str]:
    """What of things neither changed since the last answer nor was named before it."""
    changed = queries.changed_since(session, row)
    if changed is None:
        return frozenset()
    before = {f"{one.kind}:{one.target}" for one in queries.named_before(session, row)}
    return frozenset(named) - changed - before


def _is_the_same(dossier: Dossier, row: CasePrecheck) -> bool:
    return row.digest == prechecked.digest(prechecked.things(dossier))


def _answer(session: Session, row: CasePrecheck, officer: Officer, **values: Any) -> None:
    answered = session.scalar(
        update(CasePrecheck)
        .where(_waits(row))
        .values(
            clerk_id=officer.clerk_id,
            clerk_name=officer.name,
            answered_at=clock.now(),
            **values,
        )
        .returning(CasePrecheck.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if answered is None:
        raise PrecheckOver


def _waits(row: CasePrecheck) -> ColumnElement[bool]:
    return and_(CasePrecheck.id == row.id, CasePrecheck.state == PrecheckState.ASKED)


def _tell(session: Session, row: CasePrecheck, officer: Officer, *, kind: str, sentence: str) -> None:
    actor = timeline.clerk(officer)
    timeline.note(session, case_id=row.case_id, kind=kind, actor=actor, sentence=sentence)
    publish(session, PrecheckAnswered(row.case_id, row.id))
