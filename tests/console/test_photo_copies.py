"""Copies that leave with a clerk, and photos that no clerk gets yet (副本、病毒检查)."""

import io

import pytest
from PIL import Image
from sqlalchemy import update

from app import clock
from app.db import unit_of_work
from app.materials.models import Photo
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.console.test_cases import a_photo_of, text
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def front_desk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


def bright(content: bytes) -> int:
    """How many pixels are as bright as paper."""
    return sum(Image.open(io.BytesIO(content)).convert("L").histogram()[205:])


def test_a_copy_is_marked_and_kept_under_the_cases_number(front_desk: Browser) -> None:
    case_no = desk.submitted()
    photo = f"/console/cases/{case_no}/photos/{a_photo_of(case_no)}"
    copy, original = front_desk.get(f"{photo}/copy"), front_desk.get(photo)

    assert copy.headers["Content-Disposition"].startswith(f'attachment; filename="{case_no}-')
    assert (copy.mimetype, copy.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert bright(copy.data) < 0.95 * bright(original.data)
    assert front_desk.get(photo).data == original.data


def test_every_copy_is_written_down(front_desk: Browser) -> None:
    case_no = desk.submitted()
    for _ in range(2):
        front_desk.get(f"/console/cases/{case_no}/photos/{a_photo_of(case_no)}/copy")

    assert desk.actions().count("photo_copied") == 2


def test_a_photo_that_is_still_looked_through_is_not_given_to_a_clerk(front_desk: Browser) -> None:
    case_no = desk.submitted()
    photo_id = a_photo_of(case_no)
    with unit_of_work() as session:
        session.execute(update(Photo).values(scan="unknown", scan_after=clock.now()))
    photo = f"/console/cases/{case_no}/photos/{photo_id}"
    shown = text(front_desk, f"/console/cases/{case_no}")

    assert [front_desk.get(path).status_code for path in (photo, f"{photo}?size=thumb", f"{photo}/copy")] == [
        503,
        503,
        503,
    ]
    assert "正在做病毒检查" in shown
    assert f"/photos/{photo_id}" not in shown
