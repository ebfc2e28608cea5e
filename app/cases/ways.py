"""How what was decided reaches the applicant (送达方式): online, fetched at a hall, or by post."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import Session

from app import clock
from app.cases import forms, steps, timeline
from app.cases.events import CaseClosed
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.states import Step
from app.catalogue import queries as catalogue
from app.events import publish

FIELD: Final = "delivery"


class Way(StrEnum):
    """A way to hand over a result; on paper it is `window` and `post`."""

    ELECTRONIC = "electronic"
    WINDOW = "window"
    POST = "post"


PAPER = frozenset({Way.WINDOW.value, Way.POST.value})
WAY_TEXTS: dict[Way, str] = {Way.ELECTRONIC: "电子送达", Way.WINDOW: "窗口领取", Way.POST: "邮寄送达"}
# How guides call the ways; what names neither is there online.
_WORDS: tuple[tuple[Way, tuple[str, ...]], ...] = (
    (Way.POST, ("快递", "邮寄", "寄送")),
    (Way.WINDOW, ("窗口", "自取", "自助", "现场", "领取")),
)


def of(label: str) -> Way:
    """The way that a guide's words mean (结果领取方式)."""
    return next((way for way, words in _WORDS if any(word in label for word in words)), Way.ELECTRONIC)


def offered(body: Mapping[str, Any]) -> dict[Way, str]:
    """The ways a guide offers, each with the guide's words for it."""
    fields = {field.key: field for field in forms.fields_of(body)}
    choices = fields[FIELD].choices if FIELD in fields else ()
    return {of(label): label for label in reversed(choices)}


def chosen(session: Session, case: Case) -> Way:
    """What the applicant chose: on the form until it is handed in, then as it was last changed."""
    if case.delivery_way is not None:
        return Way(case.delivery_way)
    label = forms.opened(case.sealed_form).values.get(FIELD)
    if label:
        return of(label)
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    listed = (body.get("result") or {}).get("delivery") or []
    return of(str(listed[0])) if listed and not any(map(_is_online, listed)) else Way.ELECTRONIC


def hand_over(session: Session, case: Case, *, actor: timeline.Actor, sentence: str) -> None:
    """Say that what was decided reached the applicant, and close the case with it (送达、办结).

    `sentence` is the line of the timeline. Raises a StepRefused.
    """
    now = clock.now()
    asked = Asked(session, case, handed_over=True)
    steps.take(asked, Step.CLOSE, actor=actor, values={"delivered_at": now, "closed_at": now})
    timeline.note(session, case_id=case.id, kind="delivered", actor=actor, sentence=sentence)
    timeline.note(session, case_id=case.id, kind="closed", actor=actor, sentence="办件已办结")
    publish(session, CaseClosed(case.id))


def next_step(case: Case, *, revoked: bool) -> tuple[str, str, str]:
    """Who is to do what with a decided case: `citizen` or `office`, how they are called, and what.

    `revoked`: what it gave was revoked meanwhile, and its paper goes to nobody.
    """
    if revoked and case.delivery_way in PAPER:
        return "office", case.dept_name, "结果已经撤销，登记不再发放纸质件并办结"
    what = "结果" if case.granted else "决定"
    if case.delivery_way == Way.WINDOW:
        return "citizen", "您", f"凭取件码到窗口领取{what}，也可以改成别的方式"
    if case.delivery_way == Way.POST:
        return "office", case.dept_name, f"把{what}寄给您，寄到后办结；要是退回了，请您重新选怎么拿"
    return "office", case.dept_name, f"送达{what}并办结"


def _is_online(label: object) -> bool:
    return of(str(label)) is Way.ELECTRONIC
