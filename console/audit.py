"""The audit log for reading (审计): who looked at or changed what; looking here is written down too."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.desk import auditing, duties
from app.desk.auditing import Wanted
from console import callers, pages
from console.callers import Staff
from console.forms import AuditIn
from console.making import console_door

door = console_door("console_audit")

# What a line says; a word that is not here is shown as it is written.
_ACTIONS = {
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
    "case_accepted": "受理",
    "case_decided": "作出决定",
    "case_closed": "办结",
    "citizen_viewed": "查看市民",
    "personal_code_taken": "扫个人码",
    "applicant_searched": "按手机号查找",
    "appointment_checked_in": "预约签到",
    "audit_viewed": "查看审计",
    "complaint_viewed": "查看工单",
    "complaints_listed": "查看工单列表",
    "complaint_answered": "答复工单",
    "complaint_passed_on": "转办工单",
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
    "clerk": "工作人员",
    "citizen": "市民",
    "appointment": "预约",
    "ticket": "排队号",
    "rating": "评价",
    "complaint": "工单",
    "payment": "订单",
    "refund": "退费",
    "route": "页面",
    "audit": "审计日志",
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
    "case": "办件",
    "day": "日期",
    "department": "部门",
    "result": "结果",
}


@door.get("/audit", auth=Staff(duties.AUDITING), query=AuditIn)
def audit_log(query: dict[str, Any]) -> ResponseReturnValue:
    """Show a page of the log and whether its chain holds."""
    wanted = Wanted(query["clerk"].strip(), query["case"].strip(), query["day"])
    with unit_of_work() as session:
        found = auditing.page(
            session, clerk=callers.current_clerk(), wanted=wanted, before_id=query["before"]
        )
    return pages.page(
        "audit.html",
        found=found,
        wanted=wanted,
        further=query["before"] is not None,
        actions=_ACTIONS,
        subjects=_SUBJECTS,
        details=_DETAILS,
    )
