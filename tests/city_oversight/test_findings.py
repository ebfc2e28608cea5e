"""What supervisors tell back (监管结果反馈), over HTTP: signed, once, and only of licences that are ours."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.db import unit_of_work
from app.oversight.models import OversightFinding
from city_oversight import events as job
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.oversight_fixtures import a_licence, find
from tests.races import together

Tell = Callable[..., None]


@pytest.fixture
def tell(database: None, sandbox: Sandbox, served: str) -> Iterator[Tell]:
    """The supervisor of a licence tells something about it."""
    del database, served
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    with clock.stopped_at(MONDAY):
        load_city()
        event_no = f"{a_licence()}-001"
        job.follow()

        def run(result: str = "revoke_asked", number: str = event_no, **more: Any) -> None:
            asked = {"result": result, "said": "现场与申请材料不符", **more}
            sandbox.post(f"/_sim/oversight/events/{number}/found", **asked)

        yield run


def kept() -> int:
    with unit_of_work() as session:
        return session.scalars(select(func.count()).select_from(OversightFinding)).one()


def test_the_same_finding_told_thrice_is_kept_once(tell: Tell) -> None:
    for _ in range(3):
        tell(message_no="FK-0000000001")
    assert kept() == 1


@pytest.mark.parametrize(
    "kind", ["forged_signature", "tampered_body", "stale_timestamp", "missing_signature"]
)
def test_a_forged_finding_is_refused_and_the_true_one_behind_it_kept(
    tell: Tell, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    sandbox.post("/_sim/faults", op="oversight.finding", kind=kind, times=1)
    tell()
    assert [record.getMessage() for record in caplog.records].count("callback_refused") == 1
    assert kept() == 1


def test_without_a_signature_nobody_says_anything(tell: Tell, client: FlaskClient) -> None:
    del tell
    answer = client.post("/webhooks/oversight/findings", json={"result": "revoke_asked"})
    assert (answer.status_code, kept()) == (401, 0)


def test_what_is_not_ours_or_in_no_word_we_know_is_not_kept(tell: Tell) -> None:
    tell(number="35010020261116000099999-001")
    tell(result="applauded")
    assert kept() == 0


def test_of_two_deliveries_at_once_one_is_new(tell: Tell) -> None:
    del tell
    event_no = f"{a_licence()}-001"
    assert sorted(map(bool, together(lambda: find(event_no), lambda: find(event_no)))) == [False, True]
