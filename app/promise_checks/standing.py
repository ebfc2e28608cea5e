"""How it stands with a promise that was looked into (承诺记录): on record, and what one may still ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.promise_models import CasePromise
from app.credit import records
from app.credit.models import CreditRecord, CreditState
from app.promise_checks import pleas, queries
from app.promise_checks.models import PromiseCheck
from app.promise_checks.plea_models import Plea, PleaKind, PleaState
from app.promise_checks.queries import Line


@dataclass(frozen=True, slots=True)
class Standing:
    """A check with its record, if the promise was broken, and what was asked about that, oldest first."""

    line: Line
    record: CreditRecord | None
    pleas: Sequence[Plea]

    @property
    def check(self) -> PromiseCheck:
        """What was looked into."""
        return self.line.check

    @property
    def promise(self) -> CasePromise:
        """What was promised."""
        return self.line.promise

    @property
    def case(self) -> Case:
        """The case it was promised for."""
        return self.line.case

    @property
    def until(self) -> date | None:
        """The day from which the record counts no more."""
        return None if self.record is None else records.last_day(self.record)

    @property
    def may_ask(self) -> list[PleaKind]:
        """What may be asked about the record now (异议、信用修复); what was heard once is not offered."""
        if self.record is None or self.record.state != CreditState.READY:
            return []
        if any(one.state == PleaState.OPEN for one in self.pleas):
            return []
        heard = any(one.kind == PleaKind.OBJECTION for one in self.pleas)
        return [PleaKind.REPAIR] if heard else [PleaKind.REPAIR, PleaKind.OBJECTION]


def of_case(session: Session, *, case_id: int) -> list[Standing]:
    """All that was looked into in a case, oldest first."""
    return _standing(session, queries.of_case(session, case_id=case_id))


def of_check(session: Session, *, check_id: int) -> Standing:
    """One check; raises CheckNotFound."""
    (found,) = _standing(session, [queries.one(session, check_id=check_id)])
    return found


def broken(session: Session, *, of: ColumnElement[bool], before: int | None, limit: int) -> list[Standing]:
    """The promises of some cases that were found broken, newest first (失信记录)."""
    return _standing(session, queries.broken(session, of=of, before=before, limit=limit))


def _standing(session: Session, lines: Sequence[Line]) -> list[Standing]:
    signed = [line.promise.undertaking_id for line in lines]
    recorded = records.of_undertakings(session, undertaking_ids=signed)
    asked = pleas.of_cases(session, case_ids={line.case.id for line in lines})
    return [
        Standing(line, recorded.get(line.promise.undertaking_id), asked.get(line.check.id, []))
        for line in lines
    ]
