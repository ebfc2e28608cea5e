"""The audit log in words (审计用语): what was done, to what, and what the entry adds."""

from collections.abc import Mapping

from app.appointments.models import AppointmentStatus
from app.audit.chain import Word
from app.call_backs.models import RESULT_TEXTS
from app.cases.not_accepting import GROUND_TEXTS
from app.cases.opinion_models import ANSWER_TEXTS
from app.cases.states import TEXTS as CASE_STATES
from app.evaluations.mending import CALL_BACK_TEXTS
from app.queueing.states import PRIORITY_TEXTS
from app.staff.models import ROLE_NAMES
from console.words import yuan

# What a line says; a word that is not here is shown as it is written.
ACTIONS = {
    "signed_in": "登录",
    "signed_out": "退出",
    "sign_in_refused": "登录被拒",
    "refused": "越权被拒",
    "clerk_added": "新增人员",
    "clerk_disabled": "停用人员",
    "password_reset": "重置密码",
    "case_viewed": "查看办件",
    "material_viewed": "查看材料",
    "photo_viewed": "查看照片",
    "photo_copied": "下载照片副本",
    "photo_shut_away": "隔离照片",
    "case_accepted": "受理",
    "case_billed": "确定收费",
    "case_decided": "作出决定",
    "case_closed": "办结",
    "case_not_accepted": "不予受理",
    "promise_checked": "核查承诺",
    "promise_settled": "处理不实承诺",
    "owed_confirmed": "核对补交材料：符合",
    "owed_sent_back": "退回补交材料",
    "case_terminated": "终止办理",
    "correction_asked": "补正告知",
    "correction_refused": "补正告知被拒",
    "outside_demanded": "提出清单外要求",
    "outside_confirmed": "确认清单外要求",
    "outside_refused": "不同意清单外要求",
    "case_clock_paused": "暂停计时",
    "case_clock_resumed": "恢复计时",
    "opinion_viewed": "查看征求意见",
    "opinion_given": "回复意见",
    "opinion_taken_back": "撤回征求意见",
    "refusals_viewed": "查看否定报备",
    "call_back_telephone_viewed": "查看办理回访电话",
    "call_back_noted": "办理回访",
    "extension_asked": "报请批准延期",
    "extension_approved": "批准延期",
    "grant_asked": "报请批准准予",
    "grant_approved": "批准准予",
    "grant_refused": "不批准准予",
    "extension_refused": "不批准延期",
    "case_lateness_explained": "说明超期原因",
    "supervision_settled": "核实督办",
    "supervision_exported": "导出监察数据",
    "certificate_viewed": "查看电子证照",
    "certificate_revoked": "撤销电子证照",
    "document_viewed": "查看文书",
    "document_corrected": "更正文书",
    "told_viewed": "查看告知记录",
    "message_resent": "补发消息",
    "result_handed_out": "窗口交付结果",
    "result_sent": "寄出结果",
    "result_lost": "邮件查无下落",
    "result_sent_anew": "退件重新处理",
    "result_withheld": "不再发放结果",
    "label_viewed": "查看面单",
    "case_handed_over": "异地移交",
    "case_taken_in": "异地接收",
    "citizen_viewed": "查看市民",
    "personal_code_taken": "扫个人码",
    "applicant_searched": "按手机号查找",
    "appointment_checked_in": "预约签到",
    "audit_viewed": "查看审计",
    "complaint_viewed": "查看工单",
    "complaints_listed": "查看工单列表",
    "complaint_answered": "答复工单",
    "complaint_passed_on": "转办工单",
    "complaint_asked": "交办企业诉求",
    "complaint_part_answered": "填写会办意见",
    "guide_draft_begun": "起草指南",
    "guide_draft_saved": "保存指南草稿",
    "guide_draft_handed_in": "指南送审",
    "guide_draft_returned": "退回指南草稿",
    "guide_draft_released": "审核通过指南",
    "guide_draft_discarded": "作废指南草稿",
    "guide_draft_merged": "草稿并入新版本",
    "guide_draft_tried": "推演指南变更",
    "over_visit_explained": "说明超次跑动",
    "over_visit_viewed": "查看超次跑动",
    "article_written": "写解读",
    "article_rewritten": "改解读",
    "article_shown": "解读提交复核",
    "article_sent_back": "退回解读",
    "article_published": "发布解读",
    "article_withdrawn": "撤下解读",
    "search_words_accepted": "采纳搜索用词",
    "search_words_refused": "不采纳搜索用词",
    "licence_lead_marked": "处理双告知",
    "machine_stopped": "停用机器审查",
    "machine_restarted": "恢复机器审查",
    "identity_proven": "核验身份",
    "identity_withdrawn": "撤销实名",
    "organisation_represented": "绑定企业",
    "organisation_left": "解除绑定企业",
    "organisation_agent_invited": "邀请经办人",
    "organisation_agency_accepted": "接受授权",
    "organisation_agent_dismissed": "取消授权",
    "consent_given": "同意",
    "consent_withdrawn": "撤回同意",
    "locker_item_used": "使用材料库",
    "locker_item_removed": "删除材料库的材料",
    "data_exported": "导出本人数据",
    "account_closing_started": "申请注销",
    "account_closing_taken_back": "撤销注销申请",
    "account_closed": "注销账号",
    "spot_check_right": "抽查秒批：正确",
    "spot_check_wrong": "抽查秒批：有误",
    "spot_check_followed": "处理抽查有误的秒批",
    "rating_viewed": "查看差评",
    "ratings_listed": "查看差评列表",
    "rating_mended": "整改差评",
    "rating_dismissed": "核实差评不属实",
    "rating_extended": "延长整改",
    "rating_called_back": "差评回访",
    "rating_telephone_viewed": "查看回访电话",
    "payment_viewed": "查看订单",
    "payment_exception_resolved": "处理差异",
    "refund_viewed": "查看退费",
    "refund_approved": "同意退费",
    "refund_refused": "不同意退费",
    "ticket_called": "叫号",
    "ticket_called_again": "重呼",
    "ticket_handed_out": "代取号",
    "ticket_passed": "过号",
    "ticket_put_back": "恢复过号",
    "ticket_served": "办结叫号",
    "ticket_serving": "开始办理",
    "ticket_transferred": "转窗口",
    "window_taken": "选窗口",
    "window_left": "离开窗口",
}
# What a line is about, and what it adds; these words too are shown as written when they are not here.
_SUBJECTS = {
    "system": "系统",
    "nobody": "未登录",
    "machine": "机器",
    "clerk": "工作人员",
    "citizen": "市民",
    "organisation": "企业",
    "appointment": "预约",
    "ticket": "排队号",
    "rating": "评价",
    "complaint": "工单",
    "payment": "订单",
    "refund": "退费",
    "route": "页面",
    "audit": "审计日志",
    "account": "账号",
    "window": "窗口",
    "complaints": "工单",
    "item": "事项",
    "article": "解读",
    "search_words": "搜索用词",
    "licence_lead": "双告知",
    "ratings": "差评",
    "payment_exception": "差异",
    "alerts": "预警",
    "refusals": "否定报备",
}
_DETAILS = {
    "before": "原来",
    "after": "现在",
    "code": "原因",
    "material": "材料",
    "photo": "照片",
    "fees": "收费",
    "waived": "减免",
    "granted": "准予",
    "clerk": "人员",
    "title": "标题",
    "revision": "第几稿",
    "case": "办件",
    "day": "日期",
    "department": "部门",
    "result": "结果",
    "final": "最终答复",
    "number": "号码",
    "message": "消息",
    "calls": "已叫次数",
    "window": "窗口",
    "window_group_id": "转到窗口组",
    "priority": "优先",
    "amount_fen": "金额",
    "roles": "岗位",
    "second_factor": "动态码",
    "draft": "草稿",
    "points": "项数",
    "demand": "清单外要求",
    "ground": "情形",
    "step": "特别程序",
    "days": "工作日",
    "reason": "理由",
    "words": "用词",
    "answer": "意见",
}
_VALUES: dict[str, str] = {
    **{state.value: words for state, words in CASE_STATES.items()},
    **{result.value: words for result, words in CALL_BACK_TEXTS.items()},
    **{priority.value: words for priority, words in PRIORITY_TEXTS.items()},
    AppointmentStatus.BOOKED.value: "已预约",
    AppointmentStatus.CHECKED_IN.value: "已签到",
    **{ground.value: words for ground, words in GROUND_TEXTS.items()},
    **{each.value: said for each, said in RESULT_TEXTS.items()},
    **{answer.value: words for answer, words in ANSWER_TEXTS.items()},
    "not_your_duty": "不是本岗位的事",
    "second_notice": "已经一次告知过",
    "beyond_guide": "办事指南没有要求",
    "paper_asked_again": "已有电子材料",
    "open": "待处理",
    "mended": "待回访",
    "done": "已办结",
    "answered": "已答复",
    "none": "没有找到",
    "city": "全市",
}
_YES_NO = {True: "是", False: "否"}
_ROLES = {role.value: name for role, name in ROLE_NAMES.items()}


def about(subject: str) -> str:
    """What an entry is about, or whose it is when no name is known, such as 窗口 C01/A01."""
    kind, _, which = subject.partition(":")
    return f"{_SUBJECTS.get(kind, kind)} {_VALUES.get(which, which)}".rstrip()


def details(added: Mapping[str, Word]) -> str:
    """What an entry adds; what is empty is left out."""
    return "；".join(
        f"{_DETAILS.get(key, key)}：{_said(key, word)}" for key, word in added.items() if word != ""
    )


def _said(key: str, word: Word) -> str:
    if isinstance(word, bool):
        return _YES_NO[word]
    written = str(word)
    if key == "amount_fen" and written.isdecimal():
        return f"{yuan(int(written))} 元"
    if key == "roles":
        return "、".join(_ROLES.get(role, role) for role in written.split(","))
    return _VALUES.get(written, written)
