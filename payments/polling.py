"""When to ask a channel again (轮询节奏): often at first, then less."""

from datetime import datetime, timedelta

# WeChat Pay's guideline for orders; seconds after each try.
_LADDER_S = (5, 30, 60, 180, 300, 600, 1800)


def next_check(checks: int, now: datetime) -> datetime:
    """The moment of the next question after `checks` questions."""
    return now + timedelta(seconds=_LADDER_S[min(checks, len(_LADDER_S) - 1)])
