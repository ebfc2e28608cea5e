"""From where a request comes (来源地址), also behind a proxy of our own."""

import ipaddress

from flask import request


def address() -> str:
    """The caller's address.

    A direct caller from the open network is believed and nothing it says about itself is. When the direct
    caller has a private address, it is our own proxy, and the last public address it forwards is the caller:
    what stands before that was written by the caller and proves nothing.
    """
    direct = request.remote_addr or ""
    if not _private(direct):
        return direct
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return next((part for part in reversed(forwarded) if _public(part)), direct)


def _private(text: str) -> bool:
    try:
        return not ipaddress.ip_address(text).is_global
    except ValueError:
        return False


def _public(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False
