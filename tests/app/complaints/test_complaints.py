"""Telling the city what goes wrong, and being answered."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import clock
from app.cases.errors import CaseNotFound
from app.complaints import numbers, queries, service, upkeep
from app.complaints.errors import (
    AlreadyAnswered,
    AnswerUnfit,
    ComplaintNotFound,
    ComplaintsTooMany,
    ComplaintTextUnfit,
    DepartmentUnknown,
)
from app.complaints.kinds import PER_DAY, Kind
from app.complaints.models import Complaint
from app.complaints.queries import Told
from app.db import unit_of_work
from tests import desk_fixtures as desk
from tests.case_fixtures import published
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.rating_fixtures import SUPERVISOR, complain, owner_of

pytestmark = pytest.mark.usefixtures("city")


def told(complaint: Complaint) -> Told:
    with unit_of_work() as session:
        return queries.mine(
            session, citizen_id=complaint.citizen_id, complaint_no=complaint.complaint_no.lower()
        )


def answer(complaint: Complaint, words: str = "已经联系窗口改正", *, final: bool = True) -> None:
    with unit_of_work() as session:
        service.answer(session, complaint_id=complaint.id, officer=SUPERVISOR, text=words, final=final)


def filed() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Complaint)) or 0


@pytest.mark.parametrize(
    ("kind", "due_on"),
    [
        (Kind.CANNOT_GET_DONE, date(2026, 11, 23)),
        (Kind.COMPLAINT, date(2026, 12, 7)),
        (Kind.SUGGESTION, date(2026, 12, 7)),
    ],
)
def test_each_kind_has_a_last_working_day(kind: Kind, due_on: date) -> None:
    complaint = complain(make_citizen(), kind)

    assert (complaint.due_on, complaint.state, complaint.dept_name) == (due_on, "received", None)
    assert published()[-1] == "ComplaintFiled"


def test_a_number_can_be_read_out_and_a_slip_is_noticed() -> None:
    number = complain(make_citizen()).complaint_no

    assert number.startswith("TS20261116")
    assert numbers.complaint_no(f" {number[:10].lower()} {number[10:]}") == number
    assert numbers.complaint_no(number[:-2] + ("2" if number[-2] != "2" else "3") + number[-1]) is None


def test_about_a_case_its_department_answers() -> None:
    case_no = desk.submitted()
    complaint = complain(owner_of(case_no), Kind.CANNOT_GET_DONE, case_no=case_no)

    assert complaint.dept_name == POLICE
    assert (told(complaint).case_no, told(complaint).kind_text) == (case_no, "办不成事")


def test_nobody_complains_about_somebody_elses_case() -> None:
    case_no = desk.submitted()

    with pytest.raises(CaseNotFound):
        complain(make_citizen(), case_no=case_no)


@pytest.mark.parametrize("words", ["", "太慢了", " \x00\x01 \n ", "长" * 1001])
def test_a_text_says_something(words: str) -> None:
    with pytest.raises(ComplaintTextUnfit):
        complain(make_citizen(), text=words)


def test_a_complaint_is_for_its_citizen_alone() -> None:
    complaint = complain(make_citizen())

    for number in (complaint.complaint_no, "TS1", ""):
        with pytest.raises(ComplaintNotFound), unit_of_work() as session:
            queries.mine(session, citizen_id=make_citizen(), complaint_no=number)


def test_an_answer_on_the_way_and_the_last_one_are_both_told() -> None:
    complaint = complain(make_citizen())
    answer(complaint, "已转给窗口核实", final=False)
    on_the_way = told(complaint).complaint.state
    answer(complaint)

    assert (on_the_way, told(complaint).complaint.state) == ("received", "answered")
    assert [(each.text, each.final) for each in told(complaint).answers] == [
        ("已转给窗口核实", False),
        ("已经联系窗口改正", True),
    ]
    assert published().count("ComplaintAnswered") == 2


def test_of_two_clerks_who_answer_at_once_one_does() -> None:
    complaint = complain(make_citizen())
    results = together(*[lambda: answer(complaint)] * 4)

    assert refusals(results, AlreadyAnswered) == 3
    assert len(told(complaint).answers) == 1


def test_nothing_is_added_to_what_is_answered() -> None:
    complaint = complain(make_citizen())
    answer(complaint)

    with pytest.raises(AlreadyAnswered):
        answer(complaint, "再补充一点进展", final=False)
    with pytest.raises(AlreadyAnswered), unit_of_work() as session:
        service.pass_on(session, complaint_id=complaint.id, department=CIVIL_AFFAIRS)


@pytest.mark.parametrize("words", ["", "收到", "长" * 1001])
def test_an_answer_says_something(words: str) -> None:
    with pytest.raises(AnswerUnfit):
        answer(complain(make_citizen()), words)


def test_it_is_passed_on_to_a_department_that_exists() -> None:
    complaint = complain(make_citizen())
    with unit_of_work() as session:
        service.pass_on(session, complaint_id=complaint.id, department=CIVIL_AFFAIRS)
    with pytest.raises(DepartmentUnknown), unit_of_work() as session:
        service.pass_on(session, complaint_id=complaint.id, department="市没有局")

    found = told(complaint).complaint
    assert (found.dept_name, found.dept_code is None) == (CIVIL_AFFAIRS, False)


def test_one_person_tells_so_much_on_a_day_and_goes_on_tomorrow() -> None:
    citizen_id = make_citizen()
    for _ in range(PER_DAY):
        complain(citizen_id)

    with pytest.raises(ComplaintsTooMany) as refused:
        complain(citizen_id)
    assert refused.value.retry_after == 16 * 3600 + 1
    assert complain(make_citizen()).state == "received"
    with clock.stopped_at(MONDAY + timedelta(hours=16)):
        assert complain(citizen_id).state == "received"


def test_many_taps_at_once_do_not_get_past_the_limit() -> None:
    citizen_id = make_citizen()
    for _ in range(PER_DAY - 1):
        complain(citizen_id)
    results = together(*[lambda: complain(citizen_id)] * 4)

    assert (refusals(results, ComplaintsTooMany), filed()) == (3, PER_DAY)


def test_without_taking_turns_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    citizen_id, meeting = make_citizen(), Meeting()
    for _ in range(PER_DAY - 1):
        complain(citizen_id)
    new_number = numbers.new_complaint_no

    def after_meeting(session: Session) -> str:
        meeting.wait()
        return new_number(session)

    monkeypatch.setattr(service, "_hold_turn", lambda session, citizen_id: None)
    monkeypatch.setattr(numbers, "new_complaint_no", after_meeting)
    together(*[lambda: complain(citizen_id)] * 2)

    assert filed() == PER_DAY + 1


def test_what_nobody_answers_goes_to_the_supervisor() -> None:
    complaint = complain(make_citizen(), Kind.CANNOT_GET_DONE)
    upkeep.escalate_overdue()
    in_time = told(complaint).complaint.escalated_at
    with clock.stopped_at(late := MONDAY + timedelta(days=8)):
        upkeep.escalate_overdue()
        answer(complaint, "已转给窗口核实", final=False)

    assert (in_time, told(complaint).complaint.escalated_at) == (None, late)


def test_what_is_told_and_answered_lies_encrypted() -> None:
    complaint = complain(make_citizen(), text="柜台小李态度冷淡")
    answer(complaint)
    with unit_of_work() as session:
        stored = session.execute(
            text("SELECT complaints.text, complaint_answers.text FROM complaints, complaint_answers")
        ).one()

    assert not [each for each in stored if "柜台".encode() in bytes(each) or "窗口".encode() in bytes(each)]
