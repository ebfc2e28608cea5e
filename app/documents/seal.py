"""The department's electronic seal (电子印章, R071) as a port.

The city joins its seal platform by another class with the same two verbs. Until it does, a production
leaves the place free for the seal of the hall, and every other environment draws a mark that nobody can
take for a seal.
"""

from dataclasses import dataclass
from typing import Protocol

from app import settings


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn at the seal's place: a ring with words, or only words."""

    words: str
    below: str = ""
    ring: bool = False


class Seal(Protocol):
    """A seal of departments. Called by the drawing job, never inside a unit of work."""

    def mark(self, *, dept_code: str, dept_name: str) -> Mark:
        """What is drawn where the seal belongs."""

    def sign(self, content: bytes, *, dept_code: str) -> bytes:
        """The file with the seal's signature in it; raises a platform error when it cannot be had now."""


class SealOfTheHall:
    """No electronic seal: the place is free, and the hall stamps the paper."""

    def mark(self, *, dept_code: str, dept_name: str) -> Mark:
        """Where the stamp goes."""
        del dept_code, dept_name
        return Mark("（此处盖章）")

    def sign(self, content: bytes, *, dept_code: str) -> bytes:
        """The file as it is."""
        del dept_code
        return content


class SealForShow(SealOfTheHall):
    """A stand-in for everywhere but production (演示用章)."""

    def mark(self, *, dept_code: str, dept_name: str) -> Mark:
        """A ring that says what it is."""
        del dept_code, dept_name
        return Mark("演示用章", "没有法律效力", ring=True)


def current() -> Seal:
    """The seal of this process."""
    return SealOfTheHall() if settings.current().production else SealForShow()
