"""What can be done with a delivery (送达): choose, begin after the decision, hand out, confirm."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app import clock
from app.cases import steps, timeline, ways
from app.cases.models import Case
from app.cases.states import State
from app.cases.timeline import Actor
from app.cases.ways import WAY_TEXTS, Way
from app.catalogue import queries as catalogue
from app.delegations import reach
from app.deliveries import choice as choices
from app.deliveries import holding, parcels, pickup, postage
from app.deliveries.choice import Choice
from app.deliveries.errors import (
    AddressIncomplete,
    AlreadyDelivered,
    AlreadySent,
    ChosenOnForm,
    NothingToHandOver,
    NotOnItsWay,
    NotThePersonNamed,
    PickUpCodeWrong,
    WayNotOffered,
)
from app.deliveries.events import DeliveryMoved
from app.deliveries.models import Delivery, DeliveryState
from app.errors import Conflict
from app.events import publish
from app.plain_text import words

_OVER: Final[Mapping[State, type[Conflict]]] = {
    State.CLOSED: AlreadyDelivered,
    State.WITHDRAWN: NothingToHandOver,
    State.TERMINATED: NothingToHandOver,
    State.NOT_ACCEPTED: NothingToHandOver,
}


def choose(
    session: Session, *, citizen_id: int, case_no: str, choice: Choice, organisation_id: int | None = None
) -> Case:
    """Say how one's result is to come, until it is sent (选择送达方式); raises as `change` does."""
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    change(session, case, choice, actor=timeline.CITIZEN)
    return case


def change(session: Session, case: Case, choice: Choice, *, actor: Actor, at_the_desk: bool = False) -> None:
    """Change the way of a case whose row is held; `at_the_desk`: what came back is fetched, offered or not.

    Raises WayNotOffered, AddressIncomplete, HallNeeded, ChosenOnForm, AlreadySent, AlreadyDelivered,
    NothingToHandOver, GrantRevoked for another way on paper.
    """
    over = _OVER.get(State(case.state))
    if over is not None:
        raise over
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    fetched = at_the_desk and choice.way is Way.WINDOW
    if not fetched and choice.way not in ways.offered(body):
        raise WayNotOffered
    before = ways.chosen(session, case)
    if case.submitted_at is None and choice.way is not before:
        raise ChosenOnForm
    kept = choices.checked(session, choice, body)
    delivery = holding.delivery(session, case_id=case.id)
    if choice.way.value in ways.PAPER:
        holding.refuse_revoked(session, case_id=case.id)
    if not parcels.take_back(session, delivery):
        raise AlreadySent
    if before is Way.WINDOW and _stays(delivery, kept):
        delivery.proxy_name = kept.proxy_name or None
        session.flush()
        return
    _keep(delivery, kept)
    if case.submitted_at is not None:
        case.delivery_way = kept.way.value
        if kept.way is not before:
            sentence = f"结果领取方式改为{WAY_TEXTS[kept.way]}"
            timeline.note(session, case_id=case.id, kind="way_changed", actor=actor, sentence=sentence)
    session.flush()
    if case.state == State.DECIDED:
        _settle(session, case, delivery, body=body)


def begin(session: Session, *, case_id: int) -> None:
    """Begin to hand over what was decided, when it is on paper; a second time changes nothing.

    What has no address to be sent to waits at a hall, and so does what an agent handed in (代办): only the
    applicant says where their paper is sent.
    """
    case = holding.case(session, case_id=case_id)
    if case.state != State.DECIDED or case.delivery_way not in ways.PAPER:
        return
    delivery = holding.delivery(session, case_id=case.id)
    if delivery.state != DeliveryState.CHOSEN:
        return
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    way = Way(case.delivery_way)
    said = delivery.address is not None if way is Way.POST else delivery.centre_id is not None
    if not said:
        kept = _as_said(session, case, way, body=body)
        case.delivery_way = kept.way.value
        _keep(delivery, kept)
    _settle(session, case, delivery, body=body)


