"""The machine and somebody else at once, each race with the control that shows the bug without its guard."""

import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cases import deciding, machine, machine_stops, steps
from app.cases.errors import StepRefused
from app.cases.models import Case
from app.cases.review_models import CaseReview
from app.certificates import queries as certificates
from app.db import unit_of_work
from app.staff.models import Role
from tests import review_fixtures
from tests.case_fixtures import kinds, pay, published, withdraw
from tests.races import Meeting, Overtaking, refusals, together
from tests.review_fixtures import case, filled, handed_in, submit
from tests.staff_fixtures import make_clerk
from tests.unguarded import steps_unguarded


@pytest.fixture
def applicant(city: None) -> int:
    """Somebody proven, and an item for the machine."""
    del city
    review_fixtures.publish_instant()
    return review_fixtures.proven_citizen()


@pytest.fixture
def paid(city: None) -> str:
    """A case that waits for the news that its fee is paid; its number."""
    del city
    review_fixtures.publish_instant_with_fee()
    case_no = handed_in(review_fixtures.proven_citizen())
    pay(case_no)
    return case_no


def news(case_no: str) -> None:
    """The news of a payment arrives."""
    found = case(case_no).id
    with unit_of_work() as session:
        machine.decide_when_paid(session, case_id=found)


def meet_before_deciding(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, waits = Meeting(), machine._waits

    def both_waited(session: Session, found: Case) -> bool:
        said = waits(session, found)
        meeting.wait()
        return said

    monkeypatch.setattr(machine, "_waits", both_waited)


def row_lock_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_held", lambda session, case_id: session.get_one(Case, case_id))


def reviews() -> int:
    with unit_of_work() as session:
        return session.scalars(select(func.count()).select_from(CaseReview)).one()


def test_handed_in_twice_is_decided_once(applicant: int) -> None:
    case_no = filled(applicant)
    results = together(*[partial(submit, applicant, case_no)] * 2)

    assert refusals(results, StepRefused) == 1
    assert (kinds(case_no).count("decided"), published().count("CaseDecided"), reviews()) == (1, 1, 1)


def test_control_without_the_lock_two_hand_in_up_to_the_last_wall(
    applicant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = filled(applicant)
    meeting, look = Meeting(), machine.look

    def looked(session: Session, **what: Any) -> CaseReview | None:
        meeting.wait()
        return look(session, **what)

    monkeypatch.setattr(
        steps,
        "held",
        lambda session, citizen_id, case_no, **more: session.scalars(
            select(Case).where(Case.citizen_id == citizen_id, Case.case_no == case_no)
        ).one(),
    )
    steps_unguarded(monkeypatch)
    monkeypatch.setattr(machine, "look", looked)

    with pytest.raises(IntegrityError, match=r"case_reviews|decided_has_its_time"):
        together(*[partial(submit, applicant, case_no)] * 2)


def test_the_same_payment_told_twice_decides_once(paid: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_deciding(monkeypatch)
    together(*[partial(news, paid)] * 2)

    assert case(paid).state == "closed"
    assert (kinds(paid).count("decided"), published().count("CaseDecided"), reviews()) == (1, 1, 2)


def test_control_without_the_row_lock_both_look_up_to_the_last_wall(
    paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_deciding(monkeypatch)
    row_lock_off(monkeypatch)

    with pytest.raises(IntegrityError, match="case_reviews"):
        together(*[partial(news, paid)] * 2)


def test_withdrawn_while_it_is_decided_is_one_of_both(paid: str, monkeypatch: pytest.MonkeyPatch) -> None:
    citizen_id = case(paid).citizen_id
    meet_before_deciding(monkeypatch)
    together(partial(news, paid), partial(withdraw, citizen_id, paid))
    found = case(paid)

    with unit_of_work() as session:
        certificate = certificates.of_case(session, case_id=found.id)
    assert (found.state, certificate is None) in {("closed", False), ("withdrawn", True)}


def test_control_without_guards_a_withdrawn_case_is_granted_up_to_the_last_wall(
    paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawal is over before the machine decides what it had looked at."""
    waits = machine._waits

    def withdrawn_meanwhile(session: Session, found: Case) -> bool:
        said = waits(session, found)
        thread = threading.Thread(target=withdraw, args=(found.citizen_id, paid))
        thread.start()
        thread.join()
        return said

    monkeypatch.setattr(machine, "_waits", withdrawn_meanwhile)
    steps_unguarded(monkeypatch)
    row_lock_off(monkeypatch)
    news(paid)

    assert case(paid).state == "closed"
    assert case(paid).withdrawn_at is not None


def thrown_while_it_looks(applicant: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the switch was thrown already when the machine went on to decide."""
    clerk_id, case_no = make_clerk(Role.SUPERVISOR), filled(applicant)
    race, is_stopped = Overtaking(), machine_stops.is_stopped

    def slow_look(session: Session, *, task_code: str) -> bool:
        said = is_stopped(session, task_code=task_code)
        race.dawdle()
        return said

    def throw() -> None:
        with unit_of_work() as session:
            machine_stops.stop(
                session,
                task_code=machine_stops.EVERYWHERE,
                reason="接口故障",
                clerk_id=clerk_id,
                clerk_name="督导",
            )

    monkeypatch.setattr(machine_stops, "is_stopped", slow_look)
    thrown = race.happens(lambda: submit(applicant, case_no), throw)
    assert case(case_no).state == "closed"
    return thrown


def test_once_the_switch_is_thrown_nothing_more_is_decided(
    applicant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not thrown_while_it_looks(applicant, monkeypatch)


def test_control_without_its_lock_the_machine_decides_after_the_switch(
    applicant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_stops, "hold_switch", lambda session: None)

    assert thrown_while_it_looks(applicant, monkeypatch)


def test_what_breaks_half_way_leaves_a_draft_and_tells_nobody(
    applicant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*what: object, **more: object) -> None:
        raise OSError("no power")

    case_no = filled(applicant)
    with monkeypatch.context() as patched:
        patched.setattr(deciding, "close", broken)
        with pytest.raises(OSError, match="no power"):
            submit(applicant, case_no)

    assert (case(case_no).state, reviews(), published()) == ("draft", 0, ["CitizenJoined"])
    assert submit(applicant, case_no).state == "closed"
