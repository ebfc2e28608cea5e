"""What can be asked about the checks of promises (查询承诺核查)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.promise_models import CasePromise
from app.promise_checks.errors import CheckNotFound
from app.promise_checks.models import CheckState, PromiseCheck

# The states in which somebody still has to do something.
TO_DO = (CheckState.OPEN.value, CheckState.BROKEN.value, CheckState.OBJECTED.value)
# More than a page of cases has promises.
_MANY = 2000
# An address may hold a longer number than the database has ids.
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """One check with its case and the promise it is about."""

    check: PromiseCheck
    case: Case
    promise: CasePromise


def of_case(session: Session, *, case_id: int) -> list[Line]:
    """The checks of a case, oldest first."""
    return _lines(session, PromiseCheck.case_id == case_id, limit=100)


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[Line]]:
    """The same for several cases: one statement for all."""
    found: dict[int, list[Line]] = {case_id: [] for case_id in case_ids}
    for line in _lines(session, PromiseCheck.case_id.in_(case_ids), limit=_MANY):
        found[line.case.id].append(line)
    return found


def to_do(
    session: Session, *, of: ColumnElement[bool], after: int | None = None, limit: int = 20
) -> list[Line]:
    """What is to be looked into or settled among some cases, in the order of beginning."""
    further = PromiseCheck.id > (after or 0)
    return _lines(session, PromiseCheck.state.in_(TO_DO), further, of, limit=limit)


def one(session: Session, *, check_id: int, hold: bool = False) -> Line:
    """One check; `hold`: nobody else moves it until the unit of work ends. Raises CheckNotFound."""
    if hold and check_id <= _LARGEST_ID:
        session.execute(select(PromiseCheck.id).where(PromiseCheck.id == check_id).with_for_update())
    found = _lines(session, PromiseCheck.id == check_id, limit=1) if check_id <= _LARGEST_ID else []
    if not found:
        raise CheckNotFound
    return found[0]


def of_checks(session: Session, *, check_ids: Collection[int]) -> dict[int, Line]:
    """Several checks by their ids: one statement for all."""
    found = _lines(session, PromiseCheck.id.in_(check_ids), limit=_MANY)
    return {line.check.id: line for line in found}


def of_undertaking(session: Session, *, undertaking_id: int) -> Line:
    """The check of the promise that was signed with a text."""
    (line,) = _lines(session, CasePromise.undertaking_id == undertaking_id, limit=1)
    return line


def broken(session: Session, *, of: ColumnElement[bool], before: int | None, limit: int) -> list[Line]:
    """What was found broken among some cases, newest first."""
    further = () if before is None else (PromiseCheck.id < before,)
    found = PromiseCheck.state.not_in((CheckState.OPEN.value, CheckState.MET.value))
    return _lines(session, found, of, *further, limit=limit, newest=True)


def _lines(session: Session, *which: ColumnElement[bool], limit: int, newest: bool = False) -> list[Line]:
    asked = (
        select(PromiseCheck, Case, CasePromise)
        .join(Case, Case.id == PromiseCheck.case_id)
        .join(CasePromise, CasePromise.id == PromiseCheck.promise_id)
        .where(*which)
        .order_by(PromiseCheck.id.desc() if newest else PromiseCheck.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [Line(check, case, promise) for check, case, promise in session.execute(asked)]
