"""Decided by published review points alone (秒批)."""

from collections.abc import Callable
from typing import Any

import pytest

from app import clock
from app.cases import machine_stops, states
from app.cases.states import Party, Step
from app.certificates import queries as certificates
from app.db import unit_of_work
from app.staff.models import Role
from notifications.models import Message
from tests import case_fixtures, delivery_fixtures, review_fixtures
from tests.case_fixtures import accept, kinds, pay, published
from tests.review_fixtures import case, doubts, handed_in, reviewed
from tests.staff_fixtures import make_clerk


@pytest.fixture
def applicant(city: None) -> int:
    """Somebody proven, born in 1990, and an item for the machine."""
    del city
    review_fixtures.publish_instant()
    return review_fixtures.proven_citizen()


def messages(citizen_id: int) -> list[str]:
    with unit_of_work() as session:
        return [each.text for each in session.query(Message).filter_by(citizen_id=citizen_id)]


def stop(task_code: str = machine_stops.EVERYWHERE) -> None:
    clerk_id = make_clerk(Role.SUPERVISOR)
    with unit_of_work() as session:
        machine_stops.stop(
            session, task_code=task_code, reason="接口故障", clerk_id=clerk_id, clerk_name="督导"
        )


def test_all_points_met_is_decided_and_closed_in_one_request(applicant: int) -> None:
    found = case(handed_in(applicant))

    assert (found.state, found.granted, found.decided_by) == ("closed", True, "机器审查")
    assert found.accepted_at == found.decided_at == found.closed_at == clock.now()
    with unit_of_work() as session:
        assert certificates.of_case(session, case_id=found.id) is not None


def test_each_point_is_kept_with_its_reason_and_the_version(applicant: int) -> None:
    case_no = handed_in(applicant)
    found = reviewed(case_no)

    assert found is not None
    assert (found.passed, found.version_id) == (True, review_fixtures.newest_version())
    assert [one.key for one in found.verdicts] == ["identity", "age_from", "age_to", "left", "jobless"]
    assert all(one.reason and one.law for one in found.verdicts)
    assert kinds(case_no) == ["started", "submitted", "machine_reviewed", "accepted", "decided", "closed"]


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"applicant_name": "陈小明"}, "identity"),
        ({"jobless": "不是"}, "jobless"),
        ({"left_on": "2027-01-01"}, "left"),
    ],
)
def test_one_doubt_sends_it_to_a_person_and_refuses_nobody(
    applicant: int, changes: dict[str, Any], doubt: str
) -> None:
    case_no = handed_in(applicant, **changes)

    assert (case(case_no).state, doubts(case_no)) == ("submitted", [doubt])
    assert accept(case_no).state == "accepted"


def test_the_machine_may_say_yes_and_never_no() -> None:
    machine = frozenset({Party.MACHINE})
    may = {row.step for row in states.TABLE if row.who & machine}

    assert may == {Step.ACCEPT, Step.GRANT, Step.CLOSE}


def test_whoever_is_not_proven_or_too_old_for_a_machine_is_for_a_person(city: None) -> None:
    del city
    review_fixtures.publish_instant()
    nobody, old = case_fixtures.citizen(), review_fixtures.proven_citizen(case_fixtures.CITIZEN_NUMBER)

    assert doubts(handed_in(nobody)) == ["identity", "age_from", "age_to"]
    assert doubts(handed_in(old, id_number=case_fixtures.CITIZEN_NUMBER)) == ["age_to"]


def test_the_citizen_gets_one_message_of_a_decision(applicant: int, deliver: Callable[[], Any]) -> None:
    handed_in(applicant)
    deliver()

    (text,) = messages(applicant)
    assert "已秒批" in text
    assert "审查要点全部符合" in text


def test_the_citizen_is_told_why_a_person_looks_and_until_when(
    applicant: int, deliver: Callable[[], Any]
) -> None:
    handed_in(applicant, jobless="不是")
    deliver()

    (text,) = messages(applicant)
    assert "承诺现在没有工作" in text
    assert "要由工作人员看" in text
    assert "最迟11月17日" in text


def test_what_is_fetched_at_a_window_is_decided_and_closed_when_it_is_handed_over(applicant: int) -> None:
    case_no = handed_in(applicant, delivery="窗口自取")
    found = case(case_no)

    assert (found.state, found.granted) == ("decided", True)
    delivery_fixtures.begin(case_no)
    delivery_fixtures.hand_out(case_no)
    assert case(case_no).state == "closed"


def test_what_costs_something_is_decided_right_when_it_is_paid(
    city: None, deliver: Callable[[], Any]
) -> None:
    del city
    review_fixtures.publish_instant_with_fee()
    citizen_id = review_fixtures.proven_citizen()
    case_no = handed_in(citizen_id)
    assert case(case_no).state == "accepted"

    pay(case_no)
    deliver()
    assert case(case_no).state == "closed"
    assert [text for text in messages(citizen_id) if "已秒批" in text]
    assert published().count("CaseDecided") == 1


def test_a_paid_case_that_the_machine_no_longer_passes_is_left_to_a_person(
    city: None, deliver: Callable[[], Any]
) -> None:
    del city
    review_fixtures.publish_instant_with_fee()
    citizen_id = review_fixtures.proven_citizen()
    case_no = handed_in(citizen_id)
    stop()
    pay(case_no)
    deliver()

    assert (case(case_no).state, doubts(case_no)) == ("accepted", ["machine"])
    assert any("转人工审查" in text and "机器审查暂停" in text for text in messages(citizen_id))


@pytest.mark.parametrize("task_code", [machine_stops.EVERYWHERE, review_fixtures.UNEMPLOYED])
def test_a_stop_of_the_city_or_of_the_item_keeps_the_machine_still(applicant: int, task_code: str) -> None:
    stop(task_code)
    case_no = handed_in(applicant)
    assert (case(case_no).state, doubts(case_no)) == ("submitted", ["machine"])

    with unit_of_work() as session:
        assert machine_stops.go_on(session, task_code=task_code)
    other = review_fixtures.proven_citizen("350102199001010016", "王小明")
    assert case(handed_in(other, id_number="350102199001010016")).state == "closed"


def test_old_cases_keep_their_version_and_are_untouched_by_the_change(city: None) -> None:
    """R013: 承诺件改即办件."""
    del city
    citizen_id, later = (
        review_fixtures.proven_citizen(),
        review_fixtures.proven_citizen("350102199001010016"),
    )
    four = {"mashang": False, "wangshang": True, "jiujin": True, "yici": True}
    review_fixtures.publish_instant(project_type="2", promise_day=3, anticipate_day=5, four_ban=four)
    old_draft = review_fixtures.filled(citizen_id)
    review_fixtures.publish_instant()

    review_fixtures.submit(citizen_id, old_draft)
    assert (case(old_draft).state, reviewed(old_draft)) == ("submitted", None)
    assert case(handed_in(later, id_number="350102199001010016")).state == "closed"
