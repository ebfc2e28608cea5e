"""Paper whose result was revoked: nobody gets it, and its case can end (行政许可法第六十九条)."""

from collections.abc import Iterator
from functools import partial

import pytest

from app import clock
from app.cases import overview
from app.cases.states import Party
from app.cases.upcoming import Next
from app.certificates import following
from app.certificates import queries as certificates
from app.certificates.events import CertificateRevoked
from app.certificates.following import Changed
from app.db import unit_of_work
from app.deliveries import parcels, subscribers
from app.deliveries.errors import AlreadyDelivered, AlreadySent, GrantRevoked, GrantStands
from app.enterprises.events import UnitChanged
from tests import delivery_fixtures, registry_fixtures
from tests.app.deliveries.test_postage import asked_back, bills, by_area, pay
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.delivery_fixtures import (
    POST,
    WINDOW,
    choose,
    decided,
    hand_out,
    parcel,
    revoke,
    shown,
    standing,
    told,
    withhold,
)
from tests.races import Meeting, together

UNIT = "11350100MB99000138"


@pytest.fixture(autouse=True)
def city(database: None) -> Iterator[None]:
    """The halls of the city and an item whose result may come by all three ways."""
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish_items("id-lost")
        yield


def ordered(case_no: str) -> None:
    """The courier took what was sent."""
    with unit_of_work() as session:
        mine = delivery_fixtures.parcel_row(session, case_no)
        parcels.note_ordered(session, parcel_id=mine.id, waybill="SF0000000000001")


def test_what_was_revoked_is_neither_handed_out_nor_sent_nor_sent_elsewhere() -> None:
    (citizen_id, fetched), (_, posted) = decided(WINDOW), decided(POST)
    revoke(fetched)
    revoke(posted)
    for refused in (
        partial(hand_out, fetched),
        partial(delivery_fixtures.send, posted),
        partial(choose, citizen_id, fetched, delivery_fixtures.ADDRESS),
    ):
        with pytest.raises(GrantRevoked):
            refused()


def test_its_applicant_sees_that_it_is_not_handed_out_and_no_code() -> None:
    _, case_no = decided(WINDOW)
    revoke(case_no)
    found = shown(case_no)
    assert (found.state_text, found.code, found.may_change) == ("已撤销，不再发放", None, False)


def test_ending_it_closes_the_case_without_saying_that_somebody_has_the_paper() -> None:
    _, case_no = decided(WINDOW)
    revoke(case_no)
    withhold(case_no)
    assert standing(case_no) == ("closed", "withheld")
    assert told(case_no) == ["这项结果已经撤销，纸质件不再发放，撤销的原因在证照里", "办件已办结"]
    assert delivery_fixtures.delivery_of(case_no).delivered_at is None


def test_what_stands_or_was_handed_over_is_not_withheld() -> None:
    (_, stands), (_, fetched) = decided(WINDOW), decided(WINDOW)
    with pytest.raises(GrantStands):
        withhold(stands)
    hand_out(fetched)
    revoke(fetched)
    with pytest.raises(AlreadyDelivered):
        withhold(fetched)


def test_a_parcel_that_the_courier_did_not_take_is_called_off_with_it() -> None:
    _, case_no = decided(POST)
    delivery_fixtures.send(case_no)
    revoke(case_no)
    withhold(case_no)
    assert (standing(case_no)[1], parcel(case_no)["state"]) == ("withheld", "cancelling")


def test_what_the_courier_has_is_waited_for() -> None:
    _, case_no = decided(POST)
    delivery_fixtures.send(case_no)
    ordered(case_no)
    revoke(case_no)
    with pytest.raises(AlreadySent):
        withhold(case_no)


def test_a_refusal_is_handed_over_as_ever() -> None:
    _, case_no = decided(WINDOW, granted=False)
    hand_out(case_no)
    assert standing(case_no) == ("closed", "delivered")


