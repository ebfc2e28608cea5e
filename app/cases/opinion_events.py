"""What has happened with opinions (征求意见的事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class OpinionsIn(Event):
    """Every department that was asked has answered, or its silence counts (意见收齐)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class SilenceCounted(Event):
    """A department did not answer in time, and by the published rule that is no objection (视为无异议)."""

    case_id: int
    request_id: int
