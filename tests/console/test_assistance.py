"""The clerk's side of helping: ask, wait, fill in together, end (帮办)."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.db import unit_of_work
from app.people import phones
from app.people.models import Citizen
from app.people.proving import Document
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.assistance_fixtures import agree, end
from tests.case_fixtures import CITIZEN_NUMBER
from tests.catalogue_fixtures import ID_LOST
from tests.company_fixtures import Actor
from tests.photo_fixtures import jpeg, page
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


def scanned(helper: Browser, elder: int) -> str:
    """The page to which a scanned code leads."""
    return str(helper.post("/console/assistance", content=desk.personal_code(elder)).headers["Location"])


def begun(helper: Browser, elder: int) -> str:
    """The page of a session to which the citizen said yes."""
    here = scanned(helper, elder)
    agree(elder, number(here))
    return here


def number(here: str) -> int:
    return int(here.rsplit("/", 1)[-1])


def test_the_page_waits_for_the_yes_and_shows_nothing_before(helper: Browser, elder: int) -> None:
    draft = case_fixtures.start(elder)
    here = scanned(helper, elder)
    waiting = helper.get(here).text
    assert "等这位市民在手机上同意" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    assert draft not in waiting
    assert "英" not in waiting
    assert helper.get(f"{here}/cases/{draft}").status_code == 409

    agree(elder, number(here))

    assert draft in helper.get(here).text
    assert helper.get("/console/assistance").headers["Location"] == here


def test_after_the_end_the_page_says_so_and_keeps_nothing(helper: Browser, elder: int) -> None:
    here, draft = begun(helper, elder), case_fixtures.start(elder)
    end(elder, number(here))

    assert helper.post(f"{here}/cases/{draft}", **{"f.address": "示例路1号"}).status_code == 410
    shown = helper.get(here).text
    assert "帮办结束了" in shown
    assert draft not in shown


def test_somebody_without_a_phone_signs_a_sheet(helper: Browser, city: None) -> None:
    del city
    typed = {"name": "林秀英", "number": CITIZEN_NUMBER, "document": Document.CARD.value}
    guest = helper.post("/console/window/document", **typed).headers["Location"]
    sheet = f"{guest}/assistance/sheet"
    assert "工作人员不能替我做：签名、提交" in helper.get(sheet).text

    assert helper.post(sheet).status_code == 409
    here = helper.post(sheet, signed="1").headers["Location"]

    assert "市民已在同意书上签名" in helper.get(here).text


def test_a_number_leads_to_its_own_phone_and_an_unknown_one_nowhere(helper: Browser, elder: int) -> None:
    with unit_of_work() as session:
        citizen = session.get_one(Citizen, elder)
        citizen.phone, citizen.phone_index = "13800000000", phones.index("13800000000")

    assert helper.post("/console/assistance", phone="13900000000").status_code == 404
    here = helper.post("/console/assistance", phone="138 0000 0000").headers["Location"]

    assert "在手机上同意" in helper.get(here).text


def test_who_belongs_to_no_hall_cannot_help(client: FlaskClient, elder: int) -> None:
    away = browser(client, Role.FRONT_DESK)

    answer = away.post("/console/assistance", content=desk.personal_code(elder))

    assert answer.status_code == 409
    assert "没有登记所在大厅" in answer.text


def test_logging_out_ends_it(helper: Browser, elder: int) -> None:
    here = begun(helper, elder)
    helper.post("/console/logout")

    assert "assistance_ended" in desk.actions()
    del here


def handed_in(helper: Browser, elder: int) -> str:
    """A case that the clerk began and the citizen handed in; its number."""
    draft = helper.post(f"{begun(helper, elder)}/items/{ID_LOST}").headers["Location"]
    case_no = str(draft.rsplit("/", 1)[-1])
    case_fixtures.fill(elder, case_no)
    for code in case_fixtures.mandatory_materials(case_no):
        case_fixtures.add_photo(elder, case_no, code)
    case_fixtures.submit(elder, case_no)
    return case_no


def test_who_helped_is_told_to_leave_the_case_to_a_colleague(
    helper: Browser, elder: int, client: FlaskClient
) -> None:
    case_no = handed_in(helper, elder)
    shown = helper.get(f"/console/cases/{case_no}").text
    assert "由工作人员 <b>王帮办</b> 在旁帮办" in shown
    assert "受理、补正、延期和决定请同事来办" in shown
    assert f'action="/console/cases/{case_no}/accept"' not in shown
    refused = helper.post(f"/console/cases/{case_no}/accept", fee_code="FEE-ID-LOST")
    assert (refused.status_code, "这个办件您帮办过" in refused.text) == (403, True)

    colleague = browser(client, Role.FRONT_DESK, centre_id="C01")

    assert f'action="/console/cases/{case_no}/accept"' in colleague.get(f"/console/cases/{case_no}").text


def test_the_day_says_how_many_were_helped_and_handed_in(helper: Browser, elder: int) -> None:
    handed_in(helper, elder)
    assert "<b>1/1</b><span>今日帮办后提交</span>" in helper.get("/console").text


def test_from_the_code_to_the_applicants_own_tap(helper: Browser, app: YimaFlask, elder: int) -> None:
    phone = Actor(app.test_client(), elder)
    code = phone.get("/codes/me")["content"]
    here = helper.post("/console/assistance", content=code).headers["Location"]
    asked = phone.get("/me/assistance/now")["now"]
    phone.ask("POST", f"/me/assistance/{asked['id']}/agree", {"version": asked["version"]})
    draft = helper.post(f"{here}/items/{ID_LOST}").headers["Location"]
    case_no = str(draft.rsplit("/", 1)[-1])
    else_asked = case_fixtures.what_else_is_asked(ID_LOST)
    form = {**case_fixtures.FORM, **else_asked, "applicant_name": "林秀英"}
    helper.post(draft, **{f"f.{key}": value for key, value in form.items()})
    for code in case_fixtures.mandatory_materials(case_no):
        photo = (BytesIO(jpeg(page((900, 600)))), "page.jpg")
        helper.post(f"{draft}/materials/{code}/photos", **{f"file.{code}": photo})
    helper.post(f"{here}/end")

    assert phone.ask("POST", f"/cases/{case_no}/submit").status_code == 200
    assert [one["clerk"] for one in phone.get(f"/cases/{case_no}")["helped_by"]] == ["王帮办"]
    lines = phone.get(f"/cases/{case_no}/timeline")["items"]
    assert "申请人（工作人员王帮办在旁帮办）" in str(lines)


def test_an_open_page_is_cleared_once_the_citizen_ends_it(helper: Browser, elder: int) -> None:
    here, draft = begun(helper, elder), case_fixtures.start(elder)
    for page_of in (here, f"{here}/cases/{draft}", f"{here}/items/{ID_LOST}"):
        assert f'hx-get="{here}/left"' in helper.get(page_of).text
    assert "还有 15 分钟" in helper.get(f"{here}/left").text

    end(elder, number(here))

    over = helper.get(f"{here}/left")
    assert (over.status_code, over.headers["HX-Redirect"]) == (204, here)
