"""What can be asked about codes (解码): what a scan means, and to whom."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.appointments import queries as appointments
from app.appointments.errors import AppointmentNotFound
from app.appointments.models import AppointmentStatus
from app.bundles import licences
from app.bundles.licences import Listed
from app.cases import queries as cases
from app.cases.queries import CaseFacts
from app.catalogue import queries as catalogue
from app.catalogue.models import GuideVersion, ItemState, ServiceItem
from app.centres import queries as centres
from app.centres.models import WindowGroup
from app.certificates import queries as certificates
from app.certificates.queries import CertificateFacts
from app.codes import tokens
from app.codes.errors import CodeExpired, CodeForStaff, CodeUnknown
from app.codes.models import CodeKind, StaticCode
from app.errors import Unauthenticated
from app.fees import queries as fees
from app.fees.queries import BillFacts
from app.organisations import queries as organisations
from app.prechecks import queries as prechecks
from app.prechecks import visiting

_MOST_ITEMS = 100
_RECENT_VISITS = 20


class Action(StrEnum):
    """What the phone does next."""

    OPEN_GUIDE = "open_guide"
    OPEN_CENTRE = "open_centre"
    BOOK = "book"
    OPEN_APPOINTMENT = "open_appointment"
    OPEN_CASE = "open_case"
    OPEN_BILL = "open_bill"
    OPEN_CERTIFICATE = "open_certificate"
    OPEN_LICENCE = "open_licence"
    SHOW_TO_STAFF = "show_to_staff"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a window handles."""

    task_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means for the person who scans it (扫码结果).

    `target` names the thing for the action: a task code, a centre id, `centre id/window`, an appointment
    id, a case number, a bill number, a certificate id or the number of a
    comprehensive licence. `items` are the things a window handles; `provenance` tells demonstration data
    from real.
    """

    action: Action
    target: str
    title: str
    items: tuple[Item, ...] = ()
    provenance: str | None = None
    # The company whose thing it is; the phone then acts for it.
    company: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What anybody may be told about a code; `title` and `provenance` only of what hangs in public.

    `licences`: what a comprehensive licence stands for, each with whether it stands today.
    """

    action: Action
    title: str | None = None
    provenance: str | None = None
    licences: Listed | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    target: str
    citizen_id: int | None


def scan(session: Session, *, content: str, citizen_id: int | None) -> Meaning:
    """What a scanned code means for this person, logged in or not.

    Raises CodeForStaff for personal codes, CodeUnknown also for somebody else's things, Unauthenticated when
    only a login can tell, and what the rooms raise for a thing that is over.
    """
    token = tokens.token_in(content)
    if tokens.is_personal(token):
        tokens.read_personal(token)
        raise CodeForStaff
    kind, target = _thing(session, token)
    return _READERS[kind](_Asked(session, target, citizen_id))


def notice(session: Session, *, token: str) -> Notice:
    """What anybody may be told about a code, for the page behind its address.

    Raises CodeUnknown, CodeExpired for a personal code, and what the rooms raise for a thing that is over.
    """
    if tokens.token_in(token) != token:
        raise CodeUnknown
    if tokens.is_personal(token):
        if tokens.read_personal(token).expires_at <= clock.now():
            raise CodeExpired
        return Notice(Action.SHOW_TO_STAFF)
    kind, target = _thing(session, token)
    if kind not in _PUBLIC:
        return Notice(_PRIVATE_ACTIONS[kind])
    if kind == CodeKind.LICENCE:
        listed = licences.by_id(session, licence_id=int(target))
        return Notice(Action.OPEN_LICENCE, listed.licence.name, licences=listed)
    meaning = _READERS[kind](_Asked(session, target, None))
    return Notice(meaning.action, meaning.title, meaning.provenance)


def _thing(session: Session, token: str) -> tuple[str, str]:
    """Which thing a token stands for: a static code, else an appointment's own code."""
    static = session.get(StaticCode, token)
    if static is not None:
        if static.retired_at is not None:
            raise CodeUnknown
        return static.kind, static.target
    try:
        return _APPOINTMENT, str(appointments.by_code(session, code=token).id)
    except AppointmentNotFound as error:
        raise CodeUnknown from error


def _guide(asked: _Asked) -> Meaning:
    guide = catalogue.guide(asked.session, task_code=asked.target)
    return Meaning(Action.OPEN_GUIDE, guide.task_code, guide.name, provenance=guide.body.get("provenance"))


def _centre(asked: _Asked) -> Meaning:
    """The hall; for somebody who has an appointment there today, that appointment."""
    centre = centres.centre(asked.session, centre_id=asked.target)
    if asked.citizen_id is not None:
        visits = appointments.of_citizen(asked.session, citizen_id=asked.citizen_id, limit=_RECENT_VISITS)
        today = [
            visit
            for visit in visits
            if visit.centre_id == centre.id
            and visit.status == AppointmentStatus.BOOKED
            and clock.local(visit.starts_at).date() == clock.today()
        ]
        if today:
            first = min(today, key=lambda visit: visit.starts_at)
            return Meaning(Action.OPEN_APPOINTMENT, str(first.id), first.task_name)
    return Meaning(Action.OPEN_CENTRE, centre.id, centre.name, provenance=centre.provenance)


