"""The page 归档: what was packed, received, or not and why; a package is looked through by a tap."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from app import clock
from app.archives import making, transfers
from app.archives.errors import ArchiveDamaged
from app.archives.models import ArchiveTransfer, ArchiveTrouble
from app.cases.models import Case
from app.db import unit_of_work
from app.staff.models import Role
from app.storage import storage
from tests import archive_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.staff_fixtures import Browser, browser

HERE = "/console/archives"


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Iterator[Browser]:
    """A clerk of the front desk."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("id-lost"))
        yield browser(client, Role.FRONT_DESK, centre_id="C01")


def the_package() -> int:
    archive_fixtures.archived()
    return archive_fixtures.packages()[0].id


def refused(archive_id: int) -> None:
    with unit_of_work() as session:
        transfers.note_refused(session, archive_id=archive_id, reason="bad_package")


def test_a_package_is_listed_until_it_was_received(desk: Browser) -> None:
    archive_id = the_package()
    number = archive_fixtures.packages()[0].archive_no
    assert number in desk.get(HERE).text
    with unit_of_work() as session:
        transfers.note_received(session, archive_id=archive_id, receipt_no="JS000000000001", at=MONDAY)
    assert number not in desk.get(HERE).text
    assert "JS000000000001" in desk.get(f"{HERE}?view=received").text


def test_what_was_not_taken_says_why_and_goes_again_by_a_tap(desk: Browser) -> None:
    archive_id = the_package()
    refused(archive_id)
    assert "档案系统读不出这个归档包" in desk.get(f"{HERE}?view=refused").text
    desk.post(f"{HERE}/{archive_id}/again")
    assert archive_fixtures.transfer().state == "waiting"
    assert desk.post(f"{HERE}/{archive_id}/again").status_code == 409


def test_who_may_not_hand_over_reads_who_does(desk: Browser, client: FlaskClient) -> None:
    refused(the_package())
    assert "重新移交</button>" in desk.get(f"{HERE}?view=refused").text
    page = browser(client, Role.SUPERVISOR).get(f"{HERE}?view=refused").text
    assert ("重新移交</button>" in page, "由受理或审批人员重新移交" in page) == (False, True)


def test_what_waits_for_its_receipt_says_when_it_is_asked_about(desk: Browser) -> None:
    the_package()
    assert "等回执" not in desk.get(HERE).text
    with unit_of_work() as session:
        found = session.scalars(select(ArchiveTransfer)).one()
        found.checks, found.next_check_at = 2, MONDAY
    assert "还没有回执，11-16 08:00自动再问" in desk.get(HERE).text


def test_a_package_is_looked_through_and_one_that_was_changed_is_found(desk: Browser) -> None:
    archive_id = the_package()
    assert "都和归档时一致" in desk.post(f"{HERE}/{archive_id}/check").text
    storage().put(archive_fixtures.packages()[0].storage_key, b"something else")
    answer = desk.post(f"{HERE}/{archive_id}/check", view="waiting")
    assert (answer.status_code, ArchiveDamaged.message in answer.text) == (409, True)


def test_what_could_not_be_packed_says_why_and_is_logged_once(
    desk: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    case_no = archive_fixtures.closed()
    with unit_of_work() as session:
        session.execute(text("UPDATE cases SET sealed_form = '\\x00'"))
    assert [archive_fixtures.run() for _ in "123"] == [0, 0, 0]
    page = desk.get(HERE).text
    assert all(words in page for words in (case_no, "有内容打不开", "3 次"))
    assert [record.getMessage() for record in caplog.records].count("case_not_archived") == 1


def test_what_was_packed_after_all_is_stuck_no_more(desk: Browser) -> None:
    archive_fixtures.closed()
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(ArchiveTrouble(case_id=case_id, error="FileMissingError", since=MONDAY, tries=9))
    assert "有文件不见了" in desk.get(HERE).text
    archive_fixtures.run()
    assert "有文件不见了" not in desk.get(HERE).text


def test_what_is_due_and_not_packed_is_counted(desk: Browser) -> None:
    archive_fixtures.closed()
    assert "到期还没有打包" not in desk.get(HERE).text
    with unit_of_work() as session:
        session.execute(update(Case).values(closed_at=MONDAY - making.AFTER))
    assert "有 1 件到期还没有打包" in desk.get(HERE).text
