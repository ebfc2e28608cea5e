"""Certificates and cases from before their unit was noted beside them (补记单位)."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from app.cases import organisations, service
from app.certificates import following
from app.certificates.following import Changed
from app.db import unit_of_work
from commands import units
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.registry_fixtures import told

CODE = "11350100MB99000138"
CHANGE = item("co-change")["task_code"]
FORGET = ("UPDATE certificates SET holder_index = NULL", "UPDATE cases SET organisation_index = NULL")


@pytest.fixture(autouse=True)
def old_rows(database: None) -> Iterator[None]:
    """A unit with a certificate and an open case, and a person with a case: none of them noted."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("co-change"))
        case_no = apply()
        case_fixtures.accept(case_no)
        case_fixtures.decide(case_no)
        apply()
        case_fixtures.publish_id_lost()
        case_fixtures.submitted(case_fixtures.citizen())
        with unit_of_work() as session:
            for statement in FORGET:
                session.execute(text(statement))
        yield


def apply() -> str:
    owner = case_fixtures.citizen()
    case_no = case_fixtures.ready(owner, CHANGE)
    with unit_of_work() as session:
        changes = {"organisation_name": "示例市茶业有限公司", "organisation_code": CODE}
        service.save_form(session, citizen_id=owner, case_no=case_no, changes=changes)
    case_fixtures.submit(owner, case_no)
    return case_no


def run(app: Any) -> str:
    return str(app.test_cli_runner().invoke(args=["units", "index"]).output)


def test_what_was_not_noted_is_found_again(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_AT_ONCE", 1)

    assert run(app) == "certificates: 1 noted\ncases: 2 noted\n"
    with unit_of_work() as session:
        message_id = told(session, subject=CODE, kind="name_changed", topic="name")
        changed = Changed(CODE, following.NAME, "示例市新名字茶业有限公司", message_id)
        assert len(following.follow(session, changed)) == 1
        noted = organisations.note_change(
            session, organisation_code=CODE, what="单位名称", message_id=message_id
        )
        assert len(noted) == 1


def test_a_second_run_finds_nothing_more(app: Any) -> None:
    run(app)

    assert run(app) == "certificates: 0 noted\ncases: 0 noted\n"
