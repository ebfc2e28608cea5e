"""Access tokens of the two accounts: the plain one and the stable one, which do not disturb each other."""

import secrets
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .timers import Clock
from .wechat_errors import Refusal

LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(seconds=300)
PLAIN_A_DAY = 2_000
STABLE_A_MINUTE = 10_000
FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Token:
    """One access token: valid until `expires_at`, unless it is revoked before."""

    value: str
    appid: str
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass
class Account:
    """One account's tokens in one of the two systems, plain or stable."""

    current: Token | None = None
    forced: deque[datetime] = field(default_factory=lambda: deque(maxlen=FORCED_A_DAY))
    asked: deque[datetime] = field(default_factory=lambda: deque(maxlen=STABLE_A_MINUTE))


class Tokens:
    """Hands out tokens and knows which are good."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._known: dict[str, Token] = {}
        self._plain: dict[str, Account] = {}
        self._stable: dict[str, Account] = {}
        self._plain_today: Counter[tuple[str, str]] = Counter()

    def plain(self, appid: str) -> tuple[str, int]:
        """Make a new token; the one before lives five minutes more. Returns (token, seconds)."""
        with self._lock:
            now = self._clock.now()
            today = (appid, _day(now))
            if self._plain_today[today] >= PLAIN_A_DAY:
                raise Refusal(45009)
            self._plain_today[today] += 1
            account = self._plain.setdefault(appid, Account())
            if account.current is not None:
                account.current.revoked_at = now + OVERLAP
            return self._issue(account, appid)

    def stable(self, appid: str, *, force: bool) -> tuple[str, int]:
        """Give the token that is current, a new one in its last five minutes or when forced.

        Forcing kills the old one at once, is allowed 20 times a day and 30 seconds apart.
        """
        with self._lock:
            now = self._clock.now()
            account = self._stable.setdefault(appid, Account())
            if len(account.asked) == STABLE_A_MINUTE and now - account.asked[0] < timedelta(minutes=1):
                raise Refusal(45011)
            account.asked.append(now)
            if force:
                self._force(account, now)
            left = self._left(account.current)
            if account.current is not None and left > OVERLAP:
                return account.current.value, int(left.total_seconds())
            return self._issue(account, appid)

    def check(self, value: str | None) -> str:
        """Say whose token it is; raises Refusal 41001, 40001 or 42001."""
        if not value:
            raise Refusal(41001)
        with self._lock:
            token = self._known.get(value)
            now = self._clock.now()
            if token is None or (token.revoked_at is not None and token.revoked_at <= now):
                raise Refusal(40001)
            if token.expires_at <= now:
                raise Refusal(42001)
            return token.appid

    def revoke(self, value: str | None) -> None:
        """Let a token die as when another system of the same owner has fetched a new one."""
        self._end(value, expire=False)

    def expire(self, value: str | None) -> None:
        """Let a token's time be over."""
        self._end(value, expire=True)

    def _end(self, value: str | None, *, expire: bool) -> None:
        with self._lock:
            token = self._known.get(value or "")
            if token is None:
                return
            if expire:
                token.expires_at = self._clock.now()
            else:
                token.revoked_at = self._clock.now()

    def _force(self, account: Account, now: datetime) -> None:
        if account.forced and now - account.forced[-1] < FORCED_APART:
            raise Refusal(45011)
        if len(account.forced) == FORCED_A_DAY and _day(account.forced[0]) == _day(now):
            raise Refusal(45009)
        account.forced.append(now)
        if account.current is not None:
            account.current.revoked_at = now
        account.current = None

    def _left(self, token: Token | None) -> timedelta:
        now = self._clock.now()
        if token is None or (token.revoked_at is not None and token.revoked_at <= now):
            return timedelta()
        return token.expires_at - now

    def _issue(self, account: Account, appid: str) -> tuple[str, int]:
        value = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(105)}"
        account.current = Token(value=value, appid=appid, expires_at=self._clock.now() + LIFE)
        self._known[value] = account.current
        return value, int(LIFE.total_seconds())


def _day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat()
