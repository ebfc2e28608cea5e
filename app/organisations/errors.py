"""What can go wrong with acting for an organisation (企业办事身份的错误)."""

from app.errors import Conflict, Invalid, NotFound, TooMany, Unavailable


class OrganisationNotFound(NotFound):
    """There is no such organisation, or the citizen does not act for it (any more)."""

    code = "organisation_not_found"
    message = "没有找到这家企业，或者您现在不能替它办事"


class OrganisationCodeWrong(Invalid):
    """The text is no unified social credit code."""

    code = "organisation_code_wrong"
    message = "统一社会信用代码不对，请照营业执照上的18位核对"


class InvitationOver(NotFound):
    """The invitation is unknown, used, over, or its giver may no longer give it."""

    code = "invitation_over"
    message = "这个授权码不能用了，请法定代表人重新发一个"


class ActsAlready(Conflict):
    """Somebody who acts for the organisation already needs no second standing."""

    code = "acts_already"
    message = "您已经能替这家企业办事，不用再接受授权"


class PeriodWrong(Invalid):
    """The last day of an agent's authority lies before today or too far ahead."""

    code = "period_wrong"
    message = "授权期限要从今天起，最长一年，请重新选择"


class IdentityUnproven(Conflict):
    """Nothing is proven of the citizen by which the registry could know them."""

    code = "identity_unproven"
    message = "登记系统要用您的手机号核对法定代表人，请先到“个人资料”绑定手机号"


class NotRepresentative(Conflict):
    """The registry knows somebody else as legal representative."""

    code = "not_representative"
    message = "登记的法定代表人不是您。请法定代表人自己绑定这家企业，再给您授权"


class OrganisationUnknown(Conflict):
    """The registry has no company of this code."""

    code = "organisation_unknown"
    message = "登记系统里没有这家企业，请照营业执照核对统一社会信用代码"


class OrganisationClosed(Conflict):
    """The company's licence is revoked, or it is deregistered."""

    code = "organisation_closed"
    message = "这家企业已被吊销或者已注销，不能在网上替它办事，请到市场监管窗口咨询"


class ClaimedTooOften(TooMany):
    """More companies are claimed than anybody represents."""

    code = "claimed_too_often"
    message = "今天核验的次数太多了，请明天再试，或带营业执照到窗口办理"


class ProofNotJoined(Unavailable):
    """This city is not joined to a registry."""

    code = "proof_not_joined"
    message = "本市还没有接通市场监管登记系统，企业的事请到窗口办理"


class ScopeWrong(Invalid):
    """An agent can be authorised only for items that companies apply for."""

    code = "scope_wrong"
    message = "选的事项里有企业不能办的，请重新选择"
