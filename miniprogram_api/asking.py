"""Asking a platform for a citizen (向平台询问): its silence and its no become sentences for people."""

import contextlib
from collections.abc import Iterator

from app.errors import DomainError, Unavailable
from platforms import failures
from platforms.errors import BadSignature, Busy, Malformed, PlatformError, Refused


class PlatformAway(Unavailable):
    """The platform does not answer, or cannot at the moment."""

    code = "platform_unavailable"
    message = "{platform}暂时没有回应，请稍后再试"

    _RETRY_S = 5

    def __init__(self, *, platform: str) -> None:
        super().__init__(platform=platform, retry_after=self._RETRY_S)


@contextlib.contextmanager
def asking(platform: str, *, refused: type[DomainError]) -> Iterator[None]:
    """Call a platform in this block, outside any unit of work.

    `platform` is its Chinese name. Its no raises `refused`; anything else that goes wrong is PlatformAway,
    since nothing of ours was changed and the person can simply try again.
    """
    try:
        yield
    except (Refused, BadSignature, Malformed) as error:
        failures.note(error)
        raise refused from error
    except PlatformError as error:
        failures.note(error)
        raise PlatformAway(platform=platform) from error


def certainly_not_done(error: PlatformError) -> bool:
    """Whether a failed call surely had no effect at the platform."""
    return isinstance(error, Refused | Busy)
