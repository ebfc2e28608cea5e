"""What is owed is brought while its day ends, with the control that shows the bug."""

import threading
from collections.abc import Mapping
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import true

from app import clock
from app.cases import owed, owed_upkeep, owing, steps
from app.cases.errors import SubmissionIncomplete
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.owed_errors import DeliveryOver
from app.cases.states import State, Step
from app.cases.timeline import Actor
from app.catalogue.queries import Guide
from app.undertakings.texts import Text
from tests import case_fixtures, owed_fixtures
from tests.case_fixtures import fill, kinds
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.owed_fixtures import bring, choose, deliver, draft, shown
from tests.patience import PATIENCE_S
from tests.races import Meeting, refusals, together

LAST_SECOND = MONDAY.replace(day=19, hour=23, minute=59, second=59).astimezone(UTC)
BOTH = {"owed_delivered", "owed_overdue"}


@pytest.fixture
def citizen(city: None) -> int:
    """Somebody whose photograph may follow."""
    del city
    publish(owed_fixtures.tolerant_item())
    return case_fixtures.citizen()


def midnight_between(monkeypatch: pytest.MonkeyPatch, citizen_id: int, case_no: str) -> list[object]:
    """It is brought in the last second, and before it is written down the day is over and the job runs."""
    night, meeting, take = threading.Event(), Meeting(), steps.take
    monkeypatch.setattr(clock, "_source", lambda: LAST_SECOND + timedelta(seconds=int(night.is_set())))

    def taken(asked: Asked, step: Step, *, actor: Actor, values: dict[str, Any]) -> None:
        take(asked, step, actor=actor, values=values)
        night.set()
        meeting.wait()

    def job() -> None:
        night.wait(PATIENCE_S)
        owed_upkeep.note_overdue()
        meeting.wait()

    monkeypatch.setattr(steps, "take", taken)
    results = list(together(partial(deliver, citizen_id, case_no), job))
    owed_upkeep.note_overdue()
    return list(results)


def test_at_midnight_it_is_late_and_not_there(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = owed_fixtures.accepted(citizen)
    bring(citizen, case_no)
    results = midnight_between(monkeypatch, citizen, case_no)

    assert refusals(results, DeliveryOver) == 1
    assert BOTH & set(kinds(case_no)) == {"owed_overdue"}


def test_control_without_the_guard_it_is_there_after_its_day(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = owed_fixtures.accepted(citizen)
    bring(citizen, case_no)
    monkeypatch.setattr(owing, "_still_open", lambda: (true(),))
    midnight_between(monkeypatch, citizen, case_no)

    assert BOTH & set(kinds(case_no)) == {"owed_delivered"}


def renamed_while_signing(monkeypatch: pytest.MonkeyPatch, citizen_id: int, case_no: str) -> None:
    """The name on the form is changed while the text is being signed."""
    reading, words, digest = Meeting(), owed.text, shown(citizen_id, case_no)

    def read(case: Case, guide: Guide, material: Mapping[str, Any]) -> Text | None:
        found = words(case, guide, material)
        reading.wait()
        return found

    def rename() -> None:
        reading.wait()
        fill(citizen_id, case_no, applicant_name="王大明")

    monkeypatch.setattr(owed, "text", read)
    together(partial(choose, citizen_id, case_no, digest=digest), rename)
    monkeypatch.undo()


def test_whoever_is_renamed_while_they_sign_has_not_signed_for_the_new_name(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = draft(citizen)
    renamed_while_signing(monkeypatch, citizen, case_no)

    with pytest.raises(SubmissionIncomplete):
        case_fixtures.submit(citizen, case_no)


def test_control_whose_words_are_not_compared_has_signed_for_any_name(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = draft(citizen)
    renamed_while_signing(monkeypatch, citizen, case_no)
    monkeypatch.setattr(owed, "holding", lambda *_, rows: {one.material_code: one for one in rows})

    assert case_fixtures.submit(citizen, case_no).state == State.SUBMITTED
