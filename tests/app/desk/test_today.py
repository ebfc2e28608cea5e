"""A clerk's day in numbers: their department, their hall, a few statements, no walk through a big table."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from app import channels, clock, db
from app.appointments.models import Visit
from app.cases.models import Case
from app.channels import Channel
from app.db import unit_of_work
from app.desk import satisfaction, takings, today, window, work
from app.people import sessions
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import bad_ticket, rate
from tests.staff_fixtures import on_duty

pytestmark = pytest.mark.usefixtures("city")
BIG = ("cases", "case_events", "appointments", "slots", "login_sessions", "bills", "citizens", "evaluations")


@pytest.fixture
def clerk(city: None) -> OnDuty:
    del city
    return on_duty(Role.FRONT_DESK, Role.APPROVER, centre_id="C01")


def numbers(clerk: OnDuty) -> today.Numbers:
    with unit_of_work() as session:
        return today.numbers(session, clerk=clerk)


def came(visit: Visit, clerk: OnDuty) -> None:
    with clock.stopped_at(visit.starts_at), unit_of_work() as session:
        window.check_in_by_id(session, clerk=clerk, appointment_id=visit.id)


def submitted_from(platform: str | None) -> None:
    channels.through(Channel(platform) if platform else None)
    case_fixtures.submitted(make_citizen())
    channels.through(None)


def test_the_numbers_say_what_waits_and_what_is_done(clerk: OnDuty) -> None:
    desk.submitted()
    desk.accepted()
    desk.accepted(paid=False)
    desk.accepted(days_ago=60)
    desk.closed()

    assert numbers(clerk) == today.Numbers(
        waiting=1, yellow=0, red=0, due_today=0, overdue=1, closed_today=1, to_decide=2, expected=0, came=0
    )


def test_who_does_not_decide_has_nothing_to_decide() -> None:
    desk.accepted()

    assert numbers(on_duty(Role.FRONT_DESK)).to_decide is None


def test_what_was_closed_yesterday_is_not_todays(clerk: OnDuty) -> None:
    with clock.stopped_at(MONDAY - timedelta(hours=9)):
        desk.closed()

    assert numbers(clerk).closed_today == 0


def test_every_number_is_that_of_the_clerks_department() -> None:
    stranger = on_duty(Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    desk.accepted()
    desk.closed()
    own = desk.submitted(task_code=MARRY)
    with unit_of_work() as session:
        shown = today.urgent(session, clerk=on_duty(Role.FRONT_DESK, department=desk.CIVIL_AFFAIRS))
        days = today.last_days(session, clerk=stranger)
        mix = today.channels(session, clerk=stranger)

    assert (numbers(stranger).waiting, numbers(stranger).to_decide, numbers(stranger).closed_today) == (
        1,
        0,
        0,
    )
    assert [line.case_no for line in shown] == [own]
    assert not any(day.accepted or day.closed for day in days)
    assert sum(mix.values()) == 1


def test_visits_are_those_of_the_clerks_hall_or_of_all(clerk: OnDuty) -> None:
    first = desk.visit(make_citizen(), in_hours=2)
    desk.visit(make_citizen(), in_hours=3)
    desk.visit(make_citizen(), centre_id="C03")
    came(first, clerk)
    supervisor = on_duty(Role.SUPERVISOR)
    with unit_of_work() as session:
        own = today.load(session, clerk=clerk)
        every = today.load(session, clerk=supervisor)

    assert (numbers(clerk).expected, numbers(clerk).came) == (2, 1)
    assert (numbers(supervisor).expected, numbers(supervisor).came) == (3, 1)
    assert [(clock.local(half.starts_at).hour, half.booked, half.came) for half in own] == [
        (10, 1, 1),
        (11, 1, 0),
    ]
    assert [half.booked for half in every] == [2, 1]


def test_the_most_urgent_come_first_and_are_ten_at_most(clerk: OnDuty) -> None:
    waiting = desk.submitted()
    fresh, late = desk.accepted(), desk.accepted(days_ago=60)
    with unit_of_work() as session:
        shown = [line.case_no for line in today.urgent(session, clerk=clerk)]
        one = today.urgent(session, clerk=on_duty(Role.APPROVER))

    assert shown == [late, fresh, waiting]
    assert [line.case_no for line in one] == [late, fresh]


def test_a_case_counts_for_the_way_its_citizen_came(clerk: OnDuty) -> None:
    for platform in ("wechat", "wechat", "alipay", "h5", None):
        submitted_from(platform)
    with clock.stopped_at(MONDAY - timedelta(days=31)):
        submitted_from("alipay")
    with unit_of_work() as session:
        assert today.channels(session, clerk=clerk) == {"微信": 2, "支付宝": 1, "手机网页": 1, "窗口": 1}


def whose_case_it_is() -> int:
    with unit_of_work() as session:
        return session.scalars(select(Case.citizen_id)).one()


def test_a_later_login_elsewhere_changes_nothing(clerk: OnDuty) -> None:
    submitted_from("wechat")
    citizen_id = whose_case_it_is()
    with clock.stopped_at(MONDAY + timedelta(minutes=1)), unit_of_work() as session:
        sessions.open_for(session, citizen_id=citizen_id, platform="alipay")
        assert today.channels(session, clerk=clerk) == {"微信": 1}


def test_the_last_seven_days_are_days_of_the_city(clerk: OnDuty) -> None:
    with clock.stopped_at(MONDAY - timedelta(hours=8, minutes=1)):  # Sunday, a minute before midnight
        desk.closed()
    desk.closed()
    desk.accepted(days_ago=7)
    with unit_of_work() as session:
        days = today.last_days(session, clerk=clerk)

    assert [f"{day.day:%m-%d}" for day in days] == [f"11-{number}" for number in range(10, 17)]
    assert [day.accepted for day in days] == [0, 0, 0, 0, 0, 0, 2]  # closing accepts on Monday
    assert [day.closed for day in days] == [0, 0, 0, 0, 0, 1, 1]


def test_a_cashier_sees_what_is_owed_and_what_came_in() -> None:
    cashier = on_duty(Role.CASHIER)
    desk.accepted(paid=False)
    desk.accepted()
    desk.accepted()
    with unit_of_work() as session:
        owed = takings.unpaid(session, clerk=cashier)
        days = takings.last_days(session, clerk=cashier)
        latest = takings.latest(session, clerk=cashier)

    assert owed == 1
    assert days == [takings.Takings(MONDAY.date(), "微信支付", count=2, amount_fen=8000)]
    assert [(paid.amount_fen, paid.channel, paid.refunded) for paid in latest] == [
        (4000, "微信支付", False)
    ] * 2


def test_a_cashier_sees_the_bills_of_their_department_alone() -> None:
    stranger = on_duty(Role.CASHIER, department=desk.CIVIL_AFFAIRS)
    desk.accepted(paid=False)
    desk.accepted()
    with unit_of_work() as session:
        assert takings.unpaid(session, clerk=stranger) == 0
        assert takings.last_days(session, clerk=stranger) == []
        assert takings.latest(session, clerk=stranger) == []


def test_the_mean_is_in_stars_and_only_of_the_last_thirty_days(clerk: OnDuty) -> None:
    for level in (1, 2, 5):
        rate(desk.closed(), level)
    old = desk.closed()
    with clock.stopped_at(MONDAY - timedelta(days=31)):
        rate(old, 5)
    with unit_of_work() as session:
        found = satisfaction.lately(session, clerk=clerk)
        stranger = satisfaction.lately(session, clerk=on_duty(Role.APPROVER, department=desk.CIVIL_AFFAIRS))

    assert found.by_level == {1: 1, 2: 1, 3: 0, 4: 0, 5: 1}
    assert (found.mean_stars, found.satisfied) == (10 / 3, 2)
    assert (stranger.count, stranger.mean_stars) == (0, None)


def test_what_is_to_mend_is_counted_for_who_mends() -> None:
    bad_ticket()
    own, stranger = on_duty(Role.APPROVER), on_duty(Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    with unit_of_work() as session:
        counted = [satisfaction.to_mend(session, clerk=who) for who in (own, stranger)]
        nobodys = satisfaction.to_mend(session, clerk=on_duty(Role.FRONT_DESK))

    assert (counted, nobodys) == ([1, 0], None)


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(*said: Any) -> None:
        seen.append((said[2], said[3]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def look(clerk: OnDuty) -> None:
    """All that the day of a clerk asks."""
    with unit_of_work() as session:
        today.numbers(session, clerk=clerk)
        today.urgent(session, clerk=clerk)
        today.load(session, clerk=clerk)
        today.channels(session, clerk=clerk)
        today.last_days(session, clerk=clerk)
        satisfaction.lately(session, clerk=clerk)
        satisfaction.to_mend(session, clerk=clerk)
        takings.unpaid(session, clerk=clerk)
        takings.last_days(session, clerk=clerk)
        takings.latest(session, clerk=clerk)


def test_a_busier_day_takes_no_more_statements(clerk: OnDuty, asked: list[tuple[str, Any]]) -> None:
    desk.accepted()
    desk.submitted()
    asked.clear()
    look(clerk)
    quiet = len(asked)
    for _ in range(3):
        desk.accepted(paid=False)
        desk.submitted()
    asked.clear()
    look(clerk)

    assert len(asked) == quiet <= 18


@pytest.mark.parametrize("department", [None, desk.POLICE])
def test_no_number_is_counted_by_walking_through_a_big_table(
    asked: list[tuple[str, Any]], department: str | None
) -> None:
    clerk = on_duty(Role.FRONT_DESK, Role.APPROVER, centre_id="C01", department=department)
    desk.accepted()
    asked.clear()
    look(clerk)
    walks = []
    with db.engine().connect() as connection:
        # What has no index at all is walked through even when that is forbidden.
        connection.execute(text("SET enable_seqscan = off"))
        for statement, values in list(asked):
            if statement.startswith(("SELECT", "WITH")):
                plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars()
                walks += re.findall(r"Seq Scan on (\w+)", "\n".join(plan))

    assert set(walks) & set(BIG) == set()


def test_counting_stops_where_it_says_no_more(clerk: OnDuty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "COUNTED_TO", 1)
    for _ in range(3):
        desk.closed()

    assert numbers(clerk).closed_today == 2
