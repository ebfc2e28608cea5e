"""What a closed case leaves (R072): made once, never changed, one changed byte is found."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app import clock, settings
from app.archives import checking, making
from app.archives.models import Archive
from app.cases import service as cases
from app.cases.events import CaseClosed
from app.db import unit_of_work
from app.documents import jobs as documents
from app.documents import subscribers
from app.storage import storage
from tests import case_fixtures, promise_fixtures
from tests.archive_fixtures import LATER, closed, run
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.people_fixtures import make_citizen
from tests.races import Meeting, together


@pytest.fixture(autouse=True)
def city(database: None) -> Iterator[None]:
    """A city with one item."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("id-lost"))
        yield


def archive() -> Archive:
    with unit_of_work() as session:
        found = session.scalars(select(Archive)).one()
        session.expunge(found)
        return found


def opened() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(storage().get(archive().storage_key)))


def faults() -> list[str]:
    return [fault.what for fault in checking.faults()]


def test_a_closed_case_becomes_a_package_some_days_later_and_once() -> None:
    closed()
    assert run(MONDAY) == 0
    assert (run(), run()) == (1, 0)
    assert faults() == []


def test_the_package_holds_metadata_form_course_notices_and_photos() -> None:
    case_no = closed()
    run()
    package = opened()
    names = package.namelist()
    told = {each.tag: each.text for each in ET.fromstring(package.read("metadata.xml"))}
    assert (told["办件编号"], told["办理结果"], told["保管期限"]) == (case_no, "准予", "30年")
    assert {"index.json", "form.json", "events.json"} <= set(names)
    assert [name for name in names if name.startswith("documents/")]
    assert [name for name in names if name.startswith("photos/")]
    assert "办件已办结" in [line["what"] for line in json.loads(package.read("events.json"))]


@pytest.mark.parametrize(
    ("said", "until"), [("permanent", None), ("30", date(2056, 12, 31)), ("10", date(2036, 12, 31))]
)
def test_the_guide_says_for_how_long(said: str, until: date | None) -> None:
    closed(retention=said)
    run()
    assert (archive().retention, archive().keep_until) == (said, until)


def test_whose_time_is_over_is_listed_and_nothing_is_deleted() -> None:
    closed(retention="10")
    run()
    with unit_of_work() as session:
        assert not checking.due(session, on=date(2036, 12, 31))
        assert len(checking.due(session, on=date(2037, 1, 1))) == 1
    assert run(LATER + timedelta(days=365 * 20)) == 0
    assert faults() == []


@pytest.mark.parametrize("change", [update(Archive).values(retention="10"), delete(Archive)])
def test_the_database_refuses_to_change_or_remove_it(change: Any) -> None:
    closed()
    run()
    with pytest.raises(DBAPIError, match="never changed"), unit_of_work() as session:
        session.execute(change)


def test_one_changed_byte_in_the_storage_is_found() -> None:
    closed()
    run()
    path = Path(settings.current().storage_url.removeprefix("file://")) / archive().storage_key
    sealed = bytearray(path.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    path.write_bytes(bytes(sealed))
    assert faults() == ["the stored bytes were changed, or their key is missing"]


def test_one_changed_byte_by_somebody_who_has_the_key_is_found_too() -> None:
    closed()
    run()
    key = archive().storage_key
    content = storage().get(key)
    storage().put(key, content.replace("准予".encode(), "不予".encode(), 1))
    (what,) = faults()
    assert what in {"the package cannot be read", "metadata.xml is not as it was"}


def test_a_missing_package_is_found() -> None:
    closed()
    run()
    storage().delete(archive().storage_key)
    assert faults() == ["the package is missing"]


def test_a_notice_that_is_not_drawn_yet_is_waited_for() -> None:
    case_no = case_fixtures.submitted(make_citizen(), ID_LOST)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)
    with unit_of_work() as session:
        case = cases.close(session, case_no=case_no, officer=case_fixtures.FRONT_DESK)
        subscribers.issue_delivery(session, CaseClosed(case.id))
    assert run() == 0
    documents.draw_waiting()
    assert run() == 1


def test_two_jobs_at_once_make_the_same_bytes_and_one_row_stands() -> None:
    closed()
    with clock.stopped_at(LATER):
        made = together(making.archive_closed, making.archive_closed)
    assert sorted(map(str, made)) in (["0", "1"], ["0", "1"])
    assert faults() == []


def test_control_by_looking_first_both_jobs_would_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    closed()
    meeting, made = Meeting(), making._make
    seen: list[int] = []

    def meet_first(found: Any) -> bool:
        meeting.wait()
        seen.append(found.case_id)
        return made(found)

    monkeypatch.setattr(making, "_make", meet_first)
    with clock.stopped_at(LATER):
        together(making.archive_closed, making.archive_closed)
    assert len(seen) == 2
    assert archive().files > 0


def test_a_case_that_nobody_can_read_holds_up_no_other() -> None:
    bad, _ = closed(), closed()
    with unit_of_work() as session:
        session.execute(text("UPDATE cases SET sealed_form = '\\x00' WHERE case_no = :n"), {"n": bad})
    assert run() == 1


def test_a_case_whose_promise_is_still_looked_into_is_not_archived_yet() -> None:
    publish(promise_fixtures.promising_item())
    case_no = promise_fixtures.granted(make_citizen())
    with unit_of_work() as session:
        cases.close(session, case_no=case_no, officer=case_fixtures.FRONT_DESK)
    documents.draw_waiting()
    assert run() == 0
    promise_fixtures.find(case_no, met=True)
    assert run() == 1
