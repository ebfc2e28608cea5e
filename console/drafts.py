"""Drafts of guides (指南草稿): begin, write, look through, release by a second clerk."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.catalogue import generation
from app.catalogue.item_fields import label_of
from app.db import Session, unit_of_work
from app.desk import draft_form, drafting, item_words, situation_fields, situation_words
from app.errors import DomainError
from app.publishing import checking, queries
from app.publishing.errors import DraftBroken, DraftMoved
from app.publishing.models import DraftState, GuideDraft
from console import callers, pages
from console.callers import Staff
from console.forms import DraftsIn, NoticeIn
from console.making import console_door

door = console_door("console_drafts")

DRAFTING = Staff(drafting.DRAFTING)
_FORM_LIMIT = 2 * 1024 * 1024
_MENDABLE = {403, 409, 422}
_DONE = {
    "saved": "已保存。",
    "handed_in": "已送审，等另一位同事审核。",
    "returned": "已退回修改。",
    "released": "已公开，市民各个入口都能看到了。",
    "planned": "审核通过，到计划的那天自动公开。",
    "discarded": "已作废。",
    "merged": "已并入新版本，请核对后再送审。",
    "conflicts": "已并入新版本；有几项两边都改了，按草稿保留，请核对。",
}
_STEPS = {
    "begun": "开始起草",
    "handed_in": "送审",
    "returned": "退回修改",
    "planned": "审核通过，等到期",
    "released": "审核通过，公开",
    "discarded": "作废",
    "merged": "并入新版本",
}


@door.get("/drafts", auth=DRAFTING, query=DraftsIn)
def draft_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the drafts of the clerk's department, what waits for a second person first."""
    return _list_page(over=query["over"], before=query["before"], done=query["done"])


@door.post("/drafts", auth=DRAFTING)
def begin_new() -> ResponseReturnValue:
    """Begin a new item (新增事项)."""
    code, copy_of = (request.form.get(name, "").strip().upper() for name in ("task_code", "copy_of"))
    try:
        with unit_of_work() as session:
            clerk = callers.current_clerk()
            draft = drafting.begin_new(session, clerk=clerk, task_code=code, copy_of=copy_of or None)
            draft_id = draft.id
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _list_page(refusal=refusal)
    return pages.see_other("console_drafts.draft_page", draft_id=draft_id)


@door.post("/items/<task_code>/draft", auth=DRAFTING)
def begin(task_code: str) -> ResponseReturnValue:
    """Go on with the item's draft, or begin one (修改这个事项)."""
    with unit_of_work() as session:
        clerk = callers.current_clerk()
        live = queries.live_draft(session, author=drafting.author(clerk), task_code=task_code)
        draft_id = (live or drafting.begin(session, clerk=clerk, task_code=task_code)).id
    return pages.see_other("console_drafts.draft_page", draft_id=draft_id)


