"""City-wide items may be booked anywhere, others only where they are handled (R016)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.appointments import elsewhere, service
from app.appointments.errors import NotInYourDistrict, NotTakenInThisHall
from app.appointments.models import Visit
from app.db import unit_of_work
from app.people import service as people
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city, make_slot
from tests.people_fixtures import make_citizen

GULOU, CHANGLE = "350102", "350112"


@pytest.fixture(autouse=True)
def _city(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        yield


def published(key: str, **changes: Any) -> str:
    one = item(key, **changes)
    publish(one)
    return str(one["task_code"])


def book(task_code: str, centre_id: str, field: str, *, district: str | None = None) -> Visit:
    slot_id = make_slot(centre_id=centre_id, field=field)
    with unit_of_work() as session:
        return service.book(
            session,
            citizen_id=make_citizen(),
            centre_id=centre_id,
            slot_id=slot_id,
            task_code=task_code,
            district=district,
        )


def test_a_city_wide_item_is_booked_in_another_district() -> None:
    code = published("id-lost", handle_area="3", handle_area_text="全市", cross_province=False)
    assert book(code, "C06", "公安", district=GULOU).centre_id == "C06"


def test_an_item_of_the_own_district_is_refused_elsewhere_with_the_right_hall_named() -> None:
    code = published("res-permit")
    with pytest.raises(NotInYourDistrict) as refused:
        book(code, "C06", "公安", district=GULOU)
    assert "鼓楼区政务服务中心" in refused.value.sentence
    assert "长乐区" not in refused.value.sentence


@pytest.mark.parametrize(("centre_id", "district"), [("C03", GULOU), ("C06", CHANGLE), ("C01", CHANGLE)])
def test_the_own_district_and_the_citys_halls_take_it(centre_id: str, district: str) -> None:
    assert book(published("res-permit"), centre_id, "公安", district=district).centre_id == centre_id


def lives_in(district: str) -> int:
    """A citizen who told us their district."""
    citizen_id = make_citizen()
    with unit_of_work() as session:
        people.change_preferences(session, citizen_id=citizen_id, changes={"district": district})
    return citizen_id


def book_for(citizen_id: int, code: str, centre_id: str, *, visitor: str | None = None) -> Visit:
    slot_id = make_slot(centre_id=centre_id, field="公安")
    wish: dict[str, Any] = {"centre_id": centre_id, "slot_id": slot_id, "task_code": code}
    with unit_of_work() as session:
        return service.book(session, citizen_id=citizen_id, visitor=visitor, **wish)


def test_a_district_that_was_told_before_is_enough_to_refuse() -> None:
    code, citizen_id = published("res-permit"), lives_in(GULOU)
    with pytest.raises(NotInYourDistrict) as refused:
        book_for(citizen_id, code, "C06")
    assert "鼓楼区政务服务中心" in refused.value.sentence
    assert book_for(citizen_id, code, "C03").centre_id == "C03"


def test_for_somebody_else_the_citizens_own_district_says_nothing() -> None:
    code, citizen_id = published("res-permit"), lives_in(GULOU)
    assert book_for(citizen_id, code, "C06", visitor="王大明").centre_id == "C06"


def test_an_appointment_does_not_move_to_another_district_either() -> None:
    code, citizen_id = published("res-permit"), lives_in(GULOU)
    visit = book_for(citizen_id, code, "C03")
    elsewhere_slot = make_slot(at=MONDAY + timedelta(days=1), centre_id="C06", field="公安")
    with pytest.raises(NotInYourDistrict), unit_of_work() as session:
        service.reschedule(session, citizen_id=citizen_id, appointment_id=visit.id, slot_id=elsewhere_slot)


def test_a_hall_that_does_not_take_the_item_names_the_nearest_that_does() -> None:
    code = published("gjj-rent")
    with pytest.raises(NotTakenInThisHall) as refused:
        book(code, "C02", "市场监管")
    assert refused.value.code == "not_at_this_centre"
    assert refused.value.sentence.index("市民服务中心") < refused.value.sentence.index("长乐区")


def test_what_is_not_here_is_somewhere() -> None:
    code = published("gjj-rent")
    with unit_of_work() as session:
        assert elsewhere.not_at(session, task_code=code, centre_id="C01") is None
        assert elsewhere.in_no_hall(session, task_code=code) is None
        found = elsewhere.not_at(session, task_code=code, centre_id="C02")
    assert found is not None
    assert (found.centre_id, found.channels) == ("C01", ["web", "mobile"])


def test_an_item_that_no_hall_takes_says_how_else() -> None:
    code = published("gjj-rent", transact_centers=[], transact_addr="示例路1号", handle_type=["1", "2"])
    with unit_of_work() as session:
        found = elsewhere.in_no_hall(session, task_code=code)
        assert elsewhere.not_at(session, task_code=code, centre_id="C01") == found
    assert found is not None
    assert "示例路1号" in found.sentence
    assert "网上办理" in found.sentence
    assert found.phone
