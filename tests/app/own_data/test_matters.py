"""What keeps an account from ending: each kind of open matter, until it is over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.appointments import service as appointments
from app.complaints import service as complaints
from app.db import unit_of_work
from app.fees.models import RefundRequest
from app.own_data import matters
from app.people import closing
from app.queueing import service as queueing
from app.staff.models import Role
from payments import refunds
from payments.models import Attempt, AttemptState, PaymentException, Refund, RefundState
from tests import bundle_fixtures
from tests import case_fixtures as cases
from tests import desk_fixtures as desk
from tests.app.queueing import halls, lists
from tests.catalogue_fixtures import load_catalogue
from tests.city_fixtures import MONDAY, publish_items
from tests.miniprogram_api.owner import Owner
from tests.miniprogram_api.paid import paid_case
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import SUPERVISOR, complain
from tests.staff_fixtures import make_clerk


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield Owner(client)


def open_matters(citizen_id: int) -> str:
    with unit_of_work() as session:
        return "".join(closing.open_matters(session, citizen_id=citizen_id))


def test_somebody_without_anything_may_go(owner: Owner) -> None:
    cases.submitted(make_citizen())

    assert open_matters(owner.id) == ""


def test_a_case_until_it_is_closed_or_withdrawn(owner: Owner) -> None:
    case_no = cases.submitted(owner.id)
    assert "有1件办件还没有办结：居民身份证丢失补领。" in open_matters(owner.id)

    cases.withdraw(owner.id, case_no)

    assert open_matters(owner.id) == ""


def test_a_draft_keeps_nobody(owner: Owner) -> None:
    cases.ready(owner.id)

    assert open_matters(owner.id) == ""


def test_a_bill_until_it_is_paid(owner: Owner) -> None:
    case_no = cases.submitted(owner.id)
    cases.accept(case_no)
    assert "有1笔费用还没有缴" in open_matters(owner.id)

    cases.pay(case_no)

    assert "费用" not in open_matters(owner.id)


def test_an_appointment_until_it_is_cancelled_or_its_day_is_over(owner: Owner) -> None:
    visit = desk.visit(owner.id)
    assert "有1个预约还没有到时间" in open_matters(owner.id)
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        assert open_matters(owner.id) == ""

    with clock.stopped_at(MONDAY - timedelta(days=1)), unit_of_work() as session:
        appointments.cancel(session, citizen_id=owner.id, appointment_id=visit.id)

    assert open_matters(owner.id) == ""


def test_a_number_until_it_is_given_back(owner: Owner) -> None:
    with clock.stopped_at(halls.TEN):
        ticket_id = halls.take(publish_items("id-first")[0], citizen_id=owner.id)
        assert "您正在排队" in open_matters(owner.id)
        with unit_of_work() as session:
            queueing.cancel(session, citizen_id=owner.id, ticket_id=ticket_id)

        assert open_matters(owner.id) == ""


def test_a_wish_for_an_earlier_place_until_it_is_left(owner: Owner) -> None:
    task_code = publish_items("id-first")[0]
    lists.full_slot(task_code)
    _, entry_id = lists.join(task_code, citizen_id=owner.id)
    assert "您还在候补更早的号" in open_matters(owner.id)

    lists.leave(owner.id, entry_id)

    assert open_matters(owner.id) == ""


def test_a_complaint_until_it_is_answered(owner: Owner) -> None:
    complaint = complain(owner.id)
    assert complaint.complaint_no in open_matters(owner.id)

    with unit_of_work() as session:
        complaints.answer(
            session, complaint_id=complaint.id, officer=SUPERVISOR, text="已经改正了", final=True
        )

    assert open_matters(owner.id) == ""


def test_money_asked_back_until_it_has_arrived(owner: Owner) -> None:
    case_no, payment_no = paid_case(owner)
    cases.withdraw(owner.id, case_no)
    assert open_matters(owner.id) == ""

    with unit_of_work() as session:
        wish = refunds.Wish(owner.id, payment_no, "不办了，请退费")
        refund_no = refunds.ask(session, wish).refund_no
    assert refund_no in open_matters(owner.id)
    with unit_of_work() as session:
        session.execute(
            update(RefundRequest).values(
                state="done", decided_at=MONDAY, decided_by=make_clerk(Role.CASHIER), finished_at=MONDAY
            )
        )

    assert open_matters(owner.id) == ""


def test_a_payment_under_way(owner: Owner) -> None:
    paid_case(owner)
    with unit_of_work() as session:
        session.execute(update(Attempt).values(state=AttemptState.WAITING, paid_at=None))

    assert "有一笔支付还在进行" in open_matters(owner.id)


def test_money_that_goes_back_by_itself_and_what_a_person_has_to_look_at(owner: Owner) -> None:
    paid_case(owner)
    with unit_of_work() as session:
        attempt = session.scalars(select(Attempt)).one()
        session.add(
            Refund(
                refund_no="R1",
                attempt_id=attempt.id,
                bill_id=attempt.bills[0].bill_id,
                amount_fen=1,
                reason="多付的款项",
                state=RefundState.PROCESSING,
                created_at=MONDAY,
                next_check_at=MONDAY,
            )
        )
        session.add(PaymentException(kind="k", reference="r", attempt_id=attempt.id, evidence={}, at=MONDAY))

    assert "有一笔钱正在退回给您" in open_matters(owner.id)
    assert "有一笔缴费正在人工核对" in open_matters(owner.id)


def test_an_application_for_a_bundle_ends_with_its_drafts(owner: Owner) -> None:
    load_catalogue()
    number = bundle_fixtures.begin(owner.id)
    with unit_of_work() as session:
        matters.forget(session, owner.id)
    bundle_fixtures.tell()

    assert set(bundle_fixtures.states(owner.id, number).values()) == {"withdrawn"}
    assert cases.published().count("BundleHeldUp") == 0