@door.get("/drafts/<int:draft_id>", auth=DRAFTING, query=NoticeIn)
def draft_page(draft_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show a draft to write in; one that is not written in any more is shown to look through."""
    with unit_of_work() as session:
        draft = _draft(session, draft_id)
        if draft.state != DraftState.EDITING:
            return pages.see_other("console_drafts.look", draft_id=draft_id, done=query["done"])
        return _form_page(session, draft, body=draft.body, notice=_DONE.get(query["done"], ""))


@door.post("/drafts/<int:draft_id>", auth=DRAFTING, limit=_FORM_LIMIT)
def save(draft_id: int) -> ResponseReturnValue:
    """Keep what was written, whole or half; with `add` a list has one row more."""
    typed = {name: request.form.getlist(name) for name in request.form}
    revision = request.form.get("revision", 0, type=int)
    try:
        with unit_of_work() as session:
            body = draft_form.written(_draft(session, draft_id).body, typed)
            clerk = callers.current_clerk()
            drafting.save(session, clerk=clerk, draft_id=draft_id, revision=revision, body=body)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        with unit_of_work() as session:
            return _form_page(session, _draft(session, draft_id), body=body, refusal=refusal)
    grown = request.form.get("add", "")
    if grown:
        return pages.see_other(
            "console_drafts.draft_page", draft_id=draft_id, grown=grown, _anchor=f"rows-{grown}"
        )
    endpoint = "look" if request.form.get("then") == "look" else "draft_page"
    return pages.see_other(f"console_drafts.{endpoint}", draft_id=draft_id, done="saved")


@door.get("/drafts/<int:draft_id>/look", auth=DRAFTING, query=NoticeIn)
def look(draft_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show what a draft changes, what it breaks, and what can be done with it."""
    return _look_page(draft_id, notice=_DONE.get(query["done"], ""))


@door.get("/drafts/<int:draft_id>/try", auth=DRAFTING)
def try_on_cases(draft_id: int) -> ResponseReturnValue:
    """Show who would have been asked for what (变更推演)."""
    try:
        with unit_of_work() as session:
            draft, found = drafting.tried(session, clerk=callers.current_clerk(), draft_id=draft_id)
            return pages.page("draft_try.html", draft=draft, found=found, states=_states())
    except DraftBroken as refusal:
        return _look_page(draft_id, refusal=refusal)


@door.post("/drafts/<int:draft_id>/hand-in", auth=DRAFTING)
def hand_in(draft_id: int) -> ResponseReturnValue:
    """Give a draft to a second person (送审)."""

    def act(session: Session) -> str:
        reason, clerk = request.form.get("reason", ""), callers.current_clerk()
        drafting.hand_in(session, clerk=clerk, draft_id=draft_id, revision=_revision(), reason=reason)
        return "handed_in"

    return _done(draft_id, act)


@door.post("/drafts/<int:draft_id>/take-back", auth=DRAFTING)
def take_back(draft_id: int) -> ResponseReturnValue:
    """Have a draft mended (退回修改)."""

    def act(session: Session) -> str:
        note, clerk = request.form.get("note", ""), callers.current_clerk()
        drafting.take_back(session, clerk=clerk, draft_id=draft_id, note=note)
        return "returned"

    return _done(draft_id, act)


@door.post("/drafts/<int:draft_id>/release", auth=DRAFTING)
def release(draft_id: int) -> ResponseReturnValue:
    """Let a draft become public (审核通过), and say so once every process shows it."""

    def act(session: Session) -> str:
        clerk = callers.current_clerk()
        draft = drafting.release(session, clerk=clerk, draft_id=draft_id, revision=_revision())
        return "planned" if draft.state == DraftState.PLANNED else "released"

    return _done(draft_id, act)


@door.post("/drafts/<int:draft_id>/discard", auth=DRAFTING)
def discard(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away (作废)."""

    def act(session: Session) -> str:
        drafting.discard(session, clerk=callers.current_clerk(), draft_id=draft_id)
        return "discarded"

    return _done(draft_id, act)


@door.post("/drafts/<int:draft_id>/take-over", auth=DRAFTING)
def take_over(draft_id: int) -> ResponseReturnValue:
    """Bring in the version that was published meanwhile (并入新版本)."""

    def act(session: Session) -> str:
        merged = drafting.take_over(session, clerk=callers.current_clerk(), draft_id=draft_id)
        return "conflicts" if merged.both else "merged"

    return _done(draft_id, act)


def _done(draft_id: int, act: Callable[[Session], str]) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            done = act(session)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _look_page(draft_id, refusal=refusal)
    if done == "released":
        generation.settle()
    return pages.see_other("console_drafts.look", draft_id=draft_id, done=done)


def _list_page(
    *, over: bool = False, before: int | None = None, done: str = "", refusal: DomainError | None = None
) -> Response:
    with unit_of_work() as session:
        author = drafting.author(callers.current_clerk())
        found = queries.drafts(session, author=author, live=not over, before=before)
        return pages.page(
            "drafts.html",
            status=200 if refusal is None else refusal.status,
            found=found,
            live=not over,
            following=found[-1].id if len(found) == queries.PAGE else None,
            notice=_DONE.get(done, ""),
            refusal=refusal,
            typed=request.form,
            states=_states(),
        )


def _form_page(
    session: Session,
    draft: GuideDraft,
    *,
    body: dict[str, Any],
    notice: str = "",
    refusal: DomainError | None = None,
) -> Response:
    """The form with what a clerk typed, also where it could not be kept."""
    latest = queries.latest(session, task_code=draft.task_code)
    last = queries.steps(session, draft_id=draft.id)[-1]
    moved = isinstance(refusal, DraftMoved)
    return pages.page(
        "draft.html",
        status=200 if refusal is None else refusal.status,
        draft=draft,
        sections=draft_form.shown(body, checking.findings(session, body)),
        overwritten=item_words.changes(draft.body, body) if moved else [],
        returned=last if last.kind == "returned" else None,
        behind=latest.version if latest is not None and latest.version != draft.base_version else None,
        situations=situation_words.of(body, today=clock.today()),
        grown=request.args.get("grown", ""),
        notice=notice,
        refusal=refusal,
        states=_states(),
    )


def _look_page(draft_id: int, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        draft = _draft(session, draft_id)
        base = queries.body_of(session, task_code=draft.task_code, version=draft.base_version)
        findings = checking.findings(session, draft.body) if draft.state == DraftState.EDITING else []
        return pages.page(
            "draft_look.html",
            status=200 if refusal is None else refusal.status,
            draft=draft,
            changes=item_words.changes(
                *(situation_words.comparable(body, today=clock.today()) for body in (base, draft.body))
            ),
            refusing=[finding for finding in findings if finding.refuses],
            warning=[finding for finding in findings if not finding.refuses],
            label_of=_label,
            planned=checking.planned_day(draft.body),
            mine=callers.current_clerk().clerk_id in draft.editors,
            steps=queries.steps(session, draft_id=draft_id),
            step_texts=_STEPS,
            notice=notice,
            refusal=refusal,
            typed=request.form,
            states=_states(),
        )


def _draft(session: Session, draft_id: int) -> GuideDraft:
    return queries.draft(session, author=drafting.author(callers.current_clerk()), draft_id=draft_id)


def _label(path: str) -> str:
    return situation_fields.label_of(path) if path.startswith("situations.") else label_of(path)


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


def _states() -> dict[str, str]:
    return {state.value: text for state, text in queries.STATE_TEXTS.items()}
