"""A clerk beside a citizen (帮办夹具)."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.assistance import service, words
from app.channels import Channel
from app.db import unit_of_work
from app.desk import assisted_cases, assisting
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import on_duty

HALL = "C01"


def helper(name: str = "王帮办") -> OnDuty:
    """A clerk of the hall's corner."""
    return on_duty(Role.FRONT_DESK, centre_id=HALL, name=name)


def asked(citizen_id: int, clerk: OnDuty) -> int:
    """A question that waits on the citizen's phone; its id."""
    with unit_of_work() as session:
        return service.ask(session, citizen_id=citizen_id, clerk_id=clerk.clerk_id, centre_id=HALL).id


def agree(citizen_id: int, assistance_id: int) -> None:
    """Say yes on the phone."""
    with unit_of_work() as session:
        service.agree(
            session,
            citizen_id=citizen_id,
            assistance_id=assistance_id,
            version=words.VERSION,
            channel=Channel.WECHAT,
        )


def helped(citizen_id: int, clerk: OnDuty) -> int:
    """A session to which the citizen has said yes; its id."""
    assistance_id = asked(citizen_id, clerk)
    agree(citizen_id, assistance_id)
    return assistance_id


def end(citizen_id: int, assistance_id: int) -> None:
    """Stop it, on the phone."""
    with unit_of_work() as session:
        service.end_by_citizen(session, citizen_id=citizen_id, assistance_id=assistance_id)


def begun(clerk: OnDuty, assistance_id: int, task_code: str = ID_LOST) -> str:
    """A draft that the clerk began; its number."""
    with unit_of_work() as session:
        return assisted_cases.start(
            session, clerk=clerk, assistance_id=assistance_id, task_code=task_code, answers={}
        )


def typed(clerk: OnDuty, assistance_id: int, case_no: str, **changes: object) -> None:
    """What the clerk types into the form."""
    with unit_of_work() as session:
        assisted_cases.save_form(
            session, clerk=clerk, assistance_id=assistance_id, case_no=case_no, changes=changes
        )


@contextlib.contextmanager
def beside(clerk: OnDuty, assistance_id: int) -> Iterator[Session]:
    """A unit of work in which the clerk helps."""
    with (
        unit_of_work() as session,
        assisting.helping(session, clerk=clerk, assistance_id=assistance_id),
    ):
        yield session


def a_helped_citizen() -> dict[str, object]:
    """All that a route of the desk names of somebody beside whom a clerk sits."""
    citizen_id = make_citizen("王小明")
    case_no = case_fixtures.start(citizen_id)
    material = case_fixtures.mandatory_materials(case_no)[0]
    return {
        "assistance_id": helped(citizen_id, helper()),
        "case_no": case_no,
        "material_code": material,
        "photo_id": case_fixtures.add_photo(citizen_id, case_no, material),
        "task_code": ID_LOST,
    }
