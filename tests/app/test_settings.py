import base64
from pathlib import Path

import pytest

from app import settings
from app.settings import UnsafeSettingError

KEYS = "k1:" + base64.b64encode(bytes(32)).decode()
SMALLEST = {
    "DATABASE_URL": "postgresql://x",
    "REDIS_URL": "redis://x",
    "SECRET_KEY": "s" * 40,
    "FIELD_KEYS": KEYS,
    "SIGNING_KEYS": KEYS,
}
PRODUCTION = SMALLEST | {
    "YIMA_ENV": "production",
    "PUBLIC_URL": "https://yima.example.gov.cn",
    "WECHAT_MINI_APPID": "wx0123456789abcdef",
    "WECHAT_MINI_SECRET": "a secret of the mini-program",
    "WECHAT_OA_APPID": "wxfedcba9876543210",
    "WECHAT_OA_SECRET": "a secret of the account",
    "WECHAT_OA_AES_KEY": "a key for pushes",
    "WECHAT_PAY_SERIAL": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
    "WECHAT_PAY_APIV3_KEY": "a key for callbacks",
    "WECHAT_PAY_PUBLIC_KEY_ID": "PUB_KEY_ID_0116123456782026112000",
    "ALIPAY_SELLER_ID": "2088000000000009",
    "WECHAT_OA_TOKEN": "a token of our own",
    "WECHAT_PAY_MCHID": "1612345678",
    "ALIPAY_APP_ID": "2019000000000009",
    "SMS_URL": "https://sms.example.gov.cn",
    "SMS_KEY": "a key of our own",
    "CLAMAV_URL": "tcp://clamav.inner:3310",
}


def test_the_real_platforms_are_the_default() -> None:
    assert settings.read(SMALLEST).wechat.api_url == "https://api.weixin.qq.com"


@pytest.mark.parametrize("name", sorted(SMALLEST))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(UnsafeSettingError, match=name):
        settings.read({key: value for key, value in SMALLEST.items() if key != name})


def test_production_starts_with_real_settings() -> None:
    assert settings.read(PRODUCTION).production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WECHAT_API_URL", "http://127.0.0.1:8001"),
        ("WECHAT_PAY_URL", "http://127.0.0.1:8001"),
        ("ALIPAY_GATEWAY_URL", "http://localhost/gateway.do"),
        ("PUBLIC_URL", "http://yima.example.gov.cn"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://yima.example.gov.cn\\@evil.example"),
        ("WECHAT_API_URL", "https://api.weixin.qq.com@evil.example"),
        ("WECHAT_API_URL", "https://[::1]:8001"),
        ("WECHAT_API_URL", "https://[::1"),
        ("WECHAT_API_URL", "https://[::ffff:127.0.0.1]:8001"),
        ("WECHAT_API_URL", "https://LOCALHOST:8001"),
        ("WECHAT_API_URL", "https://127.1:8001"),
        ("WECHAT_API_URL", "https://2130706433:8001"),
        ("WECHAT_PAY_URL", "https://127.0.0.2:8001"),
        ("ALIPAY_GATEWAY_URL", "https://0.0.0.0:8001/gateway.do"),
        ("SMS_URL", "https://0x7f000001:8001"),
        ("WECHAT_MINI_APPID", "wxsandbox0000000"),
        ("WECHAT_OA_TOKEN", ""),
        ("WECHAT_MINI_SECRET", ""),
        ("CLAMAV_URL", ""),
        ("WECHAT_PAY_APIV3_KEY", ""),
        ("ALIPAY_SELLER_ID", ""),
        ("ALIPAY_SELLER_ID", "2088000000000001"),
        ("WECHAT_PAY_MCHID", "1900000001"),
        ("SMS_KEY", "sandbox-1234"),
        ("SECRET_KEY", "short"),
        ("SIGNING_KEYS", "dev1:" + base64.b64encode(bytes(32)).decode()),
        ("FLASK_DEBUG", "1"),
    ],
)
def test_production_refuses_what_is_not_safe_and_names_it(name: str, value: str) -> None:
    with pytest.raises(UnsafeSettingError, match=name.removeprefix("FLASK_")):
        settings.read(PRODUCTION | {name: value})


def test_production_may_reach_its_own_network() -> None:
    assert settings.read(PRODUCTION | {"SMS_URL": "https://10.20.0.7:8443/send"}).production


REGISTRY = {
    "REGISTRY_URL": "https://registry.example.gov.cn/api",
    "REGISTRY_APP_ID": "yima",
    "REGISTRY_KEY": "a key for our requests",
    "REGISTRY_EVENT_KEY": "a key for its messages",
}


def test_a_city_joined_to_the_registry_starts_and_one_that_is_not_starts_too() -> None:
    assert settings.read(PRODUCTION | REGISTRY).registry is not None
    assert settings.read(PRODUCTION).registry is None


@pytest.mark.parametrize("name", sorted(REGISTRY))
@pytest.mark.parametrize("value", ["", "sandbox-1234"])
def test_a_city_half_joined_to_the_registry_does_not_start(name: str, value: str) -> None:
    with pytest.raises(UnsafeSettingError, match=name):
        settings.read(PRODUCTION | REGISTRY | {name: value})


def test_production_refuses_embedded_servers() -> None:
    with pytest.raises(UnsafeSettingError, match="embedded"):
        settings.read(PRODUCTION | {"YIMA_EMBEDDED": "1"})


@pytest.mark.parametrize("keys", ["k1", "k1:!!!", "k1:" + base64.b64encode(bytes(16)).decode()])
def test_field_keys_must_be_keys_of_32_bytes(keys: str) -> None:
    with pytest.raises(UnsafeSettingError, match="FIELD_KEYS"):
        settings.read(SMALLEST | {"FIELD_KEYS": keys})


@pytest.mark.parametrize("keys", ["", "s1", "s1:!!!", ":" + "A" * 43 + "=", "s1:AAAA"])
def test_signing_keys_must_be_named_keys_of_32_bytes(keys: str) -> None:
    with pytest.raises(UnsafeSettingError, match="SIGNING_KEYS"):
        settings.read(SMALLEST | {"SIGNING_KEYS": keys})


@pytest.mark.parametrize("retired", ["x", "AAAA@2026-10-01", "A" * 43 + "@soon"])
def test_retired_signing_keys_are_public_keys_with_their_last_day(retired: str) -> None:
    with pytest.raises(UnsafeSettingError, match="RETIRED_SIGNING_KEYS"):
        settings.read(SMALLEST | {"RETIRED_SIGNING_KEYS": retired})


def test_a_city_joined_to_the_provinces_bus_sets_all_of_it_and_no_sandbox() -> None:
    bus = {"BUS_URL": "https://bus.example.gov.cn", "BUS_APP_ID": "yima", "BUS_KEY": "a key"}
    assert settings.read(PRODUCTION | bus).bus is not None
    assert settings.read(PRODUCTION).bus is None
    for changed in ({"BUS_KEY": ""}, {"BUS_KEY": "sandbox-1"}, {"BUS_URL": "http://127.0.0.1/bus"}):
        with pytest.raises(UnsafeSettingError):
            settings.read(PRODUCTION | bus | changed)


def test_the_fonts_of_a_city_are_asked_in_their_order() -> None:
    assert settings.read(SMALLEST).paper_fonts == ()
    assert settings.read(SMALLEST | {"PAPER_FONTS": "/b.ttf:/a.ttf"}).paper_fonts == (
        Path("/b.ttf"),
        Path("/a.ttf"),
    )
