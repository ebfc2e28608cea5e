"""A look before the way to the window, on the phone: asked, taken back, mended, and a code for the window."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import clock
from app.staff.models import Role
from tests import precheck_fixtures as prechecks
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import open_city
from tests.miniprogram_api.owner import Owner
from tests.staff_fixtures import browser
from web.flask_app import YimaFlask


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        open_city()
        yield Owner(client)


def test_asking_and_having_it_back(owner: Owner) -> None:
    case_no = prechecks.draft(owner.id)
    asked = owner.call("POST", f"/cases/{case_no}/precheck")
    assert (asked.status_code, asked.get_json()["precheck"]["state"]) == (201, "asked")

    held = owner.call("PATCH", f"/cases/{case_no}/form", json={"address": "别处"})
    assert (held.status_code, held.get_json()["code"]) == (409, "precheck_running")
    shown = owner.call("GET", f"/cases/{case_no}").get_json()
    assert (shown["next"]["who"], shown["allowed_actions"]) == ("office", ["withdraw"])

    assert owner.call("DELETE", f"/cases/{case_no}/precheck").status_code == 204
    assert owner.call("DELETE", f"/cases/{case_no}/precheck").get_json()["code"] == "precheck_over"
    assert owner.call("PATCH", f"/cases/{case_no}/form", json={"address": "别处"}).status_code == 200


def test_what_is_to_be_mended_stands_beside_it(owner: Owner) -> None:
    case_no = prechecks.draft(owner.id)
    prechecks.mend(
        prechecks.ask(owner.id, case_no), prechecks.of_material(prechecks.PICTURE), prechecks.of_field()
    )

    shown = owner.call("GET", f"/cases/{case_no}").get_json()

    fields = [one["key"] for one in shown["form_fields"] if one["to_correct"]]
    materials = [one["material_code"] for one in shown["materials"] if one["to_correct"]]
    assert (fields, materials) == (["address"], [prechecks.PICTURE])
    assert [one["label"] for one in shown["precheck"]["points"]] == ["证件照片", "联系地址"]


def test_a_pass_has_a_code_and_says_what_to_bring_and_where(owner: Owner) -> None:
    case_no, _ = prechecks.passed(owner.id)

    shown = owner.call("GET", f"/cases/{case_no}/precheck").get_json()

    visit = shown["visit"]
    assert (shown["precheck"]["state"], visit["originals"]) == ("passed", ["证件照片"])
    assert visit["halls"][0]["address"]
    scanned = owner.call("POST", "/codes/scan", json={"content": visit["code"]}).get_json()
    assert (scanned["action"], scanned["target"]) == ("open_case", case_no)


def test_there_is_no_code_once_it_was_changed(owner: Owner) -> None:
    case_no, _ = prechecks.passed(owner.id)
    prechecks.change(owner.id, case_no, address="别处")

    shown = owner.call("GET", f"/cases/{case_no}/precheck").get_json()

    assert (shown["precheck"]["state"], shown["visit"]) == ("changed", None)


def test_nobody_else_sees_or_moves_it(owner: Owner, client: FlaskClient) -> None:
    case_no = prechecks.draft(owner.id)
    other = Owner(client, "李小红")

    for method in ("GET", "POST", "DELETE"):
        assert other.call(method, f"/cases/{case_no}/precheck").status_code == 404


def test_from_the_first_look_to_one_visit(owner: Owner, app: YimaFlask) -> None:
    """Asked, mended, passed, and accepted at the window by the visit code."""
    desk = browser(app.test_client(), Role.FRONT_DESK, name="王窗口")
    case_no, address = prechecks.draft(owner.id), "/console/prechecks"

    def asked() -> str:
        assert owner.call("POST", f"/cases/{case_no}/precheck").status_code == 201
        return f"{address}/{prechecks.round_of(case_no).id}"

    point = {"point": "field:address", "reason:field:address": "wrong", "how:field:address": "写到门牌号"}
    desk.post(f"{asked()}/points", **point)
    shown = owner.call("GET", f"/cases/{case_no}/precheck").get_json()["precheck"]
    assert (shown["state"], shown["points"][0]["how"]) == ("to_mend", "写到门牌号")
    owner.call("PATCH", f"/cases/{case_no}/form", json={"address": "示例市示例路2号"})
    desk.post(f"{asked()}/pass")

    visit = owner.call("GET", f"/cases/{case_no}/precheck").get_json()["visit"]
    window = desk.post("/console/scan", content=visit["code"]).headers["Location"]
    desk.post(f"{window}/accept", compared=[prechecks.PICTURE], fee_code="FEE-ID-LOST")

    done = owner.call("GET", f"/cases/{case_no}").get_json()
    assert (done["state"], done["precheck"]["state"]) == ("accepted", "used")


def test_the_guide_says_that_a_clerk_looks_first(owner: Owner) -> None:
    prechecks.draft(owner.id)

    assert owner.call("GET", f"/guides/{ID_LOST}").get_json()["precheck_days"] == 1
