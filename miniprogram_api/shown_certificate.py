"""The page behind the code of a certificate (证照核验): what its holder shows, and how it stands today."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app import clock, settings
from app.certificates import looking
from app.certificates.looking import Outcome, Seen
from app.db import unit_of_work
from app.documents.facts import day
from app.errors import DomainError
from miniprogram_api import addresses, landing
from web.callers import PUBLIC
from web.door import Door

door = Door("shown_certificate", __name__, template_folder="templates")

_STATES = {"valid": "有效", "expired": "已过期，不再有效", "revoked": "已撤销，不再有效"}
_OVER = "这次出示已经结束。一次只有五分钟，请持证人在手机上再点一次“出示”。"
_UNKNOWN = "没有这样的证照码，它可能是伪造的，或者没有扫全。"
_GONE, _NOT_OURS = 410, 404


@door.get("/s/<token>", auth=PUBLIC)
def look(token: str) -> ResponseReturnValue:
    """Show what the holder of a certificate shows, and how it stands today (核验证照)."""
    try:
        with unit_of_work() as session:
            seen = looking.look(session, token=token, caller_address=addresses.address())
    except DomainError as refusal:
        page = _page(None, words=refusal.sentence, status=refusal.status)
        page.headers["Retry-After"] = str(refusal.retry_after)
        return page
    if seen.outcome is Outcome.OVER:
        return _page(None, words=_OVER, status=_GONE)
    if seen.outcome is Outcome.UNKNOWN:
        return _page(None, words=_UNKNOWN, status=_NOT_OURS)
    return _page(seen)


def _page(seen: Seen | None, *, words: str = "", status: int = 200) -> Response:
    html = render_template(
        "shown_certificate.html",
        city=settings.current().city_name,
        seen=seen,
        state=_STATES[seen.state] if seen else "",
        words=words,
        day=day,
        until=f"{clock.local(seen.expires_at):%H:%M}" if seen and seen.expires_at else "",
        style_version=landing.STYLE_VERSION,
    )
    page = Response(html, status=status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = landing.POLICY
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
