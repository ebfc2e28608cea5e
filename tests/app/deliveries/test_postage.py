"""What the post costs (R074, R076): read from the address, billed once, the difference billed or returned."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app import clock
from app.cases.ways import Way
from app.db import unit_of_work
from app.deliveries import parcels, postage
from app.deliveries.choice import Choice
from app.deliveries.errors import AddressIncomplete, PostageUnpaid
from app.deliveries.models import Delivery, ParcelState, PostageBill, Region
from app.fees import refunding
from app.fees import service as fees
from app.fees.errors import RefundAlreadyDecided
from app.fees.models import Bill, RefundRequest
from app.staff.models import Role
from tests import delivery_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.delivery_fixtures import ADDRESS, POST, choose, decided, delivery_of, shown, standing
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import make_clerk

FAR = replace(ADDRESS, address="北京市朝阳区示例路1号")


@pytest.fixture(autouse=True)
def city(database: None) -> Iterator[None]:
    """The halls of the city and an item whose result may come by all three ways."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish_items("id-lost")
        yield


def post_costs(**fen: int) -> str:
    """The item, with a rule for its postage."""
    found = item("id-lost")
    publish({**found, "result": {**found["result"], **fen}})
    return str(found["task_code"])


def by_area() -> tuple[int, str]:
    """A decided case whose post costs 8 yuan in the city and 15 elsewhere."""
    return decided(POST, task_code=post_costs(postage_city_fen=800, postage_elsewhere_fen=1500))


def bills(case_no: str) -> list[tuple[int, str]]:
    """What was billed for the post, and where each bill stands."""
    delivery_id = delivery_of(case_no).id
    with unit_of_work() as session:
        mine = select(Bill.amount_fen, Bill.state).join(PostageBill, PostageBill.bill_id == Bill.id)
        found = session.execute(mine.where(PostageBill.delivery_id == delivery_id).order_by(Bill.id))
        return [(amount, state) for amount, state in found]


def pay(case_no: str) -> None:
    with unit_of_work() as session:
        number = session.scalar(select(Bill.id).where(Bill.bill_no == shown(case_no).bill_no))
        assert number is not None
        fees.mark_paid(session, bill_id=number, payment_no="P1", channel="wechat", paid_at=MONDAY)


def fetched_after_paying() -> tuple[int, str]:
    """A case whose post was paid, whose applicant then chose to fetch it, and asks 8 yuan back."""
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, ADDRESS)
    pay(case_no)
    choose(citizen_id, case_no, Choice(Way.WINDOW))
    return citizen_id, case_no


def requests() -> list[tuple[int, str]]:
    with unit_of_work() as session:
        asked = select(RefundRequest.amount_fen, RefundRequest.state).order_by(RefundRequest.id)
        return [(amount, state) for amount, state in session.execute(asked)]


def approve_it() -> None:
    """Say yes to what is asked back."""
    clerk_id = make_clerk(Role.CASHIER)
    with unit_of_work() as session:
        refund_no = session.scalars(select(RefundRequest.refund_no)).one()
        refunding.approve(session, refund_no=refund_no, clerk_id=clerk_id)


def asked_back() -> list[int]:
    with unit_of_work() as session:
        return list(session.scalars(select(RefundRequest.amount_fen).order_by(RefundRequest.id)))


def test_an_address_that_does_not_say_where_it_lies_is_asked_for_where_that_costs() -> None:
    citizen_id, case_no = by_area()
    with pytest.raises(AddressIncomplete) as refusal:
        choose(citizen_id, case_no, replace(ADDRESS, address="示例路1号二楼"))
    assert "从省、市写起" in str(refusal.value.errors)
    citizen_id, free = decided(POST, task_code=post_costs(postage_city_fen=0, postage_elsewhere_fen=0))
    choose(citizen_id, free, replace(ADDRESS, address="示例路1号二楼"))


def test_what_somebody_says_of_the_region_is_not_believed() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, replace(FAR, region=Region.CITY))
    assert delivery_of(case_no).postage_fen == 1500


def test_postage_is_billed_by_area_and_nothing_is_sent_before_it_is_paid() -> None:
    citizen_id, case_no = decided(POST, task_code=post_costs(postage_elsewhere_fen=1500))
    assert bills(case_no) == []
    choose(citizen_id, case_no, FAR)
    with pytest.raises(PostageUnpaid):
        delivery_fixtures.send(case_no)
    pay(case_no)
    delivery_fixtures.send(case_no)
    assert standing(case_no)[1] == "sending"


def test_an_address_further_away_costs_the_difference() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, ADDRESS)
    pay(case_no)
    choose(citizen_id, case_no, FAR)
    assert bills(case_no) == [(800, "paid"), (700, "unpaid")]
    with pytest.raises(PostageUnpaid):
        delivery_fixtures.send(case_no)
    pay(case_no)
    delivery_fixtures.send(case_no)


def test_an_address_nearer_by_has_the_difference_asked_back_once() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, FAR)
    pay(case_no)
    choose(citizen_id, case_no, ADDRESS)
    choose(citizen_id, case_no, ADDRESS)
    assert asked_back() == [700]
    delivery_fixtures.send(case_no)


