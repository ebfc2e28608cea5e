"""Acting for another citizen (授权代办): authorise, accept, stop; X-Acting-For acts under one authority."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.catalogue import queries as catalogue
from app.db import Session, unit_of_work
from app.delegations import queries, service
from app.delegations.models import TEXTS, Act
from app.delegations.queries import Between
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("delegations", __name__, url_prefix="/api/v1/me/delegations")

_ACTS = [act.value for act in Act]
_MOST_ITEMS = 50
_MOST_SHOWN = 50
_MOST_OVER = 20


class DelegateIn(Schema):
    """What somebody may do for me: items (no codes: every one that allows it), acts, the last day."""

    task_codes = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9A-Za-z]{1,64}\Z")),
        load_default=list,
        validate=validate.Length(
            max=_MOST_ITEMS, error="一次最多选五十项，也可以不选，授权全部可以代办的事项"
        ),
    )
    acts = fields.List(
        fields.String(validate=validate.OneOf(_ACTS)),
        required=True,
        validate=validate.Length(1, len(_ACTS), error="请至少选一项他可以替您做的事"),
    )
    until = fields.Date(required=True, error_messages={"invalid": "请选择授权到哪一天"})


class DelegationCodeIn(Schema):
    """The code that was handed over."""

    code = fields.String(required=True, validate=validate.Length(1, 64, error="请填写授权码"))


class DelegatedItemOut(Schema):
    """An item that an agent may handle."""

    task_code = fields.String()
    name = fields.String()


class DelegatedActOut(Schema):
    """Something an agent may do."""

    act = fields.String(metadata={"enum": _ACTS})
    text = fields.String()


class DelegationOut(Schema):
    """An authority; names are masked. An empty `scope` is every item that allows it."""

    id = fields.Integer()
    mine = fields.Boolean(metadata={"description": "whether I gave it"})
    giver = fields.String(metadata={"description": "for whom it is acted"})
    agent = fields.String(metadata={"description": "who acts; empty while the code waits"})
    agent_phone = fields.String(allow_none=True)
    scope = fields.List(fields.Nested(DelegatedItemOut))
    acts = fields.List(fields.Nested(DelegatedActOut))
    until = fields.Date()
    over_at = ShanghaiTime(metadata={"description": "until when the code may be accepted"})
    accepted_at = ShanghaiTime(allow_none=True)
    ended_at = ShanghaiTime(allow_none=True, metadata={"description": "when either side stopped it"})
    is_over = fields.Boolean(metadata={"description": "stopped, or its last day has passed"})
    witnessed = fields.Boolean(metadata={"description": "given on paper at a window"})


class DelegationsOut(Schema):
    """Whom I authorised, for whom I may act, and the newest of either that are over."""

    given = fields.List(fields.Nested(DelegationOut))
    received = fields.List(fields.Nested(DelegationOut))
    over = fields.List(fields.Nested(DelegationOut))


class DelegationMadeOut(Schema):
    """A new authority; who knows the code may accept it, once."""

    code = fields.String()
    until = fields.Date()


class DelegateActOut(Schema):
    """Something that was done under an authority."""

    sentence = fields.String()
    at = ShanghaiTime()


class DelegationDetailOut(DelegationOut):
    """An authority with what was done under it, newest first (代办记录)."""

    done = fields.List(fields.Nested(DelegateActOut))


@door.get("", auth=CITIZEN, gives=DelegationsOut)
def list_delegations() -> ResponseReturnValue:
    """List whom I authorised and for whom I may act (授权代办)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        sides = {
            "given": queries.given(session, citizen_id=citizen_id),
            "received": queries.received(session, agent_id=citizen_id),
            "over": queries.over(session, citizen_id=citizen_id, limit=_MOST_OVER),
        }
        named = _names(session, *(each for side in sides.values() for each in side))
        return {side: [_shown(each, named) for each in found] for side, found in sides.items()}


@door.post("", auth=CITIZEN, takes=DelegateIn, gives=DelegationMadeOut, status=201, idempotent=True)
def make_delegation(data: dict[str, Any]) -> ResponseReturnValue:
    """Make a code by which somebody may act for me (授权别人替我办)."""
    acts = [Act(act) for act in data["acts"]]
    wish = service.Wish(data["task_codes"], acts, data["until"])
    with unit_of_work() as session:
        code = service.offer(session, citizen_id=current_citizen_id(), wish=wish)
        return dict(DelegationMadeOut().dump({"code": code, "until": data["until"]})), 201


@door.get("/<int:delegation_id>", auth=CITIZEN, gives=DelegationDetailOut)
def show_delegation(delegation_id: int) -> ResponseReturnValue:
    """Show an authority that I gave or have, and what was done under it (代办记录)."""
    with unit_of_work() as session:
        found = queries.mine(session, citizen_id=current_citizen_id(), delegation_id=delegation_id)
        done = queries.acts_of(session, delegation_id=delegation_id, limit=_MOST_SHOWN)
        return {**_shown(found, _names(session, found)), "done": DelegateActOut(many=True).dump(done)}


@door.delete("/<int:delegation_id>", auth=CITIZEN, status=204)
def end_delegation(delegation_id: int) -> ResponseReturnValue:
    """Stop an authority that I gave or have, at once (停止授权)."""
    with unit_of_work() as session:
        service.end(session, citizen_id=current_citizen_id(), delegation_id=delegation_id)
    return Response(status=204)


@door.post("/offered", auth=CITIZEN, takes=DelegationCodeIn, gives=DelegationOut)
def read_delegation(data: dict[str, Any]) -> ResponseReturnValue:
    """Say what a code would allow me, before I accept it (查看授权); a POST: no log keeps the code."""
    with unit_of_work() as session:
        found = queries.offered(session, code=data["code"].strip())
        return _shown(found, _names(session, found))


@door.post(
    "/accepted", auth=CITIZEN, takes=DelegationCodeIn, gives=DelegationOut, status=201, idempotent=True
)
def accept_delegation(data: dict[str, Any]) -> ResponseReturnValue:
    """Take on to act for somebody by a code (接受授权)."""
    agent_id = current_citizen_id()
    with unit_of_work() as session:
        taken = service.accept(session, agent_id=agent_id, code=data["code"].strip())
        found = queries.mine(session, citizen_id=agent_id, delegation_id=taken.id)
        return _shown(found, _names(session, found)), 201


def _names(session: Session, *found: Between) -> dict[str, str]:
    """What the items of these authorities are called: one statement for all."""
    codes = sorted({code for each in found for code in each.scope})
    cards = catalogue.cards_of(session, task_codes=codes)
    return {code: str(card["name"]) for code, card in cards.items()}


def _shown(found: Between, named: dict[str, str]) -> dict[str, Any]:
    scope = [{"task_code": code, "name": named.get(code, "已经不办的事项")} for code in found.scope]
    acts = [{"act": act, "text": TEXTS[Act(act)]} for act in found.acts]
    plain = DelegationOut(exclude=["scope", "acts"]).dump(found)
    plain["mine"] = found.giver_id == current_citizen_id()
    return {**plain, "scope": scope, "acts": acts}
