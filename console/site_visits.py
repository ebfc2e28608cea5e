"""Visits at the desk (上门与踏勘): the trips of a day, setting one, its record and its printed sheet."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.db import Session, unit_of_work
from app.desk import site_visits, visit_steps
from app.errors import DomainError
from app.materials import photos
from app.materials import queries as materials
from app.materials import service as material_service
from app.site_visits import recording, windows
from app.site_visits.models import VisitKind
from app.site_visits.planning import Plan
from app.site_visits.recording import Finding, Presence
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn, PhotoIn
from console.making import console_door
from console.uploads import NoFile

door = console_door("console_site_visits")

_GOING, _SEEING = Staff(site_visits.GOING), Staff(site_visits.SEEING)
_LONGEST_ID = 18
_UPLOAD_LIMIT = photos.MAX_BYTES + 64 * 1024
_MENDABLE = {409, 413, 422, 503}
_DONE = {
    "planned": "已安排，时间和上门人员已告知申请人。",
    "cancelled": "已取消，并已告知申请人。",
    "saved": "核查结果已保存。",
    "signed": "已签字。",
    "photo": "照片已加进记录。",
    "closed": "记录已办结，申请人可以看到结果。",
    "asked": "已报请负责人批准，批准后就能安排第二次踏勘。",
}


class DayIn(Schema):
    """Which day's trips."""

    day = fields.Date(load_default=None)
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/site-visits", auth=_SEEING, query=DayIn)
def visit_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the trips of a day in their order, and what waits for a time (上门与踏勘)."""
    day = query["day"] or clock.today()
    with unit_of_work() as session:
        lines, waiting = site_visits.page(session, clerk=callers.current_clerk(), day=day)
    return pages.page(
        "site_visits.html",
        lines=lines,
        waiting=waiting,
        of_day=day,
        notice=_DONE.get(query["done"], ""),
    )


@door.get("/cases/<case_no>/visit", auth=_SEEING, query=NoticeIn)
def plan_form(case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show what is needed to set a trip for a case."""
    return _plan_page(case_no, notice=_DONE.get(query["done"], ""))


@door.post("/cases/<case_no>/visit", auth=_GOING)
def plan(case_no: str) -> ResponseReturnValue:
    """Set a trip for a case (安排上门、踏勘)."""
    kind = VisitKind.HOME if request.form.get("kind") == VisitKind.HOME else VisitKind.SITE
    try:
        with unit_of_work() as session:
            visit = visit_steps.plan(
                session, clerk=callers.current_clerk(), case_no=case_no, kind=kind, wanted=_wanted()
            )
            made = visit.id
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _plan_page(case_no, refusal=refusal)
    return pages.see_other("console_site_visits.visit", visit_id=made, done="planned")


