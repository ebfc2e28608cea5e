"""What can go wrong with a case (办件的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class CaseNotFound(NotFound):
    """There is no such case, or it is somebody else's."""

    code = "case_not_found"
    message = "没有找到这个办件，请核对办件编号"


class MaterialNotFound(NotFound):
    """The case's guide names no such material."""

    code = "material_not_found"
    message = "这个事项没有这项材料，请返回刷新后再试"


class RemarkUnfit(Invalid):
    """A remark beside a material says nothing or too much."""

    code = "remark_unfit"
    message = "请写明批注，不超过{most}字"


class MaterialTakesNoPhoto(Invalid):
    """The material is given by the form, not by a photo."""

    code = "material_takes_no_photo"
    message = "这项材料在线填写即可，不需要上传照片"


class FormRefused(Invalid):
    """What was typed cannot be kept as it is; `errors` names each field."""

    code = "form_refused"
    message = "有内容没有保存，请按提示修改"


class FormTooLarge(Invalid):
    """The whole form is larger than a form is."""

    code = "form_too_large"
    message = "填写的内容太长，请删减后再保存"


class SubmissionIncomplete(Invalid):
    """Fields or materials are missing or wrong; `errors` names every one of them at once."""

    code = "submission_incomplete"
    message = "还有内容没有填好，请按提示补全后再提交"


class StepRefused(Conflict):
    """The case is not where this step begins."""

    code = "step_refused"
    message = "办件当前不能这样操作，请刷新后再看"


class AlreadySubmitted(StepRefused):
    """The case was handed in."""

    code = "already_submitted"
    message = "申请已经提交，不用重复操作，可在进度里查看"


class WaitsForCorrection(StepRefused):
    """The citizen was told what is missing and has not handed it in yet."""

    code = "waits_for_correction"
    message = "办件正在等申请人补正，补正提交以后再继续办理"


class AlreadyNotAccepted(StepRefused):
    """The office has said that it does not take the case up."""

    code = "already_not_accepted"
    message = "办件已经作出不予受理决定，原因和救济途径在办件详情里"


class AlreadyAccepted(StepRefused):
    """The case was accepted."""

    code = "already_accepted"
    message = "办件已经受理，不能再这样操作，请刷新后再看"


class AlreadyDecided(StepRefused):
    """The decision has been made."""

    code = "already_decided"
    message = "办件已经作出决定，请刷新后查看结果"


class AlreadyClosed(StepRefused):
    """The case is over."""

    code = "already_closed"
    message = "办件已经办结，不能再这样操作"


class AlreadyWithdrawn(StepRefused):
    """The citizen took the case back."""

    code = "already_withdrawn"
    message = "办件已经撤回，如需办理请重新申请"


class AlreadyTerminated(StepRefused):
    """What was to follow did not come, and the case ended without a decision."""

    code = "already_terminated"
    message = "办件已经终止办理，备齐材料后可以重新申请"


class NotYetSubmitted(StepRefused):
    """The case is still a draft."""

    code = "not_yet_submitted"
    message = "申请还没有提交，请先提交"


class NotYetAccepted(StepRefused):
    """The case has not been accepted."""

    code = "not_yet_accepted"
    message = "办件还没有受理，请先受理"


class NotYetDecided(StepRefused):
    """No decision has been made."""

    code = "not_yet_decided"
    message = "办件还没有作出决定，请先作出决定"


class NotYourStep(Forbidden):
    """The step belongs to another role: the front desk cannot refuse."""

    code = "not_your_step"
    message = "这一步需要由{who}办理"


class HelpedBefore(Forbidden):
    """Whoever sat beside the applicant does not judge what they typed."""

    code = "helped_before"
    message = "这个办件您帮办过，预审、受理、补正、延期和决定都要由同事来办"


class FeeUnpaid(Conflict):
    """A bill of the case is not paid."""

    code = "fee_unpaid"
    message = "办件还有费用没有缴清，缴清后才能作出决定"


class FeeUnsettled(Conflict):
    """Silence accepted the case, and nobody said yet what it costs."""

    code = "fee_unsettled"
    message = "这个办件是视为受理的，请先选择收费项目或者减免，再作出决定"


class FeeSettled(Conflict):
    """What the case costs was said already."""

    code = "fee_settled"
    message = "收费已经确定，不能再选，请刷新后查看"


class NoticeRunning(Conflict):
    """The public notice of the case is not over, or somebody objects to it."""

    code = "notice_running"
    message = "公告期还没有满，或者有异议没有处理，现在不能准予办理"


class NotHandedOver(Conflict):
    """The result is on paper, and the applicant has not got it."""

    code = "not_handed_over"
    message = "结果还没有交到申请人手里，不能办结；请在“送达”里交给申请人或寄出，收到后自动办结"


class NothingToPay(Conflict):
    """Every bill of the case is paid, or there is none."""

    code = "nothing_to_pay"
    message = "这个办件没有待缴的费用"


class RefusalUnfounded(Invalid):
    """A refusal without its reason, its legal basis or what can be done against it."""

    code = "refusal_unfounded"
    message = "不予受理、不予办理或者终止办理，原因、法律依据都要写明，请按提示补全"


class FeeChoiceNeeded(Invalid):
    """The guide has several fees and none was chosen."""

    code = "fee_choice_needed"
    message = "这个事项有多种收费，请选择适用的收费项目"


class FeeUnknown(Invalid):
    """A chosen fee is not in the guide of this case."""

    code = "fee_unknown"
    message = "所选收费项目不在办事指南里，请重新选择"


class FeeNotPriced(Invalid):
    """A chosen fee has no fixed amount in the guide."""

    code = "fee_not_priced"
    message = "所选收费项目按实际核定，不能直接开具缴款通知"


class TrackedTooOften(TooMany):
    """Too many wrong codes for one case number."""

    code = "tracked_too_often"
    message = "查询码多次不对，请15分钟后再试，或登录后查看"


class DeskReasonTooLong(Invalid):
    """A reason or basis longer than can be shown."""

    code = "reason_too_long"
    message = "原因不能超过1000字，法律依据不能超过500字"


class ItemForCompanies(Conflict):
    """A person applies for what only companies apply for."""

    code = "item_for_companies"
    message = "“{name}”由企业办理，请先切换到企业身份；还没有绑定企业的，到“我的企业”绑定"


class ItemForPersons(Conflict):
    """A company applies for what only persons apply for."""

    code = "item_for_persons"
    message = "“{name}”由个人办理，请先切换回个人身份"


class OutOfScope(Conflict):
    """An agent was not authorised for this item."""

    code = "out_of_scope"
    message = "企业没有授权您办理“{name}”，请联系法定代表人增加授权"


class StopReasonMissing(Invalid):
    """Nobody said why the machine is to keep still."""

    code = "stop_reason_missing"
    message = "请写明为什么停用，不超过200字，同事和以后查的人都要看"
