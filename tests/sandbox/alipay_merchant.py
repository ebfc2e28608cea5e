"""A merchant that speaks Alipay's protocol with nothing but cryptography and requests."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from .conftest import Knock, StandIn
from .keys import private_key

CREATE, QUERY, CLOSE = "alipay.trade.create", "alipay.trade.query", "alipay.trade.close"
REFUND, REFUND_QUERY = "alipay.trade.refund", "alipay.trade.fastpay.refund.query"
SEND, TOKEN = "alipay.open.app.mini.templatemessage.send", "alipay.system.oauth.token"
NUMBER = "YM202501010001"


def content(params: dict[str, str], *without: str) -> str:
    """Join what is signed."""
    return "&".join(
        f"{name}={value}" for name, value in sorted(params.items()) if value and name not in without
    )


class Merchant:
    """Signs requests, checks answers, opens notifies."""

    def __init__(self, stand_in: StandIn, notify_url: str = "http://127.0.0.1:9/nowhere") -> None:
        self.stand_in = stand_in
        self.env = stand_in.env
        self.notify_url = notify_url
        self.key = private_key(Path(self.env["ALIPAY_PRIVATE_KEY_FILE"]).read_bytes())
        platform = load_pem_public_key(Path(self.env["ALIPAY_PUBLIC_KEY_FILE"]).read_bytes())
        assert isinstance(platform, rsa.RSAPublicKey)
        self.platform = platform

    def sign(self, signed: bytes) -> str:
        """Sign by RSA2."""
        return base64.b64encode(self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()

    def check(self, signed: bytes, signature: str) -> None:
        """Check the platform's signature. Raises InvalidSignature."""
        raw = base64.b64decode(signature, validate=True)
        self.platform.verify(raw, signed, padding.PKCS1v15(), hashes.SHA256())

    def params(self, method: str, biz: dict[str, Any] | None = None, **other: str) -> dict[str, str]:
        """Write a signed request; `other` adds or replaces parameters before signing."""
        moment = datetime.now(UTC) + timedelta(hours=8)
        params = {
            "app_id": self.env["ALIPAY_APP_ID"],
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": moment.strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
        } | other
        if biz is not None:
            params["biz_content"] = json.dumps(biz, ensure_ascii=False)
        return params | {"sign": self.sign(content(params, "sign").encode(params["charset"]))}

    def send(self, params: dict[str, str]) -> requests.Response:
        """Send as the official SDK does: the common ones in the query, the rest in the form."""
        inside = {"biz_content", "code", "grant_type", "refresh_token"}
        query = urlencode(
            {k: v for k, v in params.items() if k not in inside}, encoding=params.get("charset")
        )
        form = urlencode({k: v for k, v in params.items() if k in inside}, encoding=params.get("charset"))
        kind = {"Content-Type": f"application/x-www-form-urlencoded;charset={params.get('charset')}"}
        return self.stand_in.call("POST", f"/gateway.do?{query}", data=form, headers=kind)

    def ask(self, method: str, biz: dict[str, Any] | None = None, **other: str) -> dict[str, Any]:
        """Call a method and check the signature over the exact bytes of the inner object."""
        answer = self.send(self.params(method, biz, **other))
        inner, signature = split(answer.content)
        self.check(inner, signature)
        read: dict[str, Any] = json.loads(inner.decode(answer.encoding or "utf-8"))
        return read

    def trade(self, out_trade_no: str = NUMBER, **other: Any) -> dict[str, Any]:
        """Write a good trade of 林晓燕's over 88.00 yuan; `other` replaces fields."""
        return {
            "out_trade_no": out_trade_no,
            "total_amount": "88.00",
            "subject": "不动产登记费/首次",
            "product_code": "JSAPI_PAY",
            "op_app_id": self.env["ALIPAY_APP_ID"],
            "buyer_open_id": self.stand_in.person("lin")["alipay_open_id"],
        } | other

    def create(self, out_trade_no: str = NUMBER, **other: Any) -> dict[str, Any]:
        """Make the trade."""
        return self.ask(CREATE, self.trade(out_trade_no, **other), notify_url=self.notify_url)

    def press_pay(self, trade_no: str, *, person: str = "lin") -> str:
        """Let somebody press the button; gives the resultCode."""
        return str(self.stand_in.sim(f"/people/{person}/alipay/pay", tradeNO=trade_no)["resultCode"])

    def paid(self, out_trade_no: str = NUMBER, **other: Any) -> str:
        """Make a trade and have it paid; gives its trade_no."""
        trade_no = str(self.create(out_trade_no, **other)["trade_no"])
        assert self.press_pay(trade_no) == "9000"
        return trade_no

    def status(self, out_trade_no: str = NUMBER) -> str:
        """Ask how the trade stands."""
        answer = self.ask(QUERY, {"out_trade_no": out_trade_no})
        return str(answer.get("trade_status", answer.get("sub_code")))

    def refund(self, amount: str, number: str | None = "R1", **other: Any) -> dict[str, Any]:
        """Give part of the usual trade back."""
        asked = {"out_trade_no": NUMBER, "refund_amount": amount, **other}
        return self.ask(REFUND, asked if number is None else asked | {"out_request_no": number})

    def open(self, knock: Knock) -> dict[str, str]:
        """Check a notify (neither sign nor sign_type is signed). Raises InvalidSignature."""
        charset = dict(parse_qsl(knock.body.decode("ascii")))["charset"]
        fields = dict(parse_qsl(knock.body.decode("ascii"), encoding=charset, strict_parsing=True))
        assert fields["sign_type"] == "RSA2"
        self.check(content(fields, "sign", "sign_type").encode(charset), fields["sign"])
        return fields


def split(body: bytes) -> tuple[bytes, str]:
    """Take an answer apart into the signed bytes and the signature."""
    start, end = body.index(b":") + 1, body.rindex(b',"sign":"')
    return body[start:end], body[end + 9 : -2].decode()
