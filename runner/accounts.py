"""Under which account a server runs that refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from runner.errors import CannotStart

# Accounts that every system has; none is made.
UNPRIVILEGED = ("nobody", "postgres", "daemon")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of the system, and whether it must be helped through root's folders."""

    uid: int
    gid: int
    reach: bool = False

    def able_to_use(self, *paths: Path) -> "Account":
        """The same account, helped past root's folders when it could not get at these by itself."""
        return replace(self, reach=not all(_within_reach(path, self) for path in paths))


def unprivileged_account(folder: Path) -> Account | None:
    """Choose the account that shall own `folder`, or None when this process is not root.

    A folder that belongs to somebody else already keeps its owner, so that a project once run as an
    ordinary user can be run by root and back. Raises CannotStart when the system has no such account.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat()
    return Account(owner.st_uid, owner.st_gid) if owner.st_uid != 0 else _known_account()


def _known_account() -> Account:
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    message = (
        "PostgreSQL does not run as root, and this system has no account called "
        f"{', '.join(UNPRIVILEGED)}. Run as an ordinary user or set DATABASE_URL."
    )
    raise CannotStart(message)


def _within_reach(path: Path, account: Account) -> bool:
    """Whether the account may enter every folder above `path` and read and run what is there."""
    whole = path.resolve()
    return all(_may(account, parent, stat.S_IXOTH) for parent in whole.parents) and _may(
        account, whole, stat.S_IROTH | stat.S_IXOTH
    )


def _may(account: Account, path: Path, wanted: int) -> bool:
    """Whether permission bits allow `wanted` (given as the bits of others) to the account."""
    status = path.stat()
    if status.st_uid == account.uid:
        wanted <<= 6
    elif status.st_gid == account.gid:
        wanted <<= 3
    return status.st_mode & wanted == wanted
