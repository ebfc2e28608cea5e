"""Opinions of departments (征求意见): the list, one request with what it needs, the answer."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases.correction_errors import PaperAskedAgain
from app.cases.opinion_errors import OpinionUnsaid
from app.cases.opinion_giving import LONGEST_BASIS, LONGEST_SAID, Opinion
from app.cases.opinion_models import ANSWER_TEXTS, Answer
from app.db import unit_of_work
from app.desk import opinions
from app.errors import DomainError
from app.materials import queries as materials
from console import callers, cases, pages
from console.callers import Staff
from console.forms import NoticeIn, PhotoIn
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_opinions")

_DONE = {"given": "意见已回复，牵头部门和申请人都能看到。"}
_MENDABLE = {409, 422}
_LONGEST_ID = 18


class OpinionsIn(Schema):
    """Which part of the list: what is open, or what is over."""

    over = fields.Boolean(load_default=False)
    after = Cursor(load_default=None, validate=validate.Range(1))


@door.get("/opinions", auth=Staff(opinions.READING), query=OpinionsIn)
def opinion_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what other departments asked this one (征求意见)."""
    with unit_of_work() as session:
        lines, following = opinions.page(
            session, clerk=callers.current_clerk(), over=query["over"], after=query["after"]
        )
    return pages.page(
        "opinions.html",
        lines=lines,
        over=query["over"],
        following=None if following is None else paging.encode(following),
        further=query["after"] is not None,
    )


@door.get("/opinions/<int:request_id>", auth=Staff(opinions.READING), query=NoticeIn)
def opinion(request_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show one request with what the department needs of the case."""
    return _page(request_id, notice=_DONE.get(query["done"], ""))


@door.get("/opinions/<int:request_id>/photos/<int:photo_id>", auth=Staff(opinions.READING), query=PhotoIn)
def opinion_photo(request_id: int, photo_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Give one photo of a material that the request names."""
    with unit_of_work() as session:
        found = opinions.photo(
            session, clerk=callers.current_clerk(), request_id=request_id, photo_id=photo_id
        )
    return Response(materials.content(found, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


@door.post("/opinions/<int:request_id>", auth=Staff(opinions.GIVING))
def give_opinion(request_id: int) -> ResponseReturnValue:
    """Answer for the department (回复意见)."""
    form = request.form
    try:
        if form.get("answer") not in set(Answer):
            raise OpinionUnsaid(errors={"answer": ["请选择意见"]})
        with unit_of_work() as session:
            opinions.give(
                session,
                clerk=callers.current_clerk(),
                request_id=request_id,
                opinion=Opinion(Answer(form["answer"]), form.get("said", ""), form.get("legal_basis", "")),
                cited=_cited(form.get("cited", "")),
            )
    except DomainError as refusal:
        if isinstance(refusal, PaperAskedAgain):
            _note_refusal(request_id, code=refusal.code)
        elif refusal.status not in _MENDABLE:
            raise
        return _page(request_id, refusal=refusal)
    return pages.see_other("console_opinions.opinion", request_id=request_id, done="given")


@door.post("/cases/<case_no>/opinions/<int:request_id>/take-back", auth=Staff(opinions.GIVING))
def take_back_opinion(case_no: str, request_id: int) -> ResponseReturnValue:
    """Ask a department no more, with the reason (撤回征求意见)."""
    try:
        with unit_of_work() as session:
            opinions.take_back(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                request_id=request_id,
                why=request.form.get("why", ""),
            )
    except DomainError as refusal:
        return cases.mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="taken_back")


def _cited(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_ID else None


def _note_refusal(request_id: int, *, code: str) -> None:
    with unit_of_work() as session:
        opinions.note_refusal(session, clerk=callers.current_clerk(), request_id=request_id, code=code)


def _page(request_id: int, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        seen = opinions.look_at(session, clerk=callers.current_clerk(), request_id=request_id)
    return pages.page(
        "opinion.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        asked=seen.request,
        answers=ANSWER_TEXTS,
        longest_said=LONGEST_SAID,
        longest_basis=LONGEST_BASIS,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
