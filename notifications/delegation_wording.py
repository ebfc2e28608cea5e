"""What is said about acting for another citizen (授权代办的消息)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.appointments import queries as appointments
from app.cases import queries as cases
from app.delegations import queries
from app.delegations.events import DelegateActed, DelegationAccepted, DelegationEnded
from app.delegations.models import EndedBy
from app.events import Event
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_PAGE = "pages/delegations/list"
_STOP = "不是您同意的，请在“我的 › 授权代办”里马上停止。"
# What one should hear of at once: an application is in, or a place is taken.
_MUST_ARRIVE = frozenset({"submitted", "booked"})


def delegation_accepted(session: Session, event: DelegationAccepted) -> Draft:
    """Somebody may act from now on; whoever authorised them is told."""
    between = queries.parties(session, delegation_id=event.delegation_id)
    return _draft(
        between.giver_id,
        subject=f"delegation:{event.delegation_id}:accepted",
        title="代办人接受了授权",
        text=f"代办人{between.agent}接受了授权，可以替您办事，到{between.until:%Y年%m月%d日}为止。{_STOP}",
        about="授权代办",
        state="已生效",
        hint="代办人接受了授权",
        must_arrive=True,
    )


def delegation_ended(session: Session, event: DelegationEnded) -> Draft | None:
    """One side stopped it; the other one is told."""
    between = queries.parties(session, delegation_id=event.delegation_id)
    by_agent = between.ended_by == EndedBy.AGENT
    reader = between.giver_id if by_agent else between.agent_id
    if reader is None:
        return None
    of_giver = f"{between.agent}不再替您办事，对您的办件不能再看也不能再办。"
    of_agent = f"{between.giver}停止了授权，您不能再替他办事。"
    return _draft(
        reader,
        subject=f"delegation:{event.delegation_id}:ended",
        title="授权代办已停止",
        text=of_giver if by_agent else of_agent,
        about="授权代办",
        state="已停止",
        hint="授权代办已停止",
    )


def delegate_acted(session: Session, event: DelegateActed) -> Draft:
    """An agent did something for a citizen, who hears what, and how to stop it."""
    act = queries.act(session, act_id=event.act_id)
    between = queries.parties(session, delegation_id=act.delegation_id)
    name, page = _about(session, act.reference)
    return _draft(
        between.giver_id,
        subject=f"delegate_act:{act.id}",
        title="代办人替您办了一步",
        text=f"代办人{between.agent}替您办理“{name}”：{act.sentence}。{_STOP}",
        page=page,
        about=name,
        state="代办",
        hint=act.sentence,
        must_arrive=act.kind in _MUST_ARRIVE,
    )


def _about(session: Session, reference: str) -> tuple[str, str]:
    """The item that an act was about, and the page on which its citizen sees it."""
    kind, _, number = reference.partition(":")
    if kind == "appointment":
        visit = appointments.facts(session, appointment_id=int(number))
        return visit.task_name, f"pages/booking/ticket?id={number}"
    case = cases.facts(session, case_id=int(number))
    return case.task_name, f"pages/cases/detail?no={case.case_no}"


def _draft(
    citizen_id: int,
    *,
    subject: str,
    title: str,
    text: str,
    about: str,
    state: str,
    hint: str,
    page: str = _PAGE,
    must_arrive: bool = False,
) -> Draft:
    return Draft(
        citizen_id=citizen_id,
        subject=subject,
        title=title,
        text=text,
        page=page,
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(about),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
        must_arrive=must_arrive,
    )


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    DelegationAccepted: delegation_accepted,
    DelegationEnded: delegation_ended,
    DelegateActed: delegate_acted,
}
