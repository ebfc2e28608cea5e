"""The audit log in words (审计用语): to what something was done, and what the entry adds."""

from collections.abc import Mapping

from app.appointments.models import AppointmentStatus
from app.audit.chain import Word
from app.call_backs.models import RESULT_TEXTS
from app.cases.not_accepting import GROUND_TEXTS
from app.cases.opinion_models import ANSWER_TEXTS
from app.cases.refusing import REFUSAL_TEXTS
from app.cases.states import TEXTS as CASE_STATES
from app.evaluations.mending import CALL_BACK_TEXTS
from app.queueing.states import PRIORITY_TEXTS
from app.staff.models import ROLE_NAMES
from console.words import yuan

# What a line is about, and what it adds; these words too are shown as written when they are not here.
_SUBJECTS = {
    "system": "系统",
    "nobody": "未登录",
    "machine": "机器",
    "clerk": "工作人员",
    "citizen": "市民",
    "organisation": "企业",
    "assistance": "帮办",
    "delegation": "代办授权",
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
    "listed": "列入名单",
    "step": "特别程序",
    "days": "工作日",
    "reason": "理由",
    "words": "用词",
    "answer": "意见",
    "kind": "做了什么",
    "of": "对象",
    "document": "证件",
}
_VALUES: dict[str, str] = {
    **{state.value: words for state, words in CASE_STATES.items()},
    **{result.value: words for result, words in CALL_BACK_TEXTS.items()},
    **{priority.value: words for priority, words in PRIORITY_TEXTS.items()},
    AppointmentStatus.BOOKED.value: "已预约",
    AppointmentStatus.CHECKED_IN.value: "已签到",
    **{ground.value: words for ground, words in GROUND_TEXTS.items()},
    **{ground.value: words for ground, words in REFUSAL_TEXTS.items()},
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
        return "是" if word else "否"
    written = str(word)
    if key == "amount_fen" and written.isdecimal():
        return f"{yuan(int(written))} 元"
    if key == "roles":
        return "、".join(_ROLES.get(role, role) for role in written.split(","))
    return _VALUES.get(written, written)
