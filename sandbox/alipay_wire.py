"""What goes in and out of Alipay's gateway, byte by byte (网关报文)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from .alipay_book import FORMAT, SHANGHAI
from .alipay_errors import Failure, turned_away
from .alipay_signing import content, decrypt, encrypt, is_signed, sign
from .world import World

WINDOW_S = 600
CHARSETS = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
CHARSET = re.compile(rb"(?:^|&)charset=([\w-]{1,20})")


@dataclass(frozen=True)
class Asked:
    """One request whose signature holds."""

    method: str
    params: dict[str, str]
    charset: str
    encrypted: bool


def read(world: World, query: bytes, form: bytes) -> Asked:
    """Read and check a request: parameters stand in the query, in the form, or in both. Raises Failure."""
    found = CHARSET.search(query) or CHARSET.search(form)
    named = found[1].decode().lower() if found else "utf-8"
    if named not in CHARSETS:
        raise turned_away("isv.invalid-charset", "字符集错误")
    charset = CHARSETS[named]
    try:
        pairs = [
            *parse_qsl(query.decode("ascii"), keep_blank_values=True, encoding=charset, errors="strict"),
            *parse_qsl(form.decode("ascii"), keep_blank_values=True, encoding=charset, errors="strict"),
        ]
    except ValueError:
        raise turned_away("isv.invalid-parameter", "参数编码错误") from None
    params = dict(pairs)
    if len(params) != len(pairs):
        raise turned_away("isv.invalid-parameter", "参数重复")
    _prove(world, params, charset)
    encrypted = params.get("encrypt_type") == "AES"
    if encrypted:
        params = {**params, "biz_content": _opened(world, params.get("biz_content", ""), charset)}
    return Asked(params["method"], params, charset, encrypted)


def write(world: World, name: str, answer: Mapping[str, object], *, asked: Asked, spoiled: str = "") -> bytes:
    """Write a signed answer: the signature covers the exact bytes of the inner value."""
    inner = dump(answer)
    if asked.encrypted:
        inner = f'"{encrypt(world.keys.alipay_aes_key, inner.encode(asked.charset))}"'
    signed = sign(world.keys.alipay_platform_key, inner.encode(asked.charset))
    if spoiled == "bad_signature":
        signed = ("B" if signed[0] == "A" else "A") + signed[1:]
    if spoiled == "tampered_body":
        inner = inner.replace('"', '"_', 1)
    if spoiled == "wrong_root":
        name = "alipay_other_method_response"
    if spoiled == "missing_signature":
        return f'{{"{name}":{inner}}}'.encode(asked.charset)
    return f'{{"{name}":{inner},"sign":"{signed}"}}'.encode(asked.charset)


def dump(answer: Mapping[str, object]) -> str:
    """Write JSON as the gateway does: compact, Chinese as it is, slashes escaped."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")


def _prove(world: World, params: dict[str, str], charset: str) -> None:
    keys = world.keys
    if params.get("app_id") != keys.alipay_app_id:
        raise turned_away("isv.invalid-app-id", "无效的AppID参数")
    if not params.get("method"):
        raise turned_away("isv.missing-method", "缺少方法名参数", code="40001")
    if params.get("version") != "1.0":
        raise turned_away("isv.invalid-version", "版本号错误")
    if params.get("format", "JSON").upper() != "JSON":
        raise turned_away("isv.invalid-format", "无效的数据格式")
    if not params.get("sign"):
        raise turned_away("isv.missing-signature", "缺少签名参数", code="40001")
    if params.get("sign_type") != "RSA2":
        raise turned_away("isv.invalid-signature-type", "无效的签名类型")
    signed = content(params).encode(charset)
    if not is_signed(keys.alipay_app_key.public_key(), signed, params["sign"]):
        raise turned_away("isv.invalid-signature", "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配")
    if not _is_fresh(world, params.get("timestamp", "")):
        raise turned_away("isv.invalid-timestamp", "非法的时间戳参数")


def _is_fresh(world: World, text: str) -> bool:
    try:
        moment = datetime.strptime(text, FORMAT).replace(tzinfo=SHANGHAI)
    except ValueError:
        return False
    return world.clock.is_fresh(moment.timestamp(), WINDOW_S)


def _opened(world: World, sealed: str, charset: str) -> str:
    try:
        return decrypt(world.keys.alipay_aes_key, sealed).decode(charset)
    except ValueError:
        raise Failure("40002", "isv.decryption-error", "解密异常", at_gateway=True) from None
