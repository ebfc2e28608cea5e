"""Planned review points tried on past cases (秒批推演)."""

from typing import Any

import pytest
from sqlalchemy import event

from app import db
from app.db import unit_of_work
from app.publishing import replay
from app.publishing.machine_replay import MachineTried
from tests import review_fixtures
from tests.catalogue_fixtures import item
from tests.review_fixtures import UNEMPLOYED, handed_in, proven_citizen

OTHER = "350102199001010016"
PROMISED = {
    "project_type": "2",
    "promise_day": 3,
    "anticipate_day": 5,
    "four_ban": {"mashang": False, "wangshang": True, "jiujin": True, "yici": True},
}


@pytest.fixture(autouse=True)
def _cases(room: object) -> None:
    """One application that a machine could have decided, and one that it could not."""
    del room
    review_fixtures.publish_instant(**PROMISED)
    handed_in(proven_citizen())
    handed_in(proven_citizen(OTHER), id_number=OTHER, jobless="不是")


def tried(**changes: Any) -> MachineTried | None:
    with unit_of_work() as session:
        planned = item("unemploy-reg", **changes)
        return replay.replay(session, task_code=UNEMPLOYED, planned=planned).machine


def test_a_promise_turned_instant_says_what_the_machine_would_have_decided() -> None:
    found = tried()

    assert found is not None
    assert (found.cases, found.decided) == (2, 1)
    assert dict(found.doubts) == {"承诺现在没有工作、不是在校学生、有劳动能力、想找工作": 1}


def test_a_point_for_people_leaves_nothing_to_the_machine() -> None:
    point = {"key": "all", "text": "看原件", "law": "某法", "of": "person"}
    found = tried(review_points=[point])

    assert found is not None
    assert (found.decided, dict(found.doubts)) == (0, {"看原件": 2})


def test_an_item_that_is_not_instant_is_no_matter_for_a_machine() -> None:
    assert tried(**PROMISED) is None


def test_more_cases_take_no_more_statements() -> None:
    said: list[str] = []

    def note(*seen: Any) -> None:
        said.append(str(seen[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        tried()
        few = len(said)
        handed_in(proven_citizen("350102198001010011"), id_number="350102198001010011")
        said.clear()
        tried()
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    assert len(said) == few
