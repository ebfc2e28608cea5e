import json
from pathlib import Path
from typing import Any

import pytest

from app.catalogue import importing, mappings, rules
from app.catalogue.importing import Placed
from app.catalogue.item_shape import Finding
from tests.catalogue_fixtures import item, record, write, write_lines

GUANGDONG = mappings.load("guangdong")


def _faults(path: Path, mapping: mappings.Mapping | None = None) -> list[tuple[int, str, str]]:
    found = importing.read(path, mapping=mapping).findings
    return [(one.line, one.finding.field, one.finding.rule) for one in found if one.finding.refuses]


def _lines(tmp_path: Path, *records: Any) -> list[tuple[int, str, str]]:
    return _faults(write_lines(tmp_path / "records.jsonl", *records), GUANGDONG)


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    reading = importing.read(write(tmp_path / "items.json", item(), item("marry")))

    assert not reading.refused
    assert [one["item_key"] for one in reading.items] == ["id-lost", "marry"]


def test_a_bad_row_is_named_by_line_field_and_rule(tmp_path: Path) -> None:
    path = write(tmp_path / "items.json", item(), item("marry", promise_day="ten"))

    line = path.read_text(encoding="utf-8").split("\n").index("  {", 5) + 1
    assert _faults(path) == [(line, "promise_day", "type")]


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"task_code": "X"}, "task_code", "length"),
        ({"task_code": "11350100MB99000138335079000300!"}, "task_code", "task_code"),
        ({"catalog_code": "350790009999"}, "catalog_code", "task_code"),
        ({"use_level": "2"}, "use_level", "task_code"),
        ({"dept_code": "11350100MB99000213"}, "dept_code", "task_code"),
        ({"task_type": "99"}, "task_type", "code"),
        ({"server_type": ["1", "8"]}, "server_type[1]", "code"),
        ({"promise_unit": "WEEK"}, "promise_unit", "code"),
        ({"promise_day": True}, "promise_day", "type"),
        ({"promise_day": -1}, "promise_day", "range"),
        ({"promise_day": 0}, "promise_day", "instant"),
        ({"common_mistakes": []}, "common_mistakes", "mistakes"),
        ({"fees": None}, "fees", "type"),
        ({"provenance": None}, "provenance", "type"),
        ({"transact_centers": [1]}, "transact_centers[0]", "type"),
        ({"window_group": 7}, "window_group", "type"),
        ({"fees": []}, "fees", "fee"),
        ({"is_fee": False}, "is_fee", "free"),
        ({"complain_phone": item()["consult_phone"]}, "complain_phone", "phones"),
        ({"last_reviewed": "yesterday"}, "last_reviewed", "date"),
        ({"task_name": "补领\x00"}, "task_name", "characters"),
        ({"intermediary_service": [{"name": "评估"}]}, "intermediary_service[0].by_law", "intermediary"),
        ({"result": {"delivery": 7}}, "result.delivery", "type"),
        ({"extra": 1e300}, "extra", "number"),
        ({"extra": [2**63]}, "extra[0]", "number"),
        ({"plain_names": ["身" * 20_001]}, "plain_names[0]", "length"),
    ],
)
def test_each_rule_refuses_what_breaks_it(
    tmp_path: Path, changes: dict[str, Any], field: str, rule: str
) -> None:
    faults = _faults(write(tmp_path / "items.json", item(**changes)))

    assert (field, rule) in [(field, rule) for _, field, rule in faults]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("material_code", "M/../01", "code"),
        ("material_code", "M" * 65, "length"),
        ("material_form", ["1"], "type"),
        ("one_of", ["A"], "type"),
    ],
)
def test_a_material_that_no_page_could_show_is_refused(field: str, value: object, rule: str) -> None:
    broken = item()
    broken["materials"][0][field] = value

    assert (f"materials[0].{field}", rule) in [(one.field, one.rule) for one in rules.check(broken)]


@pytest.mark.parametrize(("field", "rule"), [("amount_fen", "fen"), ("fee_code", "required")])
def test_a_fee_without_amount_or_code_is_refused(field: str, rule: str) -> None:
    broken = item()
    del broken["fees"][0][field]

    assert (f"fees[0].{field}", rule) in [(one.field, one.rule) for one in rules.check(broken)]


def test_a_nest_without_end_is_one_named_row(tmp_path: Path) -> None:
    nest: list[Any] = []
    for _ in range(300):
        nest = [nest]

    assert [rule for _, _, rule in _faults(write(tmp_path / "items.json", item(extra=nest)))] == ["depth"]


