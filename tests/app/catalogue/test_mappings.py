"""Records of other sources, in their own code schemes, as items of ours (各来源字段映射)."""

from pathlib import Path
from typing import Any

import pytest

from app.catalogue import importing, mappings
from app.catalogue.importing import Reading
from app.catalogue.mappings import Mapping
from tests.catalogue_fixtures import publish, record, write_lines

NATIONAL, SICHUAN, GUANGDONG = (mappings.load(name) for name in ("national", "sichuan", "guangdong"))


def _basic(**changes: Any) -> dict[str, Any]:
    return {
        "task_code": "11350100MB990001382350109011001",
        "catalog_code": "350109011001",
        "local_task_code": "SL-01",
        "task_name": "示例从业资格核准",
        "task_type": "10",
        "task_state": "1",
        "task_version": 3,
        "use_level": "2",
        "dept_code": "11350100MB99000138",
        "dept_name": "示例省某厅",
        "dept_type": "1",
        "power_source": "1",
        "by_law": "《示例条例》第三条；《示例办法》第五条",
        "server_type": "1,2",
        "project_type": "2",
        "anticipate_day": 20,
        "anticipate_type": "1",
        "promise_day": 30,
        "promise_type": 2,
        "limit_scene_num": 1,
        "handle_type": "1,2",
        "handle_flow": "1.申请→2.受理→3.审查→4.决定→5.送达",
        "is_fee": "1",
        "fee_basis": "示例价〔2020〕1号",
        "accept_condition": "年满十八周岁；身体健康",
        "link_way": "电话：0591-00001001",
        "supervise_way": "0591-00009001（工作日）",
        "transact_addr": "示例路1号",
        "transact_time": "工作日9:00—17:00",
        "plan_effective_date": "2026-01-01 00:00:00",
        "mobile_terminal_url": None,
        **changes,
    }


def national(prefix: str = "up_", **changes: Any) -> dict[str, Any]:
    """One item as the national exchange tables hold it, invented."""
    basic = _basic(**changes)
    extend = {
        "task_code": basic["task_code"],
        "is_online": "1",
        "is_schedule": "0",
        "online_handle_depth": "1,2,3",
        "limit_scene_explain": "核对原件",
        "result_name": "资格证书",
        "other_dept": "示例市某局",
    }
    materials = [
        {"order_num": 2, "material_name": "申请书", "is_need": "1", "material_type": "2", "row_guid": "G2"},
        {
            "order_num": 1,
            "material_name": "居民身份证",
            "is_need": "3",
            "source_type": "20",
            "page_num": 1,
            "material_format": "3",
            "accept_stand": "在有效期内",
        },
    ]
    return {
        f"{prefix}task_general_basic": basic,
        f"{prefix}task_general_extend": extend,
        f"{prefix}task_general_material": materials,
        f"{prefix}task_general_fee_project": [
            {"order_num": 1, "fee_name": "考试费", "fee_stand": "50元/人", "by_law": "示例价〔2020〕1号"}
        ],
        f"{prefix}task_general_questions": [{"order_num": 1, "question": "要多久？", "answer": "三十天。"}],
    }


def sichuan(**changes: Any) -> dict[str, Any]:
    """One item in the code scheme of Sichuan's older platform, invented."""
    return {
        "itemCode": "511A0138000000-511602000000-000-11350100MB99000138-1-00",
        "catalogCode": "510109011001",
        "deptCode": "11350100MB99000138",
        "useLevel": 4,
        "itemName": "示例从业资格核准",
        "deptName": "示例区某局",
        "itemType": "20",
        "bjType": "1",
        "serveObject": "0,2",
        "handleForm": "0,1",
        "visitNum": "0",
        "legalDay": 20,
        "legalUnit": 0,
        "promiseDay": 5,
        "promiseUnit": 0,
        "acceptCondition": "年满十八周岁",
        "isCharge": "0",
        "handlePlace": "示例区政务服务中心",
        "consultTel": "0826-0000001",
        "superviseTel": "0826-0000009",
        "materials": [
            {
                "materialName": "申请书",
                "mustFlag": 0,
                "materialType": "1",
                "sourceType": "0",
                "paperNumber": 1,
            },
            {"materialName": "营业执照", "mustFlag": 3, "materialType": "0", "sourceType": "1"},
        ],
        **changes,
    }


def _read(tmp_path: Path, mapping: Mapping, *records: Any) -> Reading:
    return importing.read(write_lines(tmp_path / "r.jsonl", *records), mapping=mapping)


@pytest.mark.parametrize("prefix", ["up_", "dn_"])
def test_the_national_tables_become_one_item(tmp_path: Path, prefix: str) -> None:
    reading = _read(tmp_path, NATIONAL, national(prefix))
    found = reading.items[0]

    assert not reading.refused, reading.findings
    assert (found["promise_day"], found["promise_unit"], found["anticipate_unit"]) == (30, "DAY", "WORKDAY")
    assert [step["name"] for step in found["handle_flow"]] == ["申请", "受理", "审查", "决定", "送达"]
    assert [law["law_name"] for law in found["legal_basis"]] == ["《示例条例》第三条", "《示例办法》第五条"]
    assert (found["consult_phone"], found["complain_phone"]) == ("0591-00001001", "0591-00009001")
    assert (found["online_handle_depth"], found["is_schedule"], found["is_online"]) == (3, False, True)
    assert found["result"] == {"result_name": "资格证书"}


