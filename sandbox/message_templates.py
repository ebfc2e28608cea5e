"""The message templates that the consoles of WeChat and Alipay have approved.

Field names carry their type, as on the platform: `thing1` is a `thing`. All are one-time
templates: one accepted prompt allows one message (订阅消息).
"""

WECHAT_TEMPLATES = {
    "case_progress": "sbxWx_caseProgress_000000000000000000000001",
    "appointment_booked": "sbxWx_appointmentBooked_0000000000000000002",
    "payment_result": "sbxWx_paymentResult_00000000000000000000003",
    "certificate_ready": "sbxWx_certificateReady_00000000000000000004",
    "visit_notice": "sbxWx_visitNotice_0000000000000000000000005",
}
ALIPAY_TEMPLATES = {
    "case_progress": "sbxAli00000000000000000000000001",
    "appointment_booked": "sbxAli00000000000000000000000002",
    "payment_result": "sbxAli00000000000000000000000003",
    "certificate_ready": "sbxAli00000000000000000000000004",
    "visit_notice": "sbxAli00000000000000000000000005",
}
TITLES = {
    "case_progress": "办件进度提醒",
    "appointment_booked": "预约成功通知",
    "payment_result": "缴费结果通知",
    "certificate_ready": "证照可领取通知",
    "visit_notice": "到厅办事提醒",
}
FIELDS = {
    "case_progress": {"thing1": "事项", "phrase2": "状态", "time3": "时间", "thing4": "提示"},
    "appointment_booked": {
        "thing1": "事项",
        "thing2": "地点",
        "time3": "时间",
        "character_string4": "预约号",
    },
    "payment_result": {"thing1": "缴费项目", "amount2": "金额", "phrase3": "状态", "time4": "时间"},
    "certificate_ready": {"thing1": "证照", "time2": "时间", "thing3": "提示"},
    "visit_notice": {"thing1": "事项", "thing2": "地点", "time3": "时间", "thing4": "提示"},
}
KEY_OF = {
    template_id: key for ids in (WECHAT_TEMPLATES, ALIPAY_TEMPLATES) for key, template_id in ids.items()
}
"""Template id → template key, for both platforms."""
