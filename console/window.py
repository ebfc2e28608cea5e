"""Meeting citizens (接待): the scan field, who stands at the window, today's appointments."""

from datetime import timedelta
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.centres import queries as centres
from app.db import unit_of_work
from app.delegations import service
from app.delegations.models import TEXTS
from app.desk import assisting, duties, identities, paper_authority, visits
from app.desk import window as desk
from app.desk.identities import Typed
from app.desk.window import CaseNamed, Met, PrecheckNamed
from app.errors import DomainError
from app.people.proving import Document
from console import callers, forms, pages
from console.callers import ANY_CLERK, Staff
from console.forms import TodayIn
from console.making import console_door

door = console_door("console_window")

_DONE = {
    "proven": "已核验身份，市民会收到消息。",
    "region": "已核验身份，市民会收到消息。号码开头的地区代码现在不用了，请再对照证件，不对的请督导撤销。",
    "withdrawn": "已撤销实名，市民会收到消息。",
    "confirmed": "已复核，授权码现在可以用了。",
    "ended": "已停止授权，代办人马上不能再看、再办。",
}
_USUALLY = timedelta(days=30)
# The page is shown again with what was typed; 404 and 410 say that nobody stands there.
_MENDABLE = {403, 409, 422, 429}


class GuestIn(Schema):
    """What has just been done."""

    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/window", auth=ANY_CLERK)
def window() -> ResponseReturnValue:
    """Show the field into which a scanner types (扫码接待)."""
    return pages.page("window.html", **_document())


@door.post("/scan", auth=ANY_CLERK)
def scan() -> ResponseReturnValue:
    """Go to what was scanned or typed: a citizen, an appointment, a case."""
    with unit_of_work() as session:
        found = desk.scan(session, clerk=callers.current_clerk(), content=request.form.get("content", ""))
    if isinstance(found, Met):
        return pages.see_other("console_window.guest", presence_id=found.presence_id)
    if isinstance(found, CaseNamed):
        return pages.see_other("console_cases.case", case_no=found.case_no)
    if isinstance(found, PrecheckNamed):
        return pages.see_other(
            "console_prechecks.precheck", precheck_id=found.precheck_id, by=found.visitor_id
        )
    return _to_today(found.visit.centre_id, found.visit.id)


