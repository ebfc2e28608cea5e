"""Alipay's mini-program and cashier (支付宝小程序、收银台)."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from alipay.aop.api.domain.AlipayOpenAppMiniTemplatemessageSendModel import (
    AlipayOpenAppMiniTemplatemessageSendModel,
)
from alipay.aop.api.domain.AlipayTradeCloseModel import AlipayTradeCloseModel
from alipay.aop.api.domain.AlipayTradeCreateModel import AlipayTradeCreateModel
from alipay.aop.api.domain.AlipayTradeFastpayRefundQueryModel import AlipayTradeFastpayRefundQueryModel
from alipay.aop.api.domain.AlipayTradeQueryModel import AlipayTradeQueryModel
from alipay.aop.api.domain.AlipayTradeRefundModel import AlipayTradeRefundModel
from alipay.aop.api.request.AlipayOpenAppMiniTemplatemessageSendRequest import (
    AlipayOpenAppMiniTemplatemessageSendRequest,
)
from alipay.aop.api.request.AlipaySystemOauthTokenRequest import AlipaySystemOauthTokenRequest
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradeCreateRequest import AlipayTradeCreateRequest
from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest

from platforms import alipay_facts, strict_json
from platforms.alipay_gateway import AlipayConfig, Gateway
from platforms.alipay_notify import NotAlipayError, charset_of, read_form
from platforms.clean_text import clean, one_line
from platforms.clock import Clock, utc_now
from platforms.errors import BadSignature, Malformed, PlatformError, Refused, Unknown
from platforms.facts import Callback, RefundFact, RefundState, TradeFact, TradeState

__all__ = ["Alipay", "AlipayConfig", "AlipayLogin"]

LARGEST_NOTIFY: Final = 64 * 1024
_NO_SUCH_TRADE: Final = "ACQ.TRADE_NOT_EXIST"
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_CODE = re.compile(r"[!-~]{1,256}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,24}")
_LARGEST_FEN: Final = 100_000_000_00

T = TypeVar("T")


@dataclass(frozen=True)
class AlipayLogin:
    """Who my.getAuthCode was: newer apps get an open_id, older ones a user_id (2088…); never neither."""

    open_id: str | None
    user_id: str | None


class Alipay:
    """The app at Alipay. One for the process; threads share it.

    Raises Refused (done nothing, and never will), Busy (done nothing yet), Unknown (ask with `query`).
    Raises ValueError when made with keys that cannot be used.
    """

    def __init__(self, config: AlipayConfig, *, clock: Clock = utc_now) -> None:
        self._config = config
        self._gateway = Gateway(config, clock)

    def login(self, auth_code: str) -> AlipayLogin:
        """Turn the auth code (one use, burnt even by a failed call) into who it is."""
        _must("login", "invalid_code", ok=_CODE.fullmatch(auth_code) is not None)
        request = AlipaySystemOauthTokenRequest()
        request.grant_type = "authorization_code"
        request.code = auth_code
        read = self._gateway.call("login", request)
        login = _read(
            "login",
            lambda: AlipayLogin(
                strict_json.optional_text(read, "open_id"), strict_json.optional_text(read, "user_id")
            ),
        )
        if login.open_id is None and login.user_id is None:
            raise Unknown("alipay", "login", platform_code="unreadable", detail="nobody is named")
        return login

    def phone_number(self, envelope: str) -> str:
        """Open what my.getPhoneNumber gave the client: check Alipay's signature, decrypt, read the number.

        Raises BadSignature, Malformed, or Refused with Alipay's sub-code when it holds a refusal.
        """
        try:
            return _mobile(self._opened_envelope(strict_json.read_object(envelope)))
        except NotAlipayError as error:
            raise BadSignature(
                "alipay", "phone_number", platform_code="signature", detail=str(error)
            ) from None
        except ValueError as error:
            raise Malformed("alipay", "phone_number", platform_code="unreadable", detail=str(error)) from None

    def create(
        self,
        *,
        out_trade_no: str,
        amount_fen: int,
        subject: str,
        notify_url: str,
        expires_at: datetime,
        buyer_open_id: str | None = None,
        buyer_user_id: str | None = None,
    ) -> str:
        """Place a trade for one buyer (统一收单交易创建) and give its trade_no. Repeating it is safe."""
        _must("create", "invalid_out_trade_no", ok=_NUMBER.fullmatch(out_trade_no) is not None)
        _must("create", "invalid_amount", ok=type(amount_fen) is int and 1 <= amount_fen <= _LARGEST_FEN)
        _must("create", "invalid_buyer", ok=bool(buyer_open_id) != bool(buyer_user_id))
        _must("create", "invalid_expires_at", ok=expires_at.tzinfo is not None)
        model = AlipayTradeCreateModel()
        model.out_trade_no = out_trade_no
        model.total_amount = alipay_facts.yuan(amount_fen)
        model.subject = one_line(subject, longest=128) or "政务缴费"
        model.product_code = "JSAPI_PAY"
        model.op_app_id = self._config.app_id
        model.buyer_open_id = buyer_open_id
        model.buyer_id = buyer_user_id
        model.time_expire = alipay_facts.shanghai(expires_at)
        request = AlipayTradeCreateRequest(biz_model=model)
        request.notify_url = notify_url
        read = self._gateway.call("create", request)
        _same("create", read, out_trade_no)
        return _read("create", lambda: strict_json.text_of(read, "trade_no"))

    def invoke(self, trade_no: str) -> dict[str, str]:
        """Give what my.tradePay takes. No network; the trade number alone is no secret and no proof."""
        return {"tradeNO": trade_no}

    def query(self, out_trade_no: str) -> TradeFact:
        """Ask how a trade stands (交易查询); one that Alipay does not know is NOT_FOUND."""
        _must("query", "invalid_out_trade_no", ok=_NUMBER.fullmatch(out_trade_no) is not None)
        model = AlipayTradeQueryModel()
        model.out_trade_no = out_trade_no
        try:
            read = self._gateway.call("query", AlipayTradeQueryRequest(biz_model=model))
        except Refused as error:
            if error.platform_code != _NO_SUCH_TRADE:
                raise
            return TradeFact(out_trade_no, TradeState.NOT_FOUND)
        _same("query", read, out_trade_no)
        return _read("query", lambda: alipay_facts.trade(read))

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid trade (交易关闭). Refused ACQ.REASON_TRADE_STATUS_INVALID: paid or closed."""
        _must("close", "invalid_out_trade_no", ok=_NUMBER.fullmatch(out_trade_no) is not None)
        model = AlipayTradeCloseModel()
        model.out_trade_no = out_trade_no
        self._gateway.call("close", AlipayTradeCloseRequest(biz_model=model))

    def refund(self, *, out_trade_no: str, out_refund_no: str, amount_fen: int, reason: str) -> RefundFact:
        """Give money back at once (退款). The same number refunds once.

        PROCESSING when Alipay took the request but did not say that money moved: ask with `query_refund`.
        """
        _must("refund", "invalid_out_trade_no", ok=_NUMBER.fullmatch(out_trade_no) is not None)
        # Without a number of its own a second part refund would silently be a repeat of the first.
        _must("refund", "invalid_out_refund_no", ok=_NUMBER.fullmatch(out_refund_no) is not None)
        _must("refund", "invalid_amount", ok=type(amount_fen) is int and 1 <= amount_fen <= _LARGEST_FEN)
        model = AlipayTradeRefundModel()
        model.out_trade_no = out_trade_no
        model.out_request_no = out_refund_no
        model.refund_amount = alipay_facts.yuan(amount_fen)
        model.refund_reason = one_line(reason, longest=80) or None
        read = self._gateway.call("refund", AlipayTradeRefundRequest(biz_model=model))
        _same("refund", read, out_trade_no)
        if read.get("fund_change") == "Y":
            return _read(
                "refund",
                lambda: alipay_facts.refund_made(read, out_refund_no=out_refund_no, amount_fen=amount_fen),
            )
        # Taken, but no money moved now: an earlier call did it, or nobody knows yet. Whatever asking comes
        # to, the refund itself was not refused.
        with suppress(PlatformError):
            found = self.query_refund(out_trade_no, out_refund_no)
            if found.state is RefundState.SUCCEEDED:
                return found
        return RefundFact(out_refund_no, RefundState.PROCESSING, amount_fen, out_trade_no=out_trade_no)

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFact:
        """Ask how a refund stands (退款查询): SUCCEEDED, or NOT_FOUND when no success is known."""
        _must("query_refund", "invalid_out_trade_no", ok=_NUMBER.fullmatch(out_trade_no) is not None)
        _must("query_refund", "invalid_out_refund_no", ok=_NUMBER.fullmatch(out_refund_no) is not None)
        model = AlipayTradeFastpayRefundQueryModel()
        model.out_trade_no = out_trade_no
        model.out_request_no = out_refund_no
        model.query_options = ["gmt_refund_pay"]
        try:
            read = self._gateway.call("query_refund", AlipayTradeFastpayRefundQueryRequest(biz_model=model))
        except Refused as error:
            if error.platform_code != _NO_SUCH_TRADE:
                raise
            return RefundFact(out_refund_no, RefundState.NOT_FOUND)
        return _read("query_refund", lambda: alipay_facts.refund_found(read, out_refund_no=out_refund_no))

    def open_notify(self, body: bytes, content_type: str = "") -> Callback:
        """Check and read a trade notify from its raw body. Raises BadSignature or Malformed, nothing else.

        A part refund comes as another notify of a trade that is still PAID. Who the money is for (app,
        seller, amount, payer) is in the fact and must still be compared.
        """
        if len(body) > LARGEST_NOTIFY:
            raise Malformed("alipay", "notify", platform_code="too_large")
        try:
            form = read_form(body)
            read: dict[str, Any] = dict(
                form.verified(self._gateway.verifier, fallback_charset=charset_of(content_type))
            )
            return _trade_notify(read)
        except NotAlipayError as error:
            raise BadSignature("alipay", "notify", platform_code="signature", detail=str(error)) from None
        except ValueError as error:
            raise Malformed("alipay", "notify", platform_code="unreadable", detail=str(error)) from None

    def send_template_message(
        self, *, open_id: str, template_id: str, page: str, data: dict[str, str]
    ) -> None:
        """Send one subscribed template message (模板消息). Refused: no consent, or a field is wrong."""
        operation = "send_template_message"
        _must(operation, "invalid_open_id", ok=_NUMBER.fullmatch(open_id) is not None)
        _must(operation, "invalid_template_id", ok=_NUMBER.fullmatch(template_id) is not None)
        model = AlipayOpenAppMiniTemplatemessageSendModel()
        model.to_open_id = open_id
        model.user_template_id = template_id
        model.page = one_line(page, longest=128)
        fields = {clean(key): {"value": one_line(value, longest=200)} for key, value in data.items()}
        model.data = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        self._gateway.call(
            "send_template_message", AlipayOpenAppMiniTemplatemessageSendRequest(biz_model=model)
        )

    def _opened_envelope(self, envelope: dict[str, Any]) -> dict[str, Any]:
        response = strict_json.text_of(envelope, "response", longest=8192)
        # An encrypted response is signed with its quotes, a plain one (a refusal) as it is.
        plain = response.lstrip().startswith("{")
        signed = response if plain else f'"{response}"'
        verifier, key = self._gateway.verifier, self._gateway.content_key
        sign = strict_json.text_of(envelope, "sign", longest=1024)
        if envelope.get("sign_type", "RSA2") != "RSA2" or not verifier.verify(signed.encode(), sign):
            raise NotAlipayError("wrong signature")
        if plain:
            return strict_json.read_object(response)
        if key is None:
            raise ValueError("encrypted, and there is no key")
        return strict_json.read_object(key.decrypt(response))


