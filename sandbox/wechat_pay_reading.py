"""What a merchant sends to WeChat Pay, read strictly: the wrong type is refused, not converted."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from .wechat_pay_errors import Refusal, bad_field

OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}", re.ASCII)
OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}", re.ASCII)
LONGEST_URL = 255
LARGEST_FEN = 2**31 - 1


def read_object(body: bytes) -> dict[str, Any]:
    """Read the body. Numbers such as 80.0 and NaN stay floats, so that an amount of that kind is refused."""
    try:
        read = json.loads(body.decode())
        json.dumps(read, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Refusal(400, "PARAM_ERROR", "请求体不是合法的JSON") from None
    if not isinstance(read, dict):
        raise Refusal(400, "PARAM_ERROR", "请求体不是JSON对象")
    return read


def object_of(read: dict[str, Any], name: str) -> dict[str, Any]:
    """Give the object of this name."""
    value = read.get(name)
    if not isinstance(value, dict):
        raise bad_field(f"/{name}", "必填，须为对象")
    return value


def text_of(
    read: dict[str, Any], name: str, *, longest: int, pattern: re.Pattern[str] | None = None, at: str = ""
) -> str:
    """Give the text of this name; `longest` in characters, `at` the pointer of the object it is in."""
    value = read.get(name)
    if not isinstance(value, str) or not value:
        raise bad_field(f"{at}/{name}", "必填，须为字符串")
    if len(value) > longest or (pattern is not None and pattern.fullmatch(value) is None):
        raise bad_field(f"{at}/{name}", "长度或字符不符合规则")
    return value


def optional_text(read: dict[str, Any], name: str, *, longest: int) -> str | None:
    """Give the text of this name, or None when it is not sent."""
    return None if read.get(name) is None else text_of(read, name, longest=longest)


def fen_of(read: dict[str, Any], name: str) -> int:
    """Give the amount in fen: a JSON integer of at least 1; 80.0, "80" and true are refused."""
    value = read.get(name)
    if type(value) is not int:
        raise bad_field(f"/amount/{name}", "必填，须为整数（单位：分）")
    if not 1 <= value <= LARGEST_FEN:
        raise bad_field(f"/amount/{name}", "须大于0且不超过上限")
    return value


def cny_of(amount: dict[str, Any], *, required: bool = False) -> str:
    """Give the currency, which can only be CNY."""
    if amount.get("currency", None if required else "CNY") != "CNY":
        raise bad_field("/amount/currency", "境内商户号仅支持CNY")
    return "CNY"


def notify_url_of(read: dict[str, Any], *, required: bool = True) -> str | None:
    """Give the callback's address: absolute, without a query (http is allowed here)."""
    if read.get("notify_url") is None and not required:
        return None
    url = text_of(read, "notify_url", longest=LONGEST_URL)
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or parts.scheme not in {"http", "https"} or "?" in url or "#" in url:
        raise bad_field("/notify_url", "须为外网可访问的绝对地址，不能携带参数")
    return url


def moment_of(read: dict[str, Any], name: str) -> datetime | None:
    """Give the moment (RFC 3339 with its offset), or None when it is not sent."""
    text = optional_text(read, name, longest=64)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_field(f"/{name}", "须为RFC 3339格式") from None
    if moment.tzinfo is None or "T" not in text:
        raise bad_field(f"/{name}", "须为RFC 3339格式，并带时区")
    return moment