def hand_out(session: Session, delivery: Delivery, *, actor: Actor, received_by: str = "") -> None:
    """Hand a waiting result to whoever showed its code (领取); of two at once one does.

    `received_by`: the name of somebody who is not the applicant, and whom they named or authorised. Raises
    AlreadyDelivered, PickUpCodeWrong, GrantRevoked, NotThePersonNamed.
    """
    case = holding.case(session, case_id=delivery.case_id)
    session.refresh(delivery, with_for_update=True)
    if delivery.state == DeliveryState.DELIVERED:
        raise AlreadyDelivered
    if delivery.state != DeliveryState.WAITING:
        raise PickUpCodeWrong
    holding.refuse_revoked(session, case_id=case.id)
    name = words(received_by)
    if name and name not in may_fetch(session, case, delivery):
        raise NotThePersonNamed
    who = "申请人授权的代领人" if name else "申请人"
    delivery.received_by = name or choices.from_form(case, Way.WINDOW).recipient
    delivery.clerk_id = actor.clerk_id
    close(session, case, delivery, actor=actor, sentence=f"{who}已在窗口签收")


def may_fetch(session: Session, case: Case, delivery: Delivery) -> list[str]:
    """The names of who may fetch it for the applicant (可以代领的人): whom they named, and their agents.

    An agent is who has an authority for it (授权代办); a company's matter has none.
    """
    named = {delivery.proxy_name} if delivery.proxy_name else set()
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    if case.organisation_id is None and guide.is_delegable:
        named |= reach.collectors(session, citizen_id=case.citizen_id, task_code=case.task_code)
    return sorted(named)


def confirm(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    """Say oneself that the post has come (确认收到); raises NotOnItsWay, AlreadyDelivered, CaseNotFound."""
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    delivery = holding.delivery(session, case_id=case.id)
    if delivery.state == DeliveryState.DELIVERED:
        raise AlreadyDelivered
    if not parcels.sign(session, delivery):
        raise NotOnItsWay
    close(session, case, delivery, actor=timeline.SYSTEM, sentence="申请人确认已收到邮件")
    return case


def close(session: Session, case: Case, delivery: Delivery, *, actor: Actor, sentence: str) -> None:
    """End a delivery whose case is held: the applicant has it, and the case is closed."""
    delivery.state = DeliveryState.DELIVERED.value
    delivery.delivered_at = delivery.changed_at = clock.now()
    session.flush()
    ways.hand_over(session, case, actor=actor, sentence=sentence)


def _stays(delivery: Delivery, kept: Choice) -> bool:
    """Whether it waits at that hall already: its code stays, and nobody is told a second time."""
    waits = delivery.state == DeliveryState.WAITING and kept.way is Way.WINDOW
    return waits and delivery.centre_id == kept.centre_id


def _as_said(session: Session, case: Case, way: Way, *, body: Mapping[str, Any]) -> Choice:
    hall = Choice(Way.WINDOW)
    if way is Way.POST and case.delegation_id is not None:
        return choices.checked(session, hall, body)
    try:
        return choices.checked(session, choices.from_form(case, way), body)
    except AddressIncomplete:
        return choices.checked(session, hall, body)


def _keep(delivery: Delivery, kept: Choice) -> None:
    delivery.state = DeliveryState.CHOSEN.value
    delivery.changed_at = clock.now()
    if kept.way is Way.WINDOW:
        delivery.centre_id = kept.centre_id
        delivery.proxy_name = kept.proxy_name or None
    elif kept.way is Way.POST:
        delivery.recipient, delivery.phone, delivery.address = kept.recipient, kept.phone, kept.address
        delivery.region = kept.region.value


def _settle(session: Session, case: Case, delivery: Delivery, *, body: Mapping[str, Any]) -> None:
    """Go on by the way that is chosen now, for a case that is decided."""
    way = ways.chosen(session, case)
    postage.settle(session, case, delivery, way=way, body=body)
    if way is Way.ELECTRONIC:
        sentence = (
            "改为电子送达，结果已在“我的证照”和文书里" if case.granted else "改为电子送达，决定已在文书里"
        )
        close(session, case, delivery, actor=timeline.SYSTEM, sentence=sentence)
        return
    if way is Way.WINDOW:
        pickup.wait(session, delivery)
        publish(session, DeliveryMoved(delivery.id, DeliveryState.WAITING.value, delivery.salt or ""))
    else:
        delivery.state = DeliveryState.PREPARING.value
    session.flush()
