"""One POST to the program with a hard time limit, as the payment channels make it: no redirects."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Letter:
    """What is sent: headers and the exact bytes of the body."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What came back: HTTP status (None without an answer), body, seconds, and what went wrong."""

    status: int | None
    body: bytes
    seconds: float
    trouble: str | None = None


def post(url: str, letter: Letter, *, limit: float) -> Reply:
    """Send the letter and wait at most `limit` seconds for the whole answer.

    A watchdog ends the connection at the limit, so that an answer that drips cannot stretch it.
    """
    begun = time.monotonic()
    try:
        line, target = _open(url, limit)
    except ValueError:
        return Reply(None, b"", 0.0, "no such address")
    watchdog = threading.Timer(limit, _hang_up, (line,))
    watchdog.daemon = True
    watchdog.start()
    try:
        line.request("POST", target, body=letter.body, headers={**letter.headers, "Connection": "close"})
        answer = line.getresponse()
        content = answer.read(LARGEST_ANSWER)
        return _reply(begun, answer.status, content, limit=limit)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return _reply(begun, None, b"", limit=limit, trouble=type(error).__name__)
    finally:
        watchdog.cancel()
        line.close()


def _open(url: str, limit: float) -> tuple[http.client.HTTPConnection, str]:
    address = urlsplit(url)
    if address.hostname is None or address.scheme not in {"http", "https"}:
        raise ValueError("not an address")
    target = address.path or "/"
    if address.query:
        target = f"{target}?{address.query}"
    if address.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            address.hostname, address.port, timeout=limit, context=context
        ), target
    return http.client.HTTPConnection(address.hostname, address.port, timeout=limit), target


def _reply(
    begun: float, status: int | None, body: bytes, *, limit: float, trouble: str | None = None
) -> Reply:
    seconds = time.monotonic() - begun
    if seconds >= limit:
        return Reply(None, b"", seconds, "timeout")
    return Reply(status, body, seconds, trouble)


def _hang_up(line: http.client.HTTPConnection) -> None:
    if line.sock is not None:
        with contextlib.suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)
