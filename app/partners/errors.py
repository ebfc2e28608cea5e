"""What can go wrong with a partner's request (合作单位接口的错误): said in Chinese and in English."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from app.errors import DomainError


class PartnerRefused(DomainError):
    """A refusal that a programmer abroad can read too; `english` goes out as `detail_en`."""

    english: ClassVar[str] = "The request was refused."
    members = ("detail_en",)

    def __init__(
        self, *, errors: Mapping[str, Sequence[str]] | None = None, retry_after: int | None = None
    ) -> None:
        """`errors`: parameter → sentences; `retry_after`: seconds."""
        super().__init__(errors=errors, retry_after=retry_after, detail_en=self.english)


class SignatureMissing(PartnerRefused):
    """A header of the signature is missing or has no right shape."""

    status = 401
    code = "signature_missing"
    message = "请求没有签名，或签名的请求头不全，请对照接口说明检查"
    english = "The request is not signed, or a header of the signature is missing or malformed."


class SignatureOld(PartnerRefused):
    """The time of the request is too far from ours."""

    status = 401
    code = "signature_old"
    message = "请求时间与服务器相差超过5分钟，请校准系统时间后重新签名"
    english = "The timestamp is more than five minutes away from ours. Set your clock and sign again."


class SignatureWrong(PartnerRefused):
    """The signature is not that of this request by this key; an unknown or ended key looks the same."""

    status = 401
    code = "signature_wrong"
    message = "签名或密钥编号不对，请对照接口说明检查签名的内容"
    english = "The signature does not fit this request, or the key is unknown or no longer in use."


class SignatureUsed(PartnerRefused):
    """The same signed request came before."""

    status = 401
    code = "signature_used"
    message = "这个请求已经用过，请换一个随机数重新签名"
    english = "This nonce was used before. Sign again with a new one."


class RateExceeded(PartnerRefused):
    """More requests in one minute than agreed."""

    status = 429
    code = "rate_exceeded"
    message = "这一分钟的请求太多，请稍后再试"
    english = "Too many requests in this minute. Try again later."


class QuotaSpent(PartnerRefused):
    """More requests in one day than agreed."""

    status = 429
    code = "quota_spent"
    message = "今天的请求次数已经用完，请明天再试，或联系本市增加"
    english = "The quota of today is used up. Try again tomorrow, or ask the city for more."


class ParameterWrong(PartnerRefused):
    """A parameter of the address cannot be read."""

    status = 422
    code = "parameter_wrong"
    message = "请求参数不对，请对照接口说明检查"
    english = "A parameter of the request is wrong; `errors` names it."


class PublicGuideNotFound(PartnerRefused):
    """There is no public guide with this code or version."""

    status = 404
    code = "guide_not_found"
    message = "没有这个事项，或没有这个版本"
    english = "There is no public guide with this code, or no such version."


class PartnerNotFound(DomainError):
    """No partner has this key."""

    status = 404
    code = "partner_not_found"
    message = "没有这个密钥编号，或已经停用，请用flask partners list查看"
