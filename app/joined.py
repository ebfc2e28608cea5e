"""Systems of others that a city may be joined to (外部系统): their settings, all of each or none."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Joined:
    """Where a system is, who we are there, and the key for our requests; `NAMES` in the same order."""

    NAMES: ClassVar[tuple[str, ...]]

    url: str
    app_id: str
    key: str


@dataclass(frozen=True)
class Telling(Joined):
    """The same of a system that also tells us things by itself; `event_key` signs them."""

    event_key: str


class RegistrySettings(Telling):
    """The market-regulation registry (市场监管登记系统)."""

    NAMES = ("REGISTRY_URL", "REGISTRY_APP_ID", "REGISTRY_KEY", "REGISTRY_EVENT_KEY")


class BusSettings(Joined):
    """The province's transfer bus (省级办件流转平台)."""

    NAMES = ("BUS_URL", "BUS_APP_ID", "BUS_KEY")


class CourierSettings(Telling):
    """The courier (快递公司)."""

    NAMES = ("COURIER_URL", "COURIER_APP_ID", "COURIER_KEY", "COURIER_EVENT_KEY")


class ArchiveSettings(Joined):
    """The city's archive system (电子档案系统)."""

    NAMES = ("ARCHIVE_URL", "ARCHIVE_APP_ID", "ARCHIVE_KEY")


class CreditSettings(Joined):
    """The city's credit platform (公共信用信息平台)."""

    NAMES = ("CREDIT_URL", "CREDIT_APP_ID", "CREDIT_KEY")


class OversightSettings(Telling):
    """The city's supervision platform (事中事后监管平台)."""

    NAMES = ("OVERSIGHT_URL", "OVERSIGHT_APP_ID", "OVERSIGHT_KEY", "OVERSIGHT_EVENT_KEY")
