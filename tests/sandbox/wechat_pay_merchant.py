"""A merchant that speaks WeChat Pay v3 with nothing but cryptography and requests."""

import base64
import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from .conftest import Knock, StandIn
from .keys import private_key

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PAY = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"


@dataclass(frozen=True)
class Answer:
    """An answer whose signature has been checked."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


class Merchant:
    """Signs requests, checks answers, opens callbacks."""

    def __init__(self, stand_in: StandIn, notify_url: str = "http://127.0.0.1:9/nowhere") -> None:
        self.stand_in = stand_in
        self.env = stand_in.env
        self.notify_url = notify_url
        self.key = private_key(Path(self.env["WECHAT_PAY_PRIVATE_KEY_FILE"]).read_bytes())
        platform = load_pem_public_key(Path(self.env["WECHAT_PAY_PUBLIC_KEY_FILE"]).read_bytes())
        assert isinstance(platform, rsa.RSAPublicKey)
        self.platform = platform

    def sign(self, *lines: str) -> str:
        """Sign lines that each end in a newline."""
        text = "".join(line + "\n" for line in lines).encode()
        return base64.b64encode(self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()

    def check(self, headers: dict[str, str], body: bytes) -> None:
        """Check the platform's signature. Raises InvalidSignature."""
        assert headers["Wechatpay-Serial"] == self.env["WECHAT_PAY_PUBLIC_KEY_ID"]
        assert headers["Wechatpay-Signature-Type"] == SCHEME
        lines = (headers["Wechatpay-Timestamp"].encode(), headers["Wechatpay-Nonce"].encode(), body)
        signed = b"".join(line + b"\n" for line in lines)
        signature = base64.b64decode(headers["Wechatpay-Signature"], validate=True)
        self.platform.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())

    def authorization(self, method: str, path: str, body: str, **other: str) -> str:
        """Write the Authorization header; `other` replaces parts of it, before signing where it matters."""
        parts = {
            "mchid": self.env["WECHAT_PAY_MCHID"],
            "nonce_str": secrets.token_hex(16),
            "timestamp": str(int(time.time())),
            "serial_no": self.env["WECHAT_PAY_SERIAL"],
        } | other
        parts.setdefault("signature", self.sign(method, path, parts["timestamp"], parts["nonce_str"], body))
        return f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in parts.items())

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send a signed request; the answer is not checked."""
        text = "" if body is None else json.dumps(body)
        usual = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": self.authorization(method, path, text),
        }
        return self.stand_in.call(method, path, data=text.encode(), headers=usual | headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a signed request and check the signature on the answer, whatever the answer is."""
        answer = self.send(method, path, body, **headers)
        self.check(dict(answer.headers), answer.content)
        read = json.loads(answer.content) if answer.content else {}
        return Answer(answer.status_code, read, dict(answer.headers))

    def order(self, out_trade_no: str = "YM202501010001", **other: Any) -> dict[str, Any]:
        """Write a good order of 林晓燕's over 88.00 yuan; `other` replaces fields."""
        return {
            "appid": self.env["WECHAT_MINI_APPID"],
            "mchid": self.env["WECHAT_PAY_MCHID"],
            "description": "不动产登记费",
            "out_trade_no": out_trade_no,
            "notify_url": self.notify_url,
            "amount": {"total": 8800, "currency": "CNY"},
            "payer": {"openid": self.stand_in.person("lin")["mini_openid"]},
        } | other

    def prepay(self, out_trade_no: str = "YM202501010001", **other: Any) -> Answer:
        """Place the order."""
        return self.ask("POST", f"{PAY}/jsapi", self.order(out_trade_no, **other))

    def invoke(self, prepay_id: str) -> dict[str, str]:
        """Write what wx.requestPayment takes."""
        moment, nonce, package = str(int(time.time())), secrets.token_hex(16), f"prepay_id={prepay_id}"
        signed = self.sign(self.env["WECHAT_MINI_APPID"], moment, nonce, package)
        return {
            "timeStamp": moment,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signed,
        }

    def press_pay(self, prepay_id: str, *, person: str = "lin") -> str:
        """Let somebody press the button; gives the errMsg."""
        pressed = self.stand_in.sim(f"/people/{person}/wechat/pay", **self.invoke(prepay_id))
        return str(pressed["err_msg"])

    def paid(self, out_trade_no: str = "YM202501010001", **other: Any) -> str:
        """Place an order and have it paid; gives its number."""
        assert self.press_pay(self.prepay(out_trade_no, **other).body["prepay_id"]) == "requestPayment:ok"
        return out_trade_no

    def query(self, out_trade_no: str) -> Answer:
        """Ask how the order stands."""
        path = f"{PAY}/out-trade-no/{quote(out_trade_no, safe='')}?mchid={self.env['WECHAT_PAY_MCHID']}"
        return self.ask("GET", path)

    def close(self, out_trade_no: str) -> Answer:
        """Close the order."""
        body = {"mchid": self.env["WECHAT_PAY_MCHID"]}
        return self.ask("POST", f"{PAY}/out-trade-no/{out_trade_no}/close", body)

    def refund(self, out_refund_no: str, refund: int, **other: Any) -> Answer:
        """Ask to give part of the usual order back."""
        asked = {
            "out_trade_no": "YM202501010001",
            "out_refund_no": out_refund_no,
            "notify_url": self.notify_url,
            "amount": {"refund": refund, "total": 8800, "currency": "CNY"},
        } | other
        return self.ask("POST", REFUNDS, asked)

    def open(self, knock: Knock) -> dict[str, Any]:
        """Check and decrypt a callback; gives the envelope, opened. Raises InvalidSignature."""
        self.check(knock.headers, knock.body)
        envelope: dict[str, Any] = json.loads(knock.body)
        sealed = envelope["resource"]
        plain = AESGCM(self.env["WECHAT_PAY_APIV3_KEY"].encode()).decrypt(
            sealed["nonce"].encode(),
            base64.b64decode(sealed["ciphertext"]),
            sealed["associated_data"].encode(),
        )
        return envelope | {"resource": json.loads(plain)}
