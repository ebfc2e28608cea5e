"""The page behind the address in a code (扫码落地页).

Whoever scans with another app than ours lands here. The page says what the code is and how to go on; it
asks nothing, sends nobody elsewhere and shows nothing personal.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app import clock, settings
from app.codes import queries, tokens
from app.codes.queries import Action, Notice
from app.db import unit_of_work
from app.errors import DomainError
from miniprogram_api import web_client
from web.callers import PUBLIC
from web.door import Door

door = Door("landing", __name__, template_folder="templates")

_STYLE = (Path(__file__).with_name("templates") / "landing.css").read_bytes()
STYLE_VERSION = hashlib.sha256(_STYLE).hexdigest()[:12]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_A_DAY_S = 86400

# What each code is, and what to do with it, for somebody who sees it for the first time.
_WORDS = {
    Action.OPEN_GUIDE: ("办事指南码", "看材料、时限和费用，直接在手机上申请。"),
    Action.OPEN_CENTRE: ("大厅码", "看这里的办事时间和人多不多，预约或签到。"),
    Action.BOOK: ("窗口码", "看这个窗口能办的事，选好时间预约。"),
    Action.OPEN_APPOINTMENT: ("预约码", "这是一份预约的凭证，由本人在手机上查看，到大厅出示即可。"),
    Action.OPEN_CASE: ("办件码", "这是一个办件的编号，由本人登录后查看进度。"),
    Action.OPEN_CERTIFICATE: ("证照码", "这是一份电子证照，由本人登录后查看和出示。"),
    Action.OPEN_LICENCE: ("行业综合许可", "下面是它包含的各项许可，状态以今天查到的为准。"),
    Action.OPEN_BILL: ("缴费码", "这是一份缴款通知，由本人登录后查看和缴费。"),
    Action.SHOW_TO_STAFF: ("个人码", "请出示给窗口工作人员扫描，不要转发给别人。一分钟内有效，只能用一次。"),
}


_STATES = {"valid": "有效", "expired": "已过期", "revoked": "已撤销"}


@door.get("/q/<token>", auth=PUBLIC)
def land(token: str) -> ResponseReturnValue:
    """Show what a code is and how to open it in the mini-program (扫码落地页)."""
    try:
        with unit_of_work() as session:
            notice = queries.notice(session, token=token)
    except DomainError as refusal:
        return _page(heading="打不开这个码", words=refusal.sentence, status=refusal.status)
    heading, words = _WORDS[notice.action]
    return _page(
        heading=notice.title or heading,
        words=words,
        label=heading,
        is_demo=_is_demo(notice),
        usable=True,
        web_page=_web_page(notice, token),
        licences=_licences(notice),
        holder=notice.licences.licence.holder_name if notice.licences else "",
    )


@door.get("/q.css", auth=PUBLIC)
def landing_style() -> ResponseReturnValue:
    """Give the style of the page."""
    style = Response(_STYLE, mimetype="text/css")
    style.headers["Cache-Control"] = f"public, max-age={_A_DAY_S}, immutable"
    return style


def _web_page(notice: Notice, token: str) -> str | None:
    """Where the code goes on in a browser; a personal code is for a clerk's scanner and goes on nowhere."""
    if notice.action is Action.SHOW_TO_STAFF or not web_client.is_built():
        return None
    return f"{web_client.HOME}#/pages/scan/scan?content={quote(tokens.content(token), safe='')}"


def _licences(notice: Notice) -> list[dict[str, str]]:
    """What a comprehensive licence stands for, each with whether it stands today."""
    if notice.licences is None:
        return []
    return [
        {
            "name": part.name,
            "issuer": part.issuer_name,
            "identifier": part.identifier,
            "state": _STATES[part.state_on(clock.today())],
            "until": "长期有效" if part.valid_until is None else f"有效期至{part.valid_until:%Y年%m月%d日}",
        }
        for part in notice.licences.parts
    ]


def _is_demo(notice: Notice) -> bool:
    return (notice.provenance or "").startswith("demo")


def _page(
    *,
    heading: str,
    words: str,
    label: str | None = None,
    is_demo: bool = False,
    usable: bool = False,
    web_page: str | None = None,
    licences: Sequence[Mapping[str, str]] = (),
    holder: str = "",
    status: int = 200,
) -> Response:
    html = render_template(
        "landing.html",
        city=settings.current().city_name,
        heading=heading,
        words=words,
        label=label,
        is_demo=is_demo,
        usable=usable,
        web_page=web_page,
        licences=licences,
        holder=holder,
        style_version=STYLE_VERSION,
    )
    page = Response(html, status=status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = POLICY
    page.headers["X-Robots-Tag"] = "noindex"
    return page
