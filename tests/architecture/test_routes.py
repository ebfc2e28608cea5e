"""Promises about every route of the program."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.routing import Rule

import bots
import console
import miniprogram_api
import partner_api
import payments
import registry
import web
from app import events, queues
from bootstrap import DOORS, create_worker
from schedule import SCHEDULE
from subscriptions import SUBSCRIPTIONS
from web.callers import CITIZEN, MAYBE_CITIZEN, PUBLIC, SIGNED
from web.door import Door, RouteSpec
from web.flask_app import YimaFlask


def spec_of(app: YimaFlask, rule: Rule) -> RouteSpec:
    spec: RouteSpec = vars(app.view_functions[rule.endpoint])["spec"]
    return spec


WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def test_every_route_has_an_auth_decision(app: YimaFlask) -> None:
    undecided = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "spec")
    ]

    assert undecided == []


def test_every_door_that_a_room_has_is_opened() -> None:
    """A door that no list names is a page that nobody can reach."""
    rooms = (miniprogram_api, partner_api, console, bots, payments, registry, web)
    names = [
        found.name for room in rooms for found in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")
    ]
    doors = [vars(importlib.import_module(name)).get("door") for name in names]

    assert [door.name for door in doors if isinstance(door, Door) and door not in DOORS] == []


def test_no_room_registers_a_hook_that_the_program_would_not_run(app: YimaFlask) -> None:
    hooks: list[Mapping[Any, Any]] = [
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
    ]

    assert [found for found in hooks if any(found.values())] == []


def test_a_route_that_creates_or_pays_for_a_citizen_takes_an_idempotency_key(app: YimaFlask) -> None:
    without = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and (spec := spec_of(app, rule)).auth.name == CITIZEN.name
        and spec.status == 201
        and not (spec.idempotent or spec.keyed)
    ]

    assert without == []


def test_public_routes_that_write_are_the_ones_we_know(app: YimaFlask) -> None:
    known = {
        "/api/v1/sessions",
        "/api/v1/sessions/refresh",
        "/api/v1/sms-codes",
        "/console/login",
    }
    open_writes = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if WRITES & (rule.methods or set()) and spec_of(app, rule).auth.name == PUBLIC.name
    }

    assert open_writes <= known


def test_what_platforms_call_lies_under_webhooks(app: YimaFlask) -> None:
    signed = [rule.rule for rule in app.url_map.iter_rules() if spec_of(app, rule).auth.name == SIGNED.name]

    assert all(rule.startswith("/webhooks/") for rule in signed)


@pytest.mark.usefixtures("database")
def test_every_route_for_citizens_refuses_a_caller_without_a_token(app: YimaFlask) -> None:
    answers = {}
    for rule in app.url_map.iter_rules():
        if spec_of(app, rule).auth.name != CITIZEN.name:
            continue
        path = re.sub(r"<(?:int:)?\w+>", "1", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answers[f"{method} {path}"] = app.test_client().open(path, method=method).status_code

    assert {found: status for found, status in answers.items() if status != 401} == {}


@pytest.mark.usefixtures("database")
def test_a_bad_token_is_refused_also_where_none_is_needed(app: YimaFlask) -> None:
    rules = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if spec_of(app, rule).auth.name == MAYBE_CITIZEN.name and "GET" in (rule.methods or ())
    ]
    client = app.test_client()

    assert all(
        client.get(
            re.sub(r"<(?:int:)?\w+>", "1", rule), headers={"Authorization": "Bearer wrong"}
        ).status_code
        == 401
        for rule in rules
    )


def test_every_door_has_a_name_of_its_own() -> None:
    names = [door.name for door in DOORS]

    assert len(names) == len(set(names))


@pytest.mark.usefixtures("database")
def test_every_queue_has_a_worker() -> None:
    served = {name for queue in queues.Queue for name in create_worker(queue).queue_names()}

    assert served == {queue.value for queue in queues.Queue}


def test_every_event_has_a_subscriber_or_is_listed_as_silent() -> None:
    # Compared by name: a dataclass with slots is a second class of the same name.
    known = {_name(event) for event in _all_events(events.Event) if not event.__module__.startswith("tests.")}

    assert known == {_name(event) for event in SUBSCRIPTIONS}


def test_periodic_jobs_have_names_of_their_own() -> None:
    names = [f"{periodic.job.__module__}.{periodic.job.__name__}" for periodic in SCHEDULE]

    assert len(names) == len(set(names))


def _name(event: type[events.Event]) -> str:
    return f"{event.__module__}.{event.__name__}"


def _all_events(parent: type[events.Event]) -> set[type[events.Event]]:
    children = set(parent.__subclasses__())
    return children | {found for child in children for found in _all_events(child)}
