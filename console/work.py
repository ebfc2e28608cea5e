"""The work list (待办件)."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.desk import duties, work
from app.desk.work import View
from app.staff.models import Role
from app.staff.sessions import OnDuty
from console import callers, forms, pages
from console.callers import Staff
from console.forms import WorkListIn
from console.making import console_door

door = console_door("console_work")

# The heading of each view, and how its lines are ordered.
_VIEWS = {
    View.SUBMITTED: ("待受理", "先提交的在前"),
    View.ACCEPTED: ("办理中", "先到期的在前"),
    View.DUE_TODAY: ("今天到期", "先到期的在前"),
    View.OVERDUE: ("已超期", "超得最久的在前"),
    View.DECIDED: ("待办结", "先决定的在前"),
    View.CLOSED: ("已办结", "新的在前"),
    View.WITHDRAWN: ("已撤回", "新的在前"),
}


@door.get("/cases", auth=Staff(duties.READING), query=WorkListIn)
def work_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show a part of the work list, the most urgent first."""
    clerk = callers.current_clerk()
    view = query["view"] or _first_view(clerk)
    after = forms.work_mark(query["after"], view)
    with unit_of_work() as session:
        counts = work.counts(session, clerk=clerk)
        lines, following = work.page(session, clerk=clerk, view=view, after=after)
    return pages.page(
        "work_list.html",
        views=_VIEWS,
        view=view,
        counts=counts,
        counted_to=work.COUNTED_TO,
        lines=lines,
        following=forms.written(following),
        further=query["after"] is not None,
    )


def _first_view(clerk: OnDuty) -> View:
    """What this clerk begins the day with."""
    return View.SUBMITTED if Role.FRONT_DESK in clerk.roles else View.ACCEPTED
