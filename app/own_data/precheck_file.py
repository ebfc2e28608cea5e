"""Pre-checks of one's applications and what was said (导出网上预审)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import prechecked
from app.cases.models import Case
from app.cases.precheck_models import CasePrecheck, PrecheckState
from app.own_data.export import Row, Section, Turn

_STATES = {
    PrecheckState.ASKED: "等待预审",
    PrecheckState.PASSED: "已通过",
    PrecheckState.TO_MEND: "需要修改",
    PrecheckState.TAKEN_BACK: "已收回",
    PrecheckState.USED: "已到窗口办理",
}


def prechecks(session: Session, turn: Turn) -> list[Row]:
    """Every round: when it was asked for, who answered, and every point."""
    asked = (
        select(CasePrecheck, Case)
        .join(Case, Case.id == CasePrecheck.case_id)
        .where(Case.citizen_id == turn.citizen_id)
    )
    if turn.before_id is not None:
        asked = asked.where(CasePrecheck.id < turn.before_id)
    return [
        (
            row.id,
            {
                "case_no": case.case_no,
                "task_name": case.task_name,
                "state": _STATES[PrecheckState(row.state)],
                "asked_at": row.asked_at,
                "answered_at": row.answered_at,
                "answered_by": row.clerk_name,
                "points": [point.said for point in prechecked.points_of(row)],
                "why_so_late": row.late_reason,
                "holds_until": row.holds_until,
            },
        )
        for row, case in session.execute(asked.order_by(CasePrecheck.id.desc()).limit(turn.limit))
    ]


SECTIONS = (Section("prechecks", prechecks),)
