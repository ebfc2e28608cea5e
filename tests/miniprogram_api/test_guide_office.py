"""Who answers for an item, where to turn against it, and by which ways it is handled."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.catalogue import sheet_writing
from tests.catalogue_fixtures import item, publish

pytestmark = pytest.mark.usefixtures("database")

EXAMPLE: dict[str, Any] = json.loads(Path(sheet_writing._EXAMPLE).read_text(encoding="utf-8"))


def _shown(client: FlaskClient, wanted: dict[str, Any]) -> dict[str, Any]:
    publish(wanted)
    found: dict[str, Any] = client.get(f"/api/v1/guides/{wanted['task_code']}").get_json()
    return found


def test_the_original_department_keeps_its_name_when_another_office_decides(client: FlaskClient) -> None:
    decided = {**EXAMPLE, "dept_name": "示例市行政审批局", "original_dept_name": "示例市某局"}
    found = _shown(client, decided)

    assert (found["dept_name"], found["office"]["original_dept_name"]) == ("示例市行政审批局", "示例市某局")


def test_a_citizen_reads_where_to_turn_and_what_they_may_ask(client: FlaskClient) -> None:
    found = _shown(client, EXAMPLE)

    assert found["office"]["reconsideration"] == {
        "name": "示例市人民政府",
        "address": "示例路2号",
        "phone": "0591-00000002",
        "url": "",
    }
    assert found["office"]["power_source_text"] == "法定本级行使"
    assert found["rights_and_duties"].startswith("有权了解")
    assert found["materials"][1]["accept_stand"] == "填写完整，签名清楚"
    assert (found["fees"][0]["fee_stand"], found["fees"][0]["is_desc"]) == ("50元/人", True)
    assert found["intermediary_services"][0]["fee_explain"] == "按医院公示标准"
    assert found["ways"]["express"] is True
    assert found["place"]["traffic_guide"] == "公交示例站下车"


def test_what_the_source_does_not_say_is_empty_and_not_missing(client: FlaskClient) -> None:
    found = _shown(client, item(intermediary_service=[{"name": "体检", "mandatory": False}]))

    assert (found["office"]["litigation"], found["office"]["other_dept"]) == (None, "")
    assert found["intermediary_services"][0]["by_law"] == ""
    assert (found["plan_effective_date"], found["ways"]["web_url"]) == (None, "")


def test_what_is_handled_across_provinces_names_where_it_is_handed_in_and_who_decides(
    client: FlaskClient,
) -> None:
    office = _shown(client, item("id-lost"))["office"]

    assert "跨域通办" in office["collecting_place"]
    assert office["deciding_place"] == "户口所在地的公安机关"
    assert _shown(client, item("res-permit"))["office"]["deciding_place"] == ""


def test_a_flag_alone_does_not_make_it_handled_in_the_whole_country(client: FlaskClient) -> None:
    publish(item("id-lost", handle_area="3", cross_province=False), item("marry"))
    found = client.get("/api/v1/guides?cross_province=true").get_json()["items"]

    assert [one["item_key"] for one in found] == ["marry"]
