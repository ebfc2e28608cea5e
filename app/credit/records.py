"""Broken promises on record (失信记录): who has one cannot promise again, and how a record ends."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.credit import reports
from app.credit.errors import PromiseBarred, PromiseBarredBefore, RecordNotInForce
from app.credit.models import CreditRecord, CreditState, ReportKind
from app.db import unit_of_work
from app.people import proving

# 国办发〔2020〕42号 bars whoever promised falsely and does not say for how long: the city bars for a year.
YEARS = 1
_COUNTS = (CreditState.WAITING.value, CreditState.READY.value)
_ENDS: Final = {
    CreditState.LIFTED: ReportKind.WITHDRAWAL,
    CreditState.REPAIRED: ReportKind.REPAIR,
    CreditState.EXPIRED: ReportKind.EXPIRY,
}
_OVER: Final = tuple(state.value for state in _ENDS)
_BATCH: Final = 200


def refuse_barred(session: Session, *, citizen_id: int, organisation_id: int | None) -> None:
    """Raises PromiseBarred for a person, or a company, with a broken promise on record (R109).

    A person is also known by the proven number, so that closing an account ends no bar. What is on hold for
    an objection, was lifted or repaired, does not count, and neither does what is a year old.
    """
    theirs = (
        select(CreditRecord.citizen_id, CreditRecord.recorded_at)
        .where(_subject(session, citizen_id, organisation_id), CreditRecord.state.in_(_COUNTS))
        .order_by(CreditRecord.recorded_at.desc())
        .limit(1)
    )
    newest = session.execute(theirs).one_or_none()
    if newest is None:
        return
    free_from = free_again(clock.local(newest.recorded_at).date())
    if clock.today() < free_from:
        before = organisation_id is None and newest.citizen_id != citizen_id
        raise (PromiseBarredBefore if before else PromiseBarred)(until=f"{free_from:%Y年%m月%d日}")


def free_again(recorded_on: date) -> date:
    """The day from which a record bars no more (限制期满): a year later; after a leap day, 1 March."""
    try:
        return recorded_on.replace(year=recorded_on.year + YEARS)
    except ValueError:
        return date(recorded_on.year + YEARS, 3, 1)


def of_undertakings(session: Session, *, undertaking_ids: Collection[int]) -> dict[int, CreditRecord]:
    """The records that follow from some promises, by what was signed: one statement for all."""
    asked = select(CreditRecord).where(CreditRecord.undertaking_id.in_(undertaking_ids))
    return {one.undertaking_id: one for one in session.scalars(asked)}


def last_day(record: CreditRecord) -> date:
    """The day from which a record counts no more if nothing ends it earlier (限制期满)."""
    return free_again(clock.local(record.recorded_at).date())


def begin(session: Session, *, undertaking_id: int, citizen_id: int, organisation_id: int | None) -> None:
    """Put a broken promise on record, once; it leaves only when nobody may object any more."""
    now = clock.now()
    session.execute(
        insert(CreditRecord)
        .values(
            undertaking_id=undertaking_id,
            citizen_id=citizen_id,
            organisation_id=organisation_id,
            number_index=proving.index_of(session, citizen_id) if organisation_id is None else None,
            state=CreditState.WAITING.value,
            recorded_at=now,
            changed_at=now,
        )
        .on_conflict_do_nothing()
    )


def outlast_account(session: Session, citizen_id: int) -> None:
    """Have a person's bars outlast the account (注销不免除限制): of the number only its keyed hash is kept.

    Also of whoever proved the identity only after the record began; for as long as it bars.
    """
    session.execute(
        update(CreditRecord)
        .where(_own(citizen_id), CreditRecord.number_index.is_(None), CreditRecord.state.not_in(_OVER))
        .values(number_index=proving.index_of(session, citizen_id))
    )


def hold(session: Session, *, undertaking_id: int) -> None:
    """Stop at an objection (暂缓): nothing of it leaves until somebody has heard it."""
    _move(session, _held(session, undertaking_id), CreditState.ON_HOLD)


def confirm(session: Session, *, undertaking_id: int) -> None:
    """Say that it was a breach (认定): the record is in force, and is told of, once."""
    record = _held(session, undertaking_id)
    _move(session, record, CreditState.READY)
    reports.begin(session, record_id=record.id)


def hold_in_force(session: Session, *, undertaking_id: int) -> CreditRecord:
    """A record that is in force, held; raises RecordNotInForce."""
    record = _held(session, undertaking_id)
    if record.state != CreditState.READY:
        raise RecordNotInForce
    return record


def resume(session: Session, *, undertaking_id: int) -> None:
    """Go on with a record whose objection was heard and was not right (恢复)."""
    _move(session, _held(session, undertaking_id), CreditState.READY)


def end(session: Session, *, undertaking_id: int, to: CreditState) -> None:
    """End a record for good: lifted, repaired or expired; whoever was told of it is told that too, once.

    One that ended before stays as it ended.
    """
    _end(session, _held(session, undertaking_id), to)


def expire() -> int:
    """End every record whose year is over (期满, job); how many. Safe to repeat and in parallel."""
    done = 0
    while done < _BATCH:
        with unit_of_work() as session:
            record = _over(session)
            if record is None:
                break
            _end(session, record, CreditState.EXPIRED)
        done += 1
    return done


def _over(session: Session) -> CreditRecord | None:
    """A record in force whose year is over, held."""
    after = datetime.combine(_last_over(clock.today()) + timedelta(days=1), time(), clock.SHANGHAI)
    return session.scalar(
        select(CreditRecord)
        .where(CreditRecord.state == CreditState.READY.value, CreditRecord.recorded_at < after)
        .order_by(CreditRecord.recorded_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _last_over(today: date) -> date:
    """The last day of recording that bars no more today: `free_again` read backwards."""
    try:
        return today.replace(year=today.year - YEARS)
    except ValueError:
        return date(today.year - YEARS, 2, 28)


def _end(session: Session, record: CreditRecord, to: CreditState) -> None:
    if record.state in _OVER:
        return
    _move(session, record, to)
    reports.end(session, record_id=record.id, kind=_ENDS[to])


def _held(session: Session, undertaking_id: int) -> CreditRecord:
    asked = select(CreditRecord).where(CreditRecord.undertaking_id == undertaking_id).with_for_update()
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _move(session: Session, record: CreditRecord, to: CreditState) -> None:
    kept = {"number_index": None} if to in _ENDS else {}
    session.execute(
        update(CreditRecord)
        .where(CreditRecord.id == record.id)
        .values(state=to.value, changed_at=clock.now(), **kept)
    )
    session.refresh(record)


def _subject(session: Session, citizen_id: int, organisation_id: int | None) -> ColumnElement[bool]:
    if organisation_id is not None:
        return CreditRecord.organisation_id == organisation_id
    number_index = proving.index_of(session, citizen_id)
    if number_index is None:
        return _own(citizen_id)
    return or_(_own(citizen_id), CreditRecord.number_index == number_index)


def _own(citizen_id: int) -> ColumnElement[bool]:
    return and_(CreditRecord.citizen_id == citizen_id, CreditRecord.organisation_id.is_(None))
