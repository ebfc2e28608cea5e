"""The one way out: sessions with time-outs, a size limit, a deadline and no secrets in logs (requests)."""

import io
import logging
import os
import re
import threading
import time
from collections.abc import Mapping
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from requests.utils import get_environ_proxies
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from platforms.errors import Busy, PlatformError, Unknown

TimeOut = tuple[float, float]  # seconds to connect, seconds of silence while reading

LARGEST_ANSWER: Final = 2 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_POOL: Final = 64  # connections kept per host; the web process runs that many threads
_SECRETS = re.compile(r"(?i)\b(access_token|secret|js_code|code|openid|sign|auth_token|token)=[^&\s\"']+")


class Adapter(HTTPAdapter):
    """Sends for every client of this room.

    Adds what the libraries forget: a time-out for every call (wechatpy's own token fetch ignores it), a limit
    on size, a deadline for slowly dripping answers, a Content-Type for JSON bodies, and fresh connections
    after a fork. `rewrite` (from, to) sends addresses that a library has written down to another host.
    """

    def __init__(self, *, timeout: TimeOut, rewrite: tuple[str, str] | None = None) -> None:
        self._timeout = timeout
        self._rewrite = rewrite
        self._process = os.getpid()
        self._renewing = threading.Lock()
        super().__init__(pool_connections=4, pool_maxsize=_POOL, max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002  # the signature is requests' own
        timeout: object = None,  # noqa: ARG002  # ours holds, whatever a library passes or forgets
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send and read the whole answer. Raises requests.RequestException only."""
        self._renew_after_fork()
        if self._rewrite is not None and str(request.url).startswith(self._rewrite[0]):
            request.url = self._rewrite[1] + str(request.url)[len(self._rewrite[0]) :]
            proxies = get_environ_proxies(request.url, no_proxy=None)
        if isinstance(request.body, bytes) and "Content-Type" not in request.headers:
            request.headers["Content-Type"] = "application/json"
        deadline = time.monotonic() + sum(self._timeout)
        answer = super().send(
            request, stream=True, timeout=self._timeout, verify=verify, cert=cert, proxies=proxies
        )
        # A plain file in place of the socket: requests and every library above it read from memory.
        answer.raw = io.BytesIO(_read(answer.raw, deadline))
        return answer

    def _renew_after_fork(self) -> None:
        # Two processes that share one TLS connection break both; a forked worker begins anew.
        if self._process != os.getpid():
            with self._renewing:
                if self._process != os.getpid():
                    self.init_poolmanager(4, _POOL)
                    self._process = os.getpid()


class _NoCookies(RequestsCookieJar):
    """Keeps nothing: a platform's cookie must not travel from one citizen's call to the next."""

    def set_cookie(self, cookie: object, *_: object, **__: object) -> None:
        """Forget the cookie."""


class _HideSecrets(logging.Filter):
    """urllib3 writes whole addresses at DEBUG, and WeChat wants token and secret in the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide_secrets(record.getMessage()), ()
        return True


_HIDE_SECRETS = _HideSecrets()


def open_session(*, timeout: TimeOut, rewrite: tuple[str, str] | None = None) -> requests.Session:
    """Make a session that many threads may share. Follows no redirect, keeps no cookie, reads no .netrc."""
    logging.getLogger("urllib3.connectionpool").addFilter(_HIDE_SECRETS)  # a second time changes nothing
    session = requests.Session()
    adapter = Adapter(timeout=timeout, rewrite=rewrite)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.max_redirects = 0
    session.cookies = _NoCookies()
    session.auth = _no_auth  # otherwise a .netrc on the machine would replace our Authorization header
    return session


def failure(error: requests.RequestException, *, platform: str, operation: str) -> PlatformError:
    """Say what a broken call means: Busy when nothing can have been sent, else Unknown.

    The error's own text is left behind: it holds the address, and the address may hold a secret.
    """
    name = type(error).__name__
    if _never_sent(error):
        return Busy(platform, operation, platform_code="unreachable", detail=name)
    code = "timeout" if isinstance(error, requests.Timeout) else "broken"
    return Unknown(platform, operation, platform_code=code, detail=name)


def hide_secrets(text: str) -> str:
    """Blank out the values of secret parameters in a log line or a platform's message."""
    return _SECRETS.sub(r"\1=***", text)


def _never_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _read(raw: BaseHTTPResponse, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while part := raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise requests.exceptions.ContentDecodingError("the answer is too large")
            if time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer drips")
    except (HTTPError, OSError) as error:
        raw.close()
        if isinstance(error, requests.RequestException):
            raise
        raise requests.exceptions.ChunkedEncodingError(type(error).__name__) from None
    raw.release_conn()
    return b"".join(parts)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
