"""What WeChat Pay tells the merchant: sealed callbacks, genuine and otherwise (支付通知、退款通知).

Faults of `wechat_pay.callback`, besides those of every channel:

- forged, must be refused: `forged_signature` (another key), `signtest` (the platform's own probe),
  `unknown_serial`, `missing_headers`, `old_timestamp`, `tampered_body` (after signing),
  `tampered_ciphertext` and `wrong_aad` (before signing), `replay` (a genuine one, ten minutes old);
- genuine in signature, wrong in content: `wrong_total`, `wrong_currency`, `wrong_appid`, `wrong_mchid`,
  `wrong_openid`, `wrong_out_trade_no` (`value` says with what);
- `different_id`: the same transaction again under another event id.
"""

import json
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from .callback_line import Letter, Reply
from .callbacks import WECHAT_PAY_LADDER, Callbacks, Channel, Notice
from .wechat_pay_book import Order, Payment, Refund, paid_part, shown
from .wechat_pay_signing import seal, signed_headers
from .world import Fault, World

LIMIT = 5.0
OLD = 600
WRONG: dict[str, tuple[tuple[str, ...], Any]] = {
    "wrong_total": (("amount", "total"), 1),
    "wrong_currency": (("amount", "currency"), "USD"),
    "wrong_appid": (("appid",), "wxsandboxother0001"),
    "wrong_mchid": (("mchid",), "1900000999"),
    "wrong_openid": (("payer", "openid"), "oMsomebodyelse00000000000000"),
    "wrong_out_trade_no": (("out_trade_no",), "NOSUCHORDER0001"),
}
FORGED = frozenset({
    "forged_signature",
    "signtest",
    "unknown_serial",
    "missing_headers",
    "old_timestamp",
    "tampered_body",
    "tampered_ciphertext",
    "wrong_aad",
})  # fmt: skip
REFUND_SUMMARIES = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}


def _is_taken(reply: Reply) -> bool:
    return reply.status in {200, 204}


CHANNEL = Channel(
    op="wechat_pay.callback",
    ladder=WECHAT_PAY_LADDER,
    limit=LIMIT,
    is_taken=_is_taken,
    before=FORGED | WRONG.keys(),
    after=frozenset({"replay", "different_id"}),
    forged=FORGED | {"replay"},
)


class Notices:
    """Writes callbacks and hands them over for delivery."""

    def __init__(self, world: World, callbacks: Callbacks) -> None:
        self._world = world
        self._callbacks = callbacks
        self._stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def tell_paid(self, order: Order, payment: Payment, *, wait: bool = False) -> None:
        """Tell that an order was paid; only success is told, never failure or closing."""
        plain = {
            "appid": order.appid,
            "mchid": self._world.keys.mchid,
            "out_trade_no": order.out_trade_no,
            "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功",
            "attach": order.attach or "",
            **paid_part(order, payment),
        }
        self._tell(
            order.notify_url,
            plain,
            event="TRANSACTION.SUCCESS",
            summary="支付成功",
            kind="transaction",
            wait=wait,
        )

    def tell_refund(self, order: Order, refund: Refund, *, wait: bool = False) -> None:
        """Tell how a refund ended, if the merchant asked to be told."""
        if refund.notify_url is None or order.payment is None:
            return
        plain: dict[str, Any] = {
            "mchid": self._world.keys.mchid,
            "out_trade_no": order.out_trade_no,
            "transaction_id": order.payment.transaction_id,
            "out_refund_no": refund.out_refund_no,
            "refund_id": refund.refund_id,
            "refund_status": refund.status,
            "user_received_account": "支付用户零钱",
            "amount": {
                "total": order.total,
                "refund": refund.amount,
                "payer_total": order.total,
                "payer_refund": refund.amount,
            },
        }
        if refund.status == "SUCCESS" and refund.finished_at is not None:
            plain["success_time"] = shown(refund.finished_at)
        self._tell(
            refund.notify_url,
            plain,
            event=f"REFUND.{refund.status}",
            summary=REFUND_SUMMARIES[refund.status],
            kind="refund",
            wait=wait,
        )

    def _tell(
        self, url: str, plain: dict[str, Any], *, event: str, summary: str, kind: str, wait: bool
    ) -> None:
        envelope = {
            "id": secrets.token_hex(16),
            "create_time": shown(self._world.clock.now()),
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": summary,
        }
        notice = Notice(
            channel=CHANNEL,
            event_id=envelope["id"],
            event=event,
            out_trade_no=plain["out_trade_no"],
            url=url,
            write=self._writer(envelope, plain, kind),
        )
        self._callbacks.start(notice, wait=wait)

    def _writer(
        self, envelope: dict[str, Any], plain: dict[str, Any], kind: str
    ) -> Callable[[Fault | None], Letter]:
        def write(fault: Fault | None) -> Letter:
            spoiled = fault.kind if fault is not None else ""
            content = plain
            if fault is not None and spoiled in WRONG:
                content = _with_wrong(plain, fault)
            body = {**envelope, "resource": self._sealed(content, kind, spoiled)}
            if spoiled == "different_id":
                body["id"] = secrets.token_hex(16)
            return self._signed(compact(body), spoiled)

        return write

    def _sealed(self, plain: dict[str, Any], kind: str, spoiled: str) -> dict[str, Any]:
        bound = "somethingelse" if spoiled == "wrong_aad" else kind
        sealed = seal(self._world.keys.apiv3_key, compact(plain), kind=kind, bound=bound)
        if spoiled == "tampered_ciphertext":
            text = sealed["ciphertext"]
            sealed["ciphertext"] = ("B" if text[0] == "A" else "A") + text[1:]
        return sealed

    def _signed(self, body: bytes, spoiled: str) -> Letter:
        keys = self._world.keys
        key = self._stranger if spoiled == "forged_signature" else keys.wechat_pay_key
        moment = int(self._world.clock.wire().timestamp())
        if spoiled in {"replay", "old_timestamp"}:
            moment -= OLD
        headers = signed_headers(key, serial=keys.wechat_pay_public_key_id, body=body, moment=moment)
        if spoiled == "signtest":
            headers["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"][19:]
        if spoiled == "unknown_serial":
            headers["Wechatpay-Serial"] = secrets.token_hex(20).upper()
        if spoiled == "missing_headers":
            del headers["Wechatpay-Signature"], headers["Wechatpay-Timestamp"]
        if spoiled == "tampered_body":
            body = body.replace(b'"summary":"', b'"summary":"x', 1)
        headers |= {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
        return Letter(headers, body)


def compact(value: object) -> bytes:
    """Write JSON as WeChat Pay does: compact, UTF-8 unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _with_wrong(plain: dict[str, Any], fault: Fault) -> dict[str, Any]:
    path, usual = WRONG[fault.kind]
    wrong: dict[str, Any] = json.loads(json.dumps(plain))
    place = wrong
    for step in path[:-1]:
        place = place.setdefault(step, {})
    value = fault.detail.get("value", usual)
    if fault.kind == "wrong_total" and "value" not in fault.detail:
        value = place.get(path[-1], 0) + 1
    place[path[-1]] = value
    return wrong
