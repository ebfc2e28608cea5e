"""The client of the province's bus against the stand-in."""

from datetime import datetime

import pytest

from platforms.bus import Bus, HandOver
from platforms.errors import Busy, Refused, Unknown
from platforms.signed_line import LineConfig
from tests.platforms.conftest import SHORT, Sandbox

TOLD = HandOver("YM20261116-0001", "350100202611160000015", "1" * 31, "C03", "C06")


@pytest.fixture
def config(sandbox: Sandbox) -> LineConfig:
    return LineConfig(sandbox.env["BUS_URL"], sandbox.env["BUS_APP_ID"], sandbox.env["BUS_KEY"], SHORT)


@pytest.fixture
def bus(config: LineConfig) -> Bus:
    return Bus(config)


def test_a_hand_over_is_taken_once_however_often_it_is_told(bus: Bus, sandbox: Sandbox) -> None:
    numbers = {bus.hand_over(TOLD).number for _ in range(3)}

    assert len(numbers) == len(sandbox.get("/bus/transfers")["items"]) == 1


def test_what_became_of_it_is_told_and_what_nobody_sent_is_not_there(bus: Bus, sandbox: Sandbox) -> None:
    assert bus.ask(TOLD.reference) is None
    number = bus.hand_over(TOLD).number
    sandbox.post(f"/bus/transfers/{TOLD.reference}/received")
    found = bus.ask(TOLD.reference)

    assert found is not None
    assert found.number == number
    assert isinstance(found.received_at, datetime)


@pytest.mark.parametrize(
    "told",
    [
        HandOver("YM20261116-0002", "1", "1", "C03", "CLOSED-1"),
        HandOver("short", "1", "1", "C03", "C06"),
    ],
)
def test_what_the_bus_does_not_take_is_refused(bus: Bus, told: HandOver) -> None:
    with pytest.raises(Refused):
        bus.hand_over(told)


def test_a_reference_is_not_used_for_another_hall(bus: Bus) -> None:
    bus.hand_over(TOLD)
    with pytest.raises(Refused):
        bus.hand_over(HandOver(TOLD.reference, TOLD.case_no, TOLD.task_code, "C03", "C05"))


def test_a_wrong_key_means_busy_and_nothing_is_sent(config: LineConfig, sandbox: Sandbox) -> None:
    with pytest.raises(Busy):
        Bus(LineConfig(config.url, config.app_id, "another key", SHORT)).hand_over(TOLD)
    assert sandbox.get("/bus/transfers")["items"] == []


@pytest.mark.parametrize("kind", ["hang", "http_502", "html", "truncated", "reset", "empty"])
def test_a_lost_answer_is_unknown_and_the_work_was_done(bus: Bus, sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("bus.hand_over", kind, after=True)
    with pytest.raises(Unknown):
        bus.hand_over(TOLD)
    assert bus.ask(TOLD.reference) is not None
    assert sandbox.calls("bus.hand_over") == 1  # nothing is repeated inside a call


def test_a_host_that_is_away_was_never_told() -> None:
    with pytest.raises(Busy):
        Bus(LineConfig("http://127.0.0.1:9/bus", "a", "k", SHORT)).hand_over(TOLD)
