"""What the audit log's actions are called for the citizen they concern (留痕用语)."""

ACTIONS = {
    "account_closed": "注销了账号",
    "account_closing_started": "申请注销账号",
    "account_closing_taken_back": "撤销了注销申请",
    "applicant_searched": "按手机号查找了您的办件",
    "appointment_checked_in": "为您的预约签到",
    "case_accepted": "受理了您的办件",
    "case_closed": "办结了您的办件",
    "case_decided": "对您的办件作出了决定",
    "case_handed_over": "把您的办件转给了另一个大厅",
    "case_taken_in": "接收了转来的您的办件",
    "case_viewed": "查看了您的办件",
    "citizen_viewed": "在窗口查看了您的姓名、办件、预约和待缴费用",
    "complaint_answered": "答复了您的诉求",
    "complaint_asked": "请几个部门一起办您的诉求",
    "complaint_part_answered": "对您的诉求提出了部门意见",
    "complaint_passed_on": "转办了您的诉求",
    "complaint_viewed": "查看了您的诉求",
    "consent_given": "同意了使用我的信息",
    "consent_withdrawn": "撤回了同意",
    "data_exported": "下载了我的数据",
    "material_viewed": "查看了您的申请材料",
    "over_visit_explained": "说明了您多跑一趟的原因",
    "over_visit_viewed": "查看了您到大厅的次数",
    "organisation_agency_accepted": "接受了企业的代办授权",
    "organisation_agent_dismissed": "取消了代办授权",
    "organisation_agent_invited": "发出了代办授权",
    "organisation_left": "不再替企业办事",
    "organisation_represented": "以法定代表人身份绑定了企业",
    "payment_viewed": "查看了您的缴费订单",
    "personal_code_taken": "在窗口扫了您的个人码",
    "photo_viewed": "查看了您的材料照片",
    "rating_called_back": "就您的评价进行了回访",
    "rating_dismissed": "核实了您的评价",
    "rating_extended": "延长了您的评价的整改时间",
    "rating_mended": "就您的评价进行了整改",
    "rating_telephone_viewed": "为回访查看了您的手机号",
    "rating_viewed": "查看了您的评价",
    "refund_approved": "同意了您的退费申请",
    "refund_refused": "没有同意您的退费申请",
    "refund_viewed": "查看了您的退费申请",
    "ticket_called": "叫了您的号",
    "ticket_called_again": "再次叫了您的号",
    "ticket_handed_out": "为您取了号",
    "ticket_passed": "叫号没有等到您，记为过号",
    "ticket_put_back": "恢复了您的号",
    "ticket_served": "办完了您的号",
    "ticket_serving": "开始为您办理",
    "ticket_transferred": "把您转到了其他窗口",
}
# An action that nobody has given words yet is told all the same.
_SOMETHING = "处理了与您有关的信息"


def of(action: str) -> str:
    """What was done, in words."""
    return ACTIONS.get(action, _SOMETHING)