def test_what_is_revoked_in_this_moment_is_not_handed_out() -> None:
    _, case_no = decided(WINDOW)
    meeting = Meeting()

    def revoke_slowly() -> None:
        with unit_of_work() as session:
            delivery_fixtures.revoke_in(session, case_no)
            meeting.wait()
            meeting.wait()

    def hand_out_meanwhile() -> None:
        meeting.wait()
        hand_out(case_no)

    results = together(revoke_slowly, hand_out_meanwhile)
    assert isinstance(results[1], GrantRevoked)


def test_control_by_looking_alone_it_would_be_handed_out() -> None:
    _, case_no = decided(WINDOW)
    meeting = Meeting()

    def revoke_slowly() -> bool:
        with unit_of_work() as session:
            delivery_fixtures.revoke_in(session, case_no)
            meeting.wait()
            meeting.wait()
        return True

    def look() -> bool:
        meeting.wait()
        with unit_of_work() as session:
            case = delivery_fixtures.case_of(session, case_no)
            revoked = certificates.revoked_of(session, case_ids=[case.id])
        meeting.wait()
        return bool(revoked)

    assert together(revoke_slowly, look) == [True, False]


def hear(case_no: str) -> None:
    """What follows a revocation by itself."""
    with unit_of_work() as session:
        given = certificates.of_case(session, case_id=delivery_fixtures.case_of(session, case_no).id)
        assert given is not None
        subscribers.let_off(session, CertificateRevoked(given.id))


def test_nobody_pays_the_post_of_what_was_revoked() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, delivery_fixtures.ADDRESS)
    revoke(case_no)
    assert shown(case_no).bill_no is None
    hear(case_no)
    assert bills(case_no) == [(800, "void")]


def deregistered(case_no: str, *, field: str = following.STATUS) -> None:
    """The registry ends the unit that holds what a case gave, or renames it; what follows, twice."""
    with unit_of_work() as session:
        given = certificates.of_case(session, case_id=delivery_fixtures.case_of(session, case_no).id)
        assert given is not None
        given.holder_index = following.holder_index(UNIT)
        message_id = registry_fixtures.told(session, subject=UNIT, kind="deregistered", topic="status")
        following.follow(session, Changed(UNIT, field, "示例市新茶业有限公司", message_id))
        told = UnitChanged(message_id, given.citizen_id)
    for _ in range(2):
        with unit_of_work() as session:
            subscribers.let_off_unit(session, told)


def test_nobody_pays_the_post_of_what_ended_with_its_unit() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, delivery_fixtures.ADDRESS)
    deregistered(case_no)

    assert bills(case_no) == [(800, "void")]


def test_a_unit_that_has_another_name_pays_its_post() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, delivery_fixtures.ADDRESS)
    deregistered(case_no, field=following.NAME)

    assert bills(case_no) == [(800, "unpaid")]


def test_the_post_that_was_paid_for_what_was_revoked_is_asked_back_once() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, delivery_fixtures.ADDRESS)
    pay(case_no)
    revoke(case_no)
    hear(case_no)
    hear(case_no)
    assert (bills(case_no), asked_back()) == ([(800, "paid")], [800])


def test_what_the_courier_had_of_it_stays_paid() -> None:
    citizen_id, case_no = by_area()
    choose(citizen_id, case_no, delivery_fixtures.ADDRESS)
    pay(case_no)
    delivery_fixtures.send(case_no)
    ordered(case_no)
    revoke(case_no)
    hear(case_no)
    assert asked_back() == []


def test_nobody_is_sent_to_fetch_what_was_revoked() -> None:
    _, case_no = decided(WINDOW)
    assert next_step(case_no).who == "citizen"
    revoke(case_no)
    found = next_step(case_no)
    assert (found.who, "不再发放" in found.what) == ("office", True)


def next_step(case_no: str) -> Next:
    with unit_of_work() as session:
        case = delivery_fixtures.case_of(session, case_no)
        return overview.of(session, case, parties=frozenset({Party.CITIZEN})).next
