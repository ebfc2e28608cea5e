"""One way to write a thing down (规范化JSON): the same content is always the same bytes.

It is RFC 8785 for what we sign: texts, whole numbers, true, false, null, lists and objects with ASCII names;
names sorted, no blanks, UTF-8. Fractions are refused, for programs write them in more than one way.
"""

import json
from typing import Any

# What every JSON reader takes for the same number (RFC 7493).
_LARGEST = 2**53 - 1


class NotCanonicalError(ValueError):
    """Something cannot be written in one way only."""


def canonical(content: Any) -> bytes:
    """The bytes that are signed and hashed; raises NotCanonicalError."""
    _refuse_doubtful(content)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError("half of a character") from error


def _refuse_doubtful(content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            if not isinstance(name, str) or not name.isascii():
                raise NotCanonicalError("a name that is not ASCII")
            _refuse_doubtful(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_doubtful(value)
    elif isinstance(content, int):
        if not -_LARGEST <= content <= _LARGEST:
            raise NotCanonicalError("a number that not every reader takes for the same")
    elif content is not None and not isinstance(content, str):
        raise NotCanonicalError(type(content).__name__)