def test_postage_is_taken_back_when_it_is_fetched_after_all() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, FAR)
    choose(citizen_id, case_no, Choice(Way.WINDOW))
    assert {state for _, state in bills(case_no)} == {"void"}


def test_what_was_paid_is_asked_back_when_it_is_fetched_after_all() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, FAR)
    pay(case_no)
    choose(citizen_id, case_no, Choice(Way.WINDOW))
    assert asked_back() == [1500]


def test_whoever_goes_back_to_the_post_does_not_pay_it_twice() -> None:
    citizen_id, case_no = fetched_after_paying()
    choose(citizen_id, case_no, ADDRESS)
    assert (bills(case_no), requests()) == ([(800, "paid")], [(800, "withdrawn")])
    assert shown(case_no).bill_no is None
    delivery_fixtures.send(case_no)


def test_only_the_difference_is_billed_of_what_was_being_asked_back() -> None:
    citizen_id, case_no = fetched_after_paying()
    choose(citizen_id, case_no, FAR)
    assert bills(case_no) == [(800, "paid"), (700, "unpaid")]


def test_what_was_agreed_to_go_back_is_billed_anew() -> None:
    citizen_id, case_no = fetched_after_paying()
    approve_it()
    choose(citizen_id, case_no, ADDRESS)
    assert bills(case_no) == [(800, "paid"), (800, "unpaid")]
    assert shown(case_no).bill_no is not None


def test_the_desk_waits_for_postage_when_and_only_when_it_is_owed() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, ADDRESS)
    mine = delivery_of(case_no)
    with unit_of_work() as session:
        assert postage.owed_of(session, [mine]) == {mine.id}
        mine_now = session.get_one(Delivery, mine.id)
        mine_now.postage_fen = 0
        session.flush()
        assert (postage.owed_of(session, [mine]), postage.unpaid(session, mine_now)) == (set(), None)


def test_of_a_clerk_who_agrees_and_an_applicant_who_needs_it_again_one_is_heard() -> None:
    citizen_id, case_no = fetched_after_paying()
    results = together(approve_it, lambda: choose(citizen_id, case_no, ADDRESS))
    kept = refusals(results, RefundAlreadyDecided) == 1
    assert requests() == [(800, "withdrawn" if kept else "approved")]
    assert bills(case_no)[1:] == ([] if kept else [(800, "unpaid")])


def test_control_by_looking_first_both_would_be_heard() -> None:
    fetched_after_paying()
    clerk_id, meeting = make_clerk(Role.CASHIER), Meeting()

    def naively(state: str, decided_by: int | None) -> bool:
        with unit_of_work() as session:
            assert session.scalars(select(RefundRequest.state)).one() == "requested"
            meeting.wait()
            decided_at = None if decided_by is None else MONDAY
            said = {"state": state, "decided_by": decided_by, "decided_at": decided_at}
            session.execute(update(RefundRequest).values(**said))
        return True

    both = together(lambda: naively("approved", clerk_id), lambda: naively("withdrawn", None))
    assert both == [True, True]


def test_what_came_back_is_sent_again_for_nothing_and_nothing_is_returned() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, ADDRESS)
    pay(case_no)
    delivery_fixtures.send(case_no)
    with unit_of_work() as session:
        mine = delivery_fixtures.parcel_row(session, case_no)
        parcels.note_ordered(session, parcel_id=mine.id, waybill="SF0000000000001")
        mine.state = ParcelState.RETURNED.value
        parcels.came_back(session, session.get_one(Delivery, mine.delivery_id), mine, why="退回")
    choose(citizen_id, case_no, FAR)
    assert (bills(case_no)[-1], asked_back()) == ((800, "paid"), [])
    delivery_fixtures.send(case_no)


def test_a_free_item_never_creates_a_bill_for_its_postage() -> None:
    _, case_no = decided(POST)
    assert (bills(case_no), standing(case_no)[1]) == ([], "preparing")


def test_of_two_changes_at_once_one_difference_is_billed() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, ADDRESS)
    pay(case_no)
    results = together(*[lambda: choose(citizen_id, case_no, FAR)] * 2)
    assert refusals(results, PostageUnpaid) == 0
    assert bills(case_no) == [(800, "paid"), (700, "unpaid")]


def test_control_by_looking_without_the_row_it_would_be_billed_twice() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, ADDRESS)
    pay(case_no)
    meeting = Meeting()

    def settle_unlocked() -> None:
        with unit_of_work() as session:
            owed = postage.spare_of(session, bill_ids=[])
            looked = bills(case_no)
            meeting.wait()
            assert (owed, looked) == ({}, [(800, "paid")])
            case = delivery_fixtures.case_of(session, case_no)
            fees.issue(
                session,
                citizen_id=citizen_id,
                case_id=None,
                task_code=case.task_code,
                task_name="邮费差额",
                lines=[fees.FeeLine("postage", "邮费差额", 700, "依据")],
            )

    together(settle_unlocked, settle_unlocked)
    with unit_of_work() as session:
        assert len(session.scalars(select(Bill).where(Bill.title == "邮费差额")).all()) == 2
