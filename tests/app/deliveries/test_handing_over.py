"""How a result on paper reaches its applicant (R033, R074): chosen, changed, fetched by a code."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select, text, update

from app import clock
from app.cases.errors import AlreadyClosed, NotHandedOver
from app.cases.ways import Way
from app.db import unit_of_work
from app.deliveries import pickup
from app.deliveries.choice import Choice
from app.deliveries.errors import (
    AddressIncomplete,
    AlreadyDelivered,
    ChosenOnForm,
    NotPreparing,
    NotThePersonNamed,
    PickUpTriedTooOften,
    WayNotOffered,
)
from app.deliveries.models import Delivery
from app.staff.models import Role
from tests import case_fixtures, delivery_fixtures
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.delivery_fixtures import ADDRESS, POST, WINDOW, choose, decided, shown, standing, told
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import make_clerk


@pytest.fixture(autouse=True)
def city(database: None) -> Iterator[None]:
    """The halls of the city and an item whose result may come by all three ways."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish_items("id-lost")
        yield


def moves() -> int:
    """How often somebody was told that a result moved."""
    with unit_of_work() as session:
        return session.scalar(text("SELECT count(*) FROM outbox o WHERE o::text LIKE '%DeliveryMoved%'")) or 0


def hashed(case_no: str) -> bytes | None:
    """What is kept of a code."""
    return delivery_fixtures.delivery_of(case_no).code_hash


def test_what_is_on_paper_is_not_closed_before_it_is_handed_over() -> None:
    _, case_no = decided(WINDOW)
    with pytest.raises(NotHandedOver):
        delivery_fixtures.close(case_no)
    assert standing(case_no) == ("decided", "waiting")


def test_what_is_fetched_is_closed_with_it_and_the_receipt_says_how() -> None:
    _, case_no = decided(WINDOW)
    delivery_fixtures.hand_out(case_no)
    assert standing(case_no) == ("closed", "delivered")
    assert told(case_no) == ["申请人已在窗口签收", "办件已办结"]


def test_a_refusal_is_delivered_the_same_way_and_costs_no_postage() -> None:
    _, case_no = decided(POST, granted=False)
    assert standing(case_no) == ("decided", "preparing")
    assert delivery_fixtures.delivery_of(case_no).postage_fen == 0


def test_only_whom_the_applicant_named_fetches_it_for_them() -> None:
    citizen_id, case_no = decided(WINDOW)
    with pytest.raises(NotThePersonNamed):
        delivery_fixtures.hand_out(case_no, received_by="李四")
    choose(citizen_id, case_no, Choice(Way.WINDOW, proxy_name="李四"))
    delivery_fixtures.hand_out(case_no, received_by="李四")
    assert told(case_no)[0] == "申请人授权的代领人已在窗口签收"
    assert delivery_fixtures.delivery_of(case_no).received_by == "李四"


def test_the_code_lies_nowhere_in_the_database() -> None:
    _, case_no = decided(WINDOW)
    code = shown(case_no).code
    assert code is not None
    assert len(code) == pickup.DIGITS
    with unit_of_work() as session:
        rows = session.execute(
            text("SELECT d::text FROM deliveries d UNION ALL SELECT o::text FROM outbox o")
        )
        assert not [row for (row,) in rows if code in row]


def test_after_ten_wrong_codes_a_clerk_waits_a_quarter_of_an_hour() -> None:
    _, case_no = decided(WINDOW)
    clerk_id, right = make_clerk(Role.FRONT_DESK), delivery_fixtures.code(case_no)

    def look(typed: str) -> bool:
        with unit_of_work() as session:
            return pickup.find(session, typed=typed, clerk_id=clerk_id, centre_id="C01") is not None

    assert not any(look("00000000") for _ in range(pickup.TRIES))
    with pytest.raises(PickUpTriedTooOften):
        look(right)
    with clock.stopped_at(MONDAY + pickup.WINDOW):
        assert look(f"{right[:4]} {right[4:]}")


def test_the_same_choice_again_keeps_the_code_and_tells_nobody() -> None:
    citizen_id, case_no = decided(WINDOW)
    before, letters = delivery_fixtures.delivery_of(case_no), moves()
    choose(citizen_id, case_no, Choice(Way.WINDOW, centre_id=before.centre_id, proxy_name="李雷"))
    after = delivery_fixtures.delivery_of(case_no)
    assert (after.salt, after.proxy_name, moves()) == (before.salt, "李雷", letters)


def test_a_code_under_which_another_result_waits_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _, first = decided(WINDOW)
    codes = iter([delivery_fixtures.code(first), "00000001"])
    monkeypatch.setattr(pickup, "code", lambda _: next(codes))
    _, second = decided(WINDOW)
    assert standing(second)[1] == "waiting"
    assert hashed(first) != hashed(second)


