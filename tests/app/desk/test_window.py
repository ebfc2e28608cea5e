"""Meeting citizens: codes that are shown, coming to an appointment, what may be seen for how long."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.appointments.errors import AppointmentNotFound, TooEarlyToCheckIn
from app.codes import service as codes
from app.codes.errors import CodeExpired, CodeUnknown, CodeUsed
from app.codes.models import CodeKind
from app.db import unit_of_work
from app.desk import visits, window
from app.desk.errors import NotYourDuty, OtherCentre, PresenceNotFound, PresenceOver, ScanUnknown
from app.desk.models import Presence
from app.desk.window import Came, CaseNamed, Guest, Met, PrecheckNamed
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.races import refusals, together
from tests.staff_fixtures import on_duty

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk(city: None) -> OnDuty:
    del city
    return on_duty(Role.FRONT_DESK, centre_id="C01")


def scan(clerk: OnDuty, content: str) -> Met | Came | CaseNamed | PrecheckNamed:
    with unit_of_work() as session:
        return window.scan(session, clerk=clerk, content=content)


def meet(clerk: OnDuty, citizen_id: int) -> int:
    found = scan(clerk, desk.personal_code(citizen_id))
    assert isinstance(found, Met)
    return found.presence_id


def guest(clerk: OnDuty, presence_id: int) -> Guest:
    with unit_of_work() as session:
        return window.guest(session, clerk=clerk, presence_id=presence_id)


def test_a_personal_code_shows_open_cases_and_todays_appointments(clerk: OnDuty) -> None:
    citizen_id = make_citizen("王小明")
    case_no = case_fixtures.submitted(citizen_id)
    visit = desk.visit(citizen_id)
    seen = guest(clerk, meet(clerk, citizen_id))

    assert seen.name == "王小明"
    assert [line.case_no for line in seen.cases] == [case_no]
    assert [found.id for found in seen.visits] == [visit.id]
    assert desk.actions() == ["personal_code_taken", "citizen_viewed"]
    assert {entry.citizen_id for entry in desk.audited()} == {citizen_id}


def test_a_scanner_that_sends_a_code_twice_finds_the_same_meeting(clerk: OnDuty) -> None:
    content = desk.personal_code(make_citizen())

    assert scan(clerk, content) == scan(clerk, f" {content}\n")
    assert desk.actions() == ["personal_code_taken"]


def test_two_scans_at_once_are_one_meeting(clerk: OnDuty) -> None:
    content = desk.personal_code(make_citizen())
    found = together(*[lambda: scan(clerk, content)] * 4)

    assert found == [found[0]] * 4
    with unit_of_work() as session:
        assert session.scalar(select(func.count(Presence.id))) == 1


def test_of_two_clerks_at_once_one_meets_the_citizen(clerk: OnDuty) -> None:
    other, content = on_duty(Role.FRONT_DESK), desk.personal_code(make_citizen())
    found = together(lambda: scan(clerk, content), lambda: scan(other, content))

    assert refusals(found, CodeUsed) == 1


def test_another_clerk_cannot_see_the_meeting(clerk: OnDuty) -> None:
    presence_id = meet(clerk, make_citizen())

    with pytest.raises(PresenceNotFound):
        guest(on_duty(Role.FRONT_DESK), presence_id)


@pytest.mark.parametrize("presence_id", [0, -1, 99, 2**63, 2**80])
def test_a_meeting_that_never_was_is_not_found(clerk: OnDuty, presence_id: int) -> None:
    with pytest.raises(PresenceNotFound):
        guest(clerk, presence_id)


def test_a_meeting_is_over_after_twenty_minutes(clerk: OnDuty) -> None:
    presence_id = meet(clerk, make_citizen())

    with clock.stopped_at(MONDAY + timedelta(minutes=20)), pytest.raises(PresenceOver):
        guest(clerk, presence_id)


def test_an_old_code_is_refused(clerk: OnDuty) -> None:
    content = desk.personal_code(make_citizen())

    with clock.stopped_at(MONDAY + timedelta(seconds=61)), pytest.raises(CodeExpired):
        scan(clerk, content)


def test_a_clerk_without_the_duty_does_not_use_the_code_up(clerk: OnDuty) -> None:
    citizen_id = make_citizen()
    content = desk.personal_code(citizen_id)

    with pytest.raises(NotYourDuty):
        scan(on_duty(Role.APPROVER), content)
    assert isinstance(scan(clerk, content), Met)


def test_a_cashier_sees_what_is_owed_and_nothing_else() -> None:
    citizen_id = make_citizen("王小明")
    case_no = case_fixtures.submitted(citizen_id)
    case_fixtures.accept(case_no)
    desk.visit(citizen_id)
    cashier = on_duty(Role.CASHIER)
    seen = guest(cashier, meet(cashier, citizen_id))

    assert [bill.amount_fen for bill in seen.bills] == [4000]
    assert (seen.cases, seen.visits) == ([], [])


def test_a_department_sees_its_own_share_of_a_citizen() -> None:
    citizen_id = make_citizen("王小明")
    case_fixtures.accept(case_fixtures.submitted(citizen_id))
    marriage = case_fixtures.submitted(citizen_id, MARRY)
    clerk = on_duty(Role.FRONT_DESK, department=desk.CIVIL_AFFAIRS)
    seen = guest(clerk, meet(clerk, citizen_id))

    assert [line.case_no for line in seen.cases] == [marriage]
    assert list(seen.bills) == []


def test_an_appointment_code_checks_in_once(clerk: OnDuty) -> None:
    visit = desk.visit(make_citizen())
    first, second = scan(clerk, visit.code), scan(clerk, visit.code)

    assert isinstance(first, Came)
    assert first == second
    assert first.visit.status == "checked_in"
    assert desk.audited()[0].details == {"before": "booked", "after": "checked_in"}


def test_an_appointment_of_another_hall_is_named(clerk: OnDuty) -> None:
    visit = desk.visit(make_citizen(), centre_id="C03")

    with pytest.raises(OtherCentre) as refused:
        scan(clerk, visit.code)
    assert visit.centre_name in refused.value.sentence


def test_an_appointment_of_another_day_is_too_early(clerk: OnDuty) -> None:
    visit = desk.visit(make_citizen(), in_hours=26)

    with pytest.raises(TooEarlyToCheckIn):
        scan(clerk, visit.code)


def test_the_approver_checks_nobody_in() -> None:
    visit = desk.visit(make_citizen())

    with pytest.raises(NotYourDuty):
        scan(on_duty(Role.APPROVER), visit.code)


@pytest.mark.parametrize("appointment_id", [0, -1, 99, 2**63])
def test_an_appointment_that_never_was_is_not_found(clerk: OnDuty, appointment_id: int) -> None:
    with pytest.raises(AppointmentNotFound), unit_of_work() as session:
        window.check_in_by_id(session, clerk=clerk, appointment_id=appointment_id)


def test_a_case_is_named_by_its_number_or_its_code(clerk: OnDuty) -> None:
    case_no = desk.submitted()
    with unit_of_work() as session:
        content = codes.static_code(session, kind=CodeKind.CASE, target="1")

    assert scan(clerk, f" {case_no.lower()} ") == CaseNamed(case_no)
    assert scan(clerk, content) == CaseNamed(case_no)


@pytest.mark.parametrize(
    "content", ["", "hello", "https://elsewhere.example/q/abc", "A" * 22, "A" * 114, "a\x00b", "x" * 5000]
)
def test_what_is_no_code_is_told_so(clerk: OnDuty, content: str) -> None:
    with pytest.raises((ScanUnknown, CodeUnknown)):
        scan(clerk, content)


def test_a_code_on_a_wall_means_nothing_at_a_desk(clerk: OnDuty) -> None:
    with unit_of_work() as session:
        content = codes.static_code(session, kind=CodeKind.CENTRE, target="C01")

    with pytest.raises(ScanUnknown):
        scan(clerk, content)


def test_the_hall_list_goes_by_time_and_shows_today_alone(clerk: OnDuty) -> None:
    made = [desk.visit(make_citizen(f"林{hours}"), in_hours=hours).id for hours in (3, 1, 2)]
    desk.visit(make_citizen(), in_hours=26)
    desk.visit(make_citizen(), centre_id="C03")
    seen: list[int] = []
    after = None
    with unit_of_work() as session:
        for _ in range(2):
            found, after = visits.page(session, centre_id="C01", after=after, limit=2)
            seen += [visit.id for visit in found]
        counts = visits.counts(session, centre_id="C01")

    assert after is None
    assert seen == [made[1], made[2], made[0]]
    assert (counts.expected, counts.came) == (3, 0)


def test_meetings_are_forgotten_the_next_day(clerk: OnDuty) -> None:
    meet(clerk, make_citizen())

    with clock.stopped_at(MONDAY + timedelta(days=1, seconds=1)), unit_of_work() as session:
        assert window.forget_old(session) == 1
