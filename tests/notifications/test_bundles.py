"""What the citizen is told about an application for a bundle: one plain sentence, once."""

from collections.abc import Iterator

import pytest

from app import clock, events
from app.db import unit_of_work
from notifications import queries
from notifications.models import Message
from subscriptions import SUBSCRIPTIONS
from tests import bundle_fixtures, case_fixtures
from tests.bundle_fixtures import BIRTH, CARD, HUKOU, carry_on, case_of, grant, settle, submitted, tell
from tests.catalogue_fixtures import load_catalogue
from tests.city_fixtures import MONDAY, load_city


@pytest.fixture
def citizen(database: None) -> Iterator[int]:
    del database
    events.wire(SUBSCRIPTIONS)
    with clock.stopped_at(MONDAY):
        load_city()
        load_catalogue()
        yield case_fixtures.citizen()


def about_bundles(citizen: int) -> list[Message]:
    with unit_of_work() as session:
        found = queries.of_citizen(session, citizen_id=citizen)
        return [message for message in found if message.page.startswith("pages/bundles/")]


def test_a_refusal_is_told_with_what_can_be_done(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH, CARD])
    settle(number, BIRTH, granted=False)
    tell()
    tell()
    (message,) = about_bundles(citizen)

    assert message.text.startswith("“生育登记”不予办理，“社会保障卡申领”先留在草稿里。")
    assert message.text.endswith("也可以单独提交后面的事项。")
    assert message.page == f"pages/bundles/progress?no={number}"


def test_a_part_taken_back_is_told_with_what_waits(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH, HUKOU])
    case_fixtures.withdraw(citizen, case_of(number, BIRTH))
    tell()

    assert "“生育登记”已撤回，“出生登记（新生儿落户）”不再自动提交" in about_bundles(citizen)[0].text


def test_a_gap_that_was_closed_meanwhile_is_not_told(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH, HUKOU])
    case_no = case_of(number, HUKOU)
    case_fixtures.fill(citizen, case_no, address=None)
    settle(number, BIRTH)
    carry_on(number, BIRTH)
    case_fixtures.fill(citizen, case_no)
    bundle_fixtures.submit(citizen, number)
    tell()

    assert about_bundles(citizen) == []


def test_the_end_is_told_once(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH])
    grant(number, BIRTH)
    tell()

    assert [message.title for message in about_bundles(citizen)] == ["全部办结"]