def test_national_materials_keep_their_order_and_get_a_code_when_they_have_none(tmp_path: Path) -> None:
    found = _read(tmp_path, NATIONAL, national()).items[0]

    assert [(one["name"], one["material_code"]) for one in found["materials"]] == [
        ("居民身份证", "82350109011001-M01"),
        ("申请书", "G2"),
    ]
    assert (found["fees"][0]["fee_code"], found["fees"][0]["amount_fen"]) == (
        "82350109011001-F01",
        None,
    )


def test_a_part_of_an_item_goes_by_its_own_code(tmp_path: Path) -> None:
    longer = "11350100MB99000138235010901100102"

    assert _read(tmp_path, NATIONAL, national(task_handle_item=longer)).items[0]["task_code"] == longer


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"task_type": "21"}, "task_type", "code"),
        ({"server_type": "1,8"}, "server_type", "code"),
        ({"promise_type": "7"}, "promise_day", "limit"),
        ({"is_fee": "Y"}, "is_fee", "code"),
        ({"task_name": ""}, "task_name", "required"),
    ],
)
def test_a_national_column_that_cannot_be_read_is_named(
    tmp_path: Path, changes: dict[str, Any], field: str, rule: str
) -> None:
    faults = _read(tmp_path, NATIONAL, national(**changes)).findings

    assert (field, rule) in [(one.finding.field, one.finding.rule) for one in faults if one.finding.refuses]


def test_a_national_material_without_a_name_is_named_with_its_row(tmp_path: Path) -> None:
    broken = national()
    broken["up_task_general_material"][0]["material_name"] = ""
    fault = _read(tmp_path, NATIONAL, broken).findings[0].finding

    assert (fault.field, fault.rule) == ("task_general_material", "required")
    assert "第2行的material_name" in fault.sentence


def test_the_sichuan_code_is_kept_and_the_31_characters_are_put_together(tmp_path: Path) -> None:
    reading = _read(tmp_path, SICHUAN, sichuan())
    found = reading.items[0]

    assert not reading.refused, reading.findings
    assert found["task_code"] == "11350100MB990001384510109011001"
    assert found["local_task_code"].startswith("511A0138000000-511602000000")
    assert (found["local_catalog_code"], found["region_code"]) == ("511A0138000000", "511602000000")


def test_the_lists_of_0_1_2_are_translated(tmp_path: Path) -> None:
    found = _read(tmp_path, SICHUAN, sichuan()).items[0]

    assert (found["server_type"], found["handle_type"], found["project_type"]) == (
        ["1", "9"],
        ["1", "2"],
        "2",
    )
    assert [(one["is_need"], one["exempt_submit"]) for one in found["materials"]] == [
        ("1", False),
        ("2", True),
    ]
    assert [one["source_type"] for one in found["materials"]] == ["10", "20"]


def test_a_sichuan_code_without_its_parts_is_refused(tmp_path: Path) -> None:
    faults = _read(tmp_path, SICHUAN, sichuan(itemCode="511A0138000000")).findings

    assert ("itemCode", "part") in [(one.finding.field, one.finding.rule) for one in faults]


def test_every_source_has_its_own_digits_for_the_same_type(tmp_path: Path) -> None:
    public = {
        "national": _read(tmp_path, NATIONAL, national(task_type="20")),
        "sichuan": _read(tmp_path, SICHUAN, sichuan(itemType="20")),
        "guangdong": _read(tmp_path, GUANGDONG, record(TASK_TYPE="21")),
    }
    other = {
        "national": _read(tmp_path, NATIONAL, national(task_type="10")),
        "sichuan": _read(tmp_path, SICHUAN, sichuan(itemType="10")),
        "guangdong": _read(tmp_path, GUANGDONG, record(TASK_TYPE="20")),
    }

    assert {reading.items[0]["task_type"] for reading in public.values()} == {"20"}
    assert {reading.items[0]["task_type"] for reading in other.values()} == {"10"}


def test_items_of_all_three_sources_can_be_published(tmp_path: Path, database: None) -> None:
    items = [
        _read(tmp_path, NATIONAL, national()).items[0],
        _read(tmp_path, SICHUAN, sichuan()).items[0],
        _read(tmp_path, GUANGDONG, record(TASK_CODE="11350100MB99000138235010901100103")).items[0],
    ]

    assert publish(*items).added == 3


def test_every_mapping_says_whose_names_they_are() -> None:
    assert mappings.names() == ["guangdong", "national", "sichuan"]


@pytest.mark.parametrize("mapping", [NATIONAL, SICHUAN, GUANGDONG], ids=lambda mapping: str(mapping.name))
def test_no_mapping_does_without_what_every_item_has(mapping: Mapping) -> None:
    core = {"task_code", "catalog_code", "task_name", "task_type", "use_level", "dept_code", "dept_name"}

    assert mapping.unpublished.isdisjoint({*core, "server_type", "handle_type", "limit_scene_num"})
    assert core <= set(mapping.fields)
