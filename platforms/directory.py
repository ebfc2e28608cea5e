"""Which platform clients this process holds (平台客户端); bootstrap fills it once."""

from dataclasses import dataclass

from platforms.alipay import Alipay
from platforms.archive import CityArchive
from platforms.bus import Bus
from platforms.courier import Courier, CourierDoor
from platforms.credit import CreditPlatform
from platforms.demo import DemoPeople
from platforms.oversight import Oversight, OversightDoor
from platforms.registry import Registry
from platforms.registry_events import RegistryDoor
from platforms.sms import Sms
from platforms.wechat import MiniProgram, OfficialAccount
from platforms.wechat_pay import WeChatPay
from platforms.wechat_push import PushDoor


@dataclass(frozen=True)
class Platforms:
    """Every client, built from settings; those that a city need not have may be None."""

    mini_program: MiniProgram
    official_account: OfficialAccount
    push_door: PushDoor
    wechat_pay: WeChatPay
    alipay: Alipay
    sms: Sms
    registry: Registry | None
    registry_door: RegistryDoor | None
    bus: Bus | None
    courier: Courier | None
    courier_door: CourierDoor | None
    archive: CityArchive | None
    credit: CreditPlatform | None
    oversight: Oversight | None
    oversight_door: OversightDoor | None
    demo: DemoPeople | None


_installed: Platforms | None = None


def install(platforms: Platforms) -> None:
    """Set the clients of this process."""
    global _installed  # noqa: PLW0603 - one set of clients for the whole process
    _installed = platforms


def current() -> Platforms:
    """The clients of this process; raises RuntimeError before `install`."""
    if _installed is None:
        raise RuntimeError("the platforms are not installed yet")
    return _installed
