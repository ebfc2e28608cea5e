"""What is said while an account waits for its end (账号注销的消息)."""

from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.people import closing
from app.people.events import ClosingMoved
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_THING = "账号注销"


def closing_moved(session: Session, event: ClosingMoved) -> Draft | None:
    """Started, near, postponed or taken back; nothing when that is not so any more."""
    facts = closing.facts(session, closing_id=event.closing_id)
    day = date.fromisoformat(event.closes_on)
    waits = event.happening != "taken_back"
    if waits and (not facts.waiting or facts.closes_on != day):
        return None
    title, text, state, hint = _said(event.happening, f"{day:%m月%d日}", facts.reasons)
    return Draft(
        citizen_id=facts.citizen_id,
        subject=f"closing:{event.closing_id}:{event.happening}:{event.closes_on}",
        title=title,
        text=text,
        page="pages/me/privacy",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(_THING),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
        must_arrive=event.happening in {"started", "near"},
    )


def _said(happening: str, day: str, reasons: list[str]) -> tuple[str, str, str, str]:
    """Title, text, and the short words of the platform's template."""
    not_you = "如果不是您本人申请的，请马上点开撤销。"
    if happening == "started":
        text = f"我们收到了您注销账号的申请，账号将在{day}注销。在这之前可以在“我的数据”里反悔。{not_you}"
        return "已申请注销账号", text, "等待注销", f"{day}注销，之前可反悔"
    if happening == "near":
        text = f"您的账号将在{day}注销，注销后不能恢复。想留下，请在这之前到“我的数据”反悔。{not_you}"
        return "账号明天注销", text, "即将注销", f"{day}注销，之前可反悔"
    if happening == "postponed":
        what = "".join(reasons) or "请打开“我的数据”查看。"
        text = f"您的账号还有事情没有办完，暂时不能注销，改到{day}再看。{what}"
        return "账号暂时不能注销", text, "已推迟", f"还有事没办完，改到{day}"
    return "账号不会注销了", "您已经撤销了注销申请，账号照常使用。", "已撤销", "账号照常使用"
