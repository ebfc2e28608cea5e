"""The clients of all platforms (平台客户端), made from the settings; only bootstrap asks for them."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app import queues, settings
from app.joined import (
    ArchiveSettings,
    BusSettings,
    CourierSettings,
    CreditSettings,
    OversightSettings,
    RegistrySettings,
)
from app.materials.scanning import Scanner
from app.platform_settings import AlipaySettings
from platforms.alipay import Alipay, AlipayConfig
from platforms.archive import CityArchive
from platforms.bus import Bus
from platforms.clamav import ClamAv
from platforms.courier import Courier, CourierDoor
from platforms.credit import CreditPlatform
from platforms.demo import DemoPeople
from platforms.directory import Platforms
from platforms.oversight import Oversight, OversightDoor
from platforms.registry import Registry
from platforms.registry_events import RegistryDoor
from platforms.signed_line import LineConfig
from platforms.sms import Sms
from platforms.tokens import AccessTokens
from platforms.wechat import MiniProgram, OfficialAccount, WeChatConfig
from platforms.wechat_pay import WeChatPay, WeChatPayConfig
from platforms.wechat_push import PushDoor


def build(found: settings.Settings) -> Platforms:
    """Every platform client of this process; its keys are read and parsed once, here."""
    mini = WeChatConfig(found.wechat.api_url, found.wechat.mini_appid, found.wechat.mini_secret)
    # The bot asks while WeChat waits five seconds for the reply.
    office = WeChatConfig(found.wechat.api_url, found.wechat.oa_appid, found.wechat.oa_secret, timeout=(1, 2))
    with _usable("WECHAT_OA_TOKEN or WECHAT_OA_AES_KEY"):
        push_door = PushDoor(found.wechat.oa_token, found.wechat.oa_aes_key, found.wechat.oa_appid)
    return Platforms(
        mini_program=MiniProgram(mini, AccessTokens(queues.connection(), mini)),
        official_account=OfficialAccount(office, AccessTokens(queues.connection(), office)),
        push_door=push_door,
        wechat_pay=_wechat_pay(found),
        alipay=_alipay(found.alipay),
        sms=Sms(found.sms.url, found.sms.key),
        registry=_registry(found.registry),
        registry_door=None if found.registry is None else RegistryDoor(found.registry.event_key),
        bus=_bus(found.bus),
        courier=_courier(found.courier),
        courier_door=None if found.courier is None else CourierDoor(found.courier.event_key),
        archive=_archive(found.archive),
        credit=_credit(found.credit),
        oversight=_oversight(found.oversight),
        oversight_door=None if found.oversight is None else OversightDoor(found.oversight.event_key),
        demo=DemoPeople.beside(
            found.wechat.api_url, public_url=found.public_url, production=found.production
        ),
    )


def scanner(address: str | None) -> Scanner | None:
    """What looks through uploads for viruses; None in a city that has said that there is none."""
    if address is None:
        return None
    with _usable("CLAMAV_URL"):
        return ClamAv(address).is_clean


def _wechat_pay(found: settings.Settings) -> WeChatPay:
    pay = found.wechat_pay
    config = WeChatPayConfig(
        base_url=pay.url,
        mchid=pay.mchid,
        appid=found.wechat.mini_appid,
        serial=pay.serial,
        private_key_pem=_key_file("WECHAT_PAY_PRIVATE_KEY_FILE", pay.private_key_file),
        apiv3_key=pay.apiv3_key,
        public_key_pem=_key_file("WECHAT_PAY_PUBLIC_KEY_FILE", pay.public_key_file),
        public_key_id=pay.public_key_id,
    )
    with _usable("WECHAT_PAY_…"):
        return WeChatPay(config)


def _alipay(found: AlipaySettings) -> Alipay:
    config = AlipayConfig(
        gateway_url=found.gateway_url,
        app_id=found.app_id,
        private_key_pem=_key_file("ALIPAY_PRIVATE_KEY_FILE", found.private_key_file),
        alipay_public_key_pem=_key_file("ALIPAY_PUBLIC_KEY_FILE", found.public_key_file),
        aes_key=found.aes_key,
        seller_id=found.seller_id,
    )
    with _usable("ALIPAY_…"):
        return Alipay(config)


def _registry(found: RegistrySettings | None) -> Registry | None:
    if found is None:
        return None
    return Registry(LineConfig(url=found.url, app_id=found.app_id, key=found.key))


def _bus(found: BusSettings | None) -> Bus | None:
    if found is None:
        return None
    return Bus(LineConfig(url=found.url, app_id=found.app_id, key=found.key))


def _courier(found: CourierSettings | None) -> Courier | None:
    if found is None:
        return None
    return Courier(LineConfig(url=found.url, app_id=found.app_id, key=found.key))


def _archive(found: ArchiveSettings | None) -> CityArchive | None:
    if found is None:
        return None
    # A package holds photos: it takes longer than a question.
    return CityArchive(LineConfig(url=found.url, app_id=found.app_id, key=found.key, timeout=(2, 30)))


def _credit(found: CreditSettings | None) -> CreditPlatform | None:
    if found is None:
        return None
    return CreditPlatform(LineConfig(url=found.url, app_id=found.app_id, key=found.key))


def _oversight(found: OversightSettings | None) -> Oversight | None:
    if found is None:
        return None
    return Oversight(LineConfig(url=found.url, app_id=found.app_id, key=found.key))


def _key_file(name: str, path: Path) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise settings.UnsafeSettingError(
            f"{name} must name a readable key file, and {str(path)!r} is none; `make run` makes one."
        ) from error


@contextlib.contextmanager
def _usable(names: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise settings.UnsafeSettingError(f"A setting of {names} cannot be used: {error}.") from error
