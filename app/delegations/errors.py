"""What can go wrong with acting for another citizen (授权代办的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class DelegationNotFound(NotFound):
    """There is no such authority, or it has ended."""

    code = "delegation_not_found"
    message = "没有找到这份授权，或者它已经停止、到期了"


class DelegationCodeOver(NotFound):
    """The code is unknown, used, over or called back."""

    code = "delegation_code_over"
    message = "这个授权码不能用了，请对方重新发一个"


class DelegationUnconfirmed(Conflict):
    """A paper that only one clerk has seen makes nobody an agent."""

    code = "delegation_unconfirmed"
    message = "这份授权书还没有经第二位工作人员复核，请授权的人在窗口办完复核，再来接受"


class SecondClerkNeeded(Conflict):
    """Whoever wrote a paper does not confirm it."""

    code = "second_clerk_needed"
    message = "授权书要由另一位工作人员复核，请同事接待这位市民并核对证件"


class DelegateTwice(Conflict):
    """Somebody who has an authority of this citizen already needs no second one."""

    code = "delegate_twice"
    message = "您已经在替他办事了。要改授权内容，请先停止原来的授权"


class DelegateToOneself(Conflict):
    """Nobody needs an authority to act for themselves."""

    code = "delegate_to_oneself"
    message = "这是您自己发出的授权码，请发给要替您办事的人"


class DelegatesUnproven(Conflict):
    """Who authorises and who accepts must be known by name."""

    code = "delegates_unproven"
    message = "授权和接受授权都要先实名。请带身份证到任意一个办事窗口核验，核验一次就行"


class DelegationPeriodWrong(Invalid):
    """The last day lies before today or too far ahead."""

    code = "delegation_period_wrong"
    message = "授权期限要从今天起，最长一年，请重新选择"


class DelegationScopeWrong(Invalid):
    """One of the items is unknown, or only its applicant may handle it."""

    code = "delegation_scope_wrong"
    message = "{names}要本人办，不能代办，请从授权的事项里去掉"


class TooManyDelegations(TooMany):
    """More people are authorised than one can keep in view."""

    code = "too_many_delegations"
    message = "同时有效的授权最多{most}份，请先停止不用的"


class NotDelegable(Conflict):
    """The guide says that only the applicant may handle the item (不得代办)."""

    code = "not_delegable"
    message = "“{name}”要本人办，不能代办。请本人在自己的手机上办，或本人到窗口"


class OwnDraftFirst(NotDelegable):
    """The applicant's own draft keeps to an older guide that lets nobody act for them."""

    code = "own_draft_first"
    message = "申请人自己有一份“{name}”的草稿，是照以前的办事指南填的，不能代办。请本人先提交或撤回那份草稿"


class NotDelegated(Conflict):
    """The authority does not reach to the item."""

    code = "not_delegated"
    message = "您得到的授权里没有“{name}”，请对方重新授权"


class ActNotDelegated(Forbidden):
    """The authority does not reach to this kind of act."""

    code = "act_not_delegated"
    message = "您得到的授权里没有这一项，请对方重新授权"


class OwnHandNeeded(Forbidden):
    """What is signed, paid, taken back or is private is done by the citizen alone."""

    code = "own_hand_needed"
    message = "这一步要本人办：请本人在自己的手机上办，或本人到窗口"
