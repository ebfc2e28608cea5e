"""Forms that only our own pages can send (防跨站请求): each has a token bound to the cookie beside it."""

import hmac
from functools import cache

from flask import request

from app.crypto import derived_key
from app.errors import Forbidden

FIELD = "csrf"


class FormForged(Forbidden):
    """The form's token is missing or belongs to another login."""

    code = "form_forged"
    message = "页面放得太久或已在别处重新登录，请返回刷新后再操作"


def token(secret: str) -> str:
    """The token of the forms that are shown to the holder of a cookie."""
    return hmac.digest(_key(), secret.encode(), "sha256").hex()


def check(secret: str) -> None:
    """Refuse a form that did not come from a page of ours; raises FormForged."""
    given = request.form.get(FIELD, "")
    if not hmac.compare_digest(token(secret).encode(), given.encode()):
        raise FormForged


@cache
def _key() -> bytes:
    return derived_key("console.csrf")
