"""Systems of others that a city may be joined to (外部系统): their settings, all of each or none."""

from dataclasses import dataclass

OF_THE_REGISTRY = ("REGISTRY_URL", "REGISTRY_APP_ID", "REGISTRY_KEY", "REGISTRY_EVENT_KEY")
OF_THE_BUS = ("BUS_URL", "BUS_APP_ID", "BUS_KEY")
OF_THE_COURIER = ("COURIER_URL", "COURIER_APP_ID", "COURIER_KEY", "COURIER_EVENT_KEY")
OF_THE_ARCHIVE = ("ARCHIVE_URL", "ARCHIVE_APP_ID", "ARCHIVE_KEY")
OF_THE_CREDIT_PLATFORM = ("CREDIT_URL", "CREDIT_APP_ID", "CREDIT_KEY")


@dataclass(frozen=True)
class RegistrySettings:
    """The market-regulation registry (市场监管登记系统); `event_key` signs what it tells us."""

    url: str
    app_id: str
    key: str
    event_key: str


@dataclass(frozen=True)
class BusSettings:
    """The province's transfer bus (省级办件流转平台)."""

    url: str
    app_id: str
    key: str


@dataclass(frozen=True)
class CourierSettings:
    """The courier (快递公司); `event_key` signs what it tells us."""

    url: str
    app_id: str
    key: str
    event_key: str


@dataclass(frozen=True)
class ArchiveSettings:
    """The city's archive system (电子档案系统)."""

    url: str
    app_id: str
    key: str


@dataclass(frozen=True)
class CreditSettings:
    """The city's credit platform (公共信用信息平台)."""

    url: str
    app_id: str
    key: str


Joined = RegistrySettings | BusSettings | CourierSettings | ArchiveSettings | CreditSettings
