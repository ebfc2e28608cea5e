"""What supervisors tell back (监管结果反馈), over HTTP: signed, once, and only of licences that are ours."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.db import unit_of_work
from app.oversight import findings
from app.oversight.errors import AnsweredBefore
from app.oversight.models import OversightFinding
from city_oversight import events as job
from platforms.errors import Malformed
from platforms.oversight import Finding, OversightDoor
from tests.case_fixtures import APPROVER
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.oversight_fixtures import a_licence, find
from tests.races import Meeting, refusals, together

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


def opened(told: dict[str, Any]) -> Finding:
    """What the door reads in a letter that is truly the platform's."""
    moment, body = "1796000000", json.dumps(told).encode()
    signature = hmac.new(b"key", f"{moment}\n".encode() + body, hashlib.sha256).hexdigest()
    door = OversightDoor("key", clock=lambda: datetime.fromtimestamp(int(moment), UTC))
    return door.open(timestamp=moment, signature=signature, body=body)


def reply(finding_id: int) -> None:
    with unit_of_work() as session:
        findings.answer(session, finding_id=finding_id, officer=APPROVER, text="复查后已整改，不撤销")


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


@pytest.mark.parametrize("said", [None, {"text": "不符"}])
def test_what_is_no_sentence_is_no_word_put_into_a_supervisors_mouth(said: Any) -> None:
    told = {"message_no": "FK-0000000001", "event_no": "35010020261116000012345-001"}
    read = opened({**told, "result": "fine", "found_on": "2026-12-01", "said": said})
    assert read.said == ""


@pytest.mark.parametrize("event_no", ["35010020261116000012345\x00001", "短", "../events/1234"])
def test_what_can_be_no_number_of_ours_is_never_looked_for(event_no: str) -> None:
    told = {"message_no": "FK-0000000001", "event_no": event_no}
    with pytest.raises(Malformed):
        opened({**told, "result": "fine", "found_on": "2026-12-01"})


def test_of_two_answers_to_one_wish_one_is_kept(tell: Tell) -> None:
    tell()
    with unit_of_work() as session:
        finding_id = session.scalars(select(OversightFinding.id)).one()
    assert refusals(together(*[lambda: reply(finding_id)] * 2), AnsweredBefore) == 1


def test_control_by_looking_first_both_would_answer(tell: Tell) -> None:
    tell()
    meeting = Meeting()

    def look() -> bool:
        with unit_of_work() as session:
            unanswered = session.scalars(select(OversightFinding.answered_at)).one() is None
        meeting.wait()
        return unanswered

    assert together(look, look) == [True, True]


def test_of_two_deliveries_at_once_one_is_new(tell: Tell) -> None:
    del tell
    event_no = f"{a_licence()}-001"
    assert sorted(map(bool, together(lambda: find(event_no), lambda: find(event_no)))) == [False, True]
