"""The companies for which I act (我的企业): claim, authorise, accept, end; X-Acting-For acts for one."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.catalogue import queries as catalogue
from app.db import Session, unit_of_work
from app.organisations import claims, queries, service
from app.organisations.models import Proof, Role
from app.organisations.queries import Acting
from registry import representatives
from web.callers import CITIZEN, current_citizen_id
from web.door import Door, claim_of_tap
from web.times import ShanghaiTime

door = Door("organisations", __name__, url_prefix="/api/v1/me/organisations")

_ROLES = {Role.REPRESENTATIVE: "法定代表人", Role.AGENT: "经办人"}
_PROOFS = {Proof.REAL_NAME: "登记系统已按实名信息核对", Proof.PHONE: "登记系统已按手机号核对"}
_MOST_ITEMS = 50


class ClaimIn(Schema):
    """The company's 统一社会信用代码, as on its licence."""

    code = fields.String(required=True, validate=validate.Length(1, 40, error="请填写统一社会信用代码"))


class InviteIn(Schema):
    """What an agent may handle (no codes: everything) and the last day."""

    task_codes = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9A-Za-z]{1,64}\Z")),
        load_default=list,
        validate=validate.Length(max=_MOST_ITEMS, error="一次最多选五十项，也可以不选，授权全部事项"),
    )
    until = fields.Date(required=True, error_messages={"invalid": "请选择授权到哪一天"})


class InvitedIn(Schema):
    """The code that the representative handed over."""

    code = fields.String(required=True, validate=validate.Length(1, 64, error="请填写授权码"))


class ItemOut(Schema):
    """An item that an agent may handle."""

    task_code = fields.String()
    name = fields.String()


class OrganisationOut(Schema):
    """A company for which I act; an empty `scope` is every item, `expires_on` the last day of an agent."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    role = fields.String(metadata={"enum": [role.value for role in Role]})
    role_text = fields.String()
    proof_text = fields.String(allow_none=True)
    scope = fields.List(fields.Nested(ItemOut))
    expires_on = fields.Date(allow_none=True)


class AgentOut(Schema):
    """Somebody whom I authorised, masked."""

    standing_id = fields.Integer()
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    scope = fields.List(fields.Nested(ItemOut))
    expires_on = fields.Date()
    began_at = ShanghaiTime()


class InvitationOut(Schema):
    """An invitation that may still be accepted; its code is shown only when it is made."""

    id = fields.Integer()
    scope = fields.List(fields.Nested(ItemOut))
    agent_until = fields.Date()
    over_at = ShanghaiTime()


class OrganisationDetailOut(OrganisationOut):
    """A company with those whom I authorised and who are invited; agents see none of them."""

    agents = fields.List(fields.Nested(AgentOut))
    invitations = fields.List(fields.Nested(InvitationOut))


class AskingOut(Schema):
    """A claim that the registry has not answered yet."""

    code = fields.String()
    created_at = ShanghaiTime()


class BesideOut(Schema):
    """What is still being asked."""

    asking = fields.List(fields.Nested(AskingOut))


class ClaimOut(Schema):
    """What became of a claim: `asking` while the registry is silent, then a message follows."""

    state = fields.String(metadata={"enum": ["asking", "proven"]})
    organisation = fields.Nested(OrganisationOut, allow_none=True)


class MadeOut(Schema):
    """A new invitation; who knows the code may accept it, once."""

    code = fields.String()
    agent_until = fields.Date()


class OfferedOut(Schema):
    """What I would be allowed by accepting."""

    organisation_code = fields.String(attribute="code")
    organisation_name = fields.String(attribute="name")
    scope = fields.List(fields.Nested(ItemOut))
    until = fields.Date()


@door.get("", auth=CITIZEN, gives=OrganisationOut, many=True, beside=BesideOut)
def list_organisations() -> ResponseReturnValue:
    """List the companies for which I may act today (我的企业)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        found = queries.of_citizen(session, citizen_id=citizen_id)
        asking = claims.waiting(session, citizen_id=citizen_id)
        named = _names(session, *(acting.scope for acting in found))
        items = [OrganisationOut().dump(_shown(acting, named)) for acting in found]
        return {"items": items, "next_cursor": None, **BesideOut().dump({"asking": asking})}


@door.post("", auth=CITIZEN, takes=ClaimIn, gives=ClaimOut, status=201, keyed=True)
def claim_organisation(data: dict[str, Any]) -> ResponseReturnValue:
    """Act for a company as its legal representative; the registry is asked whether I am it (绑定企业)."""
    citizen_id = current_citizen_id()
    tap = claim_of_tap(f"citizen:{citizen_id}")
    asked = representatives.prove(representatives.Wish(citizen_id, data["code"], tap))
    with unit_of_work() as session:
        mine = queries.of_citizen(session, citizen_id=citizen_id)
        acting = next((one for one in mine if one.code == asked.code), None)
        shown = None if acting is None else _shown(acting, _names(session, acting.scope))
        return dict(ClaimOut().dump({"state": asked.state, "organisation": shown})), 201


