"""Settings (配置): environment variables only, read once, typed, refused when unsafe."""

import base64
import binascii
import functools
import ipaddress
import json
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from app import joined
from app.platform_settings import AlipaySettings, SmsSettings, WeChatPaySettings, WeChatSettings
from app.signing_settings import SigningSettings, UnreadableKeysError, read_signing

System = TypeVar("System", bound=joined.Joined)


class Environment(StrEnum):
    """Where the program runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class UnsafeSettingError(Exception):
    """A setting is missing or not safe; the message is a sentence that names it."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set; see the table in README.md."""

    environment: Environment
    database_url: str
    redis_url: str
    secret_key: str
    field_keys: Mapping[str, bytes]
    signing: SigningSettings
    storage_url: str
    public_url: str
    data_dir: Path
    region_code: str
    city_name: str
    record_number: str | None
    wechat: WeChatSettings
    wechat_pay: WeChatPaySettings
    alipay: AlipaySettings
    sms: SmsSettings
    registry: joined.RegistrySettings | None
    bus: joined.BusSettings | None
    courier: joined.CourierSettings | None
    archive: joined.ArchiveSettings | None
    credit: joined.CreditSettings | None
    oversight: joined.OversightSettings | None
    # Per hundred: how much of the machine's decisions is looked at again, and how much of that may be wrong.
    spot_check_percent: int
    spot_check_wrong_percent: int
    clamav_url: str | None  # None: uploads are not looked through for viruses
    paper_fonts: tuple[Path, ...]  # for letters that our own font lacks, asked in this order

    @property
    def production(self) -> bool:
        """Whether citizens' real data and money are handled."""
        return self.environment is Environment.PRODUCTION


def read(env: Mapping[str, str]) -> Settings:
    """Settings from an environment; raises UnsafeSettingError with a sentence that names what is wrong."""
    settings = Settings(
        environment=_environment(env.get("YIMA_ENV", "development")),
        database_url=_needed(env, "DATABASE_URL"),
        redis_url=_needed(env, "REDIS_URL"),
        secret_key=_needed(env, "SECRET_KEY"),
        field_keys=_field_keys(_needed(env, "FIELD_KEYS")),
        signing=_signing(env),
        storage_url=env.get("STORAGE_URL")
        or Path(env.get("YIMA_DATA_DIR", ".data")).resolve().as_uri() + "/files",
        public_url=env.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        data_dir=Path(env.get("YIMA_DATA_DIR", ".data")),
        region_code=env.get("YIMA_REGION_CODE", "350100"),
        city_name=env.get("YIMA_CITY_NAME", "示例市"),
        record_number=env.get("YIMA_RECORD_NUMBER", "").strip() or None,
        wechat=_wechat(env),
        wechat_pay=_wechat_pay(env),
        alipay=_alipay(env),
        sms=SmsSettings(url=env.get("SMS_URL", ""), key=env.get("SMS_KEY", "")),
        registry=_joined(env, joined.RegistrySettings),
        bus=_joined(env, joined.BusSettings),
        courier=_joined(env, joined.CourierSettings),
        archive=_joined(env, joined.ArchiveSettings),
        credit=_joined(env, joined.CreditSettings),
        oversight=_joined(env, joined.OversightSettings),
        spot_check_percent=_percent(env, "YIMA_SPOT_CHECK_PERCENT", least=1),
        spot_check_wrong_percent=_percent(env, "YIMA_SPOT_CHECK_WRONG_PERCENT", least=0),
        clamav_url=None if (scanner := env.get("CLAMAV_URL", "").strip()) in {"", "off"} else scanner,
        paper_fonts=tuple(map(Path, filter(None, env.get("PAPER_FONTS", "").split(os.pathsep)))),
    )
    if settings.production:
        _refuse_unsafe(settings, env)
    return settings


@functools.cache
def current() -> Settings:
    """The settings of this process, read from its environment once."""
    return read(os.environ)


