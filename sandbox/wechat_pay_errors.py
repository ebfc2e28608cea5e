"""How WeChat Pay says no: an HTTP status, a code, and a sentence (错误码)."""

from http import HTTPStatus
from typing import Any


class Refusal(Exception):
    """One refusal, as it goes to the merchant."""

    def __init__(self, status: int, code: str, message: str, *, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def as_json(self) -> dict[str, Any]:
        """Write code, message and, where there is one, detail."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.detail is not None:
            body["detail"] = self.detail
        return body


def bad_field(field: str, issue: str, *, location: str = "body") -> Refusal:
    """Refuse a parameter; `field` is its JSON pointer, such as /amount/total."""
    return Refusal(
        HTTPStatus.BAD_REQUEST,
        "PARAM_ERROR",
        f"输入源“/{location}{field}”：{issue}",
        detail={"field": field, "issue": issue, "location": location},
    )


def invalid_request(message: str) -> Refusal:
    """Refuse a request whose parameters are right, but do not fit what WeChat Pay knows."""
    return Refusal(HTTPStatus.BAD_REQUEST, "INVALID_REQUEST", message)


def no_right(message: str = "商户无权限") -> Refusal:
    """Refuse what belongs to another merchant."""
    return Refusal(HTTPStatus.FORBIDDEN, "NO_AUTH", message)


def unknown_order() -> Refusal:
    """Say that there is no such order."""
    return Refusal(HTTPStatus.NOT_FOUND, "ORDER_NOT_EXIST", "订单不存在")


def already_paid() -> Refusal:
    """Say that the order has been paid."""
    return Refusal(HTTPStatus.BAD_REQUEST, "ORDERPAID", "该订单已支付")


def already_closed() -> Refusal:
    """Say that the order has been closed."""
    return Refusal(HTTPStatus.BAD_REQUEST, "ORDER_CLOSED", "订单已关闭")


def too_often() -> Refusal:
    """Say that the merchant asks too often."""
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "FREQUENCY_LIMITED", "频率限制，请稍后再试")


def system_error() -> Refusal:
    """Say that something broke, and whether it was done is not said."""
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用")
