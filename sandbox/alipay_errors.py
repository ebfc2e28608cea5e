"""How Alipay says no: code, sub_code and a sentence (网关返回码、业务返回码)."""

MESSAGES = {
    "20000": "Service Currently Unavailable",
    "20001": "Insufficient Authorization Permissions",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
    "40005": "Call Limited",
    "40006": "Insufficient Permissions",
}


class Failure(Exception):
    """One refusal, as it goes to the app.

    `at_gateway` is one of the gateway itself, under the name error_response; it is `unsigned` when it came
    before the gateway knew who asked.
    """

    def __init__(
        self, code: str, sub_code: str, sub_msg: str, *, at_gateway: bool = False, unsigned: bool = False
    ) -> None:
        super().__init__(sub_msg)
        self.code = code
        self.sub_code = sub_code
        self.sub_msg = sub_msg
        self.at_gateway = at_gateway
        self.unsigned = unsigned

    def as_json(self) -> dict[str, str]:
        """Write the four fields."""
        return {
            "code": self.code,
            "msg": MESSAGES.get(self.code, "Business Failed"),
            "sub_code": self.sub_code,
            "sub_msg": self.sub_msg,
        }


def acquiring(name: str, sentence: str) -> Failure:
    """Refuse a matter of money; `name` without its ACQ."""
    return Failure("40004", f"ACQ.{name}", sentence)


def bad_parameter(sentence: str) -> Failure:
    """Refuse a parameter of a trade."""
    return acquiring("INVALID_PARAMETER", f"参数无效：{sentence}")


def no_such_trade() -> Failure:
    """Say that there is no such trade."""
    return acquiring("TRADE_NOT_EXIST", "交易不存在")


def wrong_status() -> Failure:
    """Say that the trade's status does not allow it."""
    return acquiring("REASON_TRADE_STATUS_INVALID", "交易状态不合法")


def turned_away(sub_code: str, sentence: str, *, code: str = "40002", unsigned: bool = True) -> Failure:
    """Refuse at the gateway; unsigned while the gateway does not know who asks."""
    return Failure(code, sub_code, sentence, at_gateway=True, unsigned=unsigned)


def unknown_error() -> Failure:
    """Say that something broke, and whether it was done is not said."""
    return Failure("20000", "isp.unknow-error", "系统繁忙，请稍后重试")


def call_limited() -> Failure:
    """Say that the app calls too often."""
    return Failure("40005", "aop.call-limited", "调用频次超限")
