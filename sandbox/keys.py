"""Every key and identifier that a platform's console would hand to an operator.

Made once, on the first start in a folder, and kept there (files 0600). All identifiers are visibly
those of a sandbox, so that a production start can refuse them.
"""

import base64
import fcntl
import json
import os
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .message_templates import ALIPAY_TEMPLATES, WECHAT_TEMPLATES

MINI_APPID = "wxsandboxmini00001"
OA_APPID = "wxsandboxoa0000001"
MCHID = "1900000001"
ALIPAY_APP_ID = "2021000000000001"
ALIPAY_SELLER_ID = "2088000000000001"
REGISTRY_APP_ID = "sandbox-yima"
BUS_APP_ID = "yima-sandbox-bus"
COURIER_APP_ID = "yima-sandbox-courier"
ARCHIVE_APP_ID = "yima-sandbox-archive"
CREDIT_APP_ID = "yima-sandbox-credit"
OVERSIGHT_APP_ID = "yima-sandbox-oversight"
PUBLIC_KEY_ID = "PUB_KEY_ID_0119000000012025010100000000000001"
RSA_BITS = 2048
LETTERS = string.ascii_letters + string.digits
KEY_NAMES = ("merchant", "wechat_pay", "alipay_app", "alipay_platform")


@dataclass(frozen=True)
class Keys:
    """All keys, parsed once.

    `merchant_key` and `alipay_app_key` belong to the program (the stand-ins use their public halves);
    `wechat_pay_key` and `alipay_platform_key` are the platforms' own. `apiv3_key` has 32 characters;
    `alipay_aes_key` is base64 of 16 bytes; `oa_aes_key` is the EncodingAESKey of 43 characters.
    """

    merchant_key: rsa.RSAPrivateKey
    wechat_pay_key: rsa.RSAPrivateKey
    alipay_app_key: rsa.RSAPrivateKey
    alipay_platform_key: rsa.RSAPrivateKey
    merchant_serial: str
    apiv3_key: str
    mini_secret: str
    oa_secret: str
    oa_token: str
    oa_aes_key: str
    alipay_aes_key: str
    sms_key: str
    registry_key: str
    registry_event_key: str
    bus_key: str
    courier_key: str
    courier_event_key: str
    archive_key: str
    credit_key: str
    oversight_key: str
    oversight_event_key: str
    wechat_pay_public_key_id: str = PUBLIC_KEY_ID
    mini_appid: str = MINI_APPID
    oa_appid: str = OA_APPID
    mchid: str = MCHID
    alipay_app_id: str = ALIPAY_APP_ID
    alipay_seller_id: str = ALIPAY_SELLER_ID
    registry_app_id: str = REGISTRY_APP_ID
    bus_app_id: str = BUS_APP_ID
    courier_app_id: str = COURIER_APP_ID
    archive_app_id: str = ARCHIVE_APP_ID
    credit_app_id: str = CREDIT_APP_ID
    oversight_app_id: str = OVERSIGHT_APP_ID


