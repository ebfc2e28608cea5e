"""Settings of the platforms (微信、支付宝、短信)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class WeChatSettings:
    """The mini-program and the official account (微信小程序、公众号)."""

    api_url: str
    mini_appid: str
    mini_secret: str
    oa_appid: str
    oa_secret: str
    oa_token: str
    oa_aes_key: str
    templates: Mapping[str, str]


@dataclass(frozen=True)
class WeChatPaySettings:
    """The merchant at WeChat Pay (微信支付)."""

    url: str
    mchid: str
    serial: str
    private_key_file: Path
    apiv3_key: str
    public_key_file: Path
    public_key_id: str


@dataclass(frozen=True)
class AlipaySettings:
    """The application at Alipay (支付宝)."""

    gateway_url: str
    app_id: str
    private_key_file: Path
    public_key_file: Path
    aes_key: str
    seller_id: str
    templates: Mapping[str, str]


@dataclass(frozen=True)
class SmsSettings:
    """The short-message provider (短信)."""

    url: str
    key: str
