"""What Alipay tells the merchant: signed forms, genuine and otherwise (异步通知).

Faults of `alipay.notify`, besides those of every channel:

- forged, must be refused: `forged_signature` (another key), `tampered_body` (after signing),
  `missing_signature`, `sha1` (the true key, but sign_type=RSA);
- genuine in signature, wrong in content: `wrong_total`, `wrong_app_id`, `wrong_seller`, `wrong_buyer`,
  `wrong_out_trade_no` (`value` says with what);
- `duplicate_keys`: a second total_amount of 0.01 stands before the signed one;
- `different_id`: the same event again under another notify_id;
- in another dress: `gbk`, `finished` (TRADE_FINISHED instead of TRADE_SUCCESS).
"""

import secrets
from collections.abc import Callable
from urllib.parse import quote_plus, urlencode

from cryptography.hazmat.primitives.asymmetric import rsa

from .alipay_book import Refund, Trade, shown, yuan
from .alipay_signing import content, sign
from .callback_line import Letter, Reply
from .callbacks import ALIPAY_LADDER, Callbacks, Channel, Notice
from .world import Fault, World

LIMIT = 5.0
UNSIGNED = frozenset({"sign", "sign_type"})
WRONG = {
    "wrong_total": ("total_amount", "0.01"),
    "wrong_app_id": ("app_id", "2021000000000999"),
    "wrong_seller": ("seller_id", "2088000000000999"),
    "wrong_buyer": ("buyer_open_id", "somebody-else"),
    "wrong_out_trade_no": ("out_trade_no", "NOSUCHTRADE0001"),
}
FORGED = frozenset({"forged_signature", "tampered_body", "missing_signature", "sha1"})


def _is_taken(reply: Reply) -> bool:
    return reply.status == 200 and reply.body == b"success"  # noqa: PLR2004


CHANNEL = Channel(
    op="alipay.notify",
    ladder=ALIPAY_LADDER,
    limit=LIMIT,
    is_taken=_is_taken,
    before=FORGED | WRONG.keys() | {"duplicate_keys"},
    after=frozenset({"different_id"}),
    forged=FORGED,
    dress=frozenset({"gbk", "finished"}),
)


class Notices:
    """Writes notifies and hands them over for delivery."""

    def __init__(self, world: World, callbacks: Callbacks) -> None:
        self._world = world
        self._callbacks = callbacks
        self._stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def tell(self, trade: Trade, refund: Refund | None = None, *, wait: bool = False) -> None:
        """Tell how a trade stands now: paid, closed or, after a part refund, still paid."""
        if not trade.notify_url:
            return
        with self._world.lock:
            fields = self._fields(trade, refund)
        notice = Notice(
            channel=CHANNEL,
            event_id=fields["notify_id"],
            event=fields["trade_status"],
            out_trade_no=trade.out_trade_no,
            url=trade.notify_url,
            write=self._writer(fields),
        )
        self._callbacks.start(notice, wait=wait)

    def _fields(self, trade: Trade, refund: Refund | None) -> dict[str, str]:
        keys, now = self._world.keys, self._world.clock.now()
        fields = {
            "notify_time": shown(now),
            "notify_type": "trade_status_sync",
            "notify_id": secrets.token_hex(17),
            "app_id": keys.alipay_app_id,
            "auth_app_id": keys.alipay_app_id,
            "charset": "utf-8",
            "version": "1.0",
            "trade_no": trade.trade_no,
            "out_trade_no": trade.out_trade_no,
            "buyer_id": trade.buyer.alipay_user_id,
            "buyer_open_id": trade.buyer.alipay_open_id,
            "seller_id": keys.alipay_seller_id,
            "trade_status": trade.status(now),
            "total_amount": yuan(trade.total),
            "subject": trade.subject,
            "body": trade.body,
            "passback_params": trade.passback,
            "gmt_create": shown(trade.made_at),
        }
        if trade.paid_at is not None:
            fields |= _paid_part(trade, shown(trade.paid_at))
        if refund is not None:
            fields["refund_fee"] = yuan(trade.refunded)
            fields["out_biz_no"] = refund.request_no
            fields["gmt_refund"] = f"{shown(refund.at)}.000"
        if fields["trade_status"] == "TRADE_CLOSED":
            fields["gmt_close"] = shown(now)
        return {name: value for name, value in fields.items() if value}

    def _writer(self, fields: dict[str, str]) -> Callable[[Fault | None], Letter]:
        def write(fault: Fault | None) -> Letter:
            spoiled = fault.kind if fault is not None else ""
            told = {**fields, "notify_time": shown(self._world.clock.now())}
            if fault is not None and spoiled in WRONG:
                name, usual = WRONG[spoiled]
                told[name] = str(fault.detail.get("value", usual))
            if spoiled == "different_id":
                told["notify_id"] = secrets.token_hex(17)
            if spoiled == "finished" and told["trade_status"] == "TRADE_SUCCESS":
                told["trade_status"] = "TRADE_FINISHED"
            return self._signed(told, spoiled)

        return write

    def _signed(self, told: dict[str, str], spoiled: str) -> Letter:
        charset = "gbk" if spoiled == "gbk" else "utf-8"
        if spoiled == "gbk":
            told["charset"] = "GBK"
        told["sign_type"] = "RSA" if spoiled == "sha1" else "RSA2"
        key = self._stranger if spoiled == "forged_signature" else self._world.keys.alipay_platform_key
        signed = content(told, without=UNSIGNED).encode(charset, errors="replace")
        told["sign"] = sign(key, signed, sign_type=told["sign_type"])
        if spoiled == "missing_signature":
            del told["sign"]
        if spoiled == "tampered_body":
            told["total_amount"] = "0.01"
        body = urlencode(told, quote_via=quote_plus, encoding=charset, errors="replace")
        if spoiled == "duplicate_keys":
            body = f"total_amount=0.01&{body}"
        kind = f"application/x-www-form-urlencoded; text/html; charset={charset}"
        return Letter({"Content-Type": kind, "User-Agent": "Mozilla/4.0"}, body.encode("ascii"))


def _paid_part(trade: Trade, at: str) -> dict[str, str]:
    paid = yuan(trade.total)
    return {
        "gmt_payment": at,
        "receipt_amount": paid,
        "invoice_amount": paid,
        "buyer_pay_amount": paid,
        "point_amount": "0.00",
        "fund_bill_list": f'[{{"amount":"{paid}","fundChannel":"ALIPAYACCOUNT"}}]',
    }
