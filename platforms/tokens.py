"""One access token per app, shared by every process (接口调用凭据 access_token).

Source: WeChat's stable_token. In normal mode it answers the same token to everybody until five minutes before
its end, so processes cannot kill each other's; forcing a new one is rationed (20 a day, 30 s apart).
"""

import json
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import redis
import requests

from platforms import strict_json, wechat_errors
from platforms.errors import Busy, PlatformError
from platforms.transport import TimeOut, failure, open_session

_LONGEST_S: Final = 7200  # two hours, says WeChat
_EARLY_S: Final = (
    300  # refreshed this long before the end, the moment WeChat itself begins to hand out the next
)
_LOCK_MS: Final = 10_000
_WAIT_S: Final = 4.0
_FORCE_APART_S: Final = 30

# Store only while the lock is still ours: a slow fetcher must not overwrite what a later one has stored.
_STORE: Final = """
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
return 1
"""
_UNLOCK: Final = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
)


@dataclass(frozen=True)
class WeChatConfig:
    """Where WeChat is and who we are. `timeout`: seconds to connect, seconds of silence while reading."""

    api_url: str
    appid: str
    secret: str
    timeout: TimeOut = (2, 5)


@dataclass(frozen=True)
class _Held:
    """A token in this process; both moments on the monotonic clock."""

    token: str
    renew_at: float
    dead_at: float


