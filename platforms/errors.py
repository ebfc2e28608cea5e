"""What can go wrong between us and a platform: five words, so that a caller can decide what to do.

Nothing else leaves this room while it works: no error of requests, wechatpy, wechatpayv3, redis or json.
Only a constructor given an unusable key raises ValueError, so that a wrong setting stops the start.
"""


class PlatformError(Exception):
    """A platform and we did not come to terms (平台调用失败).

    `platform` is wechat, wechat_pay, alipay, sms or registry; `operation` our verb; `platform_code` its own
    code as text ("43101", "ORDERPAID", "ACQ.TRADE_NOT_EXIST") or a word of ours in lower case when the
    platform said nothing ("timeout", "unreachable", "invalid_amount"); `detail` a sentence for the log that
    never holds a token, a key or an address with secrets in it.
    """

    def __init__(self, platform: str, operation: str, *, platform_code: str = "", detail: str = "") -> None:
        super().__init__(platform, operation, platform_code, detail)
        self.platform = platform
        self.operation = operation
        self.platform_code = platform_code
        self.detail = detail[:300]

    def __str__(self) -> str:
        words = (
            f"{type(self).__name__}: {self.platform}.{self.operation} [{self.platform_code}] {self.detail}"
        )
        return words.rstrip()

    def __reduce__(self) -> tuple[object, ...]:
        # A worker that hands its error to another process must be able to pickle it.
        return (_again, (type(self), self.platform, self.operation, self.platform_code, self.detail))


class Refused(PlatformError):
    """The platform answered no; the same request will get the same answer."""


class Busy(PlatformError):
    """Not executed, may be sent again later: limits, an unreachable host, our own credentials refused."""


class Unknown(PlatformError):
    """It may have happened: time-out, 5xx, an answer that cannot be trusted or read. Ask first."""


class BadSignature(PlatformError):
    """What came in was not sent by the platform, or too long ago. Change nothing, answer 401."""


class Malformed(PlatformError):
    """What came in cannot be read."""


def _again(
    kind: type[PlatformError], platform: str, operation: str, platform_code: str, detail: str
) -> PlatformError:
    return kind(platform, operation, platform_code=platform_code, detail=detail)
