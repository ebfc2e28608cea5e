"""Numbers of lists that whoever holds them may read (清单编号)."""

import secrets

# Crockford's letters: none is taken for another when read out; 20 of them are 100 bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 20
_READ_AS = str.maketrans({" ": None, "-": None, "O": "0", "I": "1", "L": "1"})


def new_number() -> str:
    """A number that nobody guesses."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def as_printed(typed: str) -> str:
    """A number as it stands on the paper: small letters, gaps and letters taken for digits are put right."""
    return typed.upper().translate(_READ_AS)


def in_groups(number: str) -> str:
    """A number in groups of five, to be read out."""
    return " ".join(number[start : start + 5] for start in range(0, len(number), 5))
