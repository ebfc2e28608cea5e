"""One HTTP call to the program with a hard time limit, as WeChat makes it: no redirects, no patience."""

import contextlib
import http.client
import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

LARGEST_ANSWER = 256 * 1024


@dataclass(frozen=True)
class Call:
    """What came back: HTTP status (None without an answer), body, seconds, and what went wrong."""

    status: int | None
    body: bytes
    seconds: float
    trouble: str | None


def call(url: str, *, query: dict[str, str], body: bytes | None, limit: float) -> Call:
    """POST the body (GET without one) and wait at most `limit` seconds for the whole answer.

    A watchdog ends the connection at the limit, so that an answer that drips cannot stretch it.
    """
    address = urlsplit(url)
    line = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=limit)
    begun = time.monotonic()
    watchdog = threading.Timer(limit, _hang_up, (line,))
    watchdog.daemon = True
    watchdog.start()
    try:
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Connection": "close"}
        method = "GET" if body is None else "POST"
        line.request(method, f"{address.path}?{urlencode(query)}", body=body, headers=headers)
        answer = line.getresponse()
        content = answer.read(LARGEST_ANSWER + 1)
        return _result(begun, status=answer.status, body=content, limit=limit)
    except (OSError, http.client.HTTPException) as error:
        return _result(begun, trouble=type(error).__name__, limit=limit)
    finally:
        watchdog.cancel()
        line.close()


def _result(
    begun: float, *, limit: float, status: int | None = None, body: bytes = b"", trouble: str | None = None
) -> Call:
    seconds = time.monotonic() - begun
    if seconds >= limit:
        return Call(None, b"", seconds, "timeout")
    if len(body) > LARGEST_ANSWER:
        return Call(status, b"", seconds, "answer too large")
    return Call(status, body, seconds, trouble)


def _hang_up(line: http.client.HTTPConnection) -> None:
    if line.sock is not None:
        with contextlib.suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)
