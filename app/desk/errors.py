"""What can go wrong at the desk (工作台的错误)."""

from app.errors import Conflict, Forbidden, Gone, Invalid, NotFound


class NotYourDuty(Forbidden):
    """The clerk's roles do not hold this; the refusal is written down."""

    code = "not_your_duty"
    message = "您的岗位不办理这一步，请转给{who}岗的同事"


class PresenceNotFound(NotFound):
    """No citizen showed this clerk a code, or it was shown to another clerk."""

    code = "presence_not_found"
    message = "没有找到这次到窗记录，请市民出示个人码后再扫一次"


class PresenceOver(Gone):
    """The citizen was here some time ago."""

    code = "presence_over"
    message = "这次到窗已超过20分钟，请市民刷新个人码后再扫一次"


class ScanUnknown(NotFound):
    """What was scanned or typed is none of the things a desk knows."""

    code = "scan_unknown"
    message = "没有认出这个码，请市民刷新后再扫；也可以直接输入办件编号"


class OwnIdentity(Forbidden):
    """A clerk enters a name that is their own: nobody proves themselves."""

    code = "own_identity"
    message = "不能给自己核验身份；同名的市民，请换一位同事核验"


class IdentityUnreadable(Invalid):
    """What was typed of a document is incomplete or wrong; `errors` names each by its field."""

    code = "identity_unreadable"
    message = "还有内容不对，请照证件核对后再提交"


class AuthorityUnreadable(Invalid):
    """What was filled in for a paper authority cannot be right."""

    code = "authority_unreadable"
    message = "还有内容不对，请改好再开授权书"


class WithdrawalUnfounded(Invalid):
    """An identity is to be taken back without saying why."""

    code = "withdrawal_unfounded"
    message = "请写明为什么撤销，二百字以内"


class OtherCentre(Conflict):
    """The appointment is at another centre than the clerk's."""

    code = "other_centre"
    message = "这个预约在{centre}，不在本大厅，请告诉市民前往那里"


class PageUnknown(Invalid):
    """The mark from which a list should go on is none of ours."""

    code = "page_unknown"
    message = "这一页找不到了，请从第一页看起"


class FeeUndecided(Invalid):
    """The guide has fees, and the clerk chose none without saying that it is a waiver, or both."""

    code = "fee_undecided"
    message = "请选择要收的费用，或者勾选“减免，不收费”，两样只选一样"


class TextInvalid(Invalid):
    """A text holds characters that cannot be shown."""

    code = "text_invalid"
    message = "文字里有无法识别的字符，请重新输入"


class DecisionUnsaid(Invalid):
    """The decision form came without an answer, or without the mark that the materials were checked."""

    code = "decision_unsaid"
    message = "请选择“准予”或“不予”，并勾选“已核对”，再提交决定"


class PriorityUnknown(Invalid):
    """The priority of a number handed out is none that there is."""

    code = "priority_unknown"
    message = "请从列表里选择优先类别，不优先就留空"


class NotYourCase(Forbidden):
    """The clerk has not handled this case, and somebody else has."""

    code = "not_your_case"
    message = "请由办理过这件事的同事说明原因"


class NotTheLead(Conflict):
    """Another department replies to the company; this one was only asked."""

    code = "not_the_lead"
    message = "这条诉求由牵头部门统一答复，请填写会办意见"


class SituationsUnreadable(Invalid):
    """A file of questions and rules is not of the shape in which they are exchanged."""

    code = "situations_unreadable"
    message = "这个文件里不是情形问题和规则，请用本页导出的文件改好再导入"


class NoHallOfYours(Conflict):
    """The clerk belongs to no hall, so that nothing can go out from there."""

    code = "no_hall_of_yours"
    message = "您的账号没有登记所在大厅，请联系管理员登记后再移交"


class HelpNeedsHall(Conflict):
    """The clerk belongs to no hall, so that nobody can sit beside them there."""

    code = "help_needs_hall"
    message = "您的账号没有登记所在大厅，不能帮办。请联系管理员登记"


class HelpNeedsPaper(Conflict):
    """Who has no phone signs a sheet; who has one says yes there."""

    code = "help_needs_paper"
    message = "没有手机的市民，请打印帮办同意书、签名后勾选；有手机的，请他在手机上同意"


class NoSuchAccount(NotFound):
    """Nobody has proven this number."""

    code = "no_such_account"
    message = "这个手机号没有一码办账号，请市民先登录，或打开个人码给您扫"
