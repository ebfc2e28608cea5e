"""Meeting a citizen at the window (接待): a scan, what is theirs, their coming (扫码、到窗、签到)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.appointments import queries as appointment_queries
from app.appointments.errors import AppointmentNotFound
from app.appointments.models import Visit
from app.audit import service as audit
from app.cases import numbers, taken_in
from app.cases import queries as case_queries
from app.codes import service as codes
from app.codes import tokens
from app.codes.errors import CodeUnknown, CodeUsed
from app.codes.models import CodeKind, StaticCode
from app.crypto import token_hash
from app.db import LARGEST_ID
from app.desk import duties, visits, work
from app.desk.errors import OtherCentre, PresenceNotFound, PresenceOver, ScanUnknown
from app.desk.models import Presence
from app.desk.visits import Expected
from app.desk.work import Line
from app.fees import queries as fees
from app.fees.models import Bill, BillState
from app.people import phones
from app.people import queries as people
from app.prechecks import visiting
from app.queueing import service as queueing
from app.staff.sessions import OnDuty

STAYS_FOR = timedelta(minutes=20)
KEPT_FOR = timedelta(days=1)
_MOST_BILLS = 50


@dataclass(frozen=True, slots=True)
class Met:
    """A citizen who showed their code; `presence_id` names the meeting."""

    presence_id: int


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody with an appointment is checked in."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class CaseNamed:
    """A case was named by its number or its code."""

    case_no: str


@dataclass(frozen=True, slots=True)
class PrecheckNamed:
    """A pre-check was named by a visit code (到窗码); `visitor_id`: shown to somebody but the applicant."""

    precheck_id: int
    visitor_id: int | None


@dataclass(frozen=True, slots=True)
class Guest:
    """What the clerk sees of the citizen in front of them; number and phone stay masked."""

    citizen_id: int
    name: str | None
    id_number: str | None
    phone: str | None
    met_until: str
    cases: list[Line]
    bills: Sequence[Bill]
    visits: list[Expected]
    # What is not asked for on paper, since it was handed in online: names by item (不得重复收取).
    taken_in: dict[str, list[str]]
    # What they showed instead of a code (凭证件接待).
    document: str | None


def scan(session: Session, *, clerk: OnDuty, content: str) -> Met | Came | CaseNamed | PrecheckNamed:
    """What a scanner or a hand typed into the one field (扫码): what it stands for.

    A personal code, an appointment's, a case's number or code, a visit code.

    Whoever may not do it is refused before a code is used up. Raises NotYourDuty, ScanUnknown, CodeExpired,
    CodeUsed, and what checking in raises.
    """
    number = numbers.case_no(content)
    if number is not None:
        duties.refuse_unless(clerk, duties.READING)
        return CaseNamed(number)
    try:
        token = tokens.token_in(content)
    except CodeUnknown as error:
        raise ScanUnknown from error
    if tokens.is_personal(token):
        duties.refuse_unless(clerk, duties.MEETING)
        return _meet(session, clerk, token)
    case_code = session.get(StaticCode, token)
    if case_code is not None:
        return _named(session, clerk, case_code)
    return Came(check_in_by_code(session, clerk=clerk, code=token))


def guest(session: Session, *, clerk: OnDuty, presence_id: int) -> Guest:
    """What is theirs who showed this clerk their code; raises PresenceNotFound, PresenceOver."""
    duties.refuse_unless(clerk, duties.MEETING)
    met = presence(session, clerk=clerk, presence_id=presence_id)
    until = met.opened_at + STAYS_FOR
    citizen = people.citizen(session, citizen_id=met.citizen_id)
    reads, receives = clerk.roles & duties.READING, clerk.roles & duties.RECEIVING
    seen = Guest(
        citizen_id=citizen.id,
        name=citizen.name,
        id_number=people.masked_id_number(citizen.id_number),
        phone=phones.masked(citizen.phone),
        met_until=f"{clock.local(until):%H:%M}",
        cases=work.of_citizen(session, clerk=clerk, citizen_id=citizen.id) if reads else [],
        bills=_unpaid(session, clerk, citizen.id),
        visits=visits.of_citizen(session, citizen_id=citizen.id) if receives else [],
        taken_in=taken_in.at_windows(session, citizen_id=citizen.id) if receives else {},
        document=met.document,
    )
    _note(session, clerk, "citizen_viewed", citizen_id=citizen.id)
    return seen


def meet(session: Session, *, clerk: OnDuty, citizen_id: int, document: str) -> int:
    """Meet a citizen by the document they show, who has no code to show (凭证件接待); the meeting's id."""
    met = Presence(
        clerk_id=clerk.clerk_id,
        citizen_id=citizen_id,
        code_hash=token_hash(secrets.token_urlsafe(16)),
        document=document,
        opened_at=clock.now(),
    )
    session.add(met)
    session.flush()
    audit.record(
        session,
        actor=clerk.actor,
        action="document_seen",
        subject=f"citizen:{citizen_id}",
        details={"document": document},
        citizen_id=citizen_id,
    )
    return met.id