def _mobile(opened: dict[str, Any]) -> str:
    if opened.get("code") != "10000":
        code = str(opened.get("subCode") or opened.get("code") or "refused")
        raise Refused("alipay", "phone_number", platform_code=code, detail=str(opened.get("subMsg", "")))
    number = strict_json.text_of(opened, "mobile", longest=26)
    if _PHONE.fullmatch(number) is None:
        raise ValueError("mobile is not a number")
    return number


def _trade_notify(read: dict[str, Any]) -> Callback:
    if read.get("notify_type") != "trade_status_sync":
        raise ValueError("an unknown notify_type")
    return Callback(strict_json.text_of(read, "notify_id"), "trade", alipay_facts.trade(read))


def _read(operation: str, reader: Callable[[], T]) -> T:
    try:
        return reader()
    except ValueError as error:
        raise Unknown("alipay", operation, platform_code="unreadable", detail=str(error)) from None


def _same(operation: str, read: dict[str, Any], out_trade_no: str) -> None:
    if read.get("out_trade_no") != out_trade_no:
        raise Unknown("alipay", operation, platform_code="unreadable", detail="about another number")


def _must(operation: str, code: str, *, ok: bool) -> None:
    if not ok:
        raise Refused("alipay", operation, platform_code=code, detail="not sent")
