"""Who looked at a citizen's data, when and at what (谁看过我的数据).

Whoever looked is told by role and place: the city answers for its clerks, and a complaint about one is
followed up by the line's number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.appointments.models import Appointment
from app.audit import queries as audit
from app.audit.models import AuditEntry
from app.cases.models import Case
from app.catalogue.models import ServiceItem
from app.centres.models import Centre
from app.evaluations.models import Evaluation, MendingTicket
from app.own_data import words
from app.queueing.models import Ticket
from app.staff.models import Clerk, Role

_ROLES = {
    Role.FRONT_DESK: "窗口人员",
    Role.APPROVER: "审批人员",
    Role.CASHIER: "收费人员",
    Role.SUPERVISOR: "督导人员",
}
_CLERK = "clerk"
_SOMEBODY = {"citizen": "您本人", "system": "系统自动"}
_STAFF = "工作人员"
_AGENT = "您授权的代办人"
# What is called by the number that the log itself names.
_NUMBERED = {"payment": "支付单号", "refund": "退费编号", "complaint": "诉求编号"}


@dataclass(frozen=True, slots=True)
class Line:
    """One look or change; `about` names the thing, None when it was the citizen's own page."""

    id: int
    at: datetime
    who: str
    what: str
    about: str | None


def page(session: Session, *, citizen_id: int, before_id: int | None = None, limit: int = 20) -> list[Line]:
    """Up to `limit` lines about a citizen, newest first; eight statements, however long the page."""
    entries = audit.about_citizen(session, citizen_id=citizen_id, before_id=before_id, limit=limit)
    whos = _whos(session, _numbers(entry.actor for entry in entries if entry.actor.startswith(_CLERK)))
    things = _things(session, citizen_id, [entry.subject for entry in entries])
    return [
        Line(
            entry.id,
            entry.at,
            who=_who(entry, whos),
            what=words.of(entry.action),
            about=things.get(entry.subject),
        )
        for entry in entries
    ]


def _who(entry: AuditEntry, whos: Mapping[str, str]) -> str:
    kind, _, number = entry.actor.partition(":")
    if kind == "citizen" and number != str(entry.citizen_id):
        return _AGENT
    return whos.get(entry.actor) or _SOMEBODY.get(kind, _STAFF)


def _whos(session: Session, clerk_ids: Sequence[int]) -> dict[str, str]:
    """Clerks by role and place, such as 窗口人员 · 市民服务中心; never their names."""
    if not clerk_ids:
        return {}
    clerks = session.execute(
        select(Clerk.id, Clerk.roles, Clerk.department, Centre.name)
        .outerjoin(Centre, Centre.id == Clerk.centre_id)
        .where(Clerk.id.in_(clerk_ids))
    ).all()
    departments = _departments(session, {row.department for row in clerks if row.department})
    found = {}
    for row in clerks:
        roles = "、".join(name for role, name in _ROLES.items() if role.value in row.roles)
        place = row.name or departments.get(row.department or "")
        found[f"{_CLERK}:{row.id}"] = f"{roles or _STAFF} · {place}" if place else roles or _STAFF
    return found


def _departments(session: Session, named: set[str]) -> dict[str, str]:
    """The names of departments, which clerks have by name or by code."""
    coded = {word for word in named if word.isascii()}
    names = {word: word for word in named - coded}
    if coded:
        asked = select(ServiceItem.dept_code, ServiceItem.dept_name).where(ServiceItem.dept_code.in_(coded))
        names |= {row.dept_code: row.dept_name for row in session.execute(asked.distinct())}
    return names


def _things(session: Session, citizen_id: int, subjects: Sequence[str]) -> dict[str, str]:
    """What the citizen calls the things of the log; somebody else's have no words here."""
    by_kind: dict[str, list[str]] = {}
    for subject in dict.fromkeys(subjects):
        kind, _, key = subject.partition(":")
        by_kind.setdefault(kind, []).append(key)
    found = {
        f"{kind}:{key}": f"{called} {key}"
        for kind, called in _NUMBERED.items()
        for key in by_kind.get(kind, ())
    }
    for kind, tell in _TELLERS.items():
        if kind in by_kind:
            found |= {f"{kind}:{key}": told for key, told in tell(session, citizen_id, by_kind[kind]).items()}
    return found


def _cases(session: Session, citizen_id: int, keys: Sequence[str]) -> dict[str, str]:
    asked = select(Case.case_no, Case.task_name).where(Case.case_no.in_(keys), Case.citizen_id == citizen_id)
    return {no: f"{name}，办件编号 {no}" for no, name in session.execute(asked)}


def _appointments(session: Session, citizen_id: int, keys: Sequence[str]) -> dict[str, str]:
    asked = select(Appointment.id, Appointment.task_name, Appointment.starts_at).where(
        Appointment.id.in_(_plain(keys)), Appointment.citizen_id == citizen_id
    )
    rows = session.execute(asked)
    return {
        str(row.id): f"{row.task_name}，{clock.local(row.starts_at):%Y年%m月%d日 %H:%M}的预约" for row in rows
    }


def _tickets(session: Session, citizen_id: int, keys: Sequence[str]) -> dict[str, str]:
    asked = select(Ticket.id, Ticket.number, Ticket.task_name).where(
        Ticket.id.in_(_plain(keys)), Ticket.citizen_id == citizen_id
    )
    return {str(row.id): f"{row.task_name}，排队号 {row.number}" for row in session.execute(asked)}


def _ratings(session: Session, citizen_id: int, keys: Sequence[str]) -> dict[str, str]:
    asked = (
        select(MendingTicket.id, Evaluation.task_name)
        .join(Evaluation, Evaluation.id == MendingTicket.evaluation_id)
        .where(MendingTicket.id.in_(_plain(keys)), Evaluation.citizen_id == citizen_id)
    )
    return {str(row.id): f"对“{row.task_name}”的评价" for row in session.execute(asked)}


_TELLERS = {"case": _cases, "appointment": _appointments, "ticket": _tickets, "rating": _ratings}


def _numbers(actors: Iterable[str]) -> list[int]:
    return _plain({actor.partition(":")[2] for actor in actors})


def _plain(keys: Iterable[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]
