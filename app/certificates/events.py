"""What has happened to a certificate (电子证照事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class CertificateIssued(Event):
    """A decision gave a certificate (已签发); `quiet`: the decision is told, and this with it."""

    certificate_id: int
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CertificateRevoked(Event):
    """An approver ended a certificate (已撤销或注销)."""

    certificate_id: int
