"""Runs that meet, each race with the control that shows the bug when its guard is off."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.db import unit_of_work
from app.supervision import watching
from app.supervision.errors import AlreadyExplained
from app.supervision.models import SupervisionAlert, SupervisionTicket
from tests import clock_fixtures
from tests.app.supervision.test_tickets import explain, ticket_of
from tests.case_fixtures import APPROVER, OTHER_APPROVER
from tests.clock_fixtures import on
from tests.races import Meeting, refusals, together

pytestmark = pytest.mark.usefixtures("city")

OVERDUE = date(2026, 11, 24)


def meet_before_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both runs find the same cases before one of them tells."""
    meeting, tell = Meeting(), watching._tell

    def told(session: Any, **said: Any) -> int:
        if said["cases"]:
            meeting.wait()
        return tell(session, **said)

    monkeypatch.setattr(watching, "_tell", told)


def many(kind: Any) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_two_runs_at_once_say_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        clock_fixtures.accepted()
    with on(OVERDUE):
        meet_before_telling(monkeypatch)
        new = together(watching.watch, watching.watch)

    assert sum(each for each in new if isinstance(each, int)) == many(SupervisionAlert) == 9
    assert many(SupervisionTicket) == 3


def test_control_without_the_guard_the_second_word_meets_the_last_wall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock_fixtures.accepted()
    with on(OVERDUE):
        meet_before_telling(monkeypatch)
        monkeypatch.setattr(watching, "_once", lambda told: told)
        with pytest.raises(IntegrityError, match="supervision_alerts_case_id_rule_level_recipient"):
            together(watching.watch, watching.watch)


def test_a_batch_that_is_full_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BATCH", 2)
    for _ in range(5):
        clock_fixtures.accepted()
    with on(OVERDUE):
        watching.watch()

    assert many(SupervisionTicket) == 5


def test_an_explanation_and_the_job_leave_one_ticket_with_its_words() -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE):
        calls: list[Any] = [partial(explain, case_no), watching.watch]
        together(*calls)

    assert (many(SupervisionTicket), ticket_of(case_no).state) == (1, "explained")


def test_two_who_explain_at_once_explain_once() -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE):
        results = together(
            partial(explain, case_no, APPROVER), partial(explain, case_no, OTHER_APPROVER, "第二个人的说法")
        )

    assert refusals(results, AlreadyExplained) == 1
