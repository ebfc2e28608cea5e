"""What messages and other departments may say about an application (一件事的消息素材、同办事项)."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles import licences, standing
from app.bundles.models import BundleApplication, BundlePart
from app.cases import revoked
from app.cases.models import Case


class Obstacle(StrEnum):
    """Why what comes after a part does not begin."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class News:
    """An application as a message names it; of a part also what stands in the way, and what waits for it.

    `organisation_id` is the company whose application it is; `task_codes` are its parts.
    """

    citizen_id: int
    organisation_id: int | None
    task_codes: tuple[str, ...]
    application_no: str
    name: str
    licence: str | None = None
    task_name: str = ""
    obstacle: Obstacle | None = None
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sister:
    """Another part of the same matter: its name and where it is, and no more."""

    task_name: str
    state_text: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """The bundle that a case is a part of (所属一件事)."""

    name: str
    application_no: str
    sisters: list[Sister]


def of_application(session: Session, *, application_id: int) -> News:
    """An application as a message names it."""
    application = session.get_one(BundleApplication, application_id)
    licence = licences.of_application(session, application_id=application_id)
    return News(
        application.citizen_id,
        application.organisation_id,
        tuple(one.task_code for one, _ in _pairs(session, application_id)),
        application.application_no,
        application.name,
        licence=licence.name if licence else None,
    )


def of_part(session: Session, *, part_id: int) -> News:
    """A part that held up others, as it stands now; no obstacle when there is none any more."""
    part = session.get_one(BundlePart, part_id)
    application = session.get_one(BundleApplication, part.application_id)
    pairs = _pairs(session, application.id)
    case = next(case for one, case in pairs if one.id == part_id)
    waiting = [one.task_name for other, one in pairs if other.step > part.step and standing.is_draft(one)]
    return News(
        citizen_id=application.citizen_id,
        organisation_id=application.organisation_id,
        task_codes=tuple(one.task_code for one, _ in pairs),
        application_no=application.application_no,
        name=application.name,
        task_name=case.task_name,
        obstacle=None if application.withdrawn_at is not None else _obstacle(case, waits=bool(waiting)),
        waiting=tuple(waiting),
    )


def matter_of(session: Session, *, case_id: int) -> Matter | None:
    """The bundle that a case was handed in with, for whoever handles the case; None when it stands alone."""
    application = session.scalar(
        select(BundleApplication)
        .join(BundlePart, BundlePart.application_id == BundleApplication.id)
        .where(BundlePart.case_id == case_id, BundleApplication.submitted_at.is_not(None))
    )
    if application is None:
        return None
    return Matter(
        name=application.name,
        application_no=application.application_no,
        sisters=[
            Sister(case.task_name, _state_text(case), case.id == case_id)
            for _, case in _pairs(session, application.id)
        ],
    )


def _pairs(session: Session, application_id: int) -> list[tuple[BundlePart, Case]]:
    asked = (
        select(BundlePart, Case)
        .join(Case, Case.id == BundlePart.case_id)
        .where(BundlePart.application_id == application_id)
        .order_by(BundlePart.step, BundlePart.place)
    )
    return list(session.execute(asked).all())


def _obstacle(case: Case, *, waits: bool) -> Obstacle | None:
    if standing.is_draft(case):
        return Obstacle.INCOMPLETE
    if not waits or not standing.holds_up(case):
        return None
    return Obstacle.WITHDRAWN if standing.is_withdrawn(case) else Obstacle.REFUSED


def _state_text(case: Case) -> str:
    if standing.is_draft(case):
        return "还没有提交"
    if case.granted is False:
        return "不予办理"
    return revoked.state_text(case.state, revoked_at=case.grant_revoked_at)
