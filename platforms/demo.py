"""The people of the sandbox (演示身份): whom one may be in a demonstration, and a login code in their name.

Nothing here knows a way to be somebody at the real WeChat: the login code comes from the stand-in's own
control plane, and `DemoPeople.beside` makes no client unless the WeChat address is a loopback one outside
production. The code is then redeemed as any other.
"""

import ipaddress
import re
import threading
import time
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests

from platforms import strict_json
from platforms.errors import Refused, Unknown
from platforms.transport import failure, open_session

_KEY = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)
# Scheme, host and port, and nothing that could be read in two ways.
_BARE_ADDRESS = re.compile(
    r"https?://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?/?", re.ASCII
)
_HIGHEST_PORT = 65535
_TIME_OUT: Final = (1.0, 2.0)
_KEPT_S: Final = 10.0
_AGAIN_S: Final = 2.0  # after the list did not come
_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody one may be in a demonstration; `note` tells people of one name apart."""

    key: str
    name: str
    note: str


class DemoPeople:
    """Asks the sandbox. One for the process; threads share it. Raises Refused, Busy, Unknown."""

    def __init__(self, sandbox_url: str, *, public_url: str) -> None:
        self._sandbox_url = sandbox_url.rstrip("/")
        self._public_url = public_url
        self._session = open_session(timeout=_TIME_OUT)
        self._session.trust_env = False  # no proxy stands between us and this machine
        self._asking = threading.Lock()
        self._known: tuple[Persona, ...] = ()
        self._ask_at = 0.0

    @classmethod
    def beside(cls, wechat_url: str, *, public_url: str, production: bool) -> Self | None:
        """The sandbox that stands in for WeChat; None in production and beside the real WeChat."""
        if production or not _is_of_this_machine(wechat_url):
            return None
        return cls(wechat_url, public_url=public_url)

    @property
    def address(self) -> str:
        """Where a person's browser reaches the sandbox: on the host under which the program is known."""
        there, here = urlsplit(self._sandbox_url), urlsplit(self._public_url)
        host = here.hostname or there.hostname or ""
        port = "" if there.port is None else f":{there.port}"
        return f"{there.scheme}://{f'[{host}]' if ':' in host else host}{port}"

    def people(self) -> tuple[Persona, ...]:
        """Whom one may be; empty while the sandbox is away. One thread asks, others take what is known."""
        if time.monotonic() < self._ask_at or not self._asking.acquire(blocking=not self._known):
            return self._known
        try:
            if time.monotonic() >= self._ask_at:
                self._renew()
            return self._known
        finally:
            self._asking.release()

    def login_code(self, key: str) -> str:
        """What wx.login would give on this person's phone. Refused: there is no such person."""
        operation = "login_code"
        if _KEY.fullmatch(key) is None:
            raise Refused("demo", operation, platform_code="invalid_persona", detail="not sent")
        try:
            answer = self._session.post(f"{self._sandbox_url}/_sim/people/{key}/wechat/login")
        except requests.RequestException as error:
            raise failure(error, platform="demo", operation=operation) from None
        if answer.status_code == requests.codes.not_found:
            raise Refused("demo", operation, platform_code="no_such_persona")
        try:
            return strict_json.text_of(strict_json.read_object(answer.content), "code", longest=256)
        except ValueError as error:
            code = f"http_{answer.status_code}"
            raise Unknown("demo", operation, platform_code=code, detail=str(error)) from None

    def _renew(self) -> None:
        try:
            self._known, kept_s = self._listed(), _KEPT_S
        except (requests.RequestException, ValueError):
            self._known, kept_s = (), _AGAIN_S
        self._ask_at = time.monotonic() + kept_s

    def _listed(self) -> tuple[Persona, ...]:
        answer = self._session.get(f"{self._sandbox_url}/_sim/people")
        listed = strict_json.read_object(answer.content).get("items")
        if not isinstance(listed, list):
            raise ValueError("items is no list")  # noqa: TRY004 - one kind of error for every bad content
        return tuple(_persona(each) for each in listed[:_MOST])


def _persona(told: Any) -> Persona:
    if not isinstance(told, dict):
        raise ValueError("a person is no object")  # noqa: TRY004 - as above
    key = strict_json.text_of(told, "person_id", longest=32)
    phone = strict_json.text_of(told, "phone", longest=21)
    if _KEY.fullmatch(key) is None:
        raise ValueError("person_id is no key")
    return Persona(key, strict_json.text_of(told, "name", longest=40), f"手机尾号{phone[-4:]}")


def _is_of_this_machine(address: str) -> bool:
    """Whether every reader of an address takes it for this machine."""
    # Of http://one\@another the standard library reads the second host, and requests calls the first.
    found = _BARE_ADDRESS.fullmatch(address)
    if found is None or int(found["port"] or 0) > _HIGHEST_PORT:
        return False
    if found["host"] == "localhost":
        return True
    try:
        return ipaddress.ip_address(found["host"].strip("[]")).is_loopback
    except ValueError:
        return False
