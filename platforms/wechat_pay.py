"""WeChat Pay v3, JSAPI, by wechatpayv3 in public-key mode (微信支付)."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote

import requests
from wechatpayv3.utils import aes_decrypt

from platforms import strict_json, wechat_pay_facts
from platforms.clean_text import one_line
from platforms.clock import SHANGHAI, Clock, utc_now
from platforms.errors import BadSignature, Busy, Malformed, PlatformError, Refused, Unknown
from platforms.facts import Callback, RefundFact, RefundState, TradeFact, TradeState
from platforms.transport import failure, hide_secrets
from platforms.wechat_pay_core import Answer, Library, UntrustedError, WeChatPayConfig

__all__ = ["WeChatPay", "WeChatPayConfig"]

LARGEST_CALLBACK: Final = 64 * 1024
_TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
_OPENID = re.compile(r"[\w-]{1,128}", re.ASCII)
_PREPAY_ID = re.compile(r"[!-~]{1,128}")
_SPELLINGS: Final = {
    "ORDER_PAID": "ORDERPAID",
    "ORDERNOTEXIST": "ORDER_NOT_EXIST",
    "SYSTEMERROR": "SYSTEM_ERROR",
}
_NO_SUCH_ORDER: Final = frozenset({"ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"})
_NO_SUCH_REFUND: Final = frozenset({"REFUND_NOT_EXISTS", "RESOURCE_NOT_EXISTS"})
# It may have been done; whatever the status is.
_UNCERTAIN: Final = frozenset({"SYSTEM_ERROR", "BANK_ERROR", "BANKERROR", "BIZ_ERR_NEED_RETRY"})
# Not done, and the same request may pass later: limits, an empty merchant account, our own credentials.
_NOT_YET: Final = frozenset({"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "NOT_ENOUGH", "SIGN_ERROR"})
_REFUSED_WITH_500: Final = frozenset({"OPENID_MISMATCH"})
_GCM_NONCE: Final = 12

T = TypeVar("T")


class WeChatPay:
    """The merchant's counter at WeChat Pay. One for the process; threads share it.

    Raises Refused (done nothing, and never will), Busy (done nothing yet), Unknown (ask with `query`).
    Raises ValueError when made with keys that cannot be used.
    """

    def __init__(self, config: WeChatPayConfig, *, clock: Clock = utc_now) -> None:
        self._config = config
        self._clock = clock
        self._library = Library(config, clock)

    def prepay(
        self,
        *,
        out_trade_no: str,
        amount_fen: int,
        description: str,
        openid: str,
        notify_url: str,
        expires_at: datetime,
    ) -> str:
        """Place an order (统一下单) and give its prepay_id, good for two hours. Repeating it is safe."""
        _must("prepay", "invalid_out_trade_no", ok=_TRADE_NO.fullmatch(out_trade_no) is not None)
        _must("prepay", "invalid_openid", ok=_OPENID.fullmatch(openid) is not None)
        _must("prepay", "invalid_expires_at", ok=expires_at.tzinfo is not None)
        _must("prepay", "invalid_amount", ok=type(amount_fen) is int and amount_fen >= 1)
        answer = self._call(
            "prepay",
            lambda: self._library.pay(
                description=one_line(description, longest=127) or "政务缴费",
                out_trade_no=out_trade_no,
                amount={"total": amount_fen, "currency": "CNY"},
                payer={"openid": openid},
                notify_url=notify_url,
                time_expire=expires_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            ),
        )
        return _read("prepay", lambda: strict_json.text_of(answer.body, "prepay_id"))

    def invoke(self, prepay_id: str) -> dict[str, str]:
        """Sign what wx.requestPayment takes. No network."""
        _must("invoke", "invalid_prepay_id", ok=_PREPAY_ID.fullmatch(prepay_id) is not None)
        moment, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        package = f"prepay_id={prepay_id}"
        return {
            "timeStamp": moment,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self._library.sign([self._config.appid, moment, nonce, package]),
        }

    def query(self, out_trade_no: str) -> TradeFact:
        """Ask how an order stands (查询订单); one that WeChat Pay does not know is NOT_FOUND."""
        _must("query", "invalid_out_trade_no", ok=_TRADE_NO.fullmatch(out_trade_no) is not None)
        try:
            answer = self._call(
                "query", lambda: self._library.query(out_trade_no=quote(out_trade_no, safe=""))
            )
        except Refused as error:
            if error.platform_code not in _NO_SUCH_ORDER:
                raise
            return TradeFact(out_trade_no, TradeState.NOT_FOUND)
        fact = _read("query", lambda: wechat_pay_facts.trade(answer.body))
        _same("query", fact.out_trade_no, out_trade_no)
        return fact

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid order (关闭订单). Repeating it is safe. Refused ORDERPAID: it has been paid."""
        _must("close", "invalid_out_trade_no", ok=_TRADE_NO.fullmatch(out_trade_no) is not None)
        self._call("close", lambda: self._library.close(quote(out_trade_no, safe="")))

    def refund(
        self,
        *,
        out_trade_no: str,
        out_refund_no: str,
        amount_fen: int,
        total_fen: int,
        reason: str,
        notify_url: str,
    ) -> RefundFact:
        """Ask for a refund (申请退款); usually PROCESSING at first. The same number refunds once."""
        _must("refund", "invalid_out_trade_no", ok=_TRADE_NO.fullmatch(out_trade_no) is not None)
        _must("refund", "invalid_out_refund_no", ok=_REFUND_NO.fullmatch(out_refund_no) is not None)
        whole = type(amount_fen) is int and type(total_fen) is int
        _must("refund", "invalid_amount", ok=whole and 1 <= amount_fen <= total_fen)
        answer = self._call(
            "refund",
            lambda: self._library.refund(
                out_refund_no=out_refund_no,
                amount={"refund": amount_fen, "total": total_fen, "currency": "CNY"},
                out_trade_no=out_trade_no,
                reason=one_line(reason, longest=80) or None,
                notify_url=notify_url,
            ),
        )
        return self._refund_fact("refund", answer, out_refund_no)

    def query_refund(self, out_refund_no: str) -> RefundFact:
        """Ask how a refund stands (查询单笔退款); one that WeChat Pay does not know is NOT_FOUND."""
        _must("query_refund", "invalid_out_refund_no", ok=_REFUND_NO.fullmatch(out_refund_no) is not None)
        try:
            answer = self._call(
                "query_refund", lambda: self._library.query_refund(quote(out_refund_no, safe=""))
            )
        except Refused as error:
            if error.platform_code not in _NO_SUCH_REFUND:
                raise
            return RefundFact(out_refund_no, RefundState.NOT_FOUND)
        return self._refund_fact("query_refund", answer, out_refund_no)

    def open_callback(self, headers: Mapping[str, str], body: bytes) -> Callback:
        """Check, decrypt and read a callback. Raises BadSignature (answer 401) or Malformed, nothing else.

        Who the money is for (app, merchant, amount, payer) is in the fact and must still be compared.
        """
        if len(body) > LARGEST_CALLBACK:
            raise Malformed("wechat_pay", "callback", platform_code="too_large")
        try:
            text = body.decode()
            self._library.check(headers, text)
        except UnicodeDecodeError:
            raise Malformed("wechat_pay", "callback", platform_code="not_utf8") from None
        except UntrustedError as error:
            raise BadSignature(
                "wechat_pay", "callback", platform_code="signature", detail=str(error)
            ) from None
        try:
            return self._callback(strict_json.read_object(text))
        except ValueError as error:
            raise Malformed("wechat_pay", "callback", platform_code="unreadable", detail=str(error)) from None

    def _callback(self, envelope: dict[str, Any]) -> Callback:
        event_id = strict_json.text_of(envelope, "id", longest=64)
        event = strict_json.text_of(envelope, "event_type")
        if event == "TRANSACTION.SUCCESS":
            plain = self._decrypted(envelope, "transaction")
            return Callback(event_id, "trade", wechat_pay_facts.trade(plain))
        if event in {"REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED"}:
            plain = self._decrypted(envelope, "refund")
            return Callback(event_id, "refund", wechat_pay_facts.refund(plain, state_key="refund_status"))
        raise ValueError("an unknown event_type")

    def _decrypted(self, envelope: dict[str, Any], original_type: str) -> dict[str, Any]:
        resource = strict_json.object_of(envelope, "resource")
        if resource.get("algorithm") != "AEAD_AES_256_GCM" or resource.get("original_type") != original_type:
            raise ValueError("an unknown algorithm or type")
        nonce = strict_json.text_of(resource, "nonce", longest=_GCM_NONCE)
        sealed = strict_json.text_of(resource, "ciphertext", longest=LARGEST_CALLBACK)
        bound = strict_json.optional_text(resource, "associated_data") or ""
        try:
            base64.b64decode(sealed, validate=True)  # the library skips what is no base64
            plain = aes_decrypt(nonce, sealed, bound, self._config.apiv3_key)
        except binascii.Error:
            raise ValueError("not base64") from None
        if plain is None:
            raise ValueError("sealed with another key")
        return strict_json.read_object(plain)

    def _call(self, operation: str, send: Callable[[], Any]) -> Answer:
        try:
            answer: Answer = send()
        except requests.RequestException as error:
            raise failure(error, platform="wechat_pay", operation=operation) from None
        except UntrustedError as error:
            # WeChat Pay may have acted before somebody broke the answer.
            raise Unknown("wechat_pay", operation, platform_code="untrusted", detail=str(error)) from None
        if answer.status in {requests.codes.ok, requests.codes.no_content}:
            return answer
        raise _refusal(operation, answer)

    def _refund_fact(self, operation: str, answer: Answer, out_refund_no: str) -> RefundFact:
        fact = _read(operation, lambda: wechat_pay_facts.refund(answer.body, state_key="status"))
        _same(operation, fact.out_refund_no, out_refund_no)
        return fact


