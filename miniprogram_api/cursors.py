"""Where the next page begins (翻页游标): an opaque word in both directions."""

import base64
import binascii

from app.errors import Invalid

_PREFIX = b"n"
_DIGITS = 15


class CursorInvalid(Invalid):
    """The cursor is none of ours."""

    code = "cursor_invalid"
    message = "列表已经更新，请从头查看"


def write(number: int | None) -> str | None:
    """The cursor of a number; None at the end."""
    if number is None:
        return None
    return base64.urlsafe_b64encode(_PREFIX + str(number).encode()).decode().rstrip("=")


def number(cursor: str | None) -> int | None:
    """The number of a cursor; None for the first page; raises CursorInvalid."""
    if not cursor:
        return None
    try:
        read = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CursorInvalid from error
    digits = read.removeprefix(_PREFIX)
    if not read.startswith(_PREFIX) or not digits.isdigit() or len(digits) > _DIGITS:
        raise CursorInvalid
    return int(digits)
