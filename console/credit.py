"""Records of broken promises (失信记录): pleas to decide, and what the platform was told."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases.credit_elsewhere import LONGEST_REASON, LONGEST_SOURCE, Learned
from app.cases.promise_errors import LearnedUnfounded
from app.credit.lists import Entry
from app.db import Session, unit_of_work
from app.desk import credit
from app.desk.promise_checks import READING, SETTLING
from app.errors import DomainError
from app.plain_text import readable
from app.promise_checks.plea_errors import PleaUnfounded
from app.promise_checks.plea_models import KIND_TEXTS
from app.promise_checks.pleas import LONGEST
from console import callers, pages
from console.callers import Staff
from console.making import console_door

door = console_door("console_credit")

_DONE = {
    "decided": "结果已记下，并已告知申请人。",
    "again": "已登记重新报送，系统会马上再报给信用平台。",
    "asked": "已重新查询，有结果会自动记在办件上；没有更正过数据的，答复可能还是一样。",
    "learned": "核实的结果已登记，办件可以接着办了。",
}
_MENDABLE = {403, 409, 422}
_ANSWERS = {"yes": True, "no": False}


class ListIn(Schema):
    """What was just done."""

    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/credit", auth=Staff(READING), query=ListIn)
def credit_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the department's pleas that wait, and what the credit platform was told."""
    return _page(notice=_DONE.get(query["done"], ""))


@door.post("/credit/pleas/<int:plea_id>", auth=Staff(SETTLING))
def decide(plea_id: int) -> ResponseReturnValue:
    """Say yes or no to an objection or a repair (异议、信用修复的处理)."""

    def act(session: Session) -> None:
        said = request.form.get("granted", "")
        if said not in _ANSWERS:
            raise PleaUnfounded
        credit.decide(
            session,
            clerk=callers.current_clerk(),
            plea_id=plea_id,
            granted=_ANSWERS[said],
            reason=request.form.get("reason", ""),
        )

    return _done(act, done="decided", refused=plea_id)


@door.post("/credit/reports/<int:report_id>/again", auth=Staff(SETTLING))
def again(report_id: int) -> ResponseReturnValue:
    """Tell once more what was not taken (重新报送)."""
    return _done(
        lambda session: credit.again(session, clerk=callers.current_clerk(), report_id=report_id),
        done="again",
    )


@door.post("/credit/cases/<case_no>/again", auth=Staff(READING))
def ask_anew(case_no: str) -> ResponseReturnValue:
    """Ask about an applicant once more (重新查询信用名单)."""
    return _done(
        lambda session: credit.ask_anew(session, clerk=callers.current_clerk(), case_no=case_no),
        done="asked",
    )


@door.post("/credit/cases/<case_no>/learned", auth=Staff(credit.LEARNING))
def learn(case_no: str) -> ResponseReturnValue:
    """Write down what was learned of an applicant's credit elsewhere (登记另行核实的结果)."""

    def act(session: Session) -> None:
        clerk = callers.current_clerk()
        credit.learn(session, clerk=clerk, case_no=case_no, learned=_learned())

    return _done(act, done="learned", refused=case_no)


def _learned() -> Learned:
    said = request.form.get("listed", "")
    if said not in _ANSWERS:
        raise LearnedUnfounded
    source, reason = request.form.get("source", ""), request.form.get("reason", "")
    return Learned(_entry() if _ANSWERS[said] else None, source, reason)


def _entry() -> Entry:
    """Who listed the applicant, since when and until when, as it was typed; raises LearnedUnfounded."""
    authority = readable(request.form.get("authority", ""))
    since, until = request.form.get("since", ""), request.form.get("until", "")
    try:
        days = date.fromisoformat(since), date.fromisoformat(until) if until else None
    except ValueError:
        raise LearnedUnfounded from None
    if not 0 < len(authority) <= LONGEST_SOURCE:
        raise LearnedUnfounded
    return Entry(authority, "", *days)


def _done(
    act: Callable[[Session], None], *, done: str, refused: int | str | None = None
) -> ResponseReturnValue:
    """`refused` is the plea or the case whose form stays as it was typed when it is not taken."""
    try:
        with unit_of_work() as session:
            act(session)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(refusal=refusal, refused=refused)
    return pages.see_other("console_credit.credit_list", done=done)


def _page(
    *, notice: str = "", refusal: DomainError | None = None, refused: int | str | None = None
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        waiting = credit.waiting(session, clerk=clerk)
        told = credit.told(session, clerk=clerk)
        counts = credit.counts(session, clerk=clerk)
        unknown = credit.unknown(session, clerk=clerk)
    return pages.page(
        "credit.html",
        status=200 if refusal is None else refusal.status,
        joined=credit.is_joined(),
        waiting=waiting,
        told=told,
        counts=counts,
        unknown=unknown,
        unanswered=credit.unanswered,
        may_learn=credit.may_learn(clerk),
        longest_source=LONGEST_SOURCE,
        longest_reason=LONGEST_REASON,
        kinds=KIND_TEXTS,
        may_settle=bool(clerk.roles & SETTLING),
        longest=LONGEST,
        notice=notice,
        refusal=refusal,
        refused=refused,
        typed=request.form,
    )
