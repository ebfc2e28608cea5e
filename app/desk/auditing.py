"""Reading the audit log (审计查询): a page of lines, whether they are whole, and the look written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock
from app.audit import queries as audit_queries
from app.audit import service as audit
from app.audit.models import AuditEntry
from app.audit.queries import Sought
from app.cases import numbers
from app.desk import duties
from app.staff.models import Clerk
from app.staff.sessions import OnDuty

PAGE = 50
# A page of one clerk's lines may span years of others': beyond this only parts of the stretch are walked.
MOST_WALKED = 5000
_CLERK = "clerk:"
_MOST_NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: an account or a name, a case number, a day in the city; empty means everything."""

    clerk: str = ""
    case_no: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log; `who` is the clerk's name where there is one."""

    id: int
    at: datetime
    who: str
    actor: str
    action: str
    subject: str
    case_no: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Walked:
    """What was proven: the chain from `first_id` to `last_id`, or the first line that is not as it was."""

    first_id: int
    last_id: int
    broken_at: int | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the log, where it goes on, and whether the chain holds there; None without lines."""

    lines: list[Line]
    before_id: int | None
    walked: Walked | None


def page(
    session: Session, *, clerk: OnDuty, wanted: Wanted, before_id: int | None = None, limit: int = PAGE
) -> Found:
    """Lines of the log, newest first (审计日志); whoever looks is written down with what they looked for.

    Raises NotYourDuty.
    """
    duties.refuse_unless(clerk, duties.AUDITING)
    entries = audit_queries.page(
        session, sought=_sought(session, wanted), before_id=before_id, limit=limit + 1
    )
    shown = entries[:limit]
    names = _names(session, shown)
    found = Found(
        lines=[_line(entry, names) for entry in shown],
        before_id=shown[-1].id if len(entries) > limit else None,
        walked=_walked(session, shown),
    )
    asked = {
        "clerk": wanted.clerk,
        "case": wanted.case_no,
        "day": wanted.day.isoformat() if wanted.day else "",
    }
    details = {key: value for key, value in asked.items() if value}
    audit.record(session, actor=clerk.actor, action="audit_viewed", subject="audit", details=details)
    return found


def _sought(session: Session, wanted: Wanted) -> Sought:
    actors = subject = since = until = None
    if wanted.clerk:
        named = or_(Clerk.username == wanted.clerk.lower(), Clerk.name == wanted.clerk)
        ids = session.scalars(select(Clerk.id).where(named).limit(_MOST_NAMESAKES))
        actors = [f"{_CLERK}{clerk_id}" for clerk_id in ids]
    if wanted.case_no:
        # What cannot be a number finds nothing, as an unknown one does.
        subject = f"case:{numbers.case_no(wanted.case_no)}"
    if wanted.day is not None:
        since = datetime.combine(wanted.day, time(), clock.SHANGHAI)
        until = since + timedelta(days=1)
    return Sought(actors, subject, since=since, until=until)


def _walked(session: Session, shown: Sequence[AuditEntry]) -> Walked | None:
    """The whole stretch when it is short enough, else each shown line with the one it hangs on."""
    if not shown:
        return None
    first, last = shown[-1].id, shown[0].id
    ids = [entry.id for entry in shown]
    if last - first < MOST_WALKED:
        verdict = audit_queries.verify_between(session, first_id=first, last_id=last)
        return Walked(first, last, verdict.broken_at, whole=True)
    for one in reversed(ids):
        verdict = audit_queries.verify_between(session, first_id=one, last_id=one)
        if verdict.broken_at is not None:
            return Walked(first, last, verdict.broken_at, whole=False)
    return Walked(first, last, None, whole=False)


def _names(session: Session, shown: Sequence[AuditEntry]) -> dict[str, str]:
    ids = {int(entry.actor.removeprefix(_CLERK)) for entry in shown if _is_clerk(entry.actor)}
    if not ids:
        return {}
    rows = session.execute(select(Clerk.id, Clerk.name, Clerk.username).where(Clerk.id.in_(ids)))
    return {f"{_CLERK}{row.id}": f"{row.name}（{row.username}）" for row in rows}


def _is_clerk(actor: str) -> bool:
    return actor.startswith(_CLERK) and actor.removeprefix(_CLERK).isdecimal()


def _line(entry: AuditEntry, names: Mapping[str, str]) -> Line:
    kind, _, number = entry.subject.partition(":")
    return Line(
        id=entry.id,
        at=entry.at,
        who=names.get(entry.actor, entry.actor),
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        case_no=number if kind == "case" else None,
        details=entry.details,
    )
