"""When a citizen was called back about a closed case, and what was written down of it (办理回访)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.call_backs.models import RESULT_TEXTS, CallBack, Result
from app.cases.models import Case
from app.own_data.export import Row, Section, Turn


def call_backs(session: Session, turn: Turn) -> list[Row]:
    """Calls that were made, with their result."""
    asked = select(CallBack, Case.case_no).join(Case, Case.id == CallBack.case_id)
    asked = asked.where(
        Case.citizen_id == turn.citizen_id, Case.organisation_id.is_(None), CallBack.result.is_not(None)
    )
    if turn.before_id is not None:
        asked = asked.where(CallBack.id < turn.before_id)
    return [
        (
            one.id,
            {
                "case_no": case_no,
                "result": RESULT_TEXTS[Result(one.result or "")],
                "said": one.said,
                "called_at": one.called_at,
            },
        )
        for one, case_no in session.execute(asked.order_by(CallBack.id.desc()).limit(turn.limit))
    ]


SECTIONS = (Section("call_backs", call_backs),)
