"""New items begin under the own organisation's code, empty or as a copy of another (新增事项)."""

import pytest

from app.db import unit_of_work
from app.publishing import service
from app.publishing.errors import OrganisationForeign, PatternNotFound
from app.publishing.queries import Author
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import item


def test_a_new_item_begins_only_under_the_own_organisations_code(room: Room) -> None:
    police = Author(room.writer.clerk_id, "本局", str(item()["dept_name"]))
    civil = Author(room.writer.clerk_id, "别的局", str(item("marry")["dept_name"]))
    code = item("id-renew")["task_code"]

    with pytest.raises(OrganisationForeign), unit_of_work() as session:
        service.begin_new(session, author=civil, task_code=code)
    with unit_of_work() as session:
        assert service.begin_new(session, author=police, task_code=code).dept_name == police.department


def test_a_department_that_has_a_code_begins_under_no_other(room: Room) -> None:
    police = Author(room.writer.clerk_id, "本局", str(item()["dept_name"]))

    with pytest.raises(OrganisationForeign), unit_of_work() as session:
        service.begin_new(session, author=police, task_code=item("marry")["task_code"])


def test_the_first_item_of_a_new_department_begins_under_a_free_code(room: Room) -> None:
    civil = Author(room.writer.clerk_id, "新局", str(item("marry")["dept_name"]))
    with unit_of_work() as session:
        begun = service.begin_new(session, author=civil, task_code=item("marry")["task_code"])

    assert begun.dept_name == civil.department


def test_a_pattern_that_is_not_there_begins_nothing(room: Room) -> None:
    for unknown in (item("marry")["task_code"], "x"):
        with pytest.raises(PatternNotFound), unit_of_work() as session:
            service.begin_new(
                session, author=room.writer, task_code=item("id-renew")["task_code"], copy_of=unknown
            )
