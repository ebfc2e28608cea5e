"""What can be asked about checklists (查看办理清单)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import queries as catalogue
from app.catalogue.errors import GuideNotFound, ItemCancelled
from app.catalogue.queries import Guide
from app.centres.models import Centre
from app.checklists import numbers
from app.checklists.errors import ChecklistNotFound
from app.checklists.models import Checklist
from app.checklists.service import KEPT_FOR
from app.situations import guide, saying
from app.situations.guide import ForPerson
from app.situations.saying import Said


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """A checklist with what follows from it; `outdated` when the guide has changed or ended since.

    `halls` are those that take the item, for whoever goes there.
    """

    checklist_no: str
    guide: Guide
    said: list[Said]
    person: ForPerson
    halls: Sequence[Centre]
    made_at: datetime
    over_at: datetime
    outdated: bool


def checklist(session: Session, *, checklist_no: str) -> ChecklistView:
    """The checklist of this number, by the guide and on the day it was made; raises ChecklistNotFound."""
    found = _stored(session, checklist_no)
    version = catalogue.guide_by_version(session, version_id=found.guide_version_id)
    table = guide.table_of(version.body)
    answers = guide.answers_of(table, json.loads(found.sealed_answers))
    day = clock.local(found.made_at).date()
    return ChecklistView(
        checklist_no=found.checklist_no,
        guide=version,
        said=saying.said(table, answers, today=day),
        person=guide.for_person(version.body, answers, today=day),
        halls=_halls(session, version),
        made_at=found.made_at,
        over_at=found.made_at + KEPT_FOR,
        outdated=_is_outdated(session, found),
    )


def answers_of(session: Session, *, checklist_no: str, task_code: str) -> dict[str, str]:
    """The answers kept for this item, to begin an application with; raises ChecklistNotFound."""
    found = _stored(session, checklist_no)
    if found.task_code != task_code:
        raise ChecklistNotFound
    kept: dict[str, str] = json.loads(found.sealed_answers)
    return kept


def _halls(session: Session, version: Guide) -> Sequence[Centre]:
    taking = version.body.get("transact_centers") or []
    return session.scalars(select(Centre).where(Centre.id.in_(taking)).order_by(Centre.id)).all()


def _stored(session: Session, checklist_no: str) -> Checklist:
    number = numbers.as_printed(checklist_no)
    found = (
        session.scalar(select(Checklist).where(Checklist.checklist_no == number))
        if number.isascii() and number.isalnum()
        else None
    )
    if found is None or found.made_at < clock.now() - KEPT_FOR:
        raise ChecklistNotFound
    return found


def _is_outdated(session: Session, found: Checklist) -> bool:
    try:
        return catalogue.guide(session, task_code=found.task_code).version_id != found.guide_version_id
    except (GuideNotFound, ItemCancelled):
        return True