@door.get("/guests/<int:presence_id>", auth=Staff(duties.MEETING), query=GuestIn)
def guest(presence_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show what is theirs who just showed their code to this clerk."""
    return _guest(presence_id, notice=_DONE.get(query["done"], ""))


@door.post("/window/document", auth=Staff(identities.MEETING_ON_PAPER))
def meet_by_document() -> ResponseReturnValue:
    """Meet somebody who has no phone, by the document in hand (凭证件接待)."""
    clerk = callers.current_clerk()
    try:
        with unit_of_work() as session:
            identities.count_try(session, clerk=clerk)
        with unit_of_work() as session:
            presence_id = identities.meet(session, clerk=clerk, typed=_typed())
    except DomainError as refusal:
        return pages.page("window.html", status=refusal.status, refusal=refusal, **_document())
    return pages.see_other("console_window.guest", presence_id=presence_id)


@door.post("/guests/<int:presence_id>/delegations", auth=Staff(identities.PROVING))
def authorise(presence_id: int) -> ResponseReturnValue:
    """Write down whom the guest authorises, and show what is to be printed (窗口授权)."""
    form = request.form
    typed = paper_authority.Typed(
        form.get("matters", ""), "everything" in form, form.getlist("act"), form.get("until", "")
    )
    try:
        with unit_of_work() as session:
            paper = paper_authority.make(
                session, clerk=callers.current_clerk(), presence_id=presence_id, typed=typed
            )
    except DomainError as refusal:
        return _mend(presence_id, refusal)
    return pages.page("authority_paper.html", paper=paper, presence_id=presence_id)


@door.post(
    "/guests/<int:presence_id>/delegations/<int:delegation_id>/end", auth=Staff(identities.MEETING_ON_PAPER)
)
def end_authority(presence_id: int, delegation_id: int) -> ResponseReturnValue:
    """Stop an authority of the guest's (窗口停止授权)."""
    with unit_of_work() as session:
        paper_authority.end(
            session, clerk=callers.current_clerk(), presence_id=presence_id, delegation_id=delegation_id
        )
    return pages.see_other("console_window.guest", presence_id=presence_id, done="ended")


@door.post(
    "/guests/<int:presence_id>/delegations/<int:delegation_id>/confirm",
    auth=Staff(identities.MEETING_ON_PAPER),
)
def confirm_authority(presence_id: int, delegation_id: int) -> ResponseReturnValue:
    """Confirm what a colleague wrote down for the guest (窗口复核)."""
    try:
        with unit_of_work() as session:
            paper_authority.confirm(
                session, clerk=callers.current_clerk(), presence_id=presence_id, delegation_id=delegation_id
            )
    except DomainError as refusal:
        return _mend(presence_id, refusal)
    return pages.see_other("console_window.guest", presence_id=presence_id, done="confirmed")


@door.post("/guests/<int:presence_id>/identity", auth=Staff(identities.PROVING))
def prove_identity(presence_id: int) -> ResponseReturnValue:
    """Bind what stands on the document in hand to the guest's account (核验身份)."""
    clerk, typed = callers.current_clerk(), _typed()
    try:
        with unit_of_work() as session:
            identities.count_try(session, clerk=clerk)
        with unit_of_work() as session:
            proven = identities.prove(session, clerk=clerk, presence_id=presence_id, typed=typed)
    except DomainError as refusal:
        return _mend(presence_id, refusal)
    done = "proven" if proven.region_is_known else "region"
    return pages.see_other("console_window.guest", presence_id=presence_id, done=done)


@door.post("/guests/<int:presence_id>/identity/withdraw", auth=Staff(identities.WITHDRAWING))
def withdraw_identity(presence_id: int) -> ResponseReturnValue:
    """Take the guest's proven identity back (撤销实名)."""
    reason = request.form.get("reason", "")
    try:
        with unit_of_work() as session:
            identities.withdraw(
                session, clerk=callers.current_clerk(), presence_id=presence_id, reason=reason
            )
    except DomainError as refusal:
        return _mend(presence_id, refusal)
    return pages.see_other("console_window.guest", presence_id=presence_id, done="withdrawn")


@door.get("/appointments", auth=Staff(duties.RECEIVING), query=TodayIn)
def today(query: dict[str, Any]) -> ResponseReturnValue:
    """Show who is expected today in the clerk's hall; a clerk without one chooses."""
    after = forms.visit_mark(query["after"])
    centre_id = callers.current_clerk().centre_id or query["centre"]
    with unit_of_work() as session:
        if centre_id is None:
            return pages.page("halls.html", halls=[found.centre for found in centres.find(session)])
        hall = centres.centre(session, centre_id=centre_id)
        counts = visits.counts(session, centre_id=hall.id)
        expected, following = visits.page(session, centre_id=hall.id, after=after)
    return pages.page(
        "appointments.html",
        hall=hall,
        counts=counts,
        expected=expected,
        following=forms.written(following),
        came=query["came"],
    )


@door.post("/appointments/<int:appointment_id>/check-in", auth=Staff(duties.RECEIVING))
def check_in(appointment_id: int) -> ResponseReturnValue:
    """Check in somebody on the list (签到)."""
    with unit_of_work() as session:
        visit = desk.check_in_by_id(session, clerk=callers.current_clerk(), appointment_id=appointment_id)
    return _to_today(visit.centre_id, visit.id)


def _typed() -> Typed:
    form = request.form
    return Typed(form.get("name", ""), form.get("number", ""), form.get("document", ""))


def _document() -> dict[str, Any]:
    """What the form for a document needs."""
    return {
        "may_meet_on_paper": bool(callers.current_clerk().roles & identities.MEETING_ON_PAPER),
        "may_prove": bool(callers.current_clerk().roles & identities.PROVING),
        "documents": [each.value for each in Document],
        "longest_name": identities.LONGEST_NAME,
        "typed": request.form,
    }


def _mend(presence_id: int, refusal: DomainError) -> Response:
    if refusal.status not in _MENDABLE:
        raise refusal
    return _guest(presence_id, refusal=refusal)


def _guest(presence_id: int, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        found = desk.guest(session, clerk=clerk, presence_id=presence_id)
        known = found.id_number is not None
        may_end = known and bool(clerk.roles & identities.MEETING_ON_PAPER)
        given = paper_authority.given(session, clerk=clerk, presence_id=presence_id) if may_end else []
    return pages.page(
        "guest.html",
        status=200 if refusal is None else refusal.status,
        guest=found,
        presence_id=presence_id,
        **_document(),
        may_withdraw=bool(clerk.roles & identities.WITHDRAWING),
        may_end=may_end,
        may_help=bool(clerk.roles & assisting.ASSISTING and clerk.centre_id),
        on_paper=found.document is not None,
        may_authorise=known and bool(clerk.roles & identities.PROVING),
        given=given,
        acts={act.value: words for act, words in TEXTS.items()},
        last_day=clock.today() + service.LONGEST,
        usual_day=clock.today() + _USUALLY,
        longest_reason=identities.LONGEST_REASON,
        notice=notice,
        refusal=refusal,
    )


def _to_today(centre_id: str, appointment_id: int) -> Response:
    chosen = None if callers.current_clerk().centre_id else centre_id
    return pages.see_other("console_window.today", centre=chosen, came=appointment_id)