@door.post("/cases/<case_no>/second-trip", auth=Staff(visit_steps.ASKING))
def ask_second_trip(case_no: str) -> ResponseReturnValue:
    """Ask the head for a second trip (报请再次踏勘)."""
    try:
        with unit_of_work() as session:
            visit_steps.ask_second_trip(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                reason=request.form.get("reason", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _plan_page(case_no, refusal=refusal)
    return pages.see_other("console_site_visits.plan_form", case_no=case_no, done="asked")


@door.get("/site-visits/<int:visit_id>", auth=_SEEING, query=NoticeIn)
def visit(visit_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show one visit with its record."""
    return _page(visit_id, notice=_DONE.get(query["done"], ""))


@door.get("/site-visits/<int:visit_id>/sheet", auth=_SEEING)
def sheet(visit_id: int) -> ResponseReturnValue:
    """Show the record as a sheet to print, with room for signatures (记录表)."""
    return _page(visit_id, template="site_visit_sheet.html")


@door.get("/site-visits/<int:visit_id>/photos/<int:photo_id>", auth=_SEEING, query=PhotoIn)
def photo(visit_id: int, photo_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Give one photo of the record."""
    with unit_of_work() as session:
        found = site_visits.photo(
            session, clerk=callers.current_clerk(), visit_id=visit_id, photo_id=photo_id
        )
    return Response(materials.content(found, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


@door.post("/site-visits/<int:visit_id>/photos", auth=_GOING, limit=_UPLOAD_LIMIT)
def add_photo(visit_id: int) -> ResponseReturnValue:
    """Add a photo to a point or the signed sheet (现场照片); decoded and stored outside a unit of work."""
    clerk, what = callers.current_clerk(), request.form.get("what", "")
    try:
        uploaded = request.files.get("file")
        if uploaded is None or not uploaded.filename:
            raise NoFile
        with unit_of_work() as session:
            key = visit_steps.expect_photo(session, clerk=clerk, visit_id=visit_id, what=what)
        prepared = photos.prepare(uploaded.read(photos.MAX_BYTES + 1))
        material_service.store(key, prepared)
        with unit_of_work() as session:
            visit_steps.add_photo(
                session, clerk=clerk, visit_id=visit_id, what=what, key=key, prepared=prepared
            )
    except DomainError as refusal:
        return _mend(visit_id, refusal)
    return pages.see_other("console_site_visits.visit", visit_id=visit_id, done="photo")


@door.post("/site-visits/<int:visit_id>/time", auth=_GOING)
def replan(visit_id: int) -> ResponseReturnValue:
    """Set another time, place or team (改时间、换人)."""

    def act(session: Session) -> None:
        visit_steps.replan(session, clerk=callers.current_clerk(), visit_id=visit_id, wanted=_wanted())

    return _done(visit_id, act, done="planned")


@door.post("/site-visits/<int:visit_id>/cancel", auth=_GOING)
def cancel(visit_id: int) -> ResponseReturnValue:
    """Call a trip off with the reason (取消上门)."""

    def act(session: Session) -> None:
        why = request.form.get("why", "")
        visit_steps.cancel(session, clerk=callers.current_clerk(), visit_id=visit_id, why=why)

    return _done(visit_id, act, done="cancelled")


@door.post("/site-visits/<int:visit_id>/findings", auth=_GOING)
def mark(visit_id: int) -> ResponseReturnValue:
    """Judge the points of the clerk's department, and sign when asked to (填写核查结果、签字)."""
    signing = request.form.get("do") == "sign"

    def act(session: Session) -> None:
        clerk = callers.current_clerk()
        visit_steps.mark(session, clerk=clerk, visit_id=visit_id, findings=_findings())
        if signing:
            visit_steps.sign(session, clerk=clerk, visit_id=visit_id)

    return _done(visit_id, act, done="signed" if signing else "saved")


@door.post("/site-visits/<int:visit_id>/close", auth=_GOING)
def close(visit_id: int) -> ResponseReturnValue:
    """Close the record: who was there, and that all is judged and signed (办结上门)."""

    def act(session: Session) -> None:
        here = request.form.get("applicant") == "present"
        name = request.form.get("applicant_name", "") if here else ""
        if here and not name.strip():
            raise recording.nameless()
        visit_steps.close(
            session,
            clerk=callers.current_clerk(),
            visit_id=visit_id,
            presence=Presence(absent_staff=_numbers("absent"), applicant_name=name),
        )

    return _done(visit_id, act, done="closed")


def _done(visit_id: int, act: Callable[[Session], None], *, done: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            act(session)
    except DomainError as refusal:
        return _mend(visit_id, refusal)
    return pages.see_other("console_site_visits.visit", visit_id=visit_id, done=done)


def _mend(visit_id: int, refusal: DomainError) -> Response:
    if refusal.status not in _MENDABLE:
        raise refusal
    return _page(visit_id, refusal=refusal)


def _wanted() -> Plan:
    form = request.form
    part = form.get("part", "")
    return Plan(
        day=_date(form.get("day", "")),
        part=int(part) if part in {str(number) for number in windows.WINDOWS} else 0,
        clerk_ids=_numbers("clerk"),
        address=form.get("address", ""),
        prepare=form.get("prepare", ""),
        pause=form.get("pause") == "yes",
    )


def _findings() -> dict[int, Finding]:
    form = request.form
    said = {name.removeprefix("met-"): value for name, value in form.items() if name.startswith("met-")}
    return {
        int(number): Finding(met=value == "yes", note=form.get(f"note-{number}", ""))
        for number, value in said.items()
        if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_ID and value in {"yes", "no"}
    }


def _numbers(name: str) -> frozenset[int]:
    return frozenset(
        int(one)
        for one in request.form.getlist(name)
        if one.isascii() and one.isdecimal() and len(one) <= _LONGEST_ID
    )


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _plan_page(case_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        seen = site_visits.to_plan(session, clerk=callers.current_clerk(), case_no=case_no)
    return pages.page(
        "site_visit_plan.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        windows=windows.TEXTS,
        notice=notice,
        refusal=refusal,
        typed=request.form,
        may_go=bool(callers.current_clerk().roles & site_visits.GOING),
        may_ask=bool(callers.current_clerk().roles & visit_steps.ASKING),
    )


def _page(
    visit_id: int,
    *,
    template: str = "site_visit.html",
    notice: str = "",
    refusal: DomainError | None = None,
) -> Response:
    with unit_of_work() as session:
        seen = site_visits.look_at(session, clerk=callers.current_clerk(), visit_id=visit_id)
    return pages.page(
        template,
        status=200 if refusal is None else refusal.status,
        seen=seen,
        visit=seen.visit,
        windows=windows.TEXTS,
        signed_page=recording.SIGNED_PAGE,
        largest=photos.MAX_BYTES // (1024 * 1024),
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
