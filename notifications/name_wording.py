"""What is said about the name of an enterprise (企业名称申报的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.enterprises import queries
from app.enterprises.events import NameEnding, NameRefused, NameReserved
from app.enterprises.models import NameState
from app.enterprises.queries import NameFacts
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_PAGE = "pages/enterprise/names"


def name_reserved(session: Session, event: NameReserved) -> Draft:
    """The name is kept, and until when."""
    facts = queries.name_facts(session, reservation_id=event.reservation_id)
    return _draft(
        facts,
        subject=f"name:{event.reservation_id}:reserved",
        title="企业名称已保留",
        text=f"“{facts.name}”已为您保留到{_until(facts)}，保留编号：{facts.registry_no}。"
        "请在这之前办理设立登记，过期后别人也可以用。",
        state="已保留",
        hint=f"保留到{_until(facts)}",
    )


def name_refused(session: Session, event: NameRefused) -> Draft:
    """What was asked for while the registry was away is not to be had."""
    facts = queries.name_facts(session, reservation_id=event.reservation_id)
    return _draft(
        facts,
        subject=f"name:{event.reservation_id}:refused",
        title="企业名称没有申报成",
        text=f"登记系统答复：“{facts.name}”不能保留，可能已被别人用了。请换一个名称再查。",
        state="没有申报成",
        hint="请换一个名称再查",
    )


def name_ending(session: Session, event: NameEnding) -> Draft | None:
    """The retention period ends soon; nothing once the name is not kept any more."""
    facts = queries.name_facts(session, reservation_id=event.reservation_id)
    if facts.state != NameState.RESERVED:
        return None
    return _draft(
        facts,
        subject=f"name:{event.reservation_id}:ending",
        title="企业名称快到期了",
        text=f"为您保留的名称“{facts.name}”到{_until(facts)}为止。要用它，请在这之前办理设立登记。",
        state="即将到期",
        hint=f"保留到{_until(facts)}",
    )


def _until(facts: NameFacts) -> str:
    return "" if facts.expires_on is None else f"{facts.expires_on:%Y年%m月%d日}"


def _draft(facts: NameFacts, *, subject: str, title: str, text: str, state: str, hint: str) -> Draft:
    return Draft(
        citizen_id=facts.citizen_id,
        subject=subject,
        title=title,
        text=text,
        page=_PAGE,
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.name),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
        must_arrive=True,
    )
