"""What a published number is made of (指标的组成)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Unit(StrEnum):
    """How a value is written."""

    SHARE = "share"
    NUMBER = "number"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a number: a word, how many of how many."""

    name: str
    value: float | None
    counted: float
    of: float

    @property
    def text(self) -> str:
        """The value as people read it."""
        return written(self.value, Unit.SHARE)


@dataclass(frozen=True, slots=True)
class Observed:
    """What really happened, beside what was promised (实测值)."""

    definition: str
    counted: int
    of: int

    @property
    def value(self) -> float | None:
        """The share; None while there is nothing to count from."""
        return share(self.counted, self.of)

    @property
    def text(self) -> str:
        """The value as people read it."""
        return written(self.value, Unit.SHARE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it is counted from (指标): `counted` of `of`, by `definition`.

    `promises` are the rows of the promised numbers it answers to, `goal` what was promised there; a goal is
    reached from above, or from below when `lower_is_better`. `value` is None when there is nothing to count.
    """

    key: str
    promises: tuple[str, ...]
    name: str
    definition: str
    value: float | None
    counted: float
    of: float | None
    unit: Unit = Unit.SHARE
    goal: float | None = None
    lower_is_better: bool = False
    observed: Observed | None = None
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The value as people read it."""
        return written(self.value, self.unit)

    @property
    def goal_text(self) -> str:
        """What was promised, in words; empty without a promise."""
        if self.goal is None:
            return ""
        return f"{'不超过' if self.lower_is_better else '不低于'}{written(self.goal, self.unit)}"

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None when there is none, or nothing to count."""
        if self.goal is None or self.value is None:
            return None
        return self.value <= self.goal if self.lower_is_better else self.value >= self.goal


def share(counted: float, of: float) -> float | None:
    """A share with four digits; None of nothing."""
    return round(counted / of, 4) if of else None


def written(value: float | None, unit: Unit) -> str:
    """A value as people read it; a share is never rounded up to all nor down to none."""
    if value is None:
        return "暂无数据"
    if unit is not Unit.SHARE:
        number = f"{value:.1f}".removesuffix(".0")
        return f"{number}小时" if unit is Unit.HOURS else number
    percent = f"{value * 100:.1f}".removesuffix(".0")
    if (percent == "100" and value < 1) or (percent == "0" and value > 0):
        percent = f"{value * 100:.2f}"
    return f"{percent}%"


def of_share(
    key: str, promises: tuple[str, ...], *, name: str, definition: str, counted: float, of: float, **more: Any
) -> Figure:
    """A number that is a share."""
    return Figure(key, promises, name, definition, value=share(counted, of), counted=counted, of=of, **more)
