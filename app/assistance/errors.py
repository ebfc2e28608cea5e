"""What can go wrong while a clerk helps a citizen (帮办的错误)."""

from app.errors import Conflict, Forbidden, Gone, NotFound


class AssistanceNotFound(NotFound):
    """There is no such session, or it is somebody else's."""

    code = "assistance_not_found"
    message = "没有找到这次帮办，请从“帮办”重新开始"


class AssistanceOver(Gone):
    """The session has ended: by one of the two, by time, or because nothing was done for long."""

    code = "assistance_over"
    message = "这次帮办已经结束，这一步没有保存。还要办的，请市民再同意一次"


class AssistanceAnswerLate(Gone):
    """The citizen says yes to a question that is no longer asked."""

    code = "assistance_answer_late"
    message = "这次请求已经过期或取消了。要请工作人员帮您办的，打开“我的一码”给工作人员再扫一次"


class AssistanceUnagreed(Conflict):
    """The citizen has not said yes yet."""

    code = "assistance_unagreed"
    message = "市民还没有同意帮办，请在市民的手机上点“同意”"


class AssistanceTextChanged(Conflict):
    """The words that the citizen read are not those that are asked with."""

    code = "assistance_text_changed"
    message = "说明有更新，请看过新的说明再同意"


class ClerkHelpsAnother(Conflict):
    """A clerk sits beside one citizen at a time."""

    code = "clerk_helps_another"
    message = "您还在帮另一位市民，请先结束那一次帮办"


class CitizenIsHelped(Conflict):
    """Another clerk helps this citizen just now, or waits for their yes."""

    code = "citizen_is_helped"
    message = "另一位工作人员正在帮这位市民，请等那一次结束，或请市民在手机上结束"


class AskedTooOften(Conflict):
    """Whoever said no, or does not answer, is not asked by their number again and again."""

    code = "assistance_asked_too_often"
    message = "市民刚才没有同意，一小时内不能再按手机号请求。人就在面前的，请市民打开“我的一码”给您扫"


class OwnHandOnly(Forbidden):
    """What is signed, handed in, paid or private stays the citizen's own, with a clerk beside them too."""

    code = "own_hand_only"
    message = "这一步帮办不能代点，请市民在自己的手机上办"
