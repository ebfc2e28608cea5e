"""One investment project keeps its code through all approvals (R056)."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.cases import project_codes
from app.cases.errors import SubmissionIncomplete
from app.cases.models import Case
from app.db import unit_of_work
from app.desk import work
from app.desk.work import View, Wanted
from app.own_data import case_file
from app.own_data.export import Turn
from app.staff.models import Role
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish
from tests.staff_fixtures import on_duty

CODE, TODAY = "2026-350102-48-01-000123", date(2026, 11, 16)


@pytest.mark.parametrize(
    "typed", [CODE, "202635010248 01000123", "2026－350102－48－01－000123", " 2026—350102—48—01—000123"]
)
def test_a_code_is_kept_in_one_way_however_it_is_typed(typed: str) -> None:
    assert project_codes.written(typed) == CODE
    assert project_codes.is_right(project_codes.written(typed), today=TODAY)


@pytest.mark.parametrize(
    "code",
    [
        *("", "2026-350102-48-01-00012", "2027-350102-48-01-000123", "2013-350102-48-01-000123"),
        *("2026-350102-98-01-000123", "2026-350102-00-01-000123", "2026-350102-48-00-000123", CODE + "\n"),
    ],
)
def test_what_is_no_code_is_refused(code: str) -> None:
    assert not project_codes.is_right(code, today=TODAY)


def permit(citizen_id: int, code: str = CODE) -> str:
    wanted = item("construct-permit")
    publish(wanted)
    case_no = case_fixtures.ready(citizen_id, wanted["task_code"])
    case_fixtures.fill(citizen_id, case_no, project_code=code)
    return case_no


def stored(case_no: str) -> str | None:
    with unit_of_work() as session:
        return session.scalars(select(Case.project_code).where(Case.case_no == case_no)).one()


@pytest.mark.usefixtures("city")
def test_a_handed_in_case_carries_its_code_and_is_found_by_it() -> None:
    citizen_id = case_fixtures.citizen()
    case_no = permit(citizen_id, "2026 350102 48 01 000123")
    case_fixtures.submit(citizen_id, case_no)
    clerk = on_duty(Role.FRONT_DESK)

    def found(typed: str) -> list[str]:
        with unit_of_work() as session:
            wanted = Wanted(project=typed)
            return [
                line.case_no
                for line in work.page(session, clerk=clerk, view=View.SUBMITTED, wanted=wanted)[0]
            ]

    assert stored(case_no) == CODE
    assert found("20263501024801000123") == found(CODE) == [case_no]
    assert found("2026-350102-48-01-000124") == []


@pytest.mark.usefixtures("city")
def test_a_wrong_code_is_told_before_handing_in() -> None:
    citizen_id = case_fixtures.citizen()
    case_no = permit(citizen_id, "2026-350102-48-01-0001")
    with pytest.raises(SubmissionIncomplete) as refused:
        case_fixtures.submit(citizen_id, case_no)
    assert "24位" in (refused.value.errors or {})["form.project_code"][0]


@pytest.mark.usefixtures("city")
def test_the_code_is_in_the_copy_of_ones_data() -> None:
    citizen_id = case_fixtures.citizen()
    case_no = permit(citizen_id)
    case_fixtures.submit(citizen_id, case_no)
    with unit_of_work() as session:
        ((_, shown),) = case_file.cases(session, Turn(citizen_id, None, 5))
    assert (shown["case_no"], shown["project_code"]) == (case_no, CODE)


@pytest.mark.usefixtures("city")
def test_the_database_keeps_no_code_of_another_shape() -> None:
    case_fixtures.start(case_fixtures.citizen(), permit_code())
    with pytest.raises(IntegrityError, match="project_code_written"), unit_of_work() as session:
        session.execute(text("UPDATE cases SET project_code = '2026-1'"))


def permit_code() -> str:
    wanted = item("construct-permit")
    publish(wanted)
    return str(wanted["task_code"])