def _wechat(env: Mapping[str, str]) -> WeChatSettings:
    return WeChatSettings(
        api_url=env.get("WECHAT_API_URL", "https://api.weixin.qq.com"),
        mini_appid=env.get("WECHAT_MINI_APPID", ""),
        mini_secret=env.get("WECHAT_MINI_SECRET", ""),
        oa_appid=env.get("WECHAT_OA_APPID", ""),
        oa_secret=env.get("WECHAT_OA_SECRET", ""),
        oa_token=env.get("WECHAT_OA_TOKEN", ""),
        oa_aes_key=env.get("WECHAT_OA_AES_KEY", ""),
        templates=_templates(env, "WECHAT_TEMPLATES"),
    )


def _wechat_pay(env: Mapping[str, str]) -> WeChatPaySettings:
    return WeChatPaySettings(
        url=env.get("WECHAT_PAY_URL", "https://api.mch.weixin.qq.com"),
        mchid=env.get("WECHAT_PAY_MCHID", ""),
        serial=env.get("WECHAT_PAY_SERIAL", ""),
        private_key_file=Path(env.get("WECHAT_PAY_PRIVATE_KEY_FILE", "")),
        apiv3_key=env.get("WECHAT_PAY_APIV3_KEY", ""),
        public_key_file=Path(env.get("WECHAT_PAY_PUBLIC_KEY_FILE", "")),
        public_key_id=env.get("WECHAT_PAY_PUBLIC_KEY_ID", ""),
    )


def _alipay(env: Mapping[str, str]) -> AlipaySettings:
    return AlipaySettings(
        gateway_url=env.get("ALIPAY_GATEWAY_URL", "https://openapi.alipay.com/gateway.do"),
        app_id=env.get("ALIPAY_APP_ID", ""),
        private_key_file=Path(env.get("ALIPAY_PRIVATE_KEY_FILE", "")),
        public_key_file=Path(env.get("ALIPAY_PUBLIC_KEY_FILE", "")),
        aes_key=env.get("ALIPAY_AES_KEY", ""),
        seller_id=env.get("ALIPAY_SELLER_ID", ""),
        templates=_templates(env, "ALIPAY_TEMPLATES"),
    )


def _joined(env: Mapping[str, str], kind: type[System]) -> System | None:
    """What a city that is joined to a system of others sets; one that is not sets none of it."""
    values = [env.get(name, "") for name in kind.NAMES]
    if not any(values):
        return None
    if missing := [name for name, value in zip(kind.NAMES, values, strict=True) if not value]:
        raise UnsafeSettingError(f"{missing[0]} is not set; that system needs all its settings, or none.")
    return kind(*values)


def _percent(env: Mapping[str, str], name: str, *, least: int) -> int:
    word = env.get(name, "5")
    if not word.isascii() or not word.isdecimal() or int(word[:4]) not in range(least, 101):
        raise UnsafeSettingError(f"{name} is {word!r}; it must be a whole number from {least} to 100.")
    return int(word)


def _environment(word: str) -> Environment:
    try:
        return Environment(word)
    except ValueError as error:
        raise UnsafeSettingError(f"YIMA_ENV is {word!r}, not development, test or production.") from error


