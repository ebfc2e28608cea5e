"""What has happened to the check of a promise (承诺核查事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class PromiseBroken(Event):
    """A promise was found not to be so; the applicant may object (核查不实)."""

    check_id: int


@dataclass(frozen=True, slots=True)
class PromiseSettled(Event):
    """Somebody settled what follows: cleared, to be corrected, or the decision is revoked (处理结果)."""

    check_id: int


@dataclass(frozen=True, slots=True)
class PleaDecided(Event):
    """An objection to a record, or the wish that it ends, was decided (异议、信用修复的结果)."""

    plea_id: int
