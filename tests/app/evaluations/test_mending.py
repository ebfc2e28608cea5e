"""What a bad rating sets going: in time, by one clerk, called back about."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app import clock
from app.cases.officers import Officer
from app.db import unit_of_work
from app.evaluations import mending, queries, service
from app.evaluations.errors import (
    EvaluationNotFound,
    ExtendedBefore,
    NothingToConfirm,
    OwnMending,
    TicketMoved,
    TooLateToExtend,
    WordsMissing,
)
from app.evaluations.mending import CallBack
from app.evaluations.models import Evaluation, MendingStep, MendingTicket
from tests import desk_fixtures as desk
from tests.case_fixtures import published
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.races import refusals, together
from tests.rating_fixtures import (
    DONE,
    GOOD,
    OTHER_SUPERVISOR,
    SUPERVISOR,
    bad_ticket,
    mend,
    rate,
    seen,
    ticket_of,
)

pytestmark = pytest.mark.usefixtures("city")


def steps(ticket_id: int) -> list[str]:
    with unit_of_work() as session:
        asked = select(MendingStep.kind).where(MendingStep.ticket_id == ticket_id)
        return list(session.scalars(asked.order_by(MendingStep.id)))


def call_back(ticket_id: int, result: CallBack, officer: Officer = OTHER_SUPERVISOR) -> None:
    with unit_of_work() as session:
        mending.call_back(session, ticket_id=ticket_id, officer=officer, result=result, text="电话里说明了")


def confirm(evaluation: Evaluation, *, satisfied: bool) -> None:
    with unit_of_work() as session:
        service.confirm(
            session,
            citizen_id=evaluation.citizen_id,
            evaluation_id=evaluation.id,
            satisfied=satisfied,
            comment=None,
        )


@pytest.mark.parametrize("level", [4, 5])
def test_a_bad_rating_opens_a_ticket_of_five_working_days(level: int) -> None:
    ticket = ticket_of(rate(desk.closed(), level))

    assert (ticket.state, ticket.due_on) == ("open", date(2026, 11, 23))
    assert steps(ticket.id) == ["opened"]


def test_holidays_do_not_count() -> None:
    case_no = desk.closed()
    with clock.stopped_at(MONDAY.replace(month=9, day=29)):
        assert ticket_of(rate(case_no)).due_on == date(2026, 10, 12)


def test_in_a_year_without_its_calendar_weekends_and_new_year_do_not_count() -> None:
    case_no = desk.closed()
    with clock.stopped_at(MONDAY.replace(year=2031, month=12, day=29)):
        assert ticket_of(rate(case_no)).due_on == date(2032, 1, 6)


def test_a_rating_that_is_not_kept_leaves_no_ticket() -> None:
    case_no = desk.closed()
    with pytest.raises(RuntimeError), unit_of_work():
        rate(case_no)
        raise RuntimeError
    with unit_of_work() as session:
        assert session.scalars(select(MendingTicket)).all() == []


def test_what_was_done_reaches_the_citizen() -> None:
    evaluation, ticket_id = bad_ticket()
    mend(ticket_id)
    found = seen(evaluation).mending

    assert found is not None
    assert (found.state, found.may_confirm, [reply.text for reply in found.answers]) == (
        "mended",
        True,
        [DONE],
    )
    assert published()[-1] == "BadRatingAnswered"


def test_of_two_clerks_who_answer_at_once_one_does() -> None:
    _, ticket_id = bad_ticket()
    results = together(*[lambda: mend(ticket_id)] * 4)

    assert refusals(results, TicketMoved) == 3
    assert steps(ticket_id) == ["opened", "mended"]
    assert published().count("BadRatingAnswered") == 1


def test_without_looking_at_the_state_both_would_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    _, ticket_id = bad_ticket()
    monkeypatch.setattr(mending, "_move", lambda *_, **__: None)
    together(*[lambda: mend(ticket_id)] * 2)

    assert steps(ticket_id) == ["opened", "mended", "mended"]


@pytest.mark.parametrize("said", ["", "好的", "  \x00  ", "长" * 1001])
def test_an_answer_says_something(said: str) -> None:
    _, ticket_id = bad_ticket()

    with pytest.raises(WordsMissing):
        mend(ticket_id, text=said)
    assert steps(ticket_id) == ["opened"]


def test_the_citizen_hears_why_nothing_is_to_be_mended() -> None:
    evaluation, ticket_id = bad_ticket()
    with unit_of_work() as session:
        mending.dismiss(session, ticket_id=ticket_id, officer=SUPERVISOR, text="当天系统全市停机")
    found = seen(evaluation).mending

    assert found is not None
    assert (found.state, found.may_confirm, found.answers[0].outcome) == ("unfounded", False, "unfounded")
    with pytest.raises(NothingToConfirm):
        confirm(evaluation, satisfied=False)


def test_a_complex_ticket_gets_fifteen_working_days_once() -> None:
    _, ticket_id = bad_ticket()
    with unit_of_work() as session:
        due_on = mending.extend(session, ticket_id=ticket_id, officer=SUPERVISOR, text="要和三个部门核对")

    assert due_on == date(2026, 12, 7)
    with pytest.raises(ExtendedBefore), unit_of_work() as session:
        mending.extend(session, ticket_id=ticket_id, officer=SUPERVISOR, text="还要再核对一次")


def test_a_ticket_that_is_late_stays_late() -> None:
    _, ticket_id = bad_ticket()

    with (
        clock.stopped_at(MONDAY + timedelta(days=8)),
        pytest.raises(TooLateToExtend),
        unit_of_work() as session,
    ):
        mending.extend(session, ticket_id=ticket_id, officer=SUPERVISOR, text="要和三个部门核对")


def test_a_content_citizen_ends_it() -> None:
    evaluation, ticket_id = bad_ticket()
    mend(ticket_id)
    confirm(evaluation, satisfied=True)

    assert (ticket_of(evaluation).state, steps(ticket_id)[-1]) == ("closed", "confirmed")
    with pytest.raises(NothingToConfirm):
        confirm(evaluation, satisfied=True)


def test_a_citizen_who_is_not_content_has_it_mended_once_more() -> None:
    evaluation, ticket_id = bad_ticket()
    mend(ticket_id)
    confirm(evaluation, satisfied=False)
    again = ticket_of(evaluation)
    mend(ticket_id)

    assert (again.state, again.satisfied, again.due_on) == ("open", False, date(2026, 11, 23))
    assert steps(ticket_id) == ["opened", "mended", "confirmed", "reopened", "mended"]
    with pytest.raises(NothingToConfirm):
        confirm(evaluation, satisfied=False)


def test_only_the_giver_says_whether_it_has_helped() -> None:
    evaluation, ticket_id = bad_ticket()
    mend(ticket_id)

    for evaluation_id in (evaluation.id, 2**63, 999):
        with pytest.raises(EvaluationNotFound), unit_of_work() as session:
            service.confirm(
                session, citizen_id=make_citizen(), evaluation_id=evaluation_id, satisfied=True, comment=None
            )


def test_a_good_rating_has_nothing_to_confirm() -> None:
    with pytest.raises(NothingToConfirm):
        confirm(rate(desk.closed(), GOOD), satisfied=True)


@pytest.mark.parametrize(
    ("result", "state"),
    [(CallBack.SATISFIED, "closed"), (CallBack.UNREACHED, "closed"), (CallBack.UNSATISFIED, "open")],
)
def test_a_call_back_ends_it_or_opens_it_again(result: CallBack, state: str) -> None:
    evaluation, ticket_id = bad_ticket()
    mend(ticket_id)
    call_back(ticket_id, result)

    assert ticket_of(evaluation).state == state


def test_whoever_mended_it_does_not_call_back() -> None:
    _, ticket_id = bad_ticket()
    mend(ticket_id)

    with pytest.raises(OwnMending):
        call_back(ticket_id, CallBack.SATISFIED, SUPERVISOR)


def test_nobody_calls_back_about_what_is_not_mended() -> None:
    _, ticket_id = bad_ticket()

    with pytest.raises(TicketMoved):
        call_back(ticket_id, CallBack.SATISFIED)


def test_the_first_answer_says_whether_it_was_in_time() -> None:
    evaluation, ticket_id = bad_ticket()
    with clock.stopped_at(MONDAY + timedelta(days=7)):
        mend(ticket_id)
        confirm(evaluation, satisfied=False)
    with clock.stopped_at(MONDAY + timedelta(days=60)):
        mend(ticket_id)
    late, late_id = bad_ticket()
    with clock.stopped_at(MONDAY + timedelta(days=8)):
        mend(late_id)

    assert (ticket_of(evaluation).in_time, ticket_of(late).in_time) == (True, False)


def test_the_public_share_counts_what_nobody_answered_too() -> None:
    for _ in range(2):
        _, ticket_id = bad_ticket()
    mend(ticket_id)
    with clock.stopped_at(MONDAY + timedelta(days=8)), unit_of_work() as session:
        found = queries.summary(session)

    assert (found.bad, found.bad_answered, found.bad_due, found.bad_in_time) == (2, 1, 2, 1)


def test_what_a_clerk_writes_lies_encrypted() -> None:
    _, ticket_id = bad_ticket()
    mend(ticket_id)
    with unit_of_work() as session:
        stored = session.execute(text("SELECT text FROM mending_steps ORDER BY id DESC LIMIT 1")).scalar_one()

    assert DONE.encode() not in bytes(stored)