def _window(asked: _Asked) -> Meaning:
    """Booking at a centre, with the things that this window handles."""
    centre_id, _, window = asked.target.partition("/")
    centre = centres.centre(asked.session, centre_id=centre_id)
    group = next((found for found in centre.groups if window in found.codes), None)
    if group is None:
        raise CodeUnknown
    title = f"{centre.name} {window}窗口（{group.name}）"
    items = _items_of(asked.session, centre.id, group)
    return Meaning(Action.BOOK, asked.target, title, items, provenance=centre.provenance)


def _items_of(session: Session, centre_id: str, group: WindowGroup) -> tuple[Item, ...]:
    rows = session.execute(
        select(ServiceItem.task_code, ServiceItem.name)
        .join(GuideVersion, GuideVersion.service_item_id == ServiceItem.id)
        .where(
            GuideVersion.effective_to.is_(None),
            GuideVersion.body["window_group"].astext.in_(group.serves),
            GuideVersion.body["transact_centers"].has_key(centre_id),
            ServiceItem.state == ItemState.IN_USE,
            ServiceItem.secret.is_(False),
        )
        .order_by(ServiceItem.id)
        .limit(_MOST_ITEMS)
    )
    return tuple(Item(*row) for row in rows)


def _appointment(asked: _Asked) -> Meaning:
    facts = appointments.facts(asked.session, appointment_id=int(asked.target))
    _only_for_citizen(facts.citizen_id, asked)
    return Meaning(Action.OPEN_APPOINTMENT, asked.target, facts.task_name)


def _case(asked: _Asked) -> Meaning:
    facts = cases.facts(asked.session, case_id=int(asked.target))
    _only_for(facts, asked)
    return Meaning(Action.OPEN_CASE, facts.case_no, facts.task_name, company=facts.organisation_id)


def _precheck(asked: _Asked) -> Meaning:
    """The visit code on one's own phone leads to what it is for; clerks scan it at the window."""
    precheck_id, _ = visiting.named(asked.target)
    case_id = prechecks.case_id(asked.session, precheck_id=precheck_id)
    return _case(replace(asked, target=str(case_id)))


def _certificate(asked: _Asked) -> Meaning:
    facts = certificates.facts(asked.session, certificate_id=int(asked.target))
    _only_for(facts, asked)
    return Meaning(Action.OPEN_CERTIFICATE, asked.target, facts.name, company=facts.organisation_id)


def _bill(asked: _Asked) -> Meaning:
    facts = fees.facts(asked.session, bill_id=int(asked.target))
    _only_for(facts, asked)
    return Meaning(Action.OPEN_BILL, facts.bill_no, facts.title, company=facts.organisation_id)


def _licence(asked: _Asked) -> Meaning:
    """Anybody may check it: it names a business and its licences."""
    licence = licences.by_id(asked.session, licence_id=int(asked.target)).licence
    return Meaning(Action.OPEN_LICENCE, licence.licence_no, licence.name)


def _only_for(facts: CaseFacts | CertificateFacts | BillFacts, asked: _Asked) -> None:
    """A company's thing is for those who handle it there, and does not exist for others."""
    if facts.organisation_id is None:
        _only_for_citizen(facts.citizen_id, asked)
        return
    holders = organisations.holders(
        asked.session, organisation_id=facts.organisation_id, task_codes=[facts.task_code]
    )
    _only_for_citizen(asked.citizen_id if asked.citizen_id in holders else None, asked)


def _only_for_citizen(owner_id: int | None, asked: _Asked) -> None:
    """Somebody else's thing is answered as one that does not exist."""
    if asked.citizen_id is None:
        raise Unauthenticated
    if asked.citizen_id != owner_id:
        raise CodeUnknown


_APPOINTMENT = "appointment"
_PUBLIC = frozenset({CodeKind.GUIDE, CodeKind.CENTRE, CodeKind.WINDOW, CodeKind.LICENCE})
_PRIVATE_ACTIONS = {
    _APPOINTMENT: Action.OPEN_APPOINTMENT,
    CodeKind.CASE: Action.OPEN_CASE,
    CodeKind.PRECHECK: Action.OPEN_CASE,
    CodeKind.BILL: Action.OPEN_BILL,
    CodeKind.CERTIFICATE: Action.OPEN_CERTIFICATE,
}
_READERS: dict[str, Callable[[_Asked], Meaning]] = {
    CodeKind.GUIDE: _guide,
    CodeKind.CENTRE: _centre,
    CodeKind.WINDOW: _window,
    CodeKind.CASE: _case,
    CodeKind.PRECHECK: _precheck,
    CodeKind.BILL: _bill,
    CodeKind.CERTIFICATE: _certificate,
    CodeKind.LICENCE: _licence,
    _APPOINTMENT: _appointment,
}
