"""How a page of the console is answered (页面): under a strict policy, refusals too."""

import re
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, current_app, g, render_template, request, url_for

from app import logs, settings
from app.db import unit_of_work
from app.desk import duties, oversight, service
from app.errors import DomainError, Forbidden, Unauthenticated
from app.staff.models import ROLE_NAMES
from console import callers, files, lost_forms, menu, words
from console.csrf import FormForged

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# No text becomes code, no page stays behind in the browser's store, and a refusal is shown like any page.
_HTMX_CONFIG = orjson.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {
                "code": "[45]..",
                "swap": True,
                "error": True,
                "target": "#main",
                "select": "#main",
                "swapOverride": "outerHTML",
            },
        ],
    }
).decode()

_HEADINGS = {
    401: "请先登录",
    403: "这一步不归您的岗位",
    404: "没有找到",
    405: "不能这样操作",
    409: "情况有变化",
    410: "已经过期",
    413: "内容太大",
    422: "还差一点",
    429: "请稍等",
    503: "系统正忙",
}
# Not about the clerk's duty, though it is refused with the same number.
_FORGED = "请刷新后再做"


def page(template: str, *, status: int = 200, **shown: Any) -> Response:
    """A page from templates/console; who is logged in and what their forms need is always there."""
    clerk = callers.maybe_clerk()
    html = render_template(
        f"console/{template}",
        clerk=clerk,
        menu=menu.links(clerk.roles, request.path) if clerk else [],
        role_names=ROLE_NAMES,
        may=_may(),
        csrf=g.get("csrf", ""),
        static=files.address,
        htmx=files.HTMX,
        echarts=files.ECHARTS,
        htmx_config=_HTMX_CONFIG,
        city=settings.current().city_name,
        **words.FILTERS,
        **shown,
    )
    response = Response(html, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def see_other(endpoint: str, **values: Any) -> Response:
    """Go on to a page after a form, so that a reload repeats nothing."""
    return _redirect(url_for(endpoint, **values))


def of_error(error: Exception) -> Response:
    """Any refusal or fault as a page; its words are those that web.problems has for it."""
    clerk = callers.maybe_clerk()
    if isinstance(error, Unauthenticated) and request.method in {"GET", "HEAD"}:
        return _to_login()
    if isinstance(error, Forbidden) and clerk is not None:
        what = f"{request.method} {request.url_rule}"
        with unit_of_work() as session:
            service.note_refusal(session, clerk=clerk, what=what, code=error.code)
    told = _problem(error)
    status = told["status"]
    response = page(
        "error.html",
        status=status,
        heading=_FORGED if isinstance(error, FormForged) else _HEADINGS.get(status, "出了点问题"),
        sentence=told["detail"],
        errors=told.get("errors", {}),
        request_id=logs.request_id(),
        must_sign_in=status == HTTPStatus.UNAUTHORIZED,
        back=lost_forms.page(),
        lost=lost_forms.words(),
    )
    if isinstance(error, DomainError) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _to_login() -> Response:
    """The login, and from there back to the page; a script that asked for a part of it moves the whole."""
    part = request.headers.get("HX-Request") == "true"
    aim = request.full_path.rstrip("?")
    if part:
        # Where the whole page is, of which the script asked for a part; its host is left out.
        aim = re.sub(r"^https?://[^/]*", "", request.headers.get("HX-Current-URL", ""))
    address = url_for("console_start.login", next=aim)
    if not part:
        return _redirect(address)
    response = Response(status=HTTPStatus.UNAUTHORIZED, mimetype="text/html")
    response.headers["HX-Redirect"] = address
    return response


def _may() -> dict[str, bool]:
    """Which parts of the console the menu and the pages show this clerk."""
    clerk = callers.maybe_clerk()
    roles = clerk.roles if clerk is not None else frozenset()
    shown = {
        "read": duties.READING,
        "receive": duties.RECEIVING,
        "meet": duties.MEETING,
        "oversee": oversight.SEEING,
    }
    return {name: bool(roles & duty) for name, duty in shown.items()}


def _problem(error: Exception) -> dict[str, Any]:
    """What the program says to this error, whoever asks."""
    handlers = current_app.error_handler_spec[None][None]
    kind = next(kind for kind in type(error).__mro__ if kind in handlers)
    answered = current_app.ensure_sync(handlers[kind])(error)
    told: dict[str, Any] = orjson.loads(answered.get_data())
    return told


def _redirect(address: str) -> Response:
    response = Response(status=HTTPStatus.SEE_OTHER, mimetype="text/html")
    response.headers["Location"] = address
    return response
