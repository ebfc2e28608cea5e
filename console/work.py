"""The work list (待办件)."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import plain_text
from app.db import unit_of_work
from app.desk import applicants, duties, work
from app.desk.work import View, Wanted
from app.errors import DomainError
from app.forecasts import queries as forecasts
from app.staff.models import Role
from app.staff.sessions import OnDuty
from console import callers, forms, pages
from console.callers import Staff
from console.forms import LONGEST_ITEM, LONGEST_PROJECT, WorkListIn
from console.making import console_door

door = console_door("console_work")

# The heading of each view, and how its lines are ordered.
_VIEWS = {
    View.SUBMITTED: ("待受理", "先到告知期限的在前"),
    View.CORRECTION: ("待补正", "先到期的在前"),
    View.ACCEPTED: ("办理中", "先到期的在前"),
    View.YELLOW: ("黄色预警", "还有两个工作日，先到期的在前"),
    View.RED: ("红色预警", "最多还有一个工作日，先到期的在前"),
    View.DUE_TODAY: ("今天到期", "先到期的在前"),
    View.OVERDUE: ("已超期", "超得最久的在前"),
    View.OWED: ("容缺待处理", "先到期的在前"),
    View.DECIDED: ("待办结", "先决定的在前"),
    View.CLOSED: ("已办结", "新的在前"),
    View.NOT_ACCEPTED: ("不予受理", "新的在前"),
    View.WITHDRAWN: ("已撤回", "新的在前"),
    View.TERMINATED: ("已终止办理", "新的在前"),
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """Which part of the list a page is; `applicant` as it stands in the address."""

    view: View
    item: str
    applicant: str | None
    project: str = ""
    after: str | None = None


@door.get("/cases", auth=Staff(duties.READING), query=WorkListIn)
def work_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show a part of the work list, the most urgent first."""
    view = query["view"] or _first_view(callers.current_clerk())
    project = _plain(query["project"], LONGEST_PROJECT)
    return _page(
        _Shown(view, _plain(query["item"], LONGEST_ITEM), query["applicant"], project, query["after"])
    )


@door.post("/cases", auth=Staff(duties.READING))
def find() -> ResponseReturnValue:
    """Narrow the list by an item and by the applicant's phone, which never stands in an address (查找)."""
    form, clerk = request.form, callers.current_clerk()
    view = View(form["view"]) if form.get("view") in set(View) else _first_view(clerk)
    item = _plain(form.get("item", ""), LONGEST_ITEM)
    project = _plain(form.get("project", ""), LONGEST_PROJECT)
    shown = _Shown(view, item, form.get("applicant") or None, project)
    phone = form.get("phone", "").strip()
    if phone:
        try:
            with unit_of_work() as session:
                applicant = applicants.named(session, clerk=clerk, phone=phone)
        except DomainError as refusal:
            return _page(_Shown(view, item, None, project), refusal=refusal, phone=phone)
        shown = _Shown(view, item, applicant, project)
    return pages.see_other(
        "console_work.work_list",
        view=view.value,
        item=shown.item or None,
        project=shown.project or None,
        applicant=shown.applicant,
    )


def _page(shown: _Shown, *, refusal: DomainError | None = None, phone: str = "") -> Response:
    clerk = callers.current_clerk()
    after = forms.work_mark(shown.after, shown.view)
    meant = applicants.meant(clerk=clerk, mark=shown.applicant) if shown.applicant else None
    wanted = Wanted(shown.item, meant, shown.project)
    with unit_of_work() as session:
        counts = work.counts(session, clerk=clerk, wanted=wanted)
        lines, following = work.page(session, clerk=clerk, view=shown.view, wanted=wanted, after=after)
        likely_late = forecasts.risks(session, case_ids=[line.id for line in lines])
    return pages.page(
        "work_list.html",
        status=200 if refusal is None else refusal.status,
        views=_VIEWS,
        shown=shown,
        view=shown.view,
        counts=counts,
        counted_to=work.COUNTED_TO,
        lines=lines,
        risks=likely_late,
        following=forms.written(following),
        refusal=refusal,
        phone=phone,
    )


def _plain(typed: str, longest: int) -> str:
    return plain_text.words(typed)[:longest]


def _first_view(clerk: OnDuty) -> View:
    """What this clerk begins the day with."""
    return View.SUBMITTED if Role.FRONT_DESK in clerk.roles else View.ACCEPTED
