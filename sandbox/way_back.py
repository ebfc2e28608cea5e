"""Where the program under test is for a browser, and which of its pages one may be sent back to."""

import re
from urllib.parse import urlsplit

from .world import World

# A whole address as a browser writes it: printable ASCII without blanks, quotes, angle brackets, backslashes.
ADDRESS = re.compile(r"[!#-;=?-\[\]^-~]{1,2000}", re.ASCII)

HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?", re.ASCII)


def app_address(world: World, host: str) -> str:
    """The program's address; a browser that reached us by another host of this machine keeps that host.

    `host` is the Host header of the browser's own request, so it is where that browser is already.
    """
    app, reached = urlsplit(world.app_url), HOST.fullmatch(host)
    if app.hostname not in {"127.0.0.1", "localhost", "::1"} or reached is None:
        return world.app_url
    name = reached["name"]
    port = "" if app.port is None else f":{app.port}"
    return f"{app.scheme}://{name}{port}"


def way_back(world: World, *, wanted: str, host: str) -> str | None:
    """The page to return to when it is one of the program's, else None: nobody is sent elsewhere."""
    if ADDRESS.fullmatch(wanted) is None:
        return None
    allowed = (world.app_url, app_address(world, host))
    return wanted if any(wanted == base or wanted.startswith(f"{base}/") for base in allowed) else None