@door.get("/<int:organisation_id>", auth=CITIZEN, gives=OrganisationDetailOut)
def show_organisation(organisation_id: int) -> ResponseReturnValue:
    """Show a company for which I act, and whom I authorised (企业详情)."""
    with unit_of_work() as session:
        acting = queries.acting(session, citizen_id=current_citizen_id(), organisation_id=organisation_id)
        agents = queries.agents(session, standing_id=acting.standing_id)
        invited = queries.invitations(session, standing_id=acting.standing_id)
        scopes = (acting.scope, *(each.scope for each in agents), *(each.scope for each in invited))
        named = _names(session, *scopes)
        return {
            **OrganisationOut().dump(_shown(acting, named)),
            "agents": [
                {**AgentOut(exclude=["scope"]).dump(each), "scope": _items(each.scope, named)}
                for each in agents
            ],
            "invitations": [
                {**InvitationOut(exclude=["scope"]).dump(each), "scope": _items(each.scope, named)}
                for each in invited
            ],
        }


@door.delete("/<int:organisation_id>", auth=CITIZEN, status=204)
def leave_organisation(organisation_id: int) -> ResponseReturnValue:
    """Act for a company no longer; my agents end too (解除绑定)."""
    with unit_of_work() as session:
        service.leave(session, citizen_id=current_citizen_id(), organisation_id=organisation_id)
    return Response(status=204)


@door.post(
    "/<int:organisation_id>/invitations",
    auth=CITIZEN,
    takes=InviteIn,
    gives=MadeOut,
    status=201,
    idempotent=True,
)
def invite_agent(organisation_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Make a code by which somebody becomes my company's agent (授权经办人)."""
    with unit_of_work() as session:
        code = service.invite(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=organisation_id,
            scope=data["task_codes"],
            until=data["until"],
        )
        return dict(MadeOut().dump({"code": code, "agent_until": data["until"]})), 201


@door.delete("/<int:organisation_id>/invitations/<int:invitation_id>", auth=CITIZEN, status=204)
def call_back_invitation(organisation_id: int, invitation_id: int) -> ResponseReturnValue:
    """Make an invitation good for nothing (撤回授权码)."""
    with unit_of_work() as session:
        service.call_back(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=organisation_id,
            invitation_id=invitation_id,
        )
    return Response(status=204)


@door.delete("/<int:organisation_id>/agents/<int:standing_id>", auth=CITIZEN, status=204)
def dismiss_agent(organisation_id: int, standing_id: int) -> ResponseReturnValue:
    """End an agent's authority at once (取消授权)."""
    with unit_of_work() as session:
        service.dismiss(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=organisation_id,
            standing_id=standing_id,
        )
    return Response(status=204)


@door.post("/invited", auth=CITIZEN, takes=InvitedIn, gives=OfferedOut)
def read_invitation(data: dict[str, Any]) -> ResponseReturnValue:
    """Say what a code would allow me, before I accept it (查看授权); a POST: no log keeps the code."""
    with unit_of_work() as session:
        offered = queries.offered(session, code=data["code"].strip())
        named = _names(session, offered.scope)
        shown = OfferedOut(exclude=["scope"]).dump(offered)
        return {**shown, "scope": _items(offered.scope, named)}


@door.post("/accepted", auth=CITIZEN, takes=InvitedIn, gives=OrganisationOut, status=201, idempotent=True)
def accept_invitation(data: dict[str, Any]) -> ResponseReturnValue:
    """Become a company's agent by a code (接受授权)."""
    with unit_of_work() as session:
        acting = service.accept(session, citizen_id=current_citizen_id(), code=data["code"].strip())
        return dict(OrganisationOut().dump(_shown(acting, _names(session, acting.scope)))), 201


def _names(session: Session, *scopes: Any) -> dict[str, str]:
    """What the items of these scopes are called: one statement for all."""
    codes = sorted({code for scope in scopes for code in scope})
    found = catalogue.cards_of(session, task_codes=codes)
    return {code: str(card["name"]) for code, card in found.items()}


def _items(scope: Any, named: dict[str, str]) -> list[dict[str, str]]:
    return [{"task_code": code, "name": named.get(code, "已经不办的事项")} for code in scope]


def _shown(acting: Acting, named: dict[str, str]) -> dict[str, Any]:
    return {
        "id": acting.organisation_id,
        "code": acting.code,
        "name": acting.name,
        "role": acting.role.value,
        "role_text": _ROLES[acting.role],
        "proof_text": _PROOFS[Proof(acting.proven_by)] if acting.proven_by else None,
        "scope": _items(acting.scope, named),
        "expires_on": acting.expires_on,
    }
