"""Broken promises on record (失信记录): who has one cannot promise again, and what is shared of it."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.undertakings.errors import PromiseBarred
from app.undertakings.models import CreditRecord, CreditState

# 国办发〔2020〕42号 bars whoever promised falsely and does not say for how long: the city bars for a year.
YEARS = 1
_COUNTS = (CreditState.WAITING.value, CreditState.READY.value, CreditState.SENT.value)


def refuse_barred(session: Session, *, citizen_id: int, organisation_id: int | None) -> None:
    """Raises PromiseBarred for a person, or a company, with a broken promise on record (R109).

    What is on hold for an objection, or was lifted, does not count, and neither does what is a year old.
    """
    theirs = select(func.max(CreditRecord.recorded_at)).where(
        _subject(citizen_id, organisation_id), CreditRecord.state.in_(_COUNTS)
    )
    newest = session.scalar(theirs)
    if newest is None:
        return
    free_from = free_again(clock.local(newest).date())
    if clock.today() < free_from:
        raise PromiseBarred(until=f"{free_from:%Y年%m月%d日}")


def free_again(recorded_on: date) -> date:
    """The day from which a record bars no more (限制期满): a year later; after a leap day, 1 March."""
    try:
        return recorded_on.replace(year=recorded_on.year + YEARS)
    except ValueError:
        return date(recorded_on.year + YEARS, 3, 1)


def record(session: Session, *, undertaking_id: int, citizen_id: int, organisation_id: int | None) -> None:
    """Put a broken promise on record, once; it leaves only when nobody may object any more."""
    now = clock.now()
    session.execute(
        insert(CreditRecord)
        .values(
            undertaking_id=undertaking_id,
            citizen_id=citizen_id,
            organisation_id=organisation_id,
            state=CreditState.WAITING.value,
            recorded_at=now,
            changed_at=now,
        )
        .on_conflict_do_nothing()
    )


def move(session: Session, *, undertaking_id: int, to: CreditState) -> None:
    """Hold a record, make it ready to be shared, or lift it; what has left stays as it is."""
    session.execute(
        update(CreditRecord)
        .where(CreditRecord.undertaking_id == undertaking_id, CreditRecord.state != CreditState.SENT.value)
        .values(state=to.value, changed_at=clock.now())
    )


def _subject(citizen_id: int, organisation_id: int | None) -> ColumnElement[bool]:
    if organisation_id is not None:
        return CreditRecord.organisation_id == organisation_id
    return and_(CreditRecord.citizen_id == citizen_id, CreditRecord.organisation_id.is_(None))
