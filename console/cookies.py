"""The console's two cookies (Cookie): who is logged in, and who is about to log in."""

import re
import secrets

from flask import Response, request

from app import settings

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def session_token() -> str | None:
    """The token of the clerk's session, when there is one that can be ours."""
    return _read(_name("staff"))


def login_token() -> str:
    """What binds the login form to this browser; a fresh one when there is none yet."""
    return _read(_name("login")) or secrets.token_urlsafe(32)


def keep_login(response: Response, token: str) -> None:
    """Give the browser what its login form is bound to."""
    _write(response, "login", token)


def keep_session(response: Response, token: str) -> None:
    """Log the browser in until it is closed; the row behind it ends sooner."""
    _write(response, "staff", token)
    _write(response, "login", "", max_age=0)


def forget_session(response: Response) -> None:
    """Log the browser out."""
    _write(response, "staff", "", max_age=0)


def _read(name: str) -> str | None:
    value = request.cookies.get(name, "")
    return value if _TOKEN.fullmatch(value) else None


def _write(response: Response, what: str, token: str, *, max_age: int | None = None) -> None:
    response.set_cookie(
        _name(what),
        token,
        max_age=max_age,
        path="/",
        secure=settings.current().production,
        httponly=True,
        samesite="Strict",
    )


def _name(what: str) -> str:
    """In production with a prefix that browsers hold to: https only, this host only, the whole path."""
    prefix = "__Host-" if settings.current().production else ""
    return f"{prefix}yima-{what}"
