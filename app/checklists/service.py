"""What can be done with checklists (生成办理清单)."""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import queries as catalogue
from app.checklists import numbers
from app.checklists.errors import AnswersIncomplete
from app.checklists.models import Checklist
from app.situations import engine, guide
from app.situations.engine import Answer
from app.situations.tables import Table

KEPT_FOR = timedelta(days=90)


def make(session: Session, *, task_code: str, answers: Mapping[str, object]) -> Checklist:
    """Keep somebody's answers to the questions of the guide in force.

    Raises GuideNotFound, ItemCancelled, and AnswersIncomplete with a sentence for every open or wrong answer.
    """
    found = catalogue.guide(session, task_code=task_code)
    table = guide.table_of(found.body)
    heard = engine.heard(table, read_or_refused(table, answers), today=clock.today())
    checklist = Checklist(
        checklist_no=numbers.new_number(),
        guide_version_id=found.version_id,
        task_code=found.task_code,
        sealed_answers=json.dumps({key: str(answer) for key, answer in heard.items()}, ensure_ascii=False),
        made_at=clock.now(),
    )
    session.add(checklist)
    session.flush()
    return checklist


def read_or_refused(table: Table, answers: Mapping[str, object]) -> dict[str, Answer]:
    """The answers as the engine reads them; raises AnswersIncomplete for what is missing or wrong."""
    read = guide.answers_of(table, answers)
    wrong = {key for key in answers if table.question(key) is not None and key not in read}
    asked = engine.asked(table, read, today=clock.today())
    open_keys = {question.key for question in asked if question.key not in read}
    if open_keys:
        raise AnswersIncomplete(
            errors={
                key: ["请重新回答这一题" if key in wrong else "请回答这一题"] for key in sorted(open_keys)
            }
        )
    return read


def forget_old(session: Session, *, limit: int = 5000) -> int:
    """Drop checklists that are over; how many."""
    old = select(Checklist.id).where(Checklist.made_at < clock.now() - KEPT_FOR).limit(limit)
    gone = session.execute(delete(Checklist).where(Checklist.id.in_(old)).returning(Checklist.id))
    return len(gone.all())
