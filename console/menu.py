"""The menu of the console (菜单): one table; a part shows where its door stands and lets the clerk in."""

from dataclasses import dataclass

from flask import current_app
from werkzeug.exceptions import HTTPException

from app.desk.duties import Duty
from console.callers import Staff


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the console. `also` are addresses outside it at which it is the current part."""

    path: str
    label: str
    icon: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the menu as a page shows it."""

    path: str
    label: str
    icon: str
    current: bool


# The duty of an entry is that of its door, so that the two cannot drift apart.
ENTRIES = (
    Entry("/console", "今日", "today"),
    Entry("/console/cases", "待办件", "cases"),
    Entry("/console/prechecks", "网上预审", "find"),
    Entry("/console/opinions", "征求意见", "page"),
    Entry("/console/site-visits", "上门与踏勘", "ways"),
    Entry("/console/approvals", "负责人批准", "write"),
    Entry("/console/window", "扫码接待", "scan", ("/console/guests",)),
    Entry("/console/assistance", "帮办", "write"),
    Entry("/console/appointments", "今日预约", "calendar"),
    Entry("/console/queue", "叫号", "call"),
    Entry("/console/items", "事项", "items"),
    Entry("/console/promise-checks", "承诺核查", "shield"),
    Entry("/console/credit", "失信记录", "shield"),
    Entry("/console/deliveries", "送达", "page"),
    Entry("/console/transfers", "异地代收", "swap"),
    Entry("/console/archives", "归档", "page"),
    Entry("/console/oversight", "审管联动", "swap"),
    Entry("/console/articles", "政策解读", "page"),
    Entry("/console/drafts", "指南草稿", "write"),
    Entry("/console/search-words", "搜索用词", "find"),
    Entry("/console/instant", "秒批", "shield"),
    Entry("/console/payments", "缴费", "money"),
    Entry("/console/ratings", "好差评", "star"),
    Entry("/console/leads", "双告知", "page"),
    Entry("/console/over-visits", "超次跑动", "ways"),
    Entry("/console/hotline", "热线工单", "phone"),
    Entry("/console/supervision", "效能监察", "shield"),
    Entry("/console/refusals", "否定报备", "shield"),
    Entry("/console/call-backs", "办理回访", "phone"),
    Entry("/console/audit", "审计", "shield"),
)


def links(roles: Duty, here: str) -> list[Link]:
    """The parts that are open to these roles; the one that `here` belongs to is marked."""
    return [
        Link(entry.path, entry.label, entry.icon, _holds(entry, here))
        for entry in ENTRIES
        if roles & duty_of(entry.path)
    ]


def duty_of(path: str) -> Duty:
    """Who may open the page at an address of the console; nobody when no door stands there."""
    try:
        rule, _ = current_app.url_map.bind("").match(path, "GET", return_rule=True)
    except HTTPException:
        return frozenset()
    auth: object = vars(current_app.view_functions[rule.endpoint])["spec"].auth
    return auth.roles if rule.rule == path and isinstance(auth, Staff) else frozenset()


def _holds(entry: Entry, here: str) -> bool:
    if entry.path == "/console":
        return here == "/console"
    return any(here == path or here.startswith(f"{path}/") for path in (entry.path, *entry.also))
