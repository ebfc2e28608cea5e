"""Names that the registry was asked for and said nothing about (名称申报、答复未知)."""

from dataclasses import replace
from typing import Any

import pytest

from platforms.registry import Registry
from registry import names
from tests.conftest import Sandbox
from tests.registry.conftest import NAME, Founder, later


@pytest.mark.parametrize("after", [True, False])
def test_a_lost_answer_is_asked_for_again_and_never_becomes_two_reservations(
    founder: Founder, deliver: Any, *, after: bool
) -> None:
    founder.fault("reserve", "reset", after=after)
    asked = founder.reserve()
    assert (asked.status_code, asked.get_json()["state"]) == (201, "sending")
    assert asked.get_json()["state_text"] == "正在等登记系统答复"

    with later(minutes=2):
        assert names.ask_about_names() == 1
        assert names.ask_about_names() == 0
        deliver()

    assert [each["state"] for each in founder.mine()] == ["reserved"]
    assert len(founder.kept_at_the_registry()) == 1
    assert founder.messages() == ["企业名称已保留"]


def test_a_name_that_went_meanwhile_is_told(founder: Founder, fresh_sandbox: Sandbox, deliver: Any) -> None:
    founder.fault("reserve", "http_503")
    founder.reserve()
    fresh_sandbox.post("/_sim/registry/registered", name=NAME)

    with later(minutes=2):
        names.ask_about_names()
        deliver()

    assert [each["state"] for each in founder.mine()] == ["refused"]
    assert founder.messages() == ["企业名称没有申报成"]


def test_while_the_registry_stays_away_nothing_is_lost(founder: Founder) -> None:
    founder.fault("reserve", "http_503", times=-1)
    founder.fault("reservation", "http_503", times=-1)
    founder.reserve()

    for minutes in (1, 10, 60):
        with later(minutes=minutes):
            names.ask_about_names()

    assert [each["state"] for each in founder.mine()] == ["sending"]


def test_a_registry_that_is_away_costs_one_question_and_the_others_keep_their_moment(
    founder: Founder,
) -> None:
    founder.fault("reserve", "http_503", times=2)
    for name in ("示例市甲甲茶馆有限公司", "示例市乙乙茶馆有限公司"):
        founder.reserve(name)
    founder.fault("reserve", "http_503")

    with later(minutes=2):
        assert (names.ask_about_names(), names.ask_about_names()) == (1, 1)
    assert sorted(each["state"] for each in founder.mine()) == ["reserved", "sending"]


def test_a_number_that_another_name_has_holds_up_no_other(
    founder: Founder, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Registry.reserve
    founder.fault("reserve", "http_503", times=3)
    for letter in "甲乙丙":
        founder.reserve(f"示例市{letter}{letter}茶馆有限公司")
    monkeypatch.setattr(Registry, "reserve", lambda *a, **more: replace(told(*a, **more), number="N1"))

    with later(minutes=2):
        assert names.ask_about_names() == 3
    assert sorted(each["state"] for each in founder.mine()) == ["reserved", "sending", "sending"]


def test_a_number_that_another_name_has_is_said_in_a_sentence_and_settled_later(
    founder: Founder, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Registry.reserve
    monkeypatch.setattr(Registry, "reserve", lambda *a, **more: replace(told(*a, **more), number="N1"))
    founder.reserve("示例市甲甲茶馆有限公司")

    refused = founder.reserve()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "registry_number_taken")
    assert sorted(each["state"] for each in founder.mine()) == ["reserved", "sending"]
    monkeypatch.undo()
    with later(minutes=2):
        names.ask_about_names()
    assert [each["state"] for each in founder.mine()] == ["reserved", "reserved"]
