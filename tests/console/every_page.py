"""One of each page of the console, with something on it (每一页)."""

from werkzeug.test import TestResponse

from tests import (
    assistance_fixtures,
    call_back_fixtures,
    case_fixtures,
    opinion_fixtures,
    precheck_fixtures,
    visit_fixtures,
)
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import ID_LOST
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import bad_ticket, complain, mend
from tests.staff_fixtures import Browser


def pages(clerk: Browser) -> dict[str, TestResponse]:
    """One of each page, with something on it."""
    citizen_id = make_citizen("王小明")
    waiting = desk.submitted()
    material = case_fixtures.mandatory_materials(waiting)[0]
    desk.visit(citizen_id)
    guest = clerk.post("/console/scan", content=desk.personal_code(citizen_id)).headers["Location"]
    _, to_mend = bad_ticket(tags=["guide_poor"], comment="指南没有写")
    _, mended = bad_ticket(anonymous=True)
    mend(mended)
    complaint = complain(citizen_id).complaint_no
    paths = [
        *("/console/login", "/console", "/console/cases", "/console/cases?view=overdue"),
        *(f"/console/cases/{number}" for number in (waiting, desk.accepted(), desk.decided(granted=False))),
        f"/console/cases/{waiting}/materials/{material}",
        f"/console/cases/{waiting}/correction",
        f"/console/cases/{waiting}/told",
        f"/console/cases/{desk.decided()}/certificate",
        *("/console/window", guest, "/console/appointments"),
        "/console/ratings",
        f"/console/ratings/{to_mend}",
        f"/console/ratings/{mended}",
        "/console/hotline",
        f"/console/hotline/{complaint}",
        *opinions(),
        *assistance(clerk),
        *site_visits(),
        *(*looking_back(), *prechecks()),
        *("/console/over-visits", "/console/supervision", "/console/supervision?view=alerts"),
        f"/console/supervision/{desk.late_ticket()}",
        *("/console/leads", "/console/instant", "/console/instant/checks", "/console/transfers"),
        *(f"/console/deliveries?view={view}" for view in ("preparing", "waiting", "sending", "returned")),
        *handed_on(),
        *("/console/promise-checks", "/console/credit"),
        *("/console/articles", "/console/articles/new"),
        *drafts(clerk),
        "/console/nowhere",
    ]
    return {path: clerk.get(path) for path in paths}


def handed_on() -> list[str]:
    """What goes to other systems: packages of closed cases, and what supervisors are told."""
    return [
        *(f"/console/archives?view={view}" for view in ("waiting", "received", "refused")),
        *(f"/console/oversight?view={view}" for view in ("waiting", "unknown", "refused", "received")),
    ]


def assistance(clerk: Browser) -> list[str]:
    """The corner where one helps, a citizen who is helped, and each page of that."""
    elder = make_citizen("林秀英")
    begun = clerk.post("/console/assistance", content=desk.personal_code(elder)).headers["Location"]
    assistance_fixtures.agree(elder, int(begun.rsplit("/", 1)[-1]))
    draft = case_fixtures.start(elder)
    case_fixtures.add_photo(elder, draft, case_fixtures.mandatory_materials(draft)[0])
    return [
        begun,
        f"{begun}?q=身份证",
        f"{begun}/items/{ID_LOST}",
        f"{begun}/cases/{draft}",
        f"{begun}/visits?task_code={ID_LOST}",
    ]


def prechecks() -> list[str]:
    """The list of those who wait, a draft that does, and one that has passed."""
    waiting = precheck_fixtures.asked(make_citizen("陈小华"))
    _, passed = precheck_fixtures.passed(make_citizen("李小红"))
    return ["/console/prechecks", f"/console/prechecks/{waiting}", f"/console/prechecks/{passed}"]


def opinions() -> list[str]:
    """What departments are asked, one request, and the case that waits for it."""
    case_no = opinion_fixtures.accepted()
    request = opinion_fixtures.requests(case_no)[opinion_fixtures.POLICE]
    return ["/console/opinions", f"/console/opinions/{request.id}", f"/console/cases/{case_no}"]


def site_visits() -> list[str]:
    """The trips of a day, one that is planned with its sheet, and the page that sets one."""
    planned, waiting = visit_fixtures.accepted(), visit_fixtures.accepted()
    visit = visit_fixtures.plan(planned, visit_fixtures.a_team())
    return [
        f"/console/site-visits?day={visit_fixtures.TUESDAY}",
        f"/console/site-visits/{visit.id}",
        f"/console/site-visits/{visit.id}/sheet",
        *(f"/console/cases/{number}/visit" for number in (planned, waiting)),
    ]


def looking_back() -> list[str]:
    """A week with a no in it, and somebody to call."""
    desk.decided(granted=False)
    call_back_fixtures.drawn()
    return ["/console/refusals", "/console/call-backs", "/console/approvals"]


def drafts(clerk: Browser) -> list[str]:
    """The pages of a draft with faults and a row to fill in."""
    draft = clerk.post(f"/console/items/{ID_LOST}/draft").headers["Location"]
    clerk.post(draft, revision="1", promise_day="三天", add="materials")
    return [
        *("/console/drafts", "/console/drafts/import"),
        *(draft, f"{draft}/look", f"{draft}/try", f"{draft}/files"),
        *(f"{draft}/situations", f"{draft}/situations/try"),
    ]