def test_half_a_fen_is_no_amount() -> None:
    broken = item()
    broken["fees"][0]["amount_fen"] = 40.5

    assert [one.field for one in rules.check(broken)] == ["fees[0].amount_fen"]


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    broken = item()
    del broken["legal_basis"]

    assert [rest for _, *rest in _faults(write(tmp_path / "i.json", broken))] == [["legal_basis", "basis"]]


def test_the_same_code_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    found = importing.read(write(tmp_path / "items.json", item(), item()))

    assert [one.finding.rule for one in found.findings] == ["unique"]
    assert "与第4行重复" in str(found.findings[0])


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "json"),
        (b"[]", "shape"),
        (b'{"items": 1}', "shape"),
        (b'{"items": [{"a": 1}', "json"),
        (b'{"items": []} trailing', "json"),
        (b'{"items": [{"a": NaN}]}', "json"),
        (b'{"items": []}', "required"),
        (b"\xff\xfe", "utf-8"),
        (b"[" * 100_000, "json"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)

    assert [found for *_, found in _faults(path)] == [rule]


def test_a_provincial_record_becomes_an_item(tmp_path: Path) -> None:
    reading = importing.read(write_lines(tmp_path / "r.jsonl", record()), mapping=GUANGDONG)

    assert not reading.refused
    found = reading.items[0]
    assert (found["anticipate_day"], found["promise_day"], found["promise_unit"]) == (20, 1, "WORKDAY")
    assert (found["server_type"], found["use_level"], found["project_type"]) == (["1", "2"], "2", "2")
    assert [material["name"] for material in found["materials"]] == ["居民身份证", "申请书"]
    assert found["accept_condition"] == ["年满十八周岁", "身体健康"]


def test_a_code_of_33_characters_is_an_item_of_its_own(tmp_path: Path) -> None:
    longer = record(TASK_CODE=record()["TASK_CODE"] + "03")

    assert _lines(tmp_path, record(), longer) == []


def test_a_wrong_check_character_only_warns(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", record(TASK_CODE="TE440000GD030003VV2350109011001"))
    reading = importing.read(path, mapping=GUANGDONG)

    assert not reading.refused
    assert [one.finding.rule for one in reading.findings] == ["uscc"]


def test_one_missing_limit_is_taken_from_the_other_with_a_warning(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", record(handle_time_limit=""))
    reading = importing.read(path, mapping=GUANGDONG)

    assert (reading.items[0]["promise_day"], reading.refused) == (20, False)
    assert str(reading.findings[0]).startswith("1: warning: handle_time_limit: limit:")


def test_natural_days_keep_their_unit(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "r.jsonl", record(handle_time="90(自然日)"))

    assert importing.read(path, mapping=GUANGDONG).items[0]["anticipate_unit"] == "DAY"


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"handle_time": "", "handle_time_limit": None}, "handle_time", "required"),
        ({"handle_time": "20"}, "handle_time", "limit"),
        ({"handle_time": "两周"}, "handle_time", "limit"),
        ({"TASK_CODE": ""}, "TASK_CODE", "required"),
        ({"TASK_CODE": "123"}, "TASK_CODE", "length"),
        ({"CATAID": "350109011009"}, "CATAID", "task_code"),
        ({"TASK_TYPE": "55"}, "TASK_TYPE", "code"),
        ({"LIMIT_SCENE_NUM": "很多"}, "LIMIT_SCENE_NUM", "number"),
        ({"service_object_name": ["神仙"]}, "service_object_name", "code"),
        ({"TASK_NAME": None}, "TASK_NAME", "required"),
    ],
)
def test_a_bad_record_is_named_in_its_own_field_names(
    tmp_path: Path, changes: dict[str, Any], field: str, rule: str
) -> None:
    assert (2, field, rule) in _lines(tmp_path, record(), record(**changes))


def test_every_bad_line_is_named_not_only_the_first(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"a":\n' + json.dumps(record()) + "\n[1]\n{} {}\n", encoding="utf-8")

    assert [line for line, *_ in _faults(path, GUANGDONG)] == [1, 3, 4]


def test_an_empty_list_of_materials_is_no_reason_to_refuse(tmp_path: Path) -> None:
    assert _lines(tmp_path, record(material_intro=[])) == []


def test_a_fault_reads_as_line_weight_field_rule(tmp_path: Path) -> None:
    fault = Placed(7, Finding("fees", "fee", "is wrong"))

    assert str(fault) == "7: error: fees: fee: is wrong"


def test_an_unknown_mapping_names_the_known_ones() -> None:
    with pytest.raises(mappings.UnknownMapping, match="guangdong"):
        mappings.load("../etc/passwd")
