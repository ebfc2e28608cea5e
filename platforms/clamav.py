"""ClamAV's daemon (病毒扫描): bytes handed over with INSTREAM, over TCP or a local socket."""

import contextlib
import logging
import re
import socket
import struct
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_CLEAN = re.compile(rb"stream: OK", re.ASCII)
_FOUND = re.compile(rb"stream: [ -~]{1,500} FOUND", re.ASCII)


class ClamAv:
    """One scanner for the process; threads share it. Nothing is repeated here."""

    def __init__(self, address: str, *, connect_s: float = 1.0, whole_s: float = 5.0) -> None:
        """`address` is tcp://host:port or unix:///path; raises ValueError for anything else."""
        url = urlsplit(address)
        self._connect_s, self._whole_s = connect_s, whole_s
        self._path = url.path if url.scheme == "unix" and not url.netloc else ""
        self._host, self._port = url.hostname or "", 0
        if url.scheme == "tcp" and url.hostname and url.port and not url.path:
            self._port = url.port
        if not self._path and not self._port:
            raise ValueError("not tcp://host:port or unix:///path")

    def is_clean(self, content: bytes) -> bool | None:
        """Whether nothing was found in bytes; None when the daemon did not tell in time."""
        try:
            answer = self._asked(content)
        except OSError as error:
            log.warning("scanner_unreachable", extra={"error": type(error).__name__})
            return None
        if _CLEAN.fullmatch(answer):
            return True
        if _FOUND.fullmatch(answer):
            log.warning("scanner_found", extra={"answer": answer.decode("ascii")})
            return False
        log.warning("scanner_unreadable", extra={"answer": repr(answer[:200])})
        return None

    def _asked(self, content: bytes) -> bytes:
        """The daemon's one answer without its closing zero; raises OSError, also past the deadline."""
        until = time.monotonic() + self._whole_s
        with self._connection() as line:
            try:
                self._hand_over(line, content, until)
            except ConnectionError:
                # It may have said already why it wants no more, such as that the stream is too long.
                log.info("scanner_hung_up")
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                line.settimeout(_left(until))
                more = line.recv(_LONGEST_ANSWER)
                if not more:
                    break
                answer += more
            return answer.removesuffix(b"\0")

    def _hand_over(self, line: socket.socket, content: bytes, until: float) -> None:
        line.settimeout(_left(until))
        line.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), _CHUNK):
            piece = content[at : at + _CHUNK]
            line.settimeout(_left(until))
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))

    @contextlib.contextmanager
    def _connection(self) -> Iterator[socket.socket]:
        if self._path:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(self._connect_s)
                line.connect(self._path)
                yield line
        else:
            with socket.create_connection((self._host, self._port), timeout=self._connect_s) as line:
                yield line


def _left(until: float) -> float:
    """Seconds until the deadline; raises TimeoutError past it."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner took too long")
    return left
