import pytest
from sqlalchemy import text

from app.cases import service
from app.cases.errors import (
    AlreadySubmitted,
    SubmissionIncomplete,
)
from app.catalogue.errors import GuideNotFound
from app.db import unit_of_work
from tests import case_fixtures
from tests.case_fixtures import kinds
from tests.catalogue_fixtures import ID_LOST, item, publish


def test_starting_twice_goes_on_with_the_same_draft(citizen: int) -> None:
    assert case_fixtures.start(citizen) == case_fixtures.start(citizen)


def test_a_new_draft_is_begun_once_the_first_is_handed_in(citizen: int) -> None:
    first = case_fixtures.submitted(citizen)

    assert case_fixtures.start(citizen) != first


def test_two_citizens_have_two_drafts(citizen: int) -> None:
    assert case_fixtures.start(citizen) != case_fixtures.start(case_fixtures.citizen("李四"))


def test_a_matter_that_does_not_exist_cannot_be_started(citizen: int) -> None:
    with pytest.raises(GuideNotFound):
        case_fixtures.start(citizen, "1" * 31)


def test_what_is_known_of_the_citizen_is_filled_in(citizen: int) -> None:
    with unit_of_work() as session:
        case, new = service.start(session, citizen_id=citizen, task_code=ID_LOST)

    assert new
    assert '"applicant_name": "王小明"' in case.sealed_form
    assert '"applicant_name": "实名信息"' in case.sealed_form


def test_nothing_of_the_form_lies_readable_in_the_database(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)
    with unit_of_work() as session:
        row = session.execute(text("SELECT * FROM cases WHERE case_no = :n"), {"n": case_no}).one()

    stored = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    for secret in (case_fixtures.CITIZEN_NUMBER, "王小明", "13800000000"):
        assert secret.encode() not in stored


def test_submitting_names_every_gap_at_once(citizen: int) -> None:
    case_no = case_fixtures.start(citizen)
    with pytest.raises(SubmissionIncomplete) as refused:
        case_fixtures.submit(citizen, case_no)

    named = set(refused.value.errors or {})
    materials = {f"materials.{code}" for code in case_fixtures.mandatory_materials(case_no)}
    assert materials
    assert named == materials | {"form.id_number", "form.phone", "form.address", "form.delivery"}


def test_a_case_handed_in_is_received_and_told(citizen: int) -> None:
    case = case_fixtures.submit(citizen, case_fixtures.ready(citizen))

    assert (case.state, case.received_at) == ("submitted", case.submitted_at)
    assert kinds(case.case_no) == ["started", "submitted"]
    assert case_fixtures.published()[-1:] == ["CaseSubmitted"]


def test_one_of_several_alternatives_is_enough(citizen: int) -> None:
    permit = item("res-permit")
    del permit["form"]  # the usual one is enough here
    publish(permit)
    case_no = case_fixtures.ready(citizen, permit["task_code"])
    with pytest.raises(SubmissionIncomplete) as refused:
        case_fixtures.submit(citizen, case_no)
    assert len(refused.value.errors or {}) == 1

    alternatives = [m["material_code"] for m in permit["materials"] if m.get("one_of")]
    case_fixtures.add_photo(citizen, case_no, alternatives[-1])
    assert case_fixtures.submit(citizen, case_no).state == "submitted"


def test_a_form_is_not_changed_after_it_was_handed_in(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)

    with pytest.raises(AlreadySubmitted):
        case_fixtures.fill(citizen, case_no, phone="13900000000")


def test_starting_works_also_once_the_database_plans_ahead(citizen: int) -> None:
    people = [case_fixtures.citizen(f"市民{number}") for number in range(12)]

    assert len({case_fixtures.start(who) for who in people}) == 12
