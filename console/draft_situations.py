"""Situation questions and rules of a draft (情形问题和规则): write, try, take out and bring in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.catalogue import cards
from app.db import Session, unit_of_work
from app.desk import (
    drafting,
    item_words,
    situation_fields,
    situation_form,
    situation_trial,
    situation_typing,
    situation_words,
)
from app.desk.errors import SituationsUnreadable
from app.errors import DomainError
from app.publishing import checking, queries
from app.publishing.errors import DraftMoved
from app.publishing.models import DraftState, GuideDraft
from app.situations import shape
from console import callers, pages
from console.callers import Staff
from console.forms import SituationsIn
from console.making import console_door
from console.uploads import NoFile

door = console_door("console_draft_situations")

DRAFTING = Staff(drafting.DRAFTING)
_FORM_LIMIT = 2 * 1024 * 1024
_FILE_LIMIT = 256 * 1024
_MENDABLE = {403, 409, 413, 422}
_MOST_FAULTS = 20
_DONE = {"saved": "已保存。", "taken": "已导入，请核对。", "cleared": "已清空，可以重新填写。"}
_NAME = "situations"
_DAY = "day.on"  # no question can be called so

Body = Mapping[str, Any]


@door.get("/drafts/<int:draft_id>/situations", auth=DRAFTING, query=SituationsIn)
def situations(draft_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show the questions and rules to write in; a draft that is not written in any more is looked through."""
    with unit_of_work() as session:
        draft = _draft(session, draft_id)
        if draft.state != DraftState.EDITING:
            return pages.see_other("console_drafts.look", draft_id=draft_id)
        return _page(
            session, draft, body=draft.body, notice=_DONE.get(query["done"], ""), opened=query["open"]
        )


@door.post("/drafts/<int:draft_id>/situations", auth=DRAFTING, limit=_FORM_LIMIT)
def save(draft_id: int) -> ResponseReturnValue:
    """Keep what was written, whole or half; `do` also adds or moves a question or a rule."""
    typed = {name: request.form.getlist(name) for name in request.form}
    opened = ""
    try:
        with unit_of_work() as session:
            draft = _draft(session, draft_id)
            body = _with(draft.body, _typed(draft.body, typed))
            opened = situation_typing.place_of(body.get(_NAME) or {}, typed)
            _keep(session, draft_id, body)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        with unit_of_work() as session:
            return _page(session, _draft(session, draft_id), body=body, refusal=refusal, opened=opened)
    if request.form.get("then") == "try":
        return pages.see_other("console_draft_situations.trial", draft_id=draft_id)
    done = "cleared" if "clear" in typed else "saved"
    return pages.see_other(
        "console_draft_situations.situations",
        draft_id=draft_id,
        done=done,
        **({"open": opened, "_anchor": opened} if opened else {}),
    )


@door.get("/drafts/<int:draft_id>/situations/try", auth=DRAFTING)
def trial(draft_id: int) -> ResponseReturnValue:
    """Answer the questions of a draft and see the list that follows (试答); nothing of it is kept."""
    with unit_of_work() as session:
        draft = _draft(session, draft_id)
        today = clock.today()
        # Several ticks are one answer.
        typed = {name: ",".join(given) for name, given in request.args.lists()}
        day = max(checking.day(request.args.get(_DAY)) or checking.planned_day(draft.body) or today, today)
        return pages.page(
            "draft_situation_try.html",
            draft=draft,
            trial=situation_trial.tried(draft.body, typed, today=day),
            on=day,
            limit_text=cards.limit_text,
            states=_states(),
        )


@door.get("/drafts/<int:draft_id>/situations.json", auth=DRAFTING)
def export(draft_id: int) -> ResponseReturnValue:
    """Give the questions and rules as the file in which they are exchanged (导出)."""
    with unit_of_work() as session:
        draft = _draft(session, draft_id)
        raw, task_code = draft.body.get(_NAME) or {"questions": [], "rows": []}, draft.task_code
    response = Response(orjson.dumps(raw, option=orjson.OPT_INDENT_2), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="situations-{task_code}.json"'
    return response


@door.post("/drafts/<int:draft_id>/situations/import", auth=DRAFTING, limit=_FILE_LIMIT)
def take_in(draft_id: int) -> ResponseReturnValue:
    """Replace the questions and rules by those of a file (导入); one that the form cannot hold is refused."""
    try:
        raw = _uploaded()
        with unit_of_work() as session:
            draft = _draft(session, draft_id)
            _keep(session, draft_id, _with(draft.body, raw))
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        with unit_of_work() as session:
            draft = _draft(session, draft_id)
            return _page(session, draft, body=draft.body, refusal=refusal)
    return pages.see_other("console_draft_situations.situations", draft_id=draft_id, done="taken")


def _typed(body: Body, typed: Mapping[str, list[str]]) -> Any:
    """The situations as typed; what the form cannot hold stays as it is until the clerk clears it."""
    raw = body.get(_NAME) or {}
    if situation_fields.fits(raw):
        return situation_typing.written(raw, typed)
    return None if "clear" in typed else raw


def _with(body: Body, raw: Any) -> dict[str, Any]:
    made = {name: value for name, value in body.items() if name != _NAME}
    empty = not raw or (isinstance(raw, Mapping) and not any(raw.values()))
    return made if empty else {**made, _NAME: raw}


def _keep(session: Session, draft_id: int, body: dict[str, Any]) -> None:
    revision = request.form.get("revision", 0, type=int)
    clerk = callers.current_clerk()
    drafting.save(session, clerk=clerk, draft_id=draft_id, revision=revision, body=body)


def _uploaded() -> Any:
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        raise NoFile
    try:
        raw = orjson.loads(uploaded.read())
    except orjson.JSONDecodeError as error:
        raise SituationsUnreadable from error
    if not situation_fields.fits(raw):
        told = [f"{situation_fields.label_of(where)}：{sentence}" for where, sentence in shape.check(raw)]
        raise SituationsUnreadable(errors={"file": told[:_MOST_FAULTS]})
    return raw


def _page(
    session: Session,
    draft: GuideDraft,
    *,
    body: dict[str, Any],
    notice: str = "",
    refusal: DomainError | None = None,
    opened: str = "",
) -> Response:
    today = clock.today()
    latest = queries.latest(session, task_code=draft.task_code)
    return pages.page(
        "draft_situations.html",
        status=200 if refusal is None else refusal.status,
        draft=draft,
        form=situation_form.shown(body, today=today),
        faults=_told(body, today),
        said=situation_words.of(body, today=today),
        overwritten=_overwritten(draft.body, body, today) if isinstance(refusal, DraftMoved) else [],
        behind=latest.version if latest is not None and latest.version != draft.base_version else None,
        words=situation_fields,
        notice=notice,
        refusal=refusal,
        opened=opened,
        states=_states(),
    )


def _told(body: Body, today: date) -> list[tuple[str, str]]:
    told = situation_form.faults_of(body, today=today)
    return [(situation_fields.label_of(where), sentence) for where, sentence in told]


def _overwritten(before: Body, after: Body, today: date) -> list[item_words.Change]:
    said = [situation_words.comparable({**one}, today=today) for one in (before, after)]
    return item_words.changes(*said)


def _draft(session: Session, draft_id: int) -> GuideDraft:
    return queries.draft(session, author=drafting.author(callers.current_clerk()), draft_id=draft_id)


def _states() -> dict[str, str]:
    return {state.value: text for state, text in queries.STATE_TEXTS.items()}
