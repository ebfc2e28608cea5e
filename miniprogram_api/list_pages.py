"""What the pages of lists share that are printed (清单打印页)."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Response, render_template, request

from app import settings
from app.catalogue import cards
from app.situations import saying

STYLE = (Path(__file__).with_name("templates") / "checklist.css").read_bytes()
NEEDS = {"1": "必须带", "2": "有就带", "3": "可以后补"}
_STYLE_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def drawn(template: str, *, status: int = 200, provenance: str = "", **shown: Any) -> Response:
    """A page that loads nothing but its style and its code, and that no search engine keeps."""
    html = render_template(
        template,
        city=settings.current().city_name,
        needs=NEEDS,
        yuan=cards.yuan,
        limit_text=cards.limit_text,
        way_in_words=saying.way_in_words,
        is_large=request.args.get("large") == "1",
        is_demo=provenance.startswith("demo"),
        style_version=_STYLE_VERSION,
        **shown,
    )
    page = Response(html, status=status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["X-Robots-Tag"] = "noindex"
    return page
