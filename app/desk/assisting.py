"""Sitting beside a citizen in the hall (帮办专区): asked for, waited for, seen, ended."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from app import clock
from app.assistance import acting, queries, service, words
from app.assistance.errors import AskedTooOften
from app.assistance.models import AssistAct, Assistance
from app.assistance.queries import Helped, Seen
from app.audit import service as audit
from app.cases import queries as case_queries
from app.cases import states
from app.cases.models import Case
from app.cases.states import TEXTS, UNDER_WAY, State, Step
from app.centres import queries as centres
from app.codes import tokens
from app.codes.errors import CodeUnknown
from app.desk import duties, window
from app.desk.duties import Duty
from app.desk.errors import HelpNeedsHall, HelpNeedsPaper, NoSuchAccount, ScanUnknown
from app.people import proving
from app.people import queries as people
from app.staff.models import Role
from app.staff.sessions import OnDuty

ASSISTING: Duty = frozenset({Role.FRONT_DESK})
_MOST_SHOWN = 20
_NAMELESS = "这位市民"


@dataclass(frozen=True, slots=True)
class Brief:
    """A case in one line."""

    case_no: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Table:
    """What lies before the clerk: who they help, what of theirs is open, what was done so far."""

    session: Seen
    citizen: str
    drafts: list[Brief]
    under_way: list[Brief]
    done: Sequence[AssistAct]


@dataclass(frozen=True, slots=True)
class Day:
    """How many citizens were helped on a day, and how many of them handed in what was prepared."""

    helped: int
    handed_in: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The permission to be signed on paper (帮办同意书)."""

    citizen: str
    document: str
    text: str


def now(session: Session, *, clerk: OnDuty) -> Seen | None:
    """What the clerk has asked for or does; None when nothing. Raises NotYourDuty."""
    duties.refuse_unless(clerk, ASSISTING)
    return queries.now_of_clerk(session, clerk_id=clerk.clerk_id)


def ask_by_code(session: Session, *, clerk: OnDuty, content: str) -> int:
    """Ask whoever shows their code (扫码请求帮办); the session's id. A scanner may send the code twice.

    Raises NotYourDuty, HelpNeedsHall, ScanUnknown, CodeExpired, CodeUsed, and as `service.ask` does.
    """
    _hall(clerk)
    try:
        is_personal = tokens.is_personal(tokens.token_in(content))
    except CodeUnknown as error:
        raise ScanUnknown from error
    found = window.scan(session, clerk=clerk, content=content) if is_personal else None
    if not isinstance(found, window.Met):
        raise ScanUnknown
    return ask_guest(session, clerk=clerk, presence_id=found.presence_id)


def count_try(session: Session, *, clerk: OnDuty) -> None:
    """Count that the clerk types a number, in a unit of work of its own; raises ProvenTooOften."""
    duties.refuse_unless(clerk, ASSISTING)
    proving.count_try(session, clerk_id=clerk.clerk_id)


def ask_by_phone(session: Session, *, clerk: OnDuty, phone: str) -> int:
    """Ask the account of a number that the citizen says (手机号请求帮办); only that phone can say yes.

    Raises NotYourDuty, HelpNeedsHall, PhoneUnreadable, NoSuchAccount, AskedTooOften, and as `service.ask`
    does.
    """
    hall = _hall(clerk)
    citizen_id = people.by_phone(session, phone=phone)
    if citizen_id is None:
        raise NoSuchAccount
    if queries.is_left_alone(session, citizen_id=citizen_id):
        raise AskedTooOften
    return service.ask(session, citizen_id=citizen_id, clerk_id=clerk.clerk_id, centre_id=hall).id


def ask_guest(session: Session, *, clerk: OnDuty, presence_id: int) -> int:
    """Ask the citizen who stands before this clerk (接待后请求帮办); the session's id.

    Raises NotYourDuty, HelpNeedsHall, HelpNeedsPaper for who has no phone, PresenceNotFound, PresenceOver,
    and as `service.ask` does.
    """
    hall, met = _hall(clerk), window.presence(session, clerk=clerk, presence_id=presence_id)
    if met.document is not None:
        raise HelpNeedsPaper
    return service.ask(session, citizen_id=met.citizen_id, clerk_id=clerk.clerk_id, centre_id=hall).id


def sheet(session: Session, *, clerk: OnDuty, presence_id: int) -> Sheet:
    """What somebody without a phone signs before it begins; raises as `ask_guest` does."""
    hall, met = _hall(clerk), window.presence(session, clerk=clerk, presence_id=presence_id)
    return Sheet(
        citizen=people.citizen(session, citizen_id=met.citizen_id).name or "",
        document=_document(met.document),
        text=words.text(words.VERSION, hall=centres.centre(session, centre_id=hall).name, clerk=clerk.name),
    )


def begin_on_paper(session: Session, *, clerk: OnDuty, presence_id: int, signed: bool) -> int:
    """Begin once the signed sheet lies there (纸质同意后开始帮办); the session's id.

    Raises NotYourDuty, HelpNeedsHall, HelpNeedsPaper, PresenceNotFound, PresenceOver, and as `service.ask`.
    """
    hall, met = _hall(clerk), window.presence(session, clerk=clerk, presence_id=presence_id)
    if not signed:
        raise HelpNeedsPaper
    return service.begin_on_paper(
        session,
        citizen_id=met.citizen_id,
        clerk_id=clerk.clerk_id,
        centre_id=hall,
        document=_document(met.document),
    ).id


