"""Through which of the four ends of the service somebody acts (四端：实体大厅、电脑、自助终端、移动端).

The door that lets somebody in says so for the time of the request; what is stored meanwhile takes it from
here. Jobs act through none.
"""

from contextvars import ContextVar
from enum import StrEnum


class Channel(StrEnum):
    """An end of the service (渠道); the mobile one is told by its platform."""

    HALL = "hall"
    PC = "pc"
    KIOSK = "kiosk"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    H5 = "h5"


MOBILE = frozenset({Channel.WECHAT, Channel.ALIPAY, Channel.H5})
TEXTS: dict[Channel, str] = {
    Channel.HALL: "窗口",
    Channel.PC: "电脑",
    Channel.KIOSK: "自助终端",
    Channel.WECHAT: "微信",
    Channel.ALIPAY: "支付宝",
    Channel.H5: "手机网页",
}

_current: ContextVar[Channel | None] = ContextVar("channel", default=None)


def through(channel: Channel | None) -> None:
    """Say through which channel this request, or this thread, acts from now on."""
    _current.set(channel)


def current() -> Channel | None:
    """The channel of this request; None for what nobody does in person."""
    return _current.get()


def text(channel: str | None) -> str:
    """How people call a stored channel; empty where there was none."""
    return TEXTS[Channel(channel)] if channel else ""
