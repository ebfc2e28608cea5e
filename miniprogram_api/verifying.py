"""The page behind the code on a legal notice (文书核验): anybody with the paper sees whether it is genuine.

It says nothing personal: which notice, by whom, on which day, and whether it still stands.
"""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app import settings
from app.db import unit_of_work
from app.documents import checking
from app.documents.checking import Checked
from app.errors import DomainError
from miniprogram_api import addresses, landing
from web.callers import PUBLIC
from web.door import Door

door = Door("verifying", __name__, template_folder="templates")

_FEW_DIGITS = 16
_NOT_OURS = 404


@door.get("/verify/<token>", auth=PUBLIC)
def verify_document(token: str) -> ResponseReturnValue:
    """Show whether the legal notice of a code is genuine and still stands (核验文书)."""
    try:
        with unit_of_work() as session:
            found = checking.check(session, token=token, caller_address=addresses.address())
    except DomainError as refusal:
        page = _page(None, words=refusal.sentence, status=refusal.status)
        page.headers["Retry-After"] = str(refusal.retry_after)
        return page
    if found is None:
        return _page(None, words="没有这样的文书，纸上的码可能是伪造的，或者没有扫全。", status=_NOT_OURS)
    return _page(found)


def _page(found: Checked | None, *, words: str = "", status: int = 200) -> Response:
    html = render_template(
        "verify.html",
        city=settings.current().city_name,
        found=found,
        words=words,
        digest=(found.sha256 or "")[:_FEW_DIGITS] if found else "",
        style_version=landing.STYLE_VERSION,
    )
    page = Response(html, status=status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = landing.POLICY
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Cache-Control"] = "no-store"
    return page