class AccessTokens:
    """The app's access token: from this process, else from Redis, else from WeChat, by one fetcher at a time.

    Shared by threads. With Redis None or down, each process keeps its own copy, which with stable_token is
    the same token. Raises Busy when there is none to be had, never Unknown: fetching a token changes nothing.
    """

    def __init__(self, store: redis.Redis | None, config: WeChatConfig) -> None:
        self._store = store
        self._config = config
        self._session = open_session(timeout=config.timeout)
        self._fetching = threading.Lock()
        self._held: _Held | None = None
        self._failed: tuple[float, PlatformError] | None = None  # when and why a fetch failed last
        self._forced_at = float("-inf")
        self._key = f"wechat:token:{config.appid}"
        self._lock_key = f"{self._key}:lock"
        self._forced_key = f"{self._key}:forced"

    def get(self) -> str:
        """Give a token that should still be alive."""
        held = self._held
        now = time.monotonic()
        if held is not None and now < held.renew_at:
            return held.token
        alive = held.token if held is not None and now < held.dead_at else None
        if not self._fetching.acquire(blocking=alive is None) and alive is not None:
            return alive  # another thread is renewing it; until then the old one works
        try:
            return self._renew(stale=None, asked_at=now)
        finally:
            self._fetching.release()

    def refresh(self, stale: str) -> str:
        """Give another token than `stale`, which WeChat has just refused. Raises Busy when there is none."""
        now = time.monotonic()
        with self._fetching:
            if self._held is not None and self._held.token != stale:
                return self._held.token  # another thread met the same refusal first
            self._held = None
            return self._renew(stale=stale, asked_at=now)

    def _renew(self, *, stale: str | None, asked_at: float) -> str:
        held = self._held
        if held is not None and time.monotonic() < held.renew_at:
            return held.token  # renewed while this thread waited
        if self._failed is not None and self._failed[0] >= asked_at:
            # Failed while this thread waited: on the day WeChat hangs, sixty threads wait once, not in turn.
            raise self._no_token(self._failed[1])
        try:
            try:
                return self._shared(stale=stale)
            except redis.RedisError:
                return self._fetch_for_myself(stale=stale)
        except PlatformError as error:
            self._failed = time.monotonic(), error
            if held is not None and time.monotonic() < held.dead_at:
                return held.token  # WeChat is down, and the old token is good for some minutes more
            raise

    def _shared(self, *, stale: str | None) -> str:
        if self._store is None:
            return self._fetch_for_myself(stale=stale)
        mark = secrets.token_hex(16)
        give_up_at = time.monotonic() + _WAIT_S
        while True:
            token = self._stored(stale=stale)
            if token is not None:
                return token
            if self._store.set(self._lock_key, mark, nx=True, px=_LOCK_MS):
                return self._fetch_for_all(mark, stale=stale)
            if time.monotonic() > give_up_at:
                return self._fetch_for_myself(stale=stale)
            time.sleep(0.05)

    def _stored(self, *, stale: str | None) -> str | None:
        store = self._store
        if store is None:
            return None
        with store.pipeline(transaction=True) as both:
            both.get(self._key)
            both.pttl(self._key)
            value, left_ms = both.execute()
        if value is None:
            return None
        token = value.decode() if isinstance(value, bytes) else str(value)
        if token == stale or left_ms <= _EARLY_S * 1000:
            return None
        self._keep(token, left_ms / 1000)
        return token

    def _fetch_for_all(self, mark: str, *, stale: str | None) -> str:
        store = self._store
        if store is None:
            return self._fetch_for_myself(stale=stale)
        try:
            # Whoever held the lock before may have stored a token since this thread looked.
            known = self._stored(stale=stale)
            if known is not None:
                return known
            token, lives_s = self._fetch_other_than(stale)
            self._keep(token, lives_s)
            with suppress(redis.RedisError):
                store.eval(_STORE, 2, self._key, self._lock_key, mark, token, str(int(lives_s * 1000)))
            return token
        finally:
            with suppress(redis.RedisError):
                store.eval(_UNLOCK, 1, self._lock_key, mark)

    def _fetch_for_myself(self, *, stale: str | None) -> str:
        token, lives_s = self._fetch_other_than(stale)
        self._keep(token, lives_s)
        return token

    def _fetch_other_than(self, stale: str | None) -> tuple[str, float]:
        token, lives_s = self._fetch(force=False)
        if token != stale:
            return token, lives_s
        if not self._may_force():
            raise Busy("wechat", "stable_token", platform_code="token_refused", detail="forced a moment ago")
        return self._fetch(force=True)

    def _may_force(self) -> bool:
        now = time.monotonic()
        if now - self._forced_at < _FORCE_APART_S:
            return False
        self._forced_at = now
        if self._store is None:
            return True
        try:
            return bool(self._store.set(self._forced_key, "1", nx=True, ex=_FORCE_APART_S))
        except redis.RedisError:
            return True

    def _keep(self, token: str, lives_s: float) -> None:
        now = time.monotonic()
        # WeChat may repeat a token that is about to end; asking again at once would be a storm.
        renew_in = max(lives_s - _EARLY_S, min(60.0, lives_s / 2))
        self._held = _Held(token, renew_at=now + renew_in, dead_at=now + lives_s)

    def _fetch(self, *, force: bool) -> tuple[str, float]:
        wanted = {
            "grant_type": "client_credential",
            "appid": self._config.appid,
            "secret": self._config.secret,
            "force_refresh": force,
        }
        try:
            answer = self._session.post(
                f"{self._config.api_url.rstrip('/')}/cgi-bin/stable_token", data=json.dumps(wanted).encode()
            )
        except requests.RequestException as error:
            raise self._no_token(failure(error, platform="wechat", operation="stable_token")) from None
        if answer.status_code != requests.codes.ok:
            raise self._no_token(wechat_errors.from_status(answer.status_code, operation="stable_token"))
        return self._read(answer.content)

    def _read(self, content: bytes) -> tuple[str, float]:
        try:
            with wechat_errors.reading("stable_token"):
                return _token_in(strict_json.read_object(content))
        except PlatformError as error:
            raise self._no_token(error) from None

    @staticmethod
    def _no_token(error: PlatformError) -> Busy:
        return Busy("wechat", "stable_token", platform_code=error.platform_code, detail=error.detail)


def _token_in(read: dict[str, Any]) -> tuple[str, float]:
    code = read.get("errcode", 0)
    if type(code) is not int:
        raise ValueError("errcode is no number")
    if code:
        raise wechat_errors.from_code(code, read.get("errmsg"), operation="stable_token")
    lives_s = read.get("expires_in")
    if type(lives_s) is not int or not 0 < lives_s <= _LONGEST_S:
        raise ValueError("expires_in is no number of seconds")
    return strict_json.text_of(read, "access_token", longest=1024), float(lives_s)
