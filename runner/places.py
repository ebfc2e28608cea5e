"""Where everything is: addresses and folders, from the environment."""

import errno
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from runner.errors import CannotStart

ROOT = Path(__file__).resolve().parent.parent
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound
LAST_PORT = 65535


@dataclass(frozen=True)
class Places:
    """Addresses and folders of one start."""

    host: str
    port: int
    sandbox_port: int
    data: Path
    public_url: str

    @property
    def local_host(self) -> str:
        """The host under which this machine reaches its own programs."""
        return WILDCARDS.get(self.host, self.host)

    @property
    def app_url(self) -> str:
        """Where this machine reaches the web program."""
        return f"http://{_bracketed(self.local_host)}:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """Where a person reaches the sandbox: at the host under which the program is known."""
        host = urlsplit(self.public_url).hostname or self.host
        return f"http://{_bracketed(host)}:{self.sandbox_port}"


def read_places(env: Mapping[str, str]) -> Places:
    """Read HOST, PORT, SANDBOX_PORT, PUBLIC_URL and YIMA_DATA_DIR; raises CannotStart for a bad one."""
    name = env.get("HOST") or "127.0.0.1"
    port, sandbox_port = _port(env, "PORT", 8000), _port(env, "SANDBOX_PORT", 8001)
    if port == sandbox_port:
        raise CannotStart(f"PORT and SANDBOX_PORT are both {port}; they must differ.")
    url = f"http://{_bracketed(WILDCARDS.get(name, name))}:{port}"
    return Places(
        host=_number_of(name),
        port=port,
        sandbox_port=sandbox_port,
        data=(ROOT / (env.get("YIMA_DATA_DIR") or ".data")).resolve(),
        public_url=env.get("PUBLIC_URL") or url,
    )


def check_free(host: str, port: int, *, setting: str, patience: float = 0.0) -> None:
    """Raise CannotStart when somebody listens on the port and still does after `patience` seconds.

    The web server shares its port among its workers, and would share it with a stranger without a word.
    """
    deadline = time.monotonic() + patience
    while (refusal := _refusal(host, port)) is not None:
        if refusal.errno != errno.EADDRINUSE:
            raise CannotStart(f"Cannot listen on {host} port {port}: {refusal.strerror}.") from refusal
        if time.monotonic() >= deadline:
            raise CannotStart(f"Port {port} is taken: stop what uses it, or set {setting}.")
        time.sleep(0.2)


def _refusal(host: str, port: int) -> OSError | None:
    """Why the port cannot be listened on, or None."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LAST_PORT):
        raise CannotStart(f"{name} is {text!r}; it must be a number from 1 to {LAST_PORT}.")
    return int(text)


def _number_of(name: str) -> str:
    """The numeric address of a host, which is what the web server listens on."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CannotStart(f"HOST is {name!r}, which is no address of this machine.") from error
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def environment_of(text: str) -> dict[str, str]:
    """Read KEY=VALUE lines."""
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def given() -> dict[str, str]:
    """What the person has set; an empty value counts as not set."""
    return {name: value for name, value in os.environ.items() if value}
