"""What can go wrong with a pre-check (网上预审的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class PrecheckNotOffered(Conflict):
    """The guide offers no pre-check, or the draft is part of a bundle that is handed in as one."""

    code = "precheck_not_offered"
    message = "这个申请没有网上预审，填好以后直接提交，或者到窗口办理"


class PrecheckRunning(Conflict):
    """The draft is with the office: nobody changes what is being looked at."""

    code = "precheck_running"
    message = "申请正在请工作人员预审，先不能改；要改的话，请点“收回来改”"


class PrecheckPassed(Conflict):
    """Just this content has passed already."""

    code = "precheck_passed"
    message = "预审已经通过，不用再请；请带原件到窗口办理"


class PrecheckAskedOften(TooMany):
    """More rounds within a day than anybody mends."""

    code = "precheck_asked_often"
    message = "今天请求预审的次数太多，请明天再试，或者拨打咨询电话"


class PrecheckNotFound(NotFound):
    """There is no such pre-check, or it is another department's."""

    code = "precheck_not_found"
    message = "没有找到这个预审，请回到列表刷新后再看"


class PrecheckOver(Conflict):
    """Nobody waits for an answer any more: it was answered, or taken back."""

    code = "precheck_over"
    message = "这个预审已经有人答复，或者申请人已经收回，请刷新后再看"


class PrecheckChanged(Conflict):
    """What there is now is not what the answer would be about."""

    code = "precheck_changed"
    message = "申请的内容和请求预审时不一样了，不能直接通过；请选“需要修改”，说明要补什么"


class NamedTooLate(Conflict):
    """A later round names what was there and unnamed before; `errors` names each (一次性告知)."""

    code = "named_too_late"
    message = "这些内容上次就有、当时没有提出，不能再提；确实必须提的，请写明为什么这次才提，申请人会看到"


class PassedBefore(Forbidden):
    """What passed the pre-check is asked for again."""

    code = "passed_before"
    message = (
        "这些内容网上预审已经通过，不能再要求补正；原件和照片不一致的，请选“原件和照片不一致”并写明哪里不同"
    )


class PassUsed(Conflict):
    """The visit code was used: the case was handed in by it."""

    code = "pass_used"
    message = "这个到窗码已经用过，申请已经提交，请直接打开办件"


class PassOver(Conflict):
    """There is no pass that holds: changed since, too old, or never given."""

    code = "pass_over"
    message = (
        "预审结果已经失效：内容改过、超过了有效期，或者事项已停办。请申请人重新请预审，或者按窗口正常程序办理"
    )


class VisitorUnauthorised(Conflict):
    """Whoever was shown the visit code may not handle the case any more (授权已停止)."""

    code = "visitor_unauthorised"
    message = (
        "出示这个到窗码的人，授权已经停止或者到期，不能再代办。请申请人本人带原件来，或者重新授权以后再来"
    )


class OriginalsUnticked(Invalid):
    """Not every original was compared; `errors` names the others."""

    code = "originals_unticked"
    message = "还有原件没有核对，请逐项核对后打勾"


class DifferenceUnsaid(Invalid):
    """An original differs, and nobody said which one or how."""

    code = "difference_unsaid"
    message = "请勾选不一致的原件，并写明哪里不同，申请人会看到"
