"""JSON from outside, read without surprises: an object, UTF-8, each key once, no NaN, no endless nesting."""

import json
from typing import Any, NoReturn


def read_object(content: bytes | str) -> dict[str, Any]:
    """Read one JSON object. Raises ValueError for anything else, whatever the bytes are."""
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    try:
        value = json.loads(text, object_pairs_hook=each_key_once, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  # one kind of error for every bad content
    return value


def each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make the object; ValueError when a key comes twice, for two readers could see two values."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key comes twice")
    return made


def text_of(source: dict[str, Any], key: str, *, longest: int = 128) -> str:
    """Take a text that must be there. Raises ValueError when it is missing, empty, no text or too long."""
    value = source.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError(f"{key} is not a text of 1 to {longest}")
    return value


def optional_text(source: dict[str, Any], key: str, *, longest: int = 128) -> str | None:
    """Take a text that may be missing or empty (None). Raises ValueError when it is something else."""
    value = source.get(key)
    return None if value is None or value == "" else text_of(source, key, longest=longest)


def object_of(source: dict[str, Any], key: str) -> dict[str, Any]:
    """Take an inner object; a missing one is empty. Raises ValueError when it is something else."""
    value = source.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{key} is not an object")  # noqa: TRY004  # as above
    return value


def fen_of(source: dict[str, Any], key: str) -> int:
    """Take an amount in whole fen. 80.0, "80", true and negative amounts raise ValueError."""
    value = source.get(key)
    if type(value) is not int or value < 0:
        raise ValueError(f"{key} is not a whole number of fen")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
