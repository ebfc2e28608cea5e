"""Cases that took more visits than promised (R015)."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.cases.officers import Officer
from app.db import unit_of_work
from app.figures import explaining
from app.figures.errors import AlreadyExplained
from app.figures.models import VisitExplanation
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.case_fixtures import FRONT_DESK
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE, over
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import Browser, browser, make_clerk
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
WHY = "证件照片不合格，请市民重拍了一次。"


def read(clerk: Browser, path: str) -> str:
    return clerk.get(path).get_data(as_text=True)


def test_the_list_shows_promised_and_recorded_visits_and_narrows_by_department(client: FlaskClient) -> None:
    police, marriage = desk.submitted(), desk.submitted(task_code=MARRY)
    over(police, days=3)
    over(marriage)
    everybody = browser(client, Role.SUPERVISOR)
    whole = read(everybody, "/console/over-visits")
    assert police in whole
    assert marriage in whole
    narrowed = read(everybody, f"/console/over-visits?department={POLICE}")
    assert (police in narrowed, marriage in narrowed) == (True, False)
    assert re.search(r"1 次</td>.*?3 次</span>", narrowed, re.DOTALL)


def test_a_case_within_its_promise_is_not_listed(client: FlaskClient) -> None:
    case_no = desk.submitted()
    clerk = browser(client, Role.FRONT_DESK)
    assert case_no not in read(clerk, "/console/over-visits")
    assert clerk.get(f"/console/over-visits/{case_no}").status_code == 404


def test_a_foreign_department_sees_and_explains_nothing(client: FlaskClient) -> None:
    case_no = desk.submitted()
    over(case_no)
    elsewhere = browser(client, Role.APPROVER, department=CIVIL_AFFAIRS)
    assert case_no not in read(elsewhere, "/console/over-visits")
    assert elsewhere.get(f"/console/over-visits/{case_no}").status_code == 404
    assert elsewhere.post(f"/console/over-visits/{case_no}", text=WHY).status_code == 404


def test_who_handled_the_case_says_why_and_nobody_else(client: FlaskClient, app: YimaFlask) -> None:
    handler = browser(client, Role.FRONT_DESK)
    assert handler.clerk_id == FRONT_DESK.clerk_id
    case_no = desk.accepted()
    over(case_no)
    other = browser(app.test_client(), Role.FRONT_DESK)
    assert other.post(f"/console/over-visits/{case_no}", text=WHY).status_code == 403
    assert handler.post(f"/console/over-visits/{case_no}", text="短").status_code == 422
    assert handler.post(f"/console/over-visits/{case_no}", text=WHY).status_code == 303
    assert handler.post(f"/console/over-visits/{case_no}", text=WHY).status_code == 409
    assert WHY in read(other, f"/console/over-visits/{case_no}")
    assert "over_visit_explained" in desk.actions()


def test_while_nobody_has_handled_it_anybody_of_the_department_may_say_why(client: FlaskClient) -> None:
    case_no = desk.submitted()
    over(case_no)
    clerk = browser(client, Role.APPROVER, department=POLICE)
    assert clerk.post(f"/console/over-visits/{case_no}", text=WHY).status_code == 303


def test_of_two_taps_one_explanation_is_kept() -> None:
    case_id, officer = over(desk.submitted()), Officer(make_clerk(Role.FRONT_DESK), "林受理", frozenset())

    def explain() -> None:
        with unit_of_work() as session:
            explaining.explain(session, case_id=case_id, officer=officer, text=WHY)

    assert refusals(together(explain, explain), AlreadyExplained) == 1


def test_control_by_looking_first_both_would_be_kept() -> None:
    case_id, clerk_id = over(desk.submitted()), make_clerk(Role.FRONT_DESK)
    meeting = Meeting()
    unique = "uq_visit_explanations_case_id_clerk_id"

    def look_first() -> None:
        with unit_of_work() as session:
            if explaining.explanations(session, case_ids=[case_id])[case_id]:
                raise AlreadyExplained
            meeting.wait()
            line = VisitExplanation(case_id=case_id, clerk_id=clerk_id, clerk_name="林", text=WHY, at=MONDAY)
            session.add(line)

    with unit_of_work() as session:
        session.execute(text(f"ALTER TABLE visit_explanations DROP CONSTRAINT {unique}"))
    try:
        assert refusals(together(look_first, look_first), AlreadyExplained) == 0
    finally:
        with unit_of_work() as session:
            session.execute(text("DELETE FROM visit_explanations"))
            session.execute(
                text(f"ALTER TABLE visit_explanations ADD CONSTRAINT {unique} UNIQUE (case_id, clerk_id)")
            )
