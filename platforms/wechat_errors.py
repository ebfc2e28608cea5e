"""WeChat's error codes in our five words (微信全局返回码)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import hide_secrets

# The token is dead: fetch another one and try once more.
DEAD_TOKEN: Final = frozenset({40001, 40014, 42001})

# Not executed, and not the request's fault: overload (-1), limits, or our own credentials (secret, list of
# addresses). When the operator or the clock has mended it, the same request will pass.
_NOT_EXECUTED: Final = DEAD_TOKEN | {
    -1, 40013, 40125, 40164, 41001, 41002, 41004, 45009, 45011, 45060
}  # fmt: skip

_REQUEST_MARK = re.compile(r"\s*rid: [0-9a-f-]+\s*$")
_TOO_MANY_REQUESTS: Final = 429


def from_code(code: int, message: Any, *, operation: str) -> PlatformError:
    """Translate an errcode; the changing request mark at the end of errmsg is dropped."""
    kind = Busy if code in _NOT_EXECUTED else Refused
    detail = hide_secrets(_REQUEST_MARK.sub("", str(message)))
    return kind("wechat", operation, platform_code=str(code), detail=detail)


def from_status(status: int, *, operation: str) -> PlatformError:
    """Translate an HTTP status that is not 200: WeChat refuses with 200, so this is a gateway talking."""
    kind = Busy if status == _TOO_MANY_REQUESTS else Unknown
    return kind("wechat", operation, platform_code=f"http_{status}")


@contextmanager
def reading(operation: str) -> Iterator[None]:
    """Turn the ValueError of a field that is missing or wrong into Unknown."""
    try:
        yield
    except ValueError as error:
        raise unreadable(operation, error) from None


def unreadable(operation: str, reason: object) -> PlatformError:
    """Say that an answer came which cannot be read (cut short, HTML, fields missing)."""
    return Unknown("wechat", operation, platform_code="unreadable", detail=str(reason))
