"""What is archived of a citizen's cases and for how long (导出归档信息)."""

from sqlalchemy import select

from app.archives.models import Archive
from app.archives.retention import TEXTS, Retention
from app.cases.models import Case
from app.db import Session
from app.own_data.export import Row, Section, Turn


def archives(session: Session, turn: Turn) -> list[Row]:
    """The archives of closed cases: their numbers, how long they are kept; the contents stand above."""
    asked = (
        select(Archive, Case.case_no)
        .join(Case, Case.id == Archive.case_id)
        .where(Case.citizen_id == turn.citizen_id, Case.organisation_id.is_(None))
    )
    if turn.before_id is not None:
        asked = asked.where(Archive.id < turn.before_id)
    return [
        (
            archive.id,
            {
                "case_no": case_no,
                "archive_no": archive.archive_no,
                "kept": TEXTS[Retention(archive.retention)],
                "until": archive.keep_until,
                "part": archive.part,
                "archived_at": archive.made_at,
            },
        )
        for archive, case_no in session.execute(asked.order_by(Archive.id.desc()).limit(turn.limit))
    ]


SECTIONS = (Section("archives", archives),)
