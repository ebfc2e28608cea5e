"""The channels as this room sees them (支付渠道): one set of verbs over two platforms."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app import settings
from app.people.models import Platform
from payments.models import Channel
from platforms import directory
from platforms.alipay import Alipay
from platforms.facts import RefundFact, TradeFact
from platforms.wechat_pay import WeChatPay

# Alipay's user ids; everything else is an open id.
_USER_ID = re.compile(r"2088\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Order:
    """What a channel needs to know to open a payment; fen and UTC."""

    out_trade_no: str
    amount_fen: int
    description: str
    payer_id: str
    expires_at: datetime
    callback_url: str


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """What a channel needs to know to give money back; fen."""

    out_trade_no: str
    refund_no: str
    amount_fen: int
    total_fen: int
    reason: str
    callback_url: str


class PaymentChannel(Protocol):
    """Every verb may raise Refused, Busy or Unknown of platforms.errors."""

    @property
    def name(self) -> str:
        """What citizens call it."""

    @property
    def platform(self) -> Platform:
        """Where its payers are logged in."""

    @property
    def callback_path(self) -> str:
        """Where it reports payments to."""

    @property
    def refund_callback_path(self) -> str:
        """Where it reports refunds to."""

    def open(self, order: Order) -> str:
        """Open the order at the channel and return its prepay id; repeating it opens nothing new."""

    def invoke(self, prepay_id: str) -> dict[str, Any]:
        """What the phone passes to wx.requestPayment or my.tradePay."""

    def query(self, out_trade_no: str) -> TradeFact:
        """Ask how the order stands."""

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; Refused when it is paid."""

    def refund(self, back: MoneyBack) -> RefundFact:
        """Give money back; the same number gives it back once."""

    def query_refund(self, back: MoneyBack) -> RefundFact:
        """Ask how a refund stands."""

    def ours(self, fact: TradeFact) -> bool:
        """Whether a fact is about our own app and merchant, in yuan."""


@dataclass(frozen=True)
class WeChatChannel:
    """WeChat Pay, JSAPI (微信支付)."""

    client: WeChatPay
    app_id: str
    merchant_id: str
    name: str = "微信"
    platform: Platform = Platform.WECHAT
    callback_path: str = "/webhooks/wechat-pay/transactions"
    refund_callback_path: str = "/webhooks/wechat-pay/refunds"

    def open(self, order: Order) -> str:
        """Prepay."""
        return self.client.prepay(
            out_trade_no=order.out_trade_no,
            amount_fen=order.amount_fen,
            description=order.description,
            openid=order.payer_id,
            notify_url=order.callback_url,
            expires_at=order.expires_at,
        )

    def invoke(self, prepay_id: str) -> dict[str, Any]:
        """Signed parameters for wx.requestPayment."""
        return dict(self.client.invoke(prepay_id))

    def query(self, out_trade_no: str) -> TradeFact:
        """Ask by our number."""
        return self.client.query(out_trade_no)

    def close(self, out_trade_no: str) -> None:
        """Close by our number."""
        self.client.close(out_trade_no)

    def refund(self, back: MoneyBack) -> RefundFact:
        """Ask for a refund; success comes later."""
        return self.client.refund(
            out_trade_no=back.out_trade_no,
            out_refund_no=back.refund_no,
            amount_fen=back.amount_fen,
            total_fen=back.total_fen,
            reason=back.reason,
            notify_url=back.callback_url,
        )

    def query_refund(self, back: MoneyBack) -> RefundFact:
        """Ask by our refund number."""
        return self.client.query_refund(back.refund_no)

    def ours(self, fact: TradeFact) -> bool:
        """Compare app, merchant and currency where the channel states them."""
        return (
            fact.app_id in {None, self.app_id}
            and fact.merchant_id in {None, self.merchant_id}
            and fact.currency in {None, "CNY"}
        )


@dataclass(frozen=True)
class AlipayChannel:
    """Alipay mini-program payment (支付宝)."""

    client: Alipay
    app_id: str
    seller_id: str
    name: str = "支付宝"
    platform: Platform = Platform.ALIPAY
    callback_path: str = "/webhooks/alipay/notify"
    refund_callback_path: str = "/webhooks/alipay/notify"

    def open(self, order: Order) -> str:
        """Create the trade for its buyer: an open id, or the user id that older apps still get."""
        buyer = "buyer_user_id" if _USER_ID.fullmatch(order.payer_id) else "buyer_open_id"
        return self.client.create(
            out_trade_no=order.out_trade_no,
            amount_fen=order.amount_fen,
            subject=order.description,
            notify_url=order.callback_url,
            expires_at=order.expires_at,
            **{buyer: order.payer_id},
        )

    def invoke(self, prepay_id: str) -> dict[str, Any]:
        """The trade number for my.tradePay."""
        return dict(self.client.invoke(prepay_id))

    def query(self, out_trade_no: str) -> TradeFact:
        """Ask by our number."""
        return self.client.query(out_trade_no)

    def close(self, out_trade_no: str) -> None:
        """Close by our number."""
        self.client.close(out_trade_no)

    def refund(self, back: MoneyBack) -> RefundFact:
        """Give back at once."""
        return self.client.refund(
            out_trade_no=back.out_trade_no,
            out_refund_no=back.refund_no,
            amount_fen=back.amount_fen,
            reason=back.reason,
        )

    def query_refund(self, back: MoneyBack) -> RefundFact:
        """Ask by both numbers."""
        return self.client.query_refund(back.out_trade_no, back.refund_no)

    def ours(self, fact: TradeFact) -> bool:
        """Compare app and seller where the channel states them."""
        return fact.app_id in {None, self.app_id} and fact.merchant_id in {None, self.seller_id}


def channel(name: str) -> PaymentChannel:
    """The channel of that name, over this process's clients."""
    clients, configured = directory.current(), settings.current()
    if name == Channel.WECHAT:
        return WeChatChannel(
            clients.wechat_pay,
            app_id=configured.wechat.mini_appid,
            merchant_id=configured.wechat_pay.mchid,
        )
    return AlipayChannel(
        clients.alipay, app_id=configured.alipay.app_id, seller_id=configured.alipay.seller_id
    )


def callback_url(path: str) -> str:
    """Where a channel reports to: our public address, without anything that names an order."""
    return settings.current().public_url + path
