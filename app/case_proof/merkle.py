"""One hash over many, and the way from one of them to it (默克尔树): RFC 9162, section 2.1; pure."""

import hashlib
from collections.abc import Sequence

_LEAF, _NODE = b"\x00", b"\x01"


def leaf(content: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(_LEAF + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash over all entries; over none the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    return _levels(leaves)[-1][0]


def paths(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """What is hashed with each entry on its way to the root, from below."""
    below = _levels(leaves)[:-1]
    return [_path(below, position) for position in range(len(leaves))]


def _path(levels: Sequence[Sequence[bytes]], position: int) -> list[bytes]:
    found: list[bytes] = []
    for level in levels:
        beside = position ^ 1
        if beside < len(level):
            found.append(level[beside])
        position //= 2
    return found


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All hashes level by level; one that has no neighbour goes up as it is."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [
            hashlib.sha256(_NODE + below[at] + below[at + 1]).digest() for at in range(0, len(below) - 1, 2)
        ]
        levels.append(above + (below[-1:] if len(below) % 2 else []))
    return levels
