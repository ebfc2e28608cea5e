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
        "audit.html", found=found, wanted=wanted, further=query["before"] is not None, actions=_ACTIONS
    )
