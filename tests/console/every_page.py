"""One of each page of the console, with something on it (每一页)."""

from werkzeug.test import TestResponse

from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser


def pages(clerk: Browser) -> dict[str, TestResponse]:
    """One of each page, with something on it."""
    citizen_id = make_citizen("王小明")
    waiting = desk.submitted()
    material = case_fixtures.mandatory_materials(waiting)[0]
    desk.visit(citizen_id)
    guest = clerk.post("/console/scan", content=desk.personal_code(citizen_id)).headers["Location"]
    paths = [
        "/console/login",
        "/console",
        "/console/cases",
        "/console/cases?view=overdue",
        *(f"/console/cases/{number}" for number in (waiting, desk.accepted(), desk.decided(granted=False))),
        f"/console/cases/{waiting}/materials/{material}",
        "/console/window",
        guest,
        "/console/appointments",
        "/console/nowhere",
    ]
    return {path: clerk.get(path) for path in paths}