def _needed(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise UnsafeSettingError(f"{name} is not set; `make run` sets it for development.")
    return value


def _field_keys(text: str) -> dict[str, bytes]:
    """`id:base64,id:base64`, each key 32 bytes; the first one encrypts, all of them decrypt."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise UnsafeSettingError("FIELD_KEYS holds a key that is not base64.") from error
        if not key_id or len(key) != 32:  # noqa: PLR2004 - AES-256
            raise UnsafeSettingError("FIELD_KEYS must be id:key pairs with keys of 32 bytes in base64.")
        keys[key_id] = key
    return keys


def _signing(env: Mapping[str, str]) -> SigningSettings:
    try:
        return read_signing(env)
    except UnreadableKeysError as error:
        raise UnsafeSettingError(str(error)) from error


def _templates(env: Mapping[str, str], name: str) -> dict[str, str]:
    try:
        found = json.loads(env.get(name) or "{}")
    except ValueError as error:
        raise UnsafeSettingError(
            f"{name} is not JSON; it maps our template keys to the platform's ids."
        ) from error
    if not isinstance(found, dict):
        raise UnsafeSettingError(f"{name} must be a JSON object of template keys and ids.")
    return {str(key): str(value) for key, value in found.items()}


_FROM_THE_PLATFORMS = (
    "WECHAT_MINI_APPID",
    "WECHAT_MINI_SECRET",
    "WECHAT_OA_APPID",
    "WECHAT_OA_SECRET",
    "WECHAT_OA_TOKEN",
    "WECHAT_OA_AES_KEY",
    "WECHAT_PAY_MCHID",
    "WECHAT_PAY_SERIAL",
    "WECHAT_PAY_APIV3_KEY",
    "WECHAT_PAY_PUBLIC_KEY_ID",
    "ALIPAY_APP_ID",
    "ALIPAY_SELLER_ID",  # without it every payment on Alipay would be taken for somebody else's
    "SMS_KEY",
    "CLAMAV_URL",  # or the word off: to do without is a decision
)
# A name or a number, without user, blanks, backslashes and what else is read in more than one way.
_HTTPS = re.compile(r"https://(?P<host>[A-Za-z0-9._-]+)(?::[0-9]{1,5})?(?:/[!-;=?-\[\]-~]*)?", re.ASCII)
_SANDBOX_MARKS = ("wxsandbox", "1900000001", "2021000000000001", "2088000000000001", "sandbox")


def _refuse_unsafe(settings: Settings, env: Mapping[str, str]) -> None:
    """Production refuses sandbox addresses and keys, defaults, embedded servers and DEBUG."""
    _refuse_unsafe_addresses(settings)
    names_joined = [name for found in _systems(settings) for name in found.NAMES]
    for name in (*_FROM_THE_PLATFORMS, *names_joined):
        value = env.get(name, "")
        if not value or any(mark in value for mark in _SANDBOX_MARKS):
            raise UnsafeSettingError(
                f"{name} is empty or belongs to the sandbox; production needs the real one."
            )
    if len(settings.secret_key) < 32 or settings.secret_key.startswith("dev"):  # noqa: PLR2004
        raise UnsafeSettingError("SECRET_KEY must be a random text of at least 32 characters in production.")
    if settings.signing.for_development:
        raise UnsafeSettingError("SIGNING_KEYS holds a development key; production needs one of its own.")
    if env.get("YIMA_EMBEDDED"):
        raise UnsafeSettingError("DATABASE_URL and REDIS_URL are embedded servers; production has its own.")
    if env.get("DEBUG") or env.get("FLASK_DEBUG"):
        raise UnsafeSettingError("DEBUG must not be set in production.")


def _systems(settings: Settings) -> tuple[joined.Joined, ...]:
    """The systems of others that this city is joined to."""
    every = (
        settings.registry,
        settings.bus,
        settings.courier,
        settings.archive,
        settings.credit,
        settings.oversight,
    )
    return tuple(found for found in every if found is not None)


def _refuse_unsafe_addresses(settings: Settings) -> None:
    addresses = {
        "WECHAT_API_URL": settings.wechat.api_url,
        "WECHAT_PAY_URL": settings.wechat_pay.url,
        "ALIPAY_GATEWAY_URL": settings.alipay.gateway_url,
        "PUBLIC_URL": settings.public_url,
        "SMS_URL": settings.sms.url,
    }
    addresses |= {found.NAMES[0]: found.url for found in _systems(settings)}
    for name, address in addresses.items():
        if not _is_elsewhere(address):
            raise UnsafeSettingError(f"{name} must be a public https address in production.")


def _is_elsewhere(address: str) -> bool:
    """Whether an address is https to another machine, for every library that reads it."""
    found = _HTTPS.fullmatch(address)
    if found is None or "127.0.0.1" in address or "localhost" in address.lower():
        return False
    try:
        # The system also takes 127.1 and 2130706433 for 127.0.0.1.
        host = ipaddress.ip_address(socket.inet_aton(found["host"]))
    except OSError:
        return True
    return not (host.is_loopback or host.is_unspecified)
