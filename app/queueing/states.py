"""What states are called, and what to do in them (状态说法)."""

from app.queueing.models import Priority, TicketState, WishState

STATE_TEXTS = {
    TicketState.WAITING: "等候中",
    TicketState.CALLED: "正在叫号",
    TicketState.SERVING: "正在办理",
    TicketState.SERVED: "已办结",
    TicketState.PASSED: "已过号",
    TicketState.CANCELLED: "已取消",
}
PRIORITY_TEXTS = {
    Priority.ELDER: "老年人优先",
    Priority.DISABLED: "残疾人优先",
    Priority.PREGNANT: "孕妇优先",
    Priority.INFANT: "抱婴优先",
    Priority.MILITARY: "军人优先",
}
WISH_TEXTS = {
    WishState.WAITING: "候补中",
    WishState.OFFERED: "有号待确认",
    WishState.ACCEPTED: "已约上",
    WishState.EXPIRED: "已结束",
    WishState.CANCELLED: "已取消",
}