def test_another_hall_does_not_find_the_code() -> None:
    _, case_no = decided(WINDOW)
    with unit_of_work() as session:
        found = pickup.find(
            session,
            typed=delivery_fixtures.code(case_no),
            clerk_id=make_clerk(Role.FRONT_DESK),
            centre_id="C02",
        )
    assert found is None


def test_the_way_may_be_changed_until_it_is_sent() -> None:
    citizen_id, case_no = decided(POST)
    choose(citizen_id, case_no, Choice(Way.WINDOW, centre_id="C02"))
    assert (standing(case_no), shown(case_no).centre is not None) == (("decided", "waiting"), True)
    choose(citizen_id, case_no, ADDRESS)
    assert (standing(case_no)[1], shown(case_no).code) == ("preparing", None)
    choose(citizen_id, case_no, Choice(Way.ELECTRONIC))
    assert standing(case_no) == ("closed", "delivered")
    with pytest.raises(AlreadyDelivered):
        choose(citizen_id, case_no, ADDRESS)


def test_a_draft_is_changed_on_its_form_and_keeps_its_address() -> None:
    citizen_id = make_citizen()
    case_no = case_fixtures.ready(citizen_id)
    case_fixtures.fill(citizen_id, case_no, delivery=POST)
    with pytest.raises(ChosenOnForm):
        choose(citizen_id, case_no, Choice(Way.WINDOW))
    choose(citizen_id, case_no, replace(ADDRESS, address="示例市示例区另一条路9号"))
    assert shown(case_no).address == "示例市示例区另一条路9号"


def test_what_a_guide_does_not_offer_cannot_be_chosen() -> None:
    (task_code,) = publish_items("elder-allow")
    citizen_id, case_no = decided(WINDOW, task_code=task_code)
    with pytest.raises(WayNotOffered):
        choose(citizen_id, case_no, ADDRESS)


def test_an_address_that_lacks_something_says_all_that_it_lacks() -> None:
    citizen_id, case_no = decided(POST)
    with pytest.raises(AddressIncomplete) as refused:
        choose(citizen_id, case_no, Choice(Way.POST, recipient="", phone="123", address="路"))
    assert set(refused.value.errors or {}) == {"recipient", "phone", "address"}


def test_of_two_windows_at_once_one_hands_it_out() -> None:
    _, case_no = decided(WINDOW)
    results = together(*[lambda: delivery_fixtures.hand_out(case_no)] * 2)
    assert refusals(results, AlreadyDelivered) == 1
    assert told(case_no).count("申请人已在窗口签收") == 1


def test_control_by_looking_first_both_windows_would() -> None:
    decided(WINDOW)
    meeting = Meeting()

    def look_and_hand_out() -> bool:
        with unit_of_work() as session:
            waits = session.scalars(select(Delivery.state)).one() == "waiting"
            meeting.wait()
            return waits

    assert together(*[look_and_hand_out] * 2) == [True, True]


def change_to_the_hall(citizen_id: int, case_no: str) -> str:
    choose(citizen_id, case_no, Choice(Way.WINDOW))
    return "changed"


def test_either_it_is_sent_or_the_applicant_changes_their_mind_in_time() -> None:
    for _ in range(5):
        citizen_id, case_no = decided(POST)
        sent, changed = together(
            partial(delivery_fixtures.send, case_no),
            partial(change_to_the_hall, citizen_id, case_no),
        )
        assert (standing(case_no)[1], changed) == ("waiting", "changed")
        assert isinstance(sent, NotPreparing) or delivery_fixtures.parcel(case_no)["state"] == "cancelling"


def test_control_by_looking_first_it_is_sent_and_waits_at_the_hall_too() -> None:
    citizen_id, case_no = decided(POST)
    meeting = Meeting()

    def send_by_looking() -> str:
        with unit_of_work() as session:
            delivery = session.scalars(select(Delivery)).one()
            assert delivery.state == "preparing"
            meeting.wait()
            meeting.wait()
            session.execute(update(Delivery).values(state="sending"))
        return delivery_fixtures.shown(case_no).way.value

    def change_meanwhile() -> str:
        meeting.wait()
        choose(citizen_id, case_no, Choice(Way.WINDOW))
        meeting.wait()
        return ""

    together(send_by_looking, change_meanwhile)
    assert (shown(case_no).way, standing(case_no)[1]) == (Way.WINDOW, "sending")


def test_a_closed_case_stays_as_it_is() -> None:
    _, case_no = decided(WINDOW)
    delivery_fixtures.hand_out(case_no)
    with pytest.raises(AlreadyClosed):
        delivery_fixtures.close(case_no)
