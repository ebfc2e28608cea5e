"""A draft on a newer version (并入新版本): field by field; what both changed stays as the draft has it."""

from collections.abc import Mapping
from typing import Any, Final

Body = Mapping[str, Any]

_ABSENT: Final = object()


def merged(base: Body, ours: Body, theirs: Body) -> tuple[dict[str, Any], list[str]]:
    """The body with the changes of both, and the fields that both changed differently.

    `base` is what the draft began from, `ours` the draft, `theirs` what was published meanwhile.
    """
    body: dict[str, Any] = {}
    both: list[str] = []
    for name in {**theirs, **ours}:
        was, mine, new = (one.get(name, _ABSENT) for one in (base, ours, theirs))
        kept = new if mine == was else mine
        if kept is not _ABSENT:
            body[name] = kept
        if mine not in (was, new) and new != was:
            both.append(name)
    return body, sorted(both)
