"""The unit for which a case is handed in (申请单位), and what the registry says of it meanwhile.

The form is encrypted, so a keyed hash of the 统一社会信用代码 stands beside a case that was handed in.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import forms, timeline
from app.cases.forms import Form
from app.cases.models import Case
from app.cases.states import State
from app.crypto import blind_index
from app.enterprises import queries as enterprises

_PURPOSE = "cases.organisation_code"
_CODE = "organisation_code"
_OPEN = (State.SUBMITTED.value, State.ACCEPTED.value)
_REGISTRY = timeline.Actor("system", "市场监管登记系统")
# The field of a form that speaks of what changed, and what is said there; {value} is what is registered now.
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("organisation_name", "登记信息已变更，现在登记的名称是“{value}”"),
    "address": ("business_place", "登记信息已变更，现在登记的住所是“{value}”"),
    "legal_person": ("legal_person", "登记信息已变更，现在登记的法定代表人是“{value}”"),
    "status": (_CODE, "登记信息已变更，这个单位已经注销登记"),
}


def index_of(form: Form) -> bytes | None:
    """What a case of a unit is found by; None when no unit applies."""
    code = form.values.get(_CODE)
    return blind_index(code, purpose=_PURPOSE) if code else None


def fill_index(session: Session, *, after: int, limit: int) -> tuple[int | None, int]:
    """Note the unit of cases that were handed in before it was noted (补记单位); safe to repeat.

    Looks at `limit` of them from the id `after` on: the last one's id, None at the end, and how many are a
    unit's.
    """
    waiting = (
        select(Case)
        .where(Case.id > after, Case.organisation_index.is_(None), Case.submitted_at.is_not(None))
        .order_by(Case.id)
        .limit(limit)
        .with_for_update()
    )
    found = session.scalars(waiting).all()
    for case in found:
        case.organisation_index = index_of(forms.opened(case.sealed_form))
    last = found[-1].id if found else None
    return last, sum(case.organisation_index is not None for case in found)


def note_change(session: Session, *, organisation_code: str, what: str, message_id: int) -> list[int]:
    """Say in every open case of a unit that its registration changed; whose cases they are.

    A case of a company is nobody's own: those who handle it are told by `organisations.holders`.
    `what` is the respect in words, such as 单位名称; nothing personal.
    """
    index = blind_index(organisation_code, purpose=_PURPOSE)
    asked = select(Case.id, Case.citizen_id, Case.organisation_id).where(
        Case.organisation_index == index, Case.state.in_(_OPEN)
    )
    found = session.execute(asked.order_by(Case.id)).all()
    for row in found:
        timeline.note(
            session,
            case_id=row.id,
            kind="registration_changed",
            actor=_REGISTRY,
            sentence=f"申请单位的登记信息已变更：{what}",
            reference=f"registry:{message_id}",
        )
    return sorted({row.citizen_id for row in found if row.organisation_id is None})


def changes(session: Session, case: Case, form: Form, *, fields: frozenset[str]) -> dict[str, str]:
    """What is registered otherwise since a case was handed in, by field of its form (登记信息已变更)."""
    if case.organisation_index is None or case.submitted_at is None or case.state not in _OPEN:
        return {}
    told = enterprises.newest_changes(
        session, organisation_code=form.values.get(_CODE, ""), since=case.submitted_at
    )
    said: dict[str, str] = {}
    for topic, value in told.items():
        if topic in _SAID:
            key, words = _SAID[topic]
            key = key if key in fields else _CODE
            said[key] = "；".join(filter(None, (said.get(key), words.format(value=value))))
    return said
