"""What is said about a clerk beside the citizen (帮办的消息)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.assistance import queries
from app.assistance.events import AssistanceAsked, AssistanceEnded
from app.assistance.models import AssistAct
from app.cases import queries as cases
from app.cases.states import State
from app.events import Event
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_PAGE = "pages/me/assistance"


def assistance_asked(session: Session, event: AssistanceAsked) -> Draft | None:
    """A clerk asks whether they may help; nothing once that is answered."""
    seen = queries.seen(session, assistance_id=event.assistance_id)
    if seen.state != "asked":
        return None
    return _draft(
        seen,
        happening="asked",
        title="工作人员想帮您办事",
        text=(
            f"{seen.hall}的工作人员{seen.clerk}想坐在您旁边帮您办事。请点开看说明，同意了工作人员才能看、才能填；"
            "工作人员不在您身边的，请点“不同意”。"
        ),
        state="待同意",
        hint="请看说明，点同意或不同意",
        must_arrive=True,
    )


def assistance_ended(session: Session, event: AssistanceEnded) -> Draft:
    """It is over: what was done, and what is left for the citizen to tap."""
    seen = queries.seen(session, assistance_id=event.assistance_id)
    acts = queries.acts(session, assistance_ids=[seen.id])[seen.id]
    open_names, page = _left(session, acts)
    did = "、".join(dict.fromkeys(act.sentence for act in acts))
    done = f"在您旁边做了：{did}。" if acts else "看过您的申请，没有改动。"
    left = (
        f"还差：请您核对{'、'.join(f'“{name}”' for name in open_names)}，再自己点提交。" if open_names else ""
    )
    return _draft(
        seen,
        happening="ended",
        title="帮办结束了",
        text=f"工作人员{seen.clerk}{done}{left}工作人员现在看不到您的信息了。不是您请来帮忙的，请打12345或告诉大厅。",
        state="已结束",
        hint="请核对后自己提交" if open_names else "帮办结束了",
        page=page,
    )


def _left(session: Session, acts: Sequence[AssistAct]) -> tuple[list[str], str]:
    """What was worked on and is still a draft, and the page on which the citizen goes on."""
    numbers = dict.fromkeys(
        int(number) for kind, _, number in (act.reference.partition(":") for act in acts) if kind == "case"
    )
    drafts = [
        facts
        for facts in (cases.facts(session, case_id=number) for number in numbers)
        if facts.state == State.DRAFT
    ]
    page = f"pages/cases/detail?no={drafts[0].case_no}" if len(drafts) == 1 else _PAGE
    return [facts.task_name for facts in drafts], page


def _draft(
    seen: queries.Seen,
    *,
    happening: str,
    title: str,
    text: str,
    state: str,
    hint: str,
    page: str = _PAGE,
    must_arrive: bool = False,
) -> Draft:
    return Draft(
        citizen_id=seen.citizen_id,
        subject=f"assistance:{seen.id}:{happening}",
        title=title,
        text=text,
        page=page,
        template=CASE_PROGRESS,
        fields={
            "thing1": thing("大厅帮办"),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
        must_arrive=must_arrive,
    )


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    AssistanceAsked: assistance_asked,
    AssistanceEnded: assistance_ended,
}
