"""What can be asked about drafts of guides (查询指南草稿)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer

from app import clock
from app.catalogue import codes, item_files
from app.catalogue.models import GuideVersion, ServiceItem
from app.db import LARGEST_ID
from app.publishing.errors import DraftNotFound, OrganisationForeign, PatternNotFound
from app.publishing.models import LIVE, DraftState, DraftStep, GuideDraft

PAGE = 50
_AT_ONCE = 100
STATE_TEXTS = {
    DraftState.EDITING: "起草中",
    DraftState.IN_REVIEW: "待审核",
    DraftState.PLANNED: "待生效",
    DraftState.PUBLISHED: "已发布",
    DraftState.DISCARDED: "已作废",
}


@dataclass(frozen=True, slots=True)
class Author:
    """A clerk who works on guides; with `department` None those of every department are theirs."""

    clerk_id: int
    name: str
    department: str | None


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest version of an item; `in_force` unless the item was withheld since."""

    version: int
    body: dict[str, Any]
    in_force: bool


@dataclass(frozen=True, slots=True)
class Organisations:
    """Codes of organisations with the departments whose items bear them, as far as one asks."""

    author: Author
    known: frozenset[tuple[str, str]]

    def is_foreign(self, task_code: str) -> bool:
        """Whether a new item under this code is not the clerk's department's to begin.

        A department that has no item yet begins its first under a code that nobody has.
        """
        code, department = codes.organisation_of(task_code), self.author.department
        if department in (None, code) or (code, department) in self.known:
            return False
        return any(code == known or department == name for known, name in self.known)


def draft(session: Session, *, author: Author, draft_id: int, lock: bool = False) -> GuideDraft:
    """One draft of the clerk's department; raises DraftNotFound."""
    asked = select(GuideDraft).where(GuideDraft.id == min(draft_id, LARGEST_ID), _theirs(author))
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None:
        raise DraftNotFound
    return found


def drafts(
    session: Session, *, author: Author, live: bool = True, before: int | None = None
) -> list[GuideDraft]:
    """Drafts of the clerk's department without their bodies, PAGE at a time, from the draft `before` on.

    What waits for a second person comes first, else the newest.
    """
    waiting = case((GuideDraft.state == DraftState.IN_REVIEW.value, 0), else_=1)
    states = [state.value for state in DraftState if (state in LIVE) == live]
    asked = select(GuideDraft).where(GuideDraft.state.in_(states), _theirs(author))
    if before is not None:
        place = min(before, LARGEST_ID)
        its = select(waiting).where(GuideDraft.id == place).scalar_subquery()
        asked = asked.where(tuple_(waiting, -GuideDraft.id) > tuple_(func.coalesce(its, 1), -place))
    asked = asked.options(defer(GuideDraft.body, raiseload=True))  # a page of them may be megabytes
    return list(session.scalars(asked.order_by(waiting, GuideDraft.id.desc()).limit(PAGE)))


def live_draft(session: Session, *, author: Author, task_code: str) -> GuideDraft | None:
    """The draft of an item that is being worked on, if there is one."""
    return session.scalar(
        select(GuideDraft).where(
            GuideDraft.task_code == task_code,
            GuideDraft.state.in_([state.value for state in LIVE]),
            _theirs(author),
        )
    )


def steps(session: Session, *, draft_id: int) -> Sequence[DraftStep]:
    """What happened to a draft, oldest first."""
    return session.scalars(
        select(DraftStep).where(DraftStep.draft_id == draft_id).order_by(DraftStep.id)
    ).all()


def latest(session: Session, *, task_code: str) -> Latest | None:
    """The latest version of an item; None when there never was one, or the item is secret (涉密)."""
    if codes.parts_of_task_code(task_code) is None:  # also what PostgreSQL refuses, such as NUL
        return None
    found = session.scalar(
        select(GuideVersion)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(ServiceItem.task_code == task_code, ServiceItem.secret.is_(False))
        .order_by(GuideVersion.version.desc())
        .limit(1)
    )
    return None if found is None else Latest(found.version, found.body, found.effective_to is None)


def latest_of(session: Session, *, task_codes: Sequence[str]) -> dict[str, Latest]:
    """The latest versions of several items, as `latest` gives one: one statement."""
    found = session.execute(
        select(ServiceItem.task_code, GuideVersion)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(ServiceItem.task_code.in_(task_codes), ServiceItem.secret.is_(False))
        .ext(distinct_on(GuideVersion.service_item_id))
        .order_by(GuideVersion.service_item_id, GuideVersion.version.desc())
    )
    return {code: Latest(one.version, one.body, one.effective_to is None) for code, one in found}


def body_of(session: Session, *, task_code: str, version: int | None) -> dict[str, Any]:
    """One version's body; empty for a draft that began from nothing, or whose item is secret by now."""
    if version is None:
        return {}
    found = session.scalar(
        select(GuideVersion.body)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(
            ServiceItem.task_code == task_code,
            ServiceItem.secret.is_(False),
            GuideVersion.version == version,
        )
    )
    return found or {}


def due(session: Session) -> list[int]:
    """The planned drafts whose day has come, the earliest first."""
    asked = select(GuideDraft.id).where(
        GuideDraft.state == DraftState.PLANNED.value, GuideDraft.effective_at <= clock.now()
    )
    return list(session.scalars(asked.order_by(GuideDraft.effective_at, GuideDraft.id)))


def named_files(session: Session, sha256s: Sequence[str]) -> set[str]:
    """Those of the given blank forms and samples that a live draft names (被引用的文件)."""
    bodies = session.scalars(
        select(GuideDraft.body)
        .where(
            GuideDraft.state.in_([state.value for state in LIVE]),
            GuideDraft.body.has_key("materials"),
        )
        .execution_options(yield_per=_AT_ONCE)  # a workbook may have begun thousands
    )
    return {file.sha256 for body in bodies for file in item_files.named(body)} & set(sha256s)


def refuse_other_department(author: Author, body: Mapping[str, Any]) -> None:
    """Raises DraftNotFound when an item is of another department than the clerk's."""
    if author.department not in (None, body.get("dept_code"), body.get("dept_name")):
        raise DraftNotFound


def organisations(session: Session, *, author: Author, codes_asked: Collection[str]) -> Organisations:
    """Whose the given codes of organisations are, and which are the clerk's department's: one statement."""
    asked = select(ServiceItem.dept_code, ServiceItem.dept_name).distinct()
    either = or_(ServiceItem.dept_code.in_(codes_asked), ServiceItem.dept_name == author.department)
    found = session.execute(asked.where(either))
    return Organisations(author, frozenset((code, name) for code, name in found))


def refuse_foreign_organisation(session: Session, author: Author, *, task_code: str) -> None:
    """Raises OrganisationForeign when a new item's code is that of another department's organisation."""
    asked = [codes.organisation_of(task_code)]
    if organisations(session, author=author, codes_asked=asked).is_foreign(task_code):
        raise OrganisationForeign


def pattern(session: Session, *, task_code: str | None) -> dict[str, Any]:
    """What a new item is to be a copy of, empty when nothing is asked for; raises PatternNotFound."""
    if task_code is None:
        return {}
    found = latest(session, task_code=task_code)
    if found is None:
        raise PatternNotFound
    return found.body


def _theirs(author: Author) -> ColumnElement[bool]:
    if author.department is None:
        return true()
    return or_(GuideDraft.dept_code == author.department, GuideDraft.dept_name == author.department)
