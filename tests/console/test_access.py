"""Who may enter each route of the console: decided for all of them, refused one by one."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.desk import duties
from app.staff.models import Role
from console.callers import Staff
from tests import desk_fixtures as desk
from tests.people_fixtures import log_in
from tests.staff_fixtures import COOKIE, browser
from web.callers import PUBLIC
from web.door import RouteSpec
from web.flask_app import YimaFlask

OPEN = {"GET /console/login", "POST /console/login", "GET /console/static/none"}


def spec_of(app: YimaFlask, rule: Rule) -> RouteSpec:
    spec: RouteSpec = vars(app.view_functions[rule.endpoint])["spec"]
    return spec


def routes(app: YimaFlask) -> Iterator[tuple[str, str, RouteSpec]]:
    """Method, a path that could be, and what the route promises."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/console"):
            path = re.sub(r"<(?:path:)?\w+>", "none", re.sub(r"<int:\w+>", "1", rule.rule))
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, path, spec_of(app, rule)


def closed(app: YimaFlask) -> Iterator[tuple[str, str, Staff]]:
    for method, path, spec in routes(app):
        auth: object = spec.auth
        if isinstance(auth, Staff):
            yield method, path, auth


def test_only_the_way_in_and_the_stylesheet_are_open(app: YimaFlask) -> None:
    every = {f"{method} {path}" for method, path, _ in routes(app)}
    public = {f"{method} {path}" for method, path, spec in routes(app) if spec.auth.name == PUBLIC.name}
    for_staff = {f"{method} {path}" for method, path, _ in closed(app)}

    assert public == OPEN
    assert public | for_staff == every


def test_nobody_is_sent_to_the_login(app: YimaFlask, client: FlaskClient) -> None:
    answers = {(method, path): client.open(path, method=method) for method, path, _ in closed(app)}
    reads = {answer.status_code for (method, _), answer in answers.items() if method == "GET"}
    writes = {answer.status_code for (method, _), answer in answers.items() if method != "GET"}

    assert (reads, writes) == ({303}, {401})
    assert all(
        "/console/login" in answer.get_data(as_text=True) + answer.headers.get("Location", "")
        for answer in answers.values()
    )


def test_a_citizen_is_nobody_here(app: YimaFlask, client: FlaskClient) -> None:
    token = log_in()["Authorization"]
    client.set_cookie(COOKIE, token.removeprefix("Bearer "), domain="localhost")
    answers = {
        client.open(path, method=method, headers={"Authorization": token}).status_code
        for method, path, _ in closed(app)
    }

    assert answers == {303, 401}


@pytest.mark.usefixtures("database")
def test_a_clerk_is_no_citizen(app: YimaFlask) -> None:
    clerk = browser(app.test_client(), *Role)

    assert clerk.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_duty_is_refused_and_that_is_written_down(
    app: YimaFlask, client: FlaskClient, role: Role
) -> None:
    clerk = browser(client, role)
    refused = [(method, path) for method, path, auth in closed(app) if role not in auth.roles]
    answers = {
        (method, path): (clerk.get(path) if method == "GET" else clerk.post(path)).status_code
        for method, path in refused
    }

    assert set(answers.values()) <= {403}
    assert desk.actions() == ["refused"] * len(refused)
    assert all(entry.actor == f"clerk:{clerk.clerk_id}" for entry in desk.audited())


def test_every_role_is_kept_from_something_that_changes_a_case(app: YimaFlask) -> None:
    kept = {
        role
        for method, path, auth in closed(app)
        for role in Role
        if method == "POST" and path.startswith("/console/cases/") and role not in auth.roles
    }

    assert kept == {Role.FRONT_DESK, Role.SUPERVISOR, Role.CASHIER, Role.HEAD}


@pytest.mark.parametrize("given", ["", "0" * 64, "写错"])
def test_a_form_that_is_not_ours_is_refused(app: YimaFlask, client: FlaskClient, given: str) -> None:
    clerk = browser(client, *Role)
    answers = {
        path: client.post(path, data={"csrf": given}) for method, path, _ in closed(app) if method == "POST"
    }

    assert {answer.status_code for answer in answers.values()} == {403}
    assert all("刷新" in answer.get_data(as_text=True) for answer in answers.values())
    assert clerk.get("/console/window").status_code == 200


def test_the_form_token_of_another_login_is_refused(app: YimaFlask, client: FlaskClient) -> None:
    mine = browser(client, Role.FRONT_DESK)
    other = browser(app.test_client(), Role.FRONT_DESK)
    page = other.get("/console/window").get_data(as_text=True)
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)

    assert found is not None
    assert client.post("/console/logout", data={"csrf": found[1]}).status_code == 403
    assert mine.get("/console/window").status_code == 200


def test_the_duties_follow_the_states_of_a_case() -> None:
    assert {Role.FRONT_DESK, Role.APPROVER} == duties.ACCEPTING
    assert {Role.APPROVER} == duties.DECIDING
    assert {Role.FRONT_DESK, Role.APPROVER} == duties.CLOSING
