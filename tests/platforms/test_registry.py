"""The registry's client against the stand-in."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.registry import NameStanding, RefusedWord, Registry, RepresentativeFact, UnitStanding
from platforms.signed_line import LineConfig
from tests.platforms.conftest import SHORT, Sandbox

FREE = "示例市榕树下茶馆有限公司"
TAKEN = "示例市榕城餐饮有限公司"
REFERENCE = "YM20261120-0001"
UNIT = "91350100MA3456789F"


@pytest.fixture
def config(sandbox: Sandbox) -> LineConfig:
    env = sandbox.env
    return LineConfig(env["REGISTRY_URL"], env["REGISTRY_APP_ID"], env["REGISTRY_KEY"], SHORT)


@pytest.fixture
def registry(config: LineConfig) -> Registry:
    return Registry(config)


def reserve(registry: Registry, name: str = FREE, reference: str = REFERENCE) -> str:
    return registry.reserve(reference=reference, name=name, applicant="yima-1").number


def test_a_name_is_free_taken_or_not_allowed(registry: Registry) -> None:
    assert registry.look_up(FREE).standing is NameStanding.FREE
    assert registry.look_up(TAKEN).standing is NameStanding.TAKEN
    refused = registry.look_up("示例市国家级茶馆有限公司")
    assert (refused.standing, refused.refused) == (NameStanding.NOT_ALLOWED, (RefusedWord("国家级", 8),))


def test_names_like_it_are_listed(registry: Registry) -> None:
    assert TAKEN in registry.look_up("示例市榕城茶馆有限公司").similar


def test_a_reserved_name_is_taken_for_everybody_else(registry: Registry) -> None:
    reserve(registry)

    assert registry.look_up(FREE).standing is NameStanding.TAKEN
    with pytest.raises(Refused) as refused:
        reserve(registry, reference="YM20261120-0002")
    assert refused.value.platform_code == "name_taken"


def test_the_same_reference_is_one_reservation(registry: Registry, sandbox: Sandbox) -> None:
    numbers = {reserve(registry) for _ in range(3)}

    assert len(numbers) == len(sandbox.get("/registry/reservations")["items"]) == 1


def test_a_reference_is_not_used_for_another_name(registry: Registry) -> None:
    reserve(registry)

    with pytest.raises(Refused) as refused:
        reserve(registry, name="示例市另一家茶馆有限公司")
    assert refused.value.platform_code == "reference_reused"


def test_what_became_of_a_reservation_can_be_asked(registry: Registry) -> None:
    assert registry.reservation(REFERENCE) is None
    number = reserve(registry)

    found = registry.reservation(REFERENCE)

    assert found is not None
    assert (found.number, found.name) == (number, FREE)
    assert found.expires_on > date(2026, 1, 1)


@pytest.mark.parametrize("kind", ["hang", "reset", "http_500", "truncated", "html", "empty", "not_utf8"])
def test_a_lost_answer_is_unknown_and_the_work_was_done(
    registry: Registry, sandbox: Sandbox, kind: str
) -> None:
    sandbox.fault("registry.reserve", kind, after=True)

    with pytest.raises(Unknown):
        reserve(registry)

    assert registry.reservation(REFERENCE) is not None
    assert sandbox.calls("registry.reserve") == 1  # nothing is repeated inside a call


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("too_many", Busy), ("bad_signature", Busy), ("stale_timestamp", Busy), ("bad_name", Refused)],
)
def test_every_refusal_has_its_word(
    registry: Registry, sandbox: Sandbox, kind: str, wanted: type[PlatformError]
) -> None:
    sandbox.fault("registry.look_up", kind)
    with pytest.raises(wanted) as refused:
        registry.look_up(FREE)
    assert refused.value.platform_code == kind


@pytest.mark.parametrize("changed", [{"key": "another key"}, {"app_id": "somebody"}])
def test_who_is_not_known_there_is_not_served(config: LineConfig, changed: dict[str, Any]) -> None:
    with pytest.raises(Busy):
        Registry(dataclasses.replace(config, **changed)).look_up(FREE)


def test_a_host_that_is_away_was_never_asked() -> None:
    with pytest.raises(Busy):
        Registry(LineConfig("http://127.0.0.1:9/registry", "a", "k", SHORT)).look_up(FREE)


@pytest.mark.parametrize("name", ["", "两\n行", "长" * 101, " 空格 "])
def test_what_is_no_name_is_not_sent(registry: Registry, sandbox: Sandbox, name: str) -> None:
    with pytest.raises(Refused):
        registry.look_up(name)
    assert sandbox.calls("registry.look_up") == 0


def test_who_represents_a_unit_is_told(registry: Registry) -> None:
    fact = registry.representative(UNIT, {"phone": "13900000001"})

    assert fact == RepresentativeFact(TAKEN, UnitStanding.ACTIVE, represented=True)
    other = registry.representative(UNIT, {"phone": "13900000002"})
    assert other is not None
    assert not other.represented


def test_a_unit_that_is_not_registered_is_none(registry: Registry) -> None:
    assert registry.representative("91350100MA0000001P", {"phone": "13900000001"}) is None


@pytest.mark.parametrize("kind", ["hang", "reset", "http_500", "truncated", "html", "empty"])
def test_no_answer_about_a_representative_is_unknown(registry: Registry, sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("registry.representative", kind, seconds=3)

    with pytest.raises(Unknown):
        registry.representative(UNIT, {"phone": "13900000001"})
