"""My own data (我的数据): who looked at it, all of it as one file, and the account's end: /me/…."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app import clock
from app.db import unit_of_work
from app.own_data import access_log, export
from app.own_data.matters import KEPT
from app.own_data.sections import SECTIONS
from app.people import closing
from app.people.closing import Standing
from notifications import own_data as own_messages
from payments import own_data as own_payments
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("my_data", __name__, url_prefix="/api/v1/me")

_WHOLE = (*SECTIONS, *own_payments.SECTIONS, *own_messages.SECTIONS)


class AccessOut(Schema):
    """One look at my data, or one change; `about` names the thing, null when it was about me alone."""

    id = fields.String()
    at = ShanghaiTime()
    who = fields.String(metadata={"description": "role and place, never a clerk's name"})
    what = fields.String()
    about = fields.String(allow_none=True)


class ClosingOut(Schema):
    """The account's end: what must be finished first, what the law has the city keep, and the day."""

    can_close = fields.Boolean()
    reasons = fields.List(fields.String())
    kept = fields.List(fields.String())
    closes_on = fields.Date(allow_none=True, metadata={"description": "null while I have not wished so"})


class AboutFileOut(Schema):
    """When the file was made, and how to read it."""

    made_at = ShanghaiTime()
    explanation = fields.String()


class WayInOut(Schema):
    """One account of mine at a platform."""

    platform = fields.String()
    linked_at = ShanghaiTime()
    open_id = fields.String(allow_none=True)
    union_id = fields.String(allow_none=True)


class WholeCitizenOut(Schema):
    """Myself, with name, number and phone in full."""

    id = fields.String()
    name = fields.String(allow_none=True)
    id_number = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    assurance = fields.String()
    joined_at = ShanghaiTime()
    preferences = fields.Dict(keys=fields.String())
    platforms = fields.List(fields.Nested(WayInOut))
    closing_on = fields.Date(allow_none=True)


def _things(what: str) -> fields.List[Any]:
    return fields.List(fields.Dict(keys=fields.String()), metadata={"description": f"{what}, newest first"})


class WholeOut(Schema):
    """All that is kept about me; made to be read by people, so the lists hold words instead of codes."""

    about = fields.Nested(AboutFileOut)
    citizen = fields.Nested(WholeCitizenOut)
    cases = _things("cases with form, list of materials, decision and timeline")
    bundle_applications = _things("applications for several items at once, with their parts")
    certificates = _things("electronic certificates with what they say")
    documents = _things("legal notices with what they say")
    bills = _things("bills with fees, legal basis and receipt number")
    appointments = _things("appointments")
    hall_visits = _things("days at a hall, by case")
    call_backs = _things("calls about how a closed case went, with their result")
    certificate_showings = _things("certificates that were shown, with every look")
    queue_tickets = _things("queue numbers")
    deliveries = _things("how results came: where to, who fetched them, the parcel")
    site_visits = _things("who came to one's place, when, and what they found")
    archives = _things("what is archived of cases and for how long")
    co_signings = _things("applications that two sign: mine, and those I signed")
    prechecks = _things("looks of a clerk before the way to the window, and what they said")
    locker_items = _things("photos kept for later cases, and until when")
    locker_uses = _things("every time such photos were used, and for which case")
    waiting_list = _things("wishes for an earlier place")
    evaluations = _things("ratings with the answers")
    complaints = _things("complaints with the answers")
    guide_feedback = _things("opinions about guides")
    logins = _things("logins")
    licence_hints = _things("licences named after a registration")
    enterprise_names = _things("names of enterprises asked for")
    account_closings = _things("wishes to close the account")
    consents = _things("what I agreed to, in the words I read, and until when")
    organisations = _things("organisations that I act for")
    organisation_claims = _things("organisations that I said to represent, and the registry's answer")
    delegations = _things("whom I authorised or act for, and what was done")
    assistances = _things("clerks who helped me in a hall, and what was done")
    access_log = _things("who looked at my data")
    payments = _things("payments with their bills and what went back")
    refunds = _things("what I asked back")
    messages = _things("messages and the ways they went")
    reminder_allowances = _things("reminders that I have allowed")


@door.get("/access-log", auth=CITIZEN, query=PageIn, gives=AccessOut, many=True)
def list_accesses(query: dict[str, Any]) -> ResponseReturnValue:
    """List who looked at or changed what is mine, newest first (谁看过我的数据)."""
    with unit_of_work() as session:
        found = access_log.page(
            session,
            citizen_id=current_citizen_id(),
            before_id=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(found, limit=query["limit"], dump=AccessOut().dump, key=lambda line: line.id)


@door.get("/export", auth=CITIZEN, gives=WholeOut)
def export_me() -> ResponseReturnValue:
    """Give me all that is kept about me as one file, five times a day at most (下载我的数据)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        head = export.begin(session, citizen_id=citizen_id)
    pieces = export.written(head, citizen_id=citizen_id, sections=_WHOLE)
    response = Response(pieces, mimetype="application/json")
    name = f"yima-my-data-{clock.today():%Y%m%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@door.get("/closing", auth=CITIZEN, gives=ClosingOut)
def show_closing() -> ResponseReturnValue:
    """Show whether my account can be closed, what is kept then, and the day if one is set (注销进度)."""
    with unit_of_work() as session:
        return _shown(closing.standing(session, citizen_id=current_citizen_id()))


@door.delete("", auth=CITIZEN, gives=ClosingOut)
def close_account() -> ResponseReturnValue:
    """Wish my account closed; it waits for fifteen days, and doing it again changes nothing (申请注销)."""
    with unit_of_work() as session:
        return _shown(closing.start(session, citizen_id=current_citizen_id()))


@door.delete("/closing", auth=CITIZEN, gives=ClosingOut)
def keep_account() -> ResponseReturnValue:
    """Keep my account after all; doing it again changes nothing (撤销注销申请)."""
    with unit_of_work() as session:
        return _shown(closing.take_back(session, citizen_id=current_citizen_id()))


def _shown(standing: Standing) -> dict[str, Any]:
    return dict(
        ClosingOut().dump(
            {
                "can_close": standing.can_close,
                "reasons": standing.reasons,
                "kept": KEPT,
                "closes_on": standing.closes_on,
            }
        )
    )