def load_or_make(folder: Path) -> Keys:
    """Read the folder's keys, making them first when there are none. Safe for two processes at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "keys.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # secrets.json is written last: without it a first start was cut short, and starts again.
        if not (folder / "secrets.json").exists():
            _make(folder)
        return _load(folder)
    finally:
        os.close(descriptor)


def write_app_env(folder: Path, keys: Keys, *, url: str) -> Path:
    """Write `app.env`: what an operator would copy from the platforms' consoles, as KEY=VALUE lines.

    `url` is the address of the stand-ins, so the file is rewritten at each start.
    """
    place = folder.resolve()
    values = {
        "WECHAT_API_URL": url,
        "WECHAT_MINI_APPID": keys.mini_appid,
        "WECHAT_MINI_SECRET": keys.mini_secret,
        "WECHAT_OA_APPID": keys.oa_appid,
        "WECHAT_OA_SECRET": keys.oa_secret,
        "WECHAT_OA_TOKEN": keys.oa_token,
        "WECHAT_OA_AES_KEY": keys.oa_aes_key,
        "WECHAT_PAY_URL": url,
        "WECHAT_PAY_MCHID": keys.mchid,
        "WECHAT_PAY_SERIAL": keys.merchant_serial,
        "WECHAT_PAY_PRIVATE_KEY_FILE": str(place / "merchant_key.pem"),
        "WECHAT_PAY_APIV3_KEY": keys.apiv3_key,
        "WECHAT_PAY_PUBLIC_KEY_FILE": str(place / "wechat_pay_public.pem"),
        "WECHAT_PAY_PUBLIC_KEY_ID": keys.wechat_pay_public_key_id,
        "ALIPAY_GATEWAY_URL": f"{url}/gateway.do",
        "ALIPAY_APP_ID": keys.alipay_app_id,
        "ALIPAY_PRIVATE_KEY_FILE": str(place / "alipay_app_key.pem"),
        "ALIPAY_PUBLIC_KEY_FILE": str(place / "alipay_platform_public.pem"),
        "ALIPAY_AES_KEY": keys.alipay_aes_key,
        "ALIPAY_SELLER_ID": keys.alipay_seller_id,
        "SMS_URL": f"{url}/sms",
        "SMS_KEY": keys.sms_key,
        **_joined(keys, url),
        "WECHAT_TEMPLATES": _ids(WECHAT_TEMPLATES),
        "ALIPAY_TEMPLATES": _ids(ALIPAY_TEMPLATES),
    }
    path = folder / "app.env"
    _write(path, "".join(f"{name}={value}\n" for name, value in values.items()).encode())
    return path


def _joined(keys: Keys, url: str) -> dict[str, str]:
    """The systems of others that the city is joined to, in the order in which they were."""
    return {
        **_of_the_registry(keys, url),
        **_of_the_bus(keys, url),
        **_of_the_courier(keys, url),
        **_of_the_archive(keys, url),
        **_of_the_credit_platform(keys, url),
        **_of_oversight(keys, url),
    }


def _of_the_registry(keys: Keys, url: str) -> dict[str, str]:
    return {
        "REGISTRY_URL": f"{url}/registry",
        "REGISTRY_APP_ID": keys.registry_app_id,
        "REGISTRY_KEY": keys.registry_key,
        "REGISTRY_EVENT_KEY": keys.registry_event_key,
    }


def _of_the_bus(keys: Keys, url: str) -> dict[str, str]:
    return {"BUS_URL": f"{url}/bus", "BUS_APP_ID": keys.bus_app_id, "BUS_KEY": keys.bus_key}


def _of_the_courier(keys: Keys, url: str) -> dict[str, str]:
    return {
        "COURIER_URL": f"{url}/courier",
        "COURIER_APP_ID": keys.courier_app_id,
        "COURIER_KEY": keys.courier_key,
        "COURIER_EVENT_KEY": keys.courier_event_key,
    }


def _of_the_archive(keys: Keys, url: str) -> dict[str, str]:
    return {
        "ARCHIVE_URL": f"{url}/archive",
        "ARCHIVE_APP_ID": keys.archive_app_id,
        "ARCHIVE_KEY": keys.archive_key,
    }


def _of_the_credit_platform(keys: Keys, url: str) -> dict[str, str]:
    return {
        "CREDIT_URL": f"{url}/credit",
        "CREDIT_APP_ID": keys.credit_app_id,
        "CREDIT_KEY": keys.credit_key,
    }


def _of_oversight(keys: Keys, url: str) -> dict[str, str]:
    return {
        "OVERSIGHT_URL": f"{url}/oversight",
        "OVERSIGHT_APP_ID": keys.oversight_app_id,
        "OVERSIGHT_KEY": keys.oversight_key,
        "OVERSIGHT_EVENT_KEY": keys.oversight_event_key,
    }


def _ids(templates: dict[str, str]) -> str:
    return json.dumps(templates, separators=(",", ":"))


def _make(folder: Path) -> None:
    for name in KEY_NAMES:
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
        _write(folder / f"{name}_key.pem", _private_pem(key))
        _write(folder / f"{name}_public.pem", _public_pem(key))
    _write(folder / "secrets.json", json.dumps(_fresh_secrets(), indent=1).encode())


def _fresh_secrets() -> dict[str, str]:
    return {
        "merchant_serial": secrets.token_hex(20).upper(),
        "apiv3_key": _letters(32),
        "mini_secret": secrets.token_hex(16),
        "oa_secret": secrets.token_hex(16),
        "oa_token": "sandbox" + _letters(16),
        "oa_aes_key": _letters(42) + "A",  # the last character carries two unused bits, which must be zero
        "alipay_aes_key": base64.b64encode(secrets.token_bytes(16)).decode(),
        "sms_key": "sandbox-" + secrets.token_hex(24),
        "registry_key": "sandbox-" + secrets.token_hex(24),
        "registry_event_key": "sandbox-" + secrets.token_hex(24),
        "bus_key": "sandbox-" + secrets.token_hex(24),
        "courier_key": "sandbox-" + secrets.token_hex(24),
        "courier_event_key": "sandbox-" + secrets.token_hex(24),
        "archive_key": "sandbox-" + secrets.token_hex(24),
        "credit_key": "sandbox-" + secrets.token_hex(24),
        "oversight_key": "sandbox-" + secrets.token_hex(24),
        "oversight_event_key": "sandbox-" + secrets.token_hex(24),
    }


def _load(folder: Path) -> Keys:
    kept = json.loads((folder / "secrets.json").read_bytes())
    made = {**_fresh_secrets(), **kept}
    if made != kept:  # a folder from before some stand-in was there
        _write(folder / "secrets.json", json.dumps(made, indent=1).encode())
    merchant, wechat_pay, alipay_app, alipay_platform = (
        _read_private(folder / f"{name}_key.pem") for name in KEY_NAMES
    )
    return Keys(
        merchant_key=merchant,
        wechat_pay_key=wechat_pay,
        alipay_app_key=alipay_app,
        alipay_platform_key=alipay_platform,
        **made,
    )


def _read_private(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key; delete the folder to make new keys")
    return key


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _letters(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner only."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