def present(session: Session, *, clerk: OnDuty, presence_id: int) -> int:
    """Which citizen is with this clerk just now; raises PresenceNotFound, PresenceOver."""
    return presence(session, clerk=clerk, presence_id=presence_id).citizen_id


def presence(session: Session, *, clerk: OnDuty, presence_id: int) -> Presence:
    """The meeting of this clerk with somebody who is there now; raises as `present` does."""
    found = session.get(Presence, presence_id) if 0 < presence_id <= LARGEST_ID else None
    if found is None or found.clerk_id != clerk.clerk_id:
        raise PresenceNotFound
    if found.opened_at + STAYS_FOR <= clock.now():
        raise PresenceOver
    return found


def check_in_by_code(session: Session, *, clerk: OnDuty, code: str) -> Visit:
    """Check in whoever shows an appointment's code (签到); repeating it changes nothing.

    Raises NotYourDuty, ScanUnknown, OtherCentre, TooEarlyToCheckIn, TooLateToCheckIn, AppointmentOver.
    """
    duties.refuse_unless(clerk, duties.RECEIVING)
    try:
        visit = appointment_queries.by_code(session, code=code)
    except AppointmentNotFound as error:
        raise ScanUnknown from error
    return _check_in(session, clerk, visit)


def check_in_by_id(session: Session, *, clerk: OnDuty, appointment_id: int) -> Visit:
    """Check in somebody on the hall's list; raises as `check_in_by_code`, and AppointmentNotFound."""
    duties.refuse_unless(clerk, duties.RECEIVING)
    if not 0 < appointment_id <= LARGEST_ID:
        raise AppointmentNotFound
    return _check_in(session, clerk, appointment_queries.by_id(session, appointment_id=appointment_id))


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop meetings that are over; how many. The audit log keeps who met whom."""
    old = select(Presence.id).where(Presence.opened_at < clock.now() - KEPT_FOR).limit(limit)
    return len(session.scalars(delete(Presence).where(Presence.id.in_(old)).returning(Presence.id)).all())


def _meet(session: Session, clerk: OnDuty, token: str) -> Met:
    """Use the code up, once; a scanner that sends it twice leads this clerk to the same meeting."""
    code_hash = token_hash(token)
    try:
        citizen_id = codes.redeem_personal(session, content=token, officer_name=clerk.name)
    except CodeUsed:
        known = select(Presence.id).where(
            Presence.code_hash == code_hash, Presence.clerk_id == clerk.clerk_id
        )
        presence_id = session.scalar(known)
        if presence_id is None:
            raise
        return Met(presence_id)
    met = Presence(clerk_id=clerk.clerk_id, citizen_id=citizen_id, code_hash=code_hash, opened_at=clock.now())
    session.add(met)
    session.flush()
    _note(session, clerk, "personal_code_taken", citizen_id=citizen_id)
    return Met(met.id)


def _named(session: Session, clerk: OnDuty, code: StaticCode) -> CaseNamed | PrecheckNamed:
    """What a case's own code or a visit code names; codes on walls mean nothing at a desk."""
    if code.kind not in {CodeKind.CASE, CodeKind.PRECHECK} or code.retired_at is not None:
        raise ScanUnknown
    duties.refuse_unless(clerk, duties.READING)
    if code.kind == CodeKind.PRECHECK:
        return PrecheckNamed(*visiting.named(code.target))
    return CaseNamed(case_queries.facts(session, case_id=int(code.target)).case_no)


def _check_in(session: Session, clerk: OnDuty, visit: Visit) -> Visit:
    if clerk.centre_id is not None and visit.centre_id != clerk.centre_id:
        raise OtherCentre(centre=visit.centre_name)
    came = queueing.check_in(session, code=visit.code)
    audit.record(
        session,
        actor=clerk.actor,
        action="appointment_checked_in",
        subject=f"appointment:{came.id}",
        details={"before": visit.status, "after": came.status},
        citizen_id=came.citizen_id,
    )
    return came


def _unpaid(session: Session, clerk: OnDuty, citizen_id: int) -> Sequence[Bill]:
    """What the citizen owes, as far as the clerk's department goes."""
    owed = fees.of_citizen(session, citizen_id=citizen_id, state=BillState.UNPAID.value, limit=_MOST_BILLS)
    if clerk.department is None:
        return owed
    seen = {line.id for line in work.of_citizen(session, clerk=clerk, citizen_id=citizen_id)}
    return [bill for bill in owed if bill.case_id in seen]


def _note(session: Session, clerk: OnDuty, action: str, *, citizen_id: int) -> None:
    audit.record(
        session, actor=clerk.actor, action=action, subject=f"citizen:{citizen_id}", citizen_id=citizen_id
    )
