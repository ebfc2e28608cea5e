"""What was corrected after a case was archived follows in a package of its own (补充归档)."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.archives import checking, making, supplements
from app.archives.contents import Contents
from app.archives.models import Archive, ArchiveDocument
from app.cases.models import Case
from app.db import unit_of_work
from app.storage import storage
from tests import archive_fixtures
from tests.archive_fixtures import LATER, archived, correct, packages, run
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.races import Overtaking, together


@pytest.fixture(autouse=True)
def city(database: None) -> Iterator[None]:
    """A city with one item."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("id-lost"))
        yield


def opened(archive: Archive) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(storage().get(archive.storage_key)))


def test_a_correction_follows_in_a_package_that_names_what_it_replaces() -> None:
    case_no = archived()
    old, new = correct(case_no)
    archive_fixtures.draw()
    assert run(LATER + timedelta(hours=1)) == 1
    first, second = packages()
    told = {each.tag: each.text for each in ET.fromstring(opened(second).read("metadata.xml"))}
    (listed,) = json.loads(opened(second).read("documents.json"))
    assert (told["档号"], told["补充的档号"]) == (f"{first.archive_no}-B1", first.archive_no)
    assert (listed["number"], listed["replaces"]) == (new.number, old.number)
    assert listed["replaces_in"] == first.archive_no
    assert listed["file"] in opened(second).namelist()


def test_the_first_package_stays_as_it_is_and_both_are_whole() -> None:
    case_no = archived()
    before = packages()[0].sha256
    correct(case_no)
    archive_fixtures.draw()
    run()
    first, second = packages()
    assert (first.sha256, second.keep_until) == (before, first.keep_until)
    assert list(checking.faults()) == []


def test_it_is_made_once_and_not_before_the_correction_has_its_file() -> None:
    correct(archived())
    assert run() == 0
    archive_fixtures.draw()
    assert (run(), run()) == (1, 0)


def test_a_correction_of_a_correction_is_a_package_of_its_own() -> None:
    case_no = archived()
    for kind in ("acceptance", "grant"):
        _, new = correct(case_no, kind)
        archive_fixtures.draw()
        run()
    assert [one.part for one in packages()] == [0, 1, 2]
    (listed,) = json.loads(opened(packages()[2]).read("documents.json"))
    assert listed["number"] == new.number


def test_two_jobs_at_once_make_one_of_it() -> None:
    correct(archived())
    archive_fixtures.draw()
    with clock.stopped_at(LATER):
        together(making.archive_closed, making.archive_closed)
    assert [one.part for one in packages()] == [0, 1]


def test_whoever_comes_after_another_job_made_it_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    correct(archived())
    archive_fixtures.draw()
    read, race = supplements.of, Overtaking()

    def dawdling(session: Session, case: Case) -> Contents | None:
        monkeypatch.setattr(supplements, "of", read)  # the other job is quicker
        race.dawdle()
        return read(session, case)

    monkeypatch.setattr(supplements, "of", dawdling)

    assert race.happens(run, run)
    assert [one.part for one in packages()] == [0, 1]


def test_the_database_keeps_a_notice_in_one_package() -> None:
    case_no = archived()
    correct(case_no)
    archive_fixtures.draw()
    run()
    first, second = packages()
    with unit_of_work() as session:
        taken = session.query(ArchiveDocument.document_id).filter_by(archive_id=first.id).first()
        assert taken is not None
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(ArchiveDocument(document_id=taken.document_id, archive_id=second.id))