def _refusal(operation: str, answer: Answer) -> PlatformError:
    given = answer.body.get("code")
    code = given if isinstance(given, str) and given else f"http_{answer.status}"
    code = _SPELLINGS.get(code, code)
    detail = hide_secrets(str(answer.body.get("message", "")))
    return _kind(code, answer)("wechat_pay", operation, platform_code=code, detail=detail)


def _kind(code: str, answer: Answer) -> type[PlatformError]:
    if answer.status in {requests.codes.too_many_requests, requests.codes.unauthorized}:
        return Busy  # turned away at the door; these two come unsigned
    if not answer.trusted or code in _UNCERTAIN:
        return Unknown
    if code in _NOT_YET:
        return Busy
    client_error = requests.codes.bad_request <= answer.status < requests.codes.internal_server_error
    return Refused if client_error or code in _REFUSED_WITH_500 else Unknown


def _read(operation: str, reader: Callable[[], T]) -> T:
    try:
        return reader()
    except ValueError as error:
        raise Unknown("wechat_pay", operation, platform_code="unreadable", detail=str(error)) from None


def _same(operation: str, given: str, asked: str) -> None:
    if given != asked:
        raise Unknown("wechat_pay", operation, platform_code="unreadable", detail="about another number")


def _must(operation: str, code: str, *, ok: bool) -> None:
    if not ok:
        raise Refused("wechat_pay", operation, platform_code=code, detail="not sent")
