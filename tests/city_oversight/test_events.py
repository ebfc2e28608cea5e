"""Events told to the supervision platform (R107): one for each grant whatever gets lost, in order."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from app.db import unit_of_work
from app.oversight import catching_up, sending
from app.oversight.errors import NothingRefused
from city_oversight import events as job
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.oversight_fixtures import a_licence, content, end, granted, licence_item, noted
from tests.races import Meeting, refusals, together


@pytest.fixture
def office(database: None, sandbox: Sandbox) -> Iterator[Sandbox]:
    """A city, and a supervision platform that was told nothing yet."""
    del database
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    with clock.stopped_at(MONDAY):
        load_city()
        yield sandbox


def told(office: Sandbox) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = office.get("/_sim/oversight/events")["items"]
    return items


def follow(minutes: int = 0) -> None:
    with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
        job.follow()


def states() -> list[str]:
    return [each.state for each in noted()]


def break_it(office: Sandbox, kind: str, **more: Any) -> None:
    office.post("/_sim/faults", op="oversight.tell", kind=kind, times=1, **more)


def test_a_grant_is_told_once_and_its_receipt_is_kept(office: Sandbox) -> None:
    a_licence()
    follow()
    (event,), (there,) = noted(), told(office)
    assert (there["event_no"], there["told"]) == (event.event_no, content())
    assert (event.state, event.receipt_no) == ("received", there["receipt_no"])
    follow(minutes=500)
    assert len(told(office)) == 1


@pytest.mark.parametrize("kind", ["reset", "http_502", "truncated", "empty"])
def test_a_lost_receipt_leads_to_one_question_and_no_second_event(office: Sandbox, kind: str) -> None:
    a_licence()
    break_it(office, kind, detail={"after": True})
    follow()
    assert (states(), len(told(office))) == (["waiting"], 1)
    follow(minutes=2)
    assert (states(), noted()[0].receipt_no) == (["received"], told(office)[0]["receipt_no"])


def test_what_was_decided_while_the_platform_was_away_goes_out_later(office: Sandbox) -> None:
    a_licence()
    break_it(office, "http_503")
    follow()
    assert (states(), told(office)) == (["waiting"], [])
    follow(minutes=2)
    assert states() == ["received"]


def test_a_revocation_never_goes_before_its_grant(office: Sandbox) -> None:
    end(a_licence())
    break_it(office, "bad_event")
    follow()
    follow(minutes=500)
    assert (states(), told(office)) == (["refused", "waiting"], [])
    again()
    follow(minutes=501)
    assert [each["told"]["kind"] for each in told(office)] == ["granted", "revoked"]


def test_a_department_that_is_not_known_is_mended_in_the_guide_and_told_again(office: Sandbox) -> None:
    publish(licence_item(supervisor={"dept_code": "没有代码", "dept_name": "市场监管局"}))
    end(granted())
    follow()
    assert noted()[0].refusal == "unknown_department"
    publish(licence_item(task_version=2))
    again()
    follow(minutes=2)
    assert states() == ["received", "received"]
    assert {each["told"]["supervising"]["name"] for each in told(office)} == {"市市场监督管理局"}


def test_one_licence_that_nobody_can_read_does_not_stop_the_others(office: Sandbox) -> None:
    a_licence()
    with unit_of_work() as session:
        session.execute(text("UPDATE oversight_events SET sealed_content = '\\x00'"))
    other = granted()
    follow()
    assert [each["told"]["case_no"] for each in told(office)] == [other]


def again() -> None:
    with unit_of_work() as session:
        sending.again(session, event_id=noted()[0].id)


def test_of_two_taps_one_tells_it_again(office: Sandbox) -> None:
    a_licence()
    break_it(office, "bad_event")
    follow()
    assert refusals(together(again, again), NothingRefused) == 1


def test_two_jobs_at_once_tell_it_once(office: Sandbox) -> None:
    a_licence()
    with clock.stopped_at(MONDAY):
        together(job.follow, job.follow)
    assert (len(told(office)), noted()[0].checks) == (1, 1)


def test_control_by_looking_without_the_lock_both_jobs_would_take_it(office: Sandbox) -> None:
    del office
    a_licence()
    meeting = Meeting()

    def look() -> str:
        state = noted()[0].state
        meeting.wait()
        return state

    assert together(look, look) == ["waiting", "waiting"]


def received(event_id: int, receipt_no: str = "JG000000000001") -> None:
    with unit_of_work() as session:
        sending.note_received(session, event_id=event_id, receipt_no=receipt_no, at=MONDAY)


def test_the_receipt_of_another_event_is_a_named_trouble_and_holds_up_nobody(office: Sandbox) -> None:
    a_licence()
    granted()
    granted()
    first, second, _ = noted()
    received(first.id)
    received(second.id)
    assert [(each.state, each.refusal) for each in noted()[:2]] == [
        ("received", None),
        ("refused", "receipt_reused"),
    ]
    follow()
    assert states() == ["received", "refused", "received"]
    assert len(told(office)) == 1


def test_the_same_receipt_told_twice_for_one_event_changes_nothing(office: Sandbox) -> None:
    del office
    a_licence()
    for _ in range(2):
        received(noted()[0].id)
    assert states() == ["received"]


def test_of_two_events_with_one_receipt_at_once_one_has_it(office: Sandbox) -> None:
    del office
    a_licence()
    granted()
    first, second = noted()
    together(lambda: received(first.id), lambda: received(second.id))
    assert sorted(states()) == ["received", "refused"]


def test_what_was_granted_before_the_city_told_of_it_is_told_once_whoever_catches_up(office: Sandbox) -> None:
    plain, ended = a_licence(), granted()
    end(ended)
    with unit_of_work() as session:
        session.execute(text("DELETE FROM oversight_events"))
    together(catching_up.catch_up, catching_up.catch_up)
    assert catching_up.catch_up() == catching_up.Caught(0, 0)
    follow()
    follow()

    assert [(each["event_no"], each["told"]["kind"]) for each in told(office)] == [
        (f"{plain}-001", "granted"),
        (f"{ended}-001", "granted"),
        (f"{ended}-002", "revoked"),
    ]


def test_a_case_that_nobody_can_read_keeps_no_other_from_being_caught_up(office: Sandbox) -> None:
    del office
    bad, good = a_licence(), granted()
    with unit_of_work() as session:
        session.execute(text("DELETE FROM oversight_events"))
        session.execute(
            text(
                "UPDATE certificates SET holder_name = '\\x00'"
                " WHERE case_id = (SELECT id FROM cases WHERE case_no = :bad)"
            ),
            {"bad": bad},
        )

    assert catching_up.catch_up() == catching_up.Caught(1, 1)
    assert [each.event_no for each in noted()] == [f"{good}-001"]


def test_what_is_no_licence_is_not_caught_up(office: Sandbox) -> None:
    del office
    publish(licence_item(task_type="07", supervisor=None))
    granted()

    assert catching_up.catch_up() == catching_up.Caught(0, 0)
