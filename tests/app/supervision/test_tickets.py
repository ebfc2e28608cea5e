"""Why it took longer: said once by who handles it, before or after it is asked, and settled once."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app import clock
from app.cases.officers import Officer
from app.db import unit_of_work
from app.supervision import tickets, watching
from app.supervision.errors import AlreadyExplained, ExplanationUnfit, NothingToExplain, TicketMoved
from app.supervision.models import SupervisionTicket
from tests import clock_fixtures
from tests.case_fixtures import APPROVER, OTHER_APPROVER
from tests.clock_fixtures import case_of, on

pytestmark = pytest.mark.usefixtures("city")

GREEN, RED, OVERDUE = date(2026, 11, 17), date(2026, 11, 20), date(2026, 11, 24)
WHY = "申请人补的平面图与现场不一致，正在核对"
SUPERVISOR = Officer(7, "吴督导", frozenset({"supervisor"}))


def explain(case_no: str, officer: Officer = APPROVER, text: str = WHY) -> None:
    with unit_of_work() as session:
        tickets.explain(session, case=case_of(case_no), officer=officer, text=text)


def settle(ticket_id: int, text: str = "情况属实，已提醒部门提前安排") -> SupervisionTicket:
    with unit_of_work() as session:
        return tickets.settle(session, ticket_id=ticket_id, officer=SUPERVISOR, text=text)


def ticket_of(case_no: str) -> SupervisionTicket:
    with unit_of_work() as session:
        found = tickets.of_case(session, case_id=case_of(case_no).id)
    assert found is not None
    return found


def test_a_ticket_goes_from_opened_to_explained_to_settled() -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE):
        watching.watch()
        opened = ticket_of(case_no)
        with pytest.raises(TicketMoved):
            settle(opened.id)
        explain(case_no)
        settled = settle(opened.id)

    assert (opened.state, settled.state) == ("opened", "settled")
    assert (settled.explanation, settled.explainer_name, settled.settler_name) == (WHY, "陈审批", "吴督导")


def test_who_explains_in_time_is_not_asked() -> None:
    case_no = clock_fixtures.accepted()
    with on(RED):
        explain(case_no)
    with on(OVERDUE):
        watching.watch()

    assert ticket_of(case_no).state == "explained"


def test_the_first_word_is_kept_and_nothing_is_settled_twice() -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE):
        explain(case_no)
        with pytest.raises(AlreadyExplained):
            explain(case_no, OTHER_APPROVER, "另一种说法，也有五个字")
        settle(ticket_of(case_no).id)
        with pytest.raises(TicketMoved):
            settle(ticket_of(case_no).id)

    assert ticket_of(case_no).explanation == WHY


@pytest.mark.parametrize("text", ["", "忙", "\x00" * 9, "长" * 501])
def test_an_explanation_explains(text: str) -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE), pytest.raises(ExplanationUnfit):
        explain(case_no, text=text)


def test_a_case_with_time_enough_needs_no_explanation() -> None:
    case_no = clock_fixtures.accepted()
    with on(GREEN), pytest.raises(NothingToExplain):
        explain(case_no)


def test_the_database_itself_takes_no_half_ticket() -> None:
    case_id = case_of(clock_fixtures.accepted()).id
    with pytest.raises(IntegrityError, match="explained_whole"), unit_of_work() as session:
        half = SupervisionTicket(case_id=case_id, state="explained", opened_at=clock.now())
        session.add(half)
