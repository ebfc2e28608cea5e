"""Structured logs (日志): one JSON object a line, with the request's id, without personal data."""

import logging
import re
import sys
import threading
from collections import deque
from contextvars import ContextVar
from typing import Any, TextIO

import orjson

from app import clock

_request_id: ContextVar[str] = ContextVar("request_id", default="-")

# What every LogRecord carries of itself; the rest was passed by `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Citizen numbers, phones, bearer tokens and secrets in query strings never reach a log (PIPL 51).
_HIDDEN = "bearer|secret|access_token|refresh_token|code|openid|session_key|sign"
_MASKS = (
    (re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])"), r"\1************"),
    (re.compile(r"(?<!\d)((?:86)?1[3-9]\d)\d{4}(\d{4})(?!\d)"), r"\1****\2"),
    (re.compile(rf"(?i)\b({_HIDDEN})([=: ]+)[^\s&\"'\\]+"), r"\1\2***"),
    # The same inside JSON and Python reprs, where names and values have quotes.
    (re.compile(rf"(?i)\b({_HIDDEN})(\\?[\"']: ?\\?[\"'])[^\"'\\]+"), r"\1\2***"),
    # PostgreSQL shows the row that it refuses, to the end of the line.
    (re.compile(r"(DETAIL: )(?:[^\"\\]|\\[^n])*"), r"\1***"),
)


def request_id() -> str:
    """The id of the request in hand, or "-"."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Say which request this thread works for."""
    _request_id.set(value)


def masked(text: str) -> str:
    """The text without citizen numbers, phone numbers and secrets."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


class JsonFormatter(logging.Formatter):
    """A record as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        """Render and mask."""
        fields: dict[str, Any] = {
            "at": clock.now(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            "request_id": request_id(),
        }
        fields.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return masked(orjson.dumps(fields, default=str).decode())


class LineWriter:
    """Writes access lines in batches from a thread of its own, so that no request waits for a pipe."""

    _EVERY_S = 0.25
    # While nobody reads the pipe the oldest lines are lost, not the program's memory.
    _MOST_LINES = 100_000

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: deque[str] = deque(maxlen=self._MOST_LINES)
        self._started = False
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Take one line without its end."""
        self._lines.append(line)
        if not self._started:
            self._start()

    def flush(self) -> None:
        """Write what has been taken so far."""
        taken = [self._lines.popleft() for _ in range(len(self._lines))]
        if taken:
            self._stream.write("\n".join(taken) + "\n")
            self._stream.flush()

    def _start(self) -> None:
        with self._lock:
            if self._started:
                return
            self._started = True
            threading.Thread(target=self._run, name="access-log", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(self._EVERY_S)
            self.flush()


def configure(*, level: int = logging.INFO) -> None:
    """Send every record to standard output as JSON; called once by bootstrap."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("urllib3", "rq", "wechatpy", "wechatpayv3", "alipay"):
        logging.getLogger(name).setLevel(logging.WARNING)