def left_to_others(clerk: OnDuty, helped: Sequence[Helped]) -> frozenset[Step]:
    """The steps of a case that are a colleague's, since this clerk helped its applicant (帮办回避)."""
    return states.FOUR_EYES if any(one.clerk_id == clerk.clerk_id for one in helped) else frozenset()


def day(session: Session, *, clerk: OnDuty) -> Day:
    """How many were helped today in the clerk's hall, or in all, and how many handed in (今日帮办)."""
    began = [Assistance.agreed_at >= datetime.combine(clock.today(), time(), clock.SHANGHAI)]
    if clerk.centre_id is not None:
        began.append(Assistance.centre_id == clerk.centre_id)
    led = (
        select(AssistAct.id)
        .join(Case, Case.id == cast(func.split_part(AssistAct.reference, ":", 2), BigInteger))
        .where(
            AssistAct.assistance_id == Assistance.id,
            AssistAct.reference.startswith("case:"),
            Case.submitted_at.is_not(None),
        )
    )
    asked = select(func.count(), func.count().filter(led.exists())).select_from(Assistance).where(*began)
    return Day(*session.execute(asked).one())


def end(session: Session, *, clerk: OnDuty, assistance_id: int) -> None:
    """End it, or stop waiting (结束帮办); repeating it changes nothing. Raises AssistanceNotFound."""
    duties.refuse_unless(clerk, ASSISTING)
    service.end_by_clerk(session, clerk_id=clerk.clerk_id, assistance_id=assistance_id)


def table(session: Session, *, clerk: OnDuty, assistance_id: int) -> Table:
    """One session of this clerk (帮办工作台); what is the citizen's only while it lasts.

    Nothing tells who they are before their yes. Raises NotYourDuty, AssistanceNotFound.
    """
    duties.refuse_unless(clerk, ASSISTING)
    queries.of_clerk(session, clerk_id=clerk.clerk_id, assistance_id=assistance_id)
    seen = queries.seen(session, assistance_id=assistance_id)
    named = people.citizen(session, citizen_id=seen.citizen_id).name if seen.agreed_at else None
    name = people.masked_name(named) or _NAMELESS
    done = queries.acts(session, assistance_ids=[seen.id])[seen.id]
    if seen.state != "live":
        return Table(seen, name, [], [], done)
    with helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        drafts = case_queries.of_citizen(session, citizen_id=held.citizen_id, limit=_MOST_SHOWN)
    shown = Table(
        session=seen,
        citizen=name,
        drafts=[_brief(case) for case in drafts],
        under_way=[_brief(case) for case in _under_way(session, held.citizen_id)],
        done=done,
    )
    viewed(session, clerk, held)
    return shown


def minutes_left(session: Session, *, clerk: OnDuty, assistance_id: int) -> int | None:
    """In how many minutes it ends if nothing is done; None once it is over. Asking keeps nothing alive.

    Raises NotYourDuty, AssistanceNotFound.
    """
    duties.refuse_unless(clerk, ASSISTING)
    found = queries.of_clerk(session, clerk_id=clerk.clerk_id, assistance_id=assistance_id)
    return queries.minutes_left(found)


def helping(session: Session, *, clerk: OnDuty, assistance_id: int) -> AbstractContextManager[Assistance]:
    """Do for the citizen what stands within (帮办中的一步); raises as `acting.helping`, and NotYourDuty."""
    duties.refuse_unless(clerk, ASSISTING)
    return acting.helping(session, clerk_id=clerk.clerk_id, clerk=clerk.name, assistance_id=assistance_id)


def viewed(session: Session, clerk: OnDuty, held: Assistance, **details: str) -> None:
    """Write down that something of the citizen's was looked at, as the last thing of a unit of work."""
    _note(session, clerk, held, action="assistance_viewed", **details)


def acted(session: Session, clerk: OnDuty, held: Assistance, **details: str) -> None:
    """Write down what was done for the citizen, as the last thing of a unit of work."""
    _note(session, clerk, held, action="assistance_acted", **details)


def _note(session: Session, clerk: OnDuty, held: Assistance, *, action: str, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"assistance:{held.id}",
        details=details,
        citizen_id=held.citizen_id,
    )


def _hall(clerk: OnDuty) -> str:
    duties.refuse_unless(clerk, ASSISTING)
    if clerk.centre_id is None:
        raise HelpNeedsHall
    return clerk.centre_id


def _document(document: str | None) -> str:
    """What was seen of who signs; whoever has an account says yes on their phone."""
    if document is None:
        raise HelpNeedsPaper
    return document


def _under_way(session: Session, citizen_id: int) -> Sequence[Case]:
    open_states = [state.value for state in (*UNDER_WAY, State.DECIDED)]
    mine = (Case.citizen_id == citizen_id, Case.organisation_id.is_(None), Case.state.in_(open_states))
    return session.scalars(select(Case).where(*mine).order_by(Case.id.desc()).limit(_MOST_SHOWN)).all()


def _brief(case: Case) -> Brief:
    return Brief(case.case_no, case.task_name, TEXTS[State(case.state)])
