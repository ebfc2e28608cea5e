"""The statements that one request issues, taken from the engine's log, as a script for pgbench."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import NoneType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sb]|%%")


@dataclass
class Log:
    """What the engine has sent: statements with their values, and the ends of transactions."""

    lines: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)


@contextlib.contextmanager
def logged(engine: Engine) -> Iterator[Log]:
    """Write down everything that the engine sends meanwhile, pings of pooled connections excepted."""
    log = Log()

    def cursor(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        rows = parameters if isinstance(parameters, list) else [parameters]
        log.lines.extend((statement, dict(values)) for values in rows)

    def end(word: str) -> Callable[[Connection], None]:
        def write(connection: Connection) -> None:
            if not getattr(connection.connection.driver_connection, "autocommit", False):
                log.lines.append((word, {}))  # without a transaction the word is never sent

        return write

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": cursor,
        "begin": end("BEGIN"),
        "commit": end("COMMIT"),
        "rollback": end("ROLLBACK"),
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield log
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def script(log: Log, *, varying: Mapping[Any, str]) -> str:
    """The log as pgbench statements.

    `varying` maps values of the logged request to the SQL that stands for them in each repetition, such as
    `:n`. A text that holds one of them is put together from its parts.
    """
    return "".join(f"{_rendered(statement, values, varying)};\n" for statement, values in log.lines)


def _rendered(statement: str, values: Mapping[str, Any], varying: Mapping[Any, str]) -> str:
    def value(match: re.Match[str]) -> str:
        return "%" if match.group(0) == "%%" else _literal(values[match.group(1)], varying)

    return _PLACEHOLDER.sub(value, statement).strip()


_LITERALS: dict[type, Callable[[Any], str]] = {
    NoneType: lambda _: "NULL",
    int: lambda value: str(value).lower(),
    bytes: lambda value: f"'\\x{value.hex()}'::bytea",
    datetime: lambda value: f"'{value}'::timestamptz",
    date: lambda value: f"'{value}'::date",
    UUID: lambda value: f"'{value}'::uuid",
}


def _literal(value: Any, varying: Mapping[Any, str]) -> str:
    value = getattr(value, "obj", value)  # psycopg's mark of binary values
    if type(value) in {int, bytes, str} and value in varying:
        return varying[value]
    if isinstance(value, list):
        return f"ARRAY[{', '.join(_literal(part, varying) for part in value)}]"
    if isinstance(value, dict):
        return f"{_joined(json.dumps(value, ensure_ascii=False), varying)}::jsonb"
    for kind, rendered in _LITERALS.items():
        if isinstance(value, kind):
            return rendered(value)
    if isinstance(value, str):
        return _joined(value, varying)
    raise TypeError(f"no SQL is known for a {type(value).__name__}")


def _joined(value: str, varying: Mapping[Any, str]) -> str:
    """A text, cut at the varying values it holds."""
    words = sorted(
        (word for word in varying if isinstance(word, str) and word in value), key=len, reverse=True
    )
    if not words:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
        return f"E'{escaped}'"
    before, _, after = value.partition(words[0])
    parts = [_joined(part, varying) for part in (before, after) if part]
    parts.insert(1 if before else 0, varying[words[0]])
    return f"({' || '.join(parts)})"
