"""Numbers of applications for bundles and of their licences (一件事申请编号、综合许可编号)."""

import secrets

from app import clock

# Crockford's letters: none is taken for another when read out; eight of them after the day are 40 bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8


def new_number() -> str:
    """A number nobody can guess: the day in Shanghai and eight letters."""
    return f"{clock.today():%Y%m%d}" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
