"""Signatures beside an applicant's, for both persons (导出共同申请人签名)."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.cases.co_sign_models import CoSigning, CoState
from app.cases.models import Case
from app.own_data.export import Row, Section, Turn
from app.undertakings.models import SignedUndertaking

_STATES = {
    CoState.OPEN: "已邀请",
    CoState.TAKEN: "等签名",
    CoState.SIGNED: "已签名",
    CoState.DECLINED: "没有签名",
    CoState.ENDED: "已结束",
}


def co_signings(session: Session, turn: Turn) -> list[Row]:
    """Invitations that one made, and those one took with the words that one signed."""
    asked = (
        select(CoSigning, Case, SignedUndertaking)
        .join(Case, Case.id == CoSigning.case_id)
        .outerjoin(SignedUndertaking, SignedUndertaking.id == CoSigning.undertaking_id)
        .where(or_(CoSigning.citizen_id == turn.citizen_id, Case.citizen_id == turn.citizen_id))
    )
    if turn.before_id is not None:
        asked = asked.where(CoSigning.id < turn.before_id)
    return [
        (
            row.id,
            {
                "as": "共同申请人" if row.citizen_id == turn.citizen_id else "申请人",
                "task_name": case.task_name,
                "state": _STATES[CoState(row.state)],
                "invited_at": row.made_at,
                "taken_at": row.taken_at,
                "signed_at": row.signed_at,
                "text": None if signed is None else signed.sealed_text,
            },
        )
        for row, case, signed in session.execute(asked.order_by(CoSigning.id.desc()).limit(turn.limit))
    ]


SECTIONS = (Section("co_signings", co_signings),)
