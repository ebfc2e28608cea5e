"""The way in and out (登录、退出), the files that pages need, and what lies at no other address."""

import re

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from app.assistance import service as assistance
from app.audit import service as audit
from app.db import unit_of_work
from app.errors import DomainError, NotFound
from app.staff import sessions, signing_in
from app.staff.errors import SignInRefused
from console import callers, cookies, csrf, files, pages
from console.callers import ANY_CLERK
from console.forms import LoginIn
from console.making import console_door
from web.callers import PUBLIC

door = console_door("console_start")

_A_YEAR_S = 31_536_000
# Back into the console and nowhere else: no second slash, no backslash, nothing that is no path or query.
_INSIDE = re.compile(r"/console(?:/[A-Za-z0-9_\-/]*)?(?:\?[A-Za-z0-9_\-=&%]*)?", re.ASCII)


class NoSuchPage(NotFound):
    """The console has nothing at this address."""

    code = "no_such_page"
    message = "没有这个页面，请从菜单重新进入"


@door.get("/login", auth=PUBLIC, query=LoginIn)
def login(query: dict[str, str]) -> ResponseReturnValue:
    """Show the login form (登录)."""
    return _login_page(aim=query["next"])


@door.post("/login", auth=PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Log a clerk in and go on to where they wanted (登录)."""
    csrf.check(cookies.login_token())
    form, aim = request.form, request.form.get("next", "")
    try:
        token = _opened(form.get("username", ""), form.get("password", ""), form.get("code", ""))
    except DomainError as refusal:
        return _login_page(aim=aim, refusal=refusal, username=form.get("username", ""))
    response = Response(status=303)
    response.headers["Location"] = aim if _INSIDE.fullmatch(aim) and "//" not in aim else "/console"
    cookies.keep_session(response, token)
    return response


@door.post("/logout", auth=ANY_CLERK)
def sign_out() -> ResponseReturnValue:
    """Log the clerk out (退出)."""
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        assistance.end_with_log_out(session, clerk_id=clerk.clerk_id)
        sessions.end(session, session_id=clerk.session_id)
        audit.record(session, actor=clerk.actor, action="signed_out", subject=clerk.actor)
    response = pages.see_other("console_start.login")
    cookies.forget_session(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@door.get("/static/<path:name>", auth=PUBLIC)
def static(name: str) -> ResponseReturnValue:
    """Give one of the console's own files, packed when the browser can unpack it."""
    if name not in files.NAMES:
        raise NoSuchPage
    found = files.asset(name)
    packed = request.accept_encodings["gzip"] > 0
    response = Response(found.packed if packed else found.content, mimetype=found.kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    fresh = request.args.get("v") == found.version
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR_S}, immutable" if fresh else "no-cache"
    return response


@door.get("/<path:elsewhere>", auth=ANY_CLERK)
def nowhere(elsewhere: str) -> ResponseReturnValue:
    """Say on a page of the console that nothing is here."""
    del elsewhere
    raise NoSuchPage


def _opened(username: str, password: str, code: str) -> str:
    """The token of a new session; raises SignInRefused, TooManySignIns, SignInBusy."""
    with unit_of_work() as session:
        attempt = signing_in.begin(session, username=username, address=callers.address())
    proof = signing_in.check(attempt, password=password, code=code)
    with unit_of_work() as session:
        token = signing_in.finish(session, attempt=attempt, proof=proof)
    if token is None:
        raise SignInRefused
    return token


def _login_page(*, aim: str, refusal: DomainError | None = None, username: str = "") -> Response:
    bound = cookies.login_token()
    g.csrf = csrf.token(bound)
    response = pages.page(
        "login.html", status=refusal.status if refusal else 200, aim=aim, refusal=refusal, username=username
    )
    if refusal is not None and refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    cookies.keep_login(response, bound)
    return response
