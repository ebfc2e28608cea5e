"""Who a citizen really is (实名核验)."""

import pytest

from app.check_characters import CitizenNumberWrong
from app.db import unit_of_work
from app.people import proving, service
from app.people.errors import AlreadyProven, CitizenUnknown
from app.people.models import Assurance, Citizen
from tests.people_fixtures import make_citizen

NUMBER, OTHER = "350102199003070047", "350102199001010016"

pytestmark = pytest.mark.usefixtures("database")


def holder(phone: str) -> int:
    citizen_id = make_citizen("林")
    with unit_of_work() as session:
        service.bind_phone(session, citizen_id=citizen_id, phone=phone)
    return citizen_id


def prove(phone: str, number: str = NUMBER) -> None:
    with unit_of_work() as session:
        proving.prove(session, phone=phone, name="林晓明", number=number)


def test_the_holder_of_a_phone_is_proven_once_and_for_good() -> None:
    citizen_id = holder("13800001111")
    prove("138 0000 1111")
    prove("13800001111")

    with unit_of_work() as session:
        found = session.get_one(Citizen, citizen_id)
        assert (found.name, found.id_number, found.assurance) == ("林晓明", NUMBER, Assurance.REAL_NAME)
    with pytest.raises(AlreadyProven):
        prove("13800001111", OTHER)


def test_a_number_is_one_person_s() -> None:
    holder("13800001111")
    holder("13800002222")
    prove("13800001111")

    with pytest.raises(AlreadyProven):
        prove("13800002222")


def test_nobody_and_no_number_are_refused() -> None:
    with pytest.raises(CitizenUnknown):
        prove("13800001111")
    with pytest.raises(CitizenNumberWrong):
        prove("13800001111", "350102199003070040")
