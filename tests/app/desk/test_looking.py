"""No look at a citizen's papers that is not written down (查看留痕)."""

from datetime import timedelta

import pytest

from app import clock
from app.db import unit_of_work
from app.desk import service
from app.materials import queries as materials
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import on_duty

pytestmark = pytest.mark.usefixtures("city")


def look_at_photo(clerk: OnDuty, case_no: str) -> None:
    with unit_of_work() as session:
        case = service.case_of(session, clerk, case_no)
        photo_id = next(iter(materials.of_case(session, case_id=case.id).values()))[0].id
        service.photo(session, clerk=clerk, case_no=case_no, photo_id=photo_id)


def test_whoever_asks_for_a_photo_without_its_page_is_written_down_once() -> None:
    case_no, clerk = desk.submitted(), on_duty(Role.FRONT_DESK)
    look_at_photo(clerk, case_no)
    look_at_photo(clerk, case_no)

    assert [(entry.action, entry.subject) for entry in desk.audited()] == [
        ("photo_viewed", f"case:{case_no}")
    ]


def test_the_photos_of_an_open_page_are_not_written_down_again_but_later_and_by_others_they_are() -> None:
    case_no, clerk = desk.submitted(), on_duty(Role.FRONT_DESK)
    with unit_of_work() as session:
        service.look_at(session, clerk=clerk, case_no=case_no)
    look_at_photo(clerk, case_no)
    look_at_photo(on_duty(Role.APPROVER), case_no)
    with clock.stopped_at(MONDAY + timedelta(hours=1)):
        look_at_photo(clerk, case_no)

    assert desk.actions() == ["case_viewed", "photo_viewed", "photo_viewed"]
