"""Packages of closed cases at the desk (归档): what was packed, handed over, received, or not, and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app import batches
from app.archives import making, transfers
from app.archives.errors import ArchiveNotFound
from app.archives.models import Archive, ArchiveTransfer, ArchiveTrouble, TransferState
from app.archives.retention import TEXTS, Retention
from app.audit import service as audit
from app.cases.models import Case
from app.db import LARGEST_ID
from app.desk import duties
from app.desk.work import visible_to
from app.staff.sessions import OnDuty

PAGE: Final = 30
_COUNTED_TO: Final = 1000
VIEWS: Final = {
    TransferState.WAITING: "待移交",
    TransferState.RECEIVED: "已接收",
    TransferState.REFUSED: "没有移交成",
}
# Words of the archive system, and of ours, for why not.
_REFUSALS: Final = {
    "package_damaged": "归档包缺失或被改动，没有移交，请联系系统管理员",
    "another_digest": "档案系统收到的和归档包不一致，请联系档案馆核对，再重新移交",
    "archive_no_taken": "档案系统里这个档号已经有另一个包，请联系档案馆腾出档号，再重新移交",
    batches.RECEIPT_REUSED: "档案系统给的回执编号是另一个归档包的，请联系档案馆更正，再重新移交",
    "bad_package": "档案系统读不出这个归档包，请先点“核验”；核验无误的，请联系档案馆查明原因，再重新移交",
    "invalid_reference": "档号里有档案系统不认的字符，请联系系统管理员改好，再重新移交",
}


# Why a case could not be packed, by the error that was met.
_TROUBLES: Final = {
    "UnreadableError": "有内容打不开，可能被改动过，或者密钥不在了",
    "FileMissingError": "有文件不见了",
    "PackageDamagedError": "有文件和出具时的不一样",
    "OSError": "文件存储出错",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One package of a list; `part` 0 is the case's own, `note` says why it was not taken.

    `asked_again_at`: it was handed over without a receipt, and when the archive system is asked about it.
    """

    id: int
    archive_no: str
    case_no: str
    task_name: str
    part: int
    files: int
    size_bytes: int
    sha256: str
    kept: str
    keep_until: date | None
    made_at: datetime
    receipt_no: str | None
    received_at: datetime | None
    asked_again_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A case that could not be packed: why, since when, and how often it was tried."""

    case_no: str
    task_name: str
    why: str
    since: datetime
    tries: int


def counts(session: Session, *, clerk: OnDuty) -> dict[TransferState, int]:
    """How many packages there are of each kind."""
    duties.refuse_unless(clerk, duties.READING)
    asked = (
        select(ArchiveTransfer.state, func.count())
        .join(Archive, Archive.id == ArchiveTransfer.archive_id)
        .join(Case, Case.id == Archive.case_id)
        .where(visible_to(clerk))
        .group_by(ArchiveTransfer.state)
    )
    found = {TransferState(state): number for state, number in session.execute(asked)}
    return {state: found.get(state, 0) for state in VIEWS}


def unpacked(session: Session, *, clerk: OnDuty) -> int:
    """How many cases are due and in no package yet (到期未归档), counted to a thousand."""
    duties.refuse_unless(clerk, duties.READING)
    due = select(Case.id).where(*making.unpacked(), visible_to(clerk)).limit(_COUNTED_TO)
    return session.scalar(select(func.count()).select_from(due.subquery())) or 0


def stuck(session: Session, *, clerk: OnDuty, limit: int = PAGE) -> list[Stuck]:
    """The cases that could not be packed, the longest stuck first, and why."""
    duties.refuse_unless(clerk, duties.READING)
    asked = (
        select(Case.case_no, Case.task_name, ArchiveTrouble.error, ArchiveTrouble.since, ArchiveTrouble.tries)
        .join(ArchiveTrouble, ArchiveTrouble.case_id == Case.id)
        .where(visible_to(clerk))
        .order_by(ArchiveTrouble.since, Case.id)
        .limit(limit)
    )
    return [
        Stuck(
            row.case_no, row.task_name, _TROUBLES.get(row.error, _TROUBLES["OSError"]), row.since, row.tries
        )
        for row in session.execute(asked)
    ]


def page(
    session: Session, *, clerk: OnDuty, view: TransferState, after: int | None = None, limit: int = PAGE
) -> tuple[list[Line], int | None]:
    """The packages of one kind, the newest first, and where the list goes on."""
    duties.refuse_unless(clerk, duties.READING)
    asked = _rows(clerk).where(ArchiveTransfer.state == view.value)
    if after is not None:
        asked = asked.where(Archive.id < after)
    rows = session.execute(asked.order_by(Archive.id.desc()).limit(limit + 1)).all()
    lines = [_line(row) for row in rows[:limit]]
    return lines, lines[-1].id if len(rows) > limit else None


def to_check(session: Session, *, clerk: OnDuty, archive_id: int) -> Archive:
    """A package that is to be looked through, which is written down; raises ArchiveNotFound.

    Its bytes are read after the unit of work.
    """
    found = _mine(session, clerk, archive_id)
    _note(session, clerk, found, action="archive_checked")
    archive: Archive = found.Archive
    return archive


def again(session: Session, *, clerk: OnDuty, archive_id: int) -> None:
    """Hand over once more what was not taken (重新移交); raises ArchiveNotFound, NotRefused."""
    found = _mine(session, clerk, archive_id)
    duties.refuse_unless(clerk, duties.CLOSING)
    transfers.again(session, archive_id=found.Archive.id)
    _note(session, clerk, found, action="archive_again")


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    """Packages with what a list says of their cases; not the cases, which somebody may have spoilt."""
    return (
        select(Archive, ArchiveTransfer, Case.case_no, Case.task_name, Case.citizen_id)
        .join(ArchiveTransfer, ArchiveTransfer.archive_id == Archive.id)
        .join(Case, Case.id == Archive.case_id)
        .where(visible_to(clerk))
    )


def _mine(session: Session, clerk: OnDuty, archive_id: int) -> Row[*tuple[Any, ...]]:
    duties.refuse_unless(clerk, duties.READING)
    if archive_id > LARGEST_ID:
        raise ArchiveNotFound
    found = session.execute(_rows(clerk).where(Archive.id == archive_id)).one_or_none()
    if found is None:
        raise ArchiveNotFound
    return found


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    archive: Archive = row.Archive
    transfer: ArchiveTransfer = row.ArchiveTransfer
    return Line(
        id=archive.id,
        archive_no=archive.archive_no,
        case_no=row.case_no,
        task_name=row.task_name,
        part=archive.part,
        files=archive.files,
        size_bytes=archive.size_bytes,
        sha256=archive.sha256.hex(),
        kept=TEXTS[Retention(archive.retention)],
        keep_until=archive.keep_until,
        made_at=archive.made_at,
        receipt_no=transfer.receipt_no,
        received_at=transfer.received_at,
        asked_again_at=transfer.next_check_at if transfer.checks > 0 else None,
        note="" if transfer.refusal is None else _refusal(transfer.refusal),
    )


def _refusal(reason: str) -> str:
    return _REFUSALS.get(reason, f"档案系统没有接收，给的原因代码是“{reason}”，可以重新移交")


def _note(session: Session, clerk: OnDuty, found: Row[*tuple[Any, ...]], *, action: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{found.case_no}",
        details={"archive_no": found.Archive.archive_no},
        citizen_id=found.citizen_id,
    )
