"""Passwords of clerks (密码): argon2id, and as slow for an account that does not exist."""

import threading
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from app.staff.errors import SignInBusy

SHORTEST = 12
LONGEST = 200

# RFC 9106's second choice: 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
# Each check takes 64 MiB; more of them at once would let anybody fill the memory of a web process.
_ROOM = threading.BoundedSemaphore(2)
_PATIENCE_S = 5


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether a password belongs to a hash; without one, the same work is done. Raises SignInBusy."""
    if not _ROOM.acquire(timeout=_PATIENCE_S):
        raise SignInBusy(retry_after=_PATIENCE_S)
    try:
        return _HASHER.verify(stored or _nobodys(), password[: LONGEST + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _ROOM.release()


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
