"""What can go wrong with a second person's signature (共同申请人签名的错误)."""

from app.errors import Conflict, NotFound, TooMany


class CoSignatureMissing(Conflict):
    """The second person has not signed, or signed something else than there is now."""

    code = "co_signature_missing"
    message = "还要请共同申请人签名才能提交；签名以后内容改过的，要请对方重新签"


class CoSignNotWanted(Conflict):
    """The item asks for no second person's signature, or a company applies."""

    code = "co_sign_not_wanted"
    message = "这个事项不用共同申请人签名，直接提交就可以"


class CoSignNotFound(NotFound):
    """There is no such invitation, or it is somebody else's."""

    code = "co_sign_not_found"
    message = "没有找到这份签名邀请，请向申请人核对"


class CoSignCodeOver(NotFound):
    """The code is unknown, was taken by somebody, called back, or its days are over."""

    code = "co_sign_code_over"
    message = "这个邀请码不能用了，请申请人重新发一个"


class OwnCoSign(Conflict):
    """The applicant cannot be the second person."""

    code = "own_co_sign"
    message = "共同申请人要用自己的手机登录，请把邀请码发给对方"


class CoSignAskedLately(TooMany):
    """They were asked a moment ago."""

    code = "co_sign_asked_lately"
    message = "刚刚提醒过对方，请过十分钟再提醒"
