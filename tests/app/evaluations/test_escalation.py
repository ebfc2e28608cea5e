"""What nobody answers in time goes to the supervisor: once, though jobs come late, twice and together."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, event, select, text

from app import clock, db
from app.complaints import service as complaints
from app.db import unit_of_work
from app.evaluations import mending, upkeep
from app.evaluations.models import MendingStep
from tests.city_fixtures import MONDAY
from tests.races import Meeting, together
from tests.rating_fixtures import DONE, SUPERVISOR, bad_ticket

pytestmark = pytest.mark.usefixtures("city")


def steps(ticket_id: int) -> list[str]:
    with unit_of_work() as session:
        asked = select(MendingStep.kind).where(MendingStep.ticket_id == ticket_id)
        return list(session.scalars(asked.order_by(MendingStep.id)))


def test_what_nobody_answers_goes_to_the_supervisor_once() -> None:
    _, ticket_id = bad_ticket()
    upkeep.escalate_overdue()
    in_time = steps(ticket_id)
    with clock.stopped_at(MONDAY + timedelta(days=8)):
        upkeep.escalate_overdue()
        together(*[upkeep.escalate_overdue] * 3)

    assert (in_time, steps(ticket_id)) == (["opened"], ["opened", "escalated"])


def late_tickets(count: int) -> list[int]:
    return [bad_ticket()[1] for _ in range(count)]


def batches(limit: int) -> list[int]:
    """How many tickets each of two jobs marks that run at the same time."""
    meeting = Meeting()

    def run() -> int:
        with unit_of_work() as session:
            found = mending.escalate(session, limit=limit)
            meeting.wait()
            return found

    with clock.stopped_at(MONDAY + timedelta(days=8)):
        return sorted(found for found in together(run, run) if isinstance(found, int))


def test_two_jobs_at_once_share_what_is_late_and_mark_each_once() -> None:
    tickets = late_tickets(3)

    assert batches(limit=2) == [1, 2]
    assert [steps(ticket_id) for ticket_id in tickets] == [["opened", "escalated"]] * 3


def test_without_passing_over_what_another_job_holds_one_would_find_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late_tickets(3)
    monkeypatch.setattr(Select, "with_for_update", lambda asked, **_: asked)

    assert batches(limit=2) == [0, 2]


def test_a_ticket_that_a_clerk_answers_meanwhile_is_left_to_the_clerk() -> None:
    _, ticket_id = bad_ticket()
    with clock.stopped_at(MONDAY + timedelta(days=8)), unit_of_work() as session:
        mending.mend(session, ticket_id=ticket_id, officer=SUPERVISOR, text=DONE)
        together(upkeep.escalate_overdue)

    assert steps(ticket_id) == ["opened", "mended"]


@pytest.mark.parametrize("escalate", [mending.escalate, complaints.escalate])
def test_looking_for_what_is_late_does_not_walk_through_the_years(
    escalate: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:
        asked.append((call[2], call[3]))

    event.listen(db.engine(), "before_cursor_execute", note)
    with unit_of_work() as session:
        escalate(session)
    event.remove(db.engine(), "before_cursor_execute", note)
    with db.engine().connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        connection.execute(text("SET enable_sort = off"))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked[0][0]}", asked[0][1]).scalars())

    assert re.search(r"Index Scan using ix_(mending_tickets|complaints)_list", plan), plan
