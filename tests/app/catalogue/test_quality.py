"""Each of the twenty rules: a good item passes, and what breaks it names the rule (办事指南质量规则)."""

import copy
from typing import Any

import pytest

from app.catalogue import quality, rules
from tests.catalogue_fixtures import item

PERMIT, TEMPORARY = "passport-first", "id-temp"
FLOW = [{"name": name} for name in ("申请", "受理", "审查", "送达")]
BROKEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("instant", "id-lost", {"promise_day": 0}, "promise_day"),
    ("instant", TEMPORARY, {"promise_day": 1, "four_ban": {}}, "promise_day"),
    ("limit", "id-lost", {"anticipate_day": 9, "anticipate_unit": "WORKDAY"}, "promise_day"),
    ("limit", "id-lost", {"promise_unit": "DAY", "promise_day": 40, "anticipate_day": 20}, "promise_day"),
    ("visits", "id-lost", {"limit_scene_explain": " "}, "limit_scene_explain"),
    ("depth", "id-lost", {"online_handle_depth": 4}, "online_handle_depth"),
    ("fee", "id-lost", {"fees": []}, "fees"),
    ("free", "id-lost", {"is_fee": False, "fees": []}, "is_fee"),
    ("phones", "id-lost", {"complain_phone": "0591 00001001"}, "complain_phone"),
    ("question", PERMIT, {"faqs": []}, "faqs"),
    ("permit_flow", PERMIT, {"handle_flow": FLOW}, "handle_flow"),
    ("result", "id-lost", {"result": None}, "result"),
    (
        "result",
        "id-lost",
        {"result": {"result_type": "备案凭证", "result_name": "居民身份证"}},
        "result.result_name",
    ),
    ("mistakes", "id-lost", {"common_mistakes": [" "]}, "common_mistakes"),
    ("basis", "id-lost", {"legal_basis": []}, "legal_basis"),
    ("elements", "id-lost", {"materials": []}, "materials"),
    ("elements", "id-lost", {"transact_centers": [], "mobile_terminal_url": ""}, "transact_addr"),
    (
        "planned",
        "id-lost",
        {"plan_effective_date": "2027-01-01", "plan_cancel_date": "2026-12-31"},
        "plan_cancel_date",
    ),
    ("delegation", "id-lost", {"delegation": {"who": "agent", "text": ""}}, "delegation"),
]


def _found(broken: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.rule, one.field) for one in rules.check(broken) if one.refuses]


@pytest.mark.parametrize(("rule", "key", "changes", "field"), BROKEN)
def test_what_breaks_a_rule_is_refused_and_the_rule_is_named(
    rule: str, key: str, changes: dict[str, Any], field: str
) -> None:
    four_ban = {"mashang": False, "wangshang": False, "jiujin": True, "yici": True}
    changes = {**changes, "four_ban": four_ban} if changes.get("four_ban") == {} else changes
    if "anticipate_day" in changes and rule == "limit":
        changes = {"anticipate_unit": "WORKDAY", **changes}

    assert _found(item(key)) == []
    assert (rule, field) in _found(item(key, **changes))


LAW = "《中华人民共和国行政许可法》第三十二条"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"telling_days": 5}, "telling_basis"),
        ({"telling_days": 4, "telling_basis": "有关规定"}, "telling_basis"),
        ({"telling_days": 0}, "telling_days"),
        ({"telling_days": 31}, "telling_days"),
        ({"telling_days": 6, "telling_basis": LAW, "task_type": "01"}, "telling_days"),
    ],
)
def test_more_than_three_days_to_ask_for_a_correction_need_their_law(
    changes: dict[str, Any], field: str
) -> None:
    assert field in {name for _, name in _found(item(**changes))}


@pytest.mark.parametrize("changes", [{"telling_days": 3}, {"telling_days": 5, "telling_basis": LAW}, {}])
def test_three_days_are_the_rule_and_five_have_their_law(changes: dict[str, Any]) -> None:
    assert _found(item(**changes)) == []


@pytest.mark.parametrize(
    ("flag", "changes"),
    [
        ("mashang", {}),
        ("wangshang", {}),
        ("wangshang", {"limit_scene_num": 0, "handle_type": ["1"]}),
        ("yici", {"limit_scene_num": 2}),
        ("jiujin", {"handle_type": ["1"], "transact_centers": ["C01"]}),
    ],
)
def test_a_flag_of_the_four_that_contradicts_the_item_is_refused(flag: str, changes: dict[str, Any]) -> None:
    flags = {name: name == flag for name in ("mashang", "wangshang", "jiujin", "yici")}

    assert ("four_ban", f"four_ban.{flag}") in _found(item(**changes, four_ban=flags))


@pytest.mark.parametrize(
    "name",
    ["法律法规规定的其他材料", "其它有关材料", "其他证明 材料", "相关证明材料", "审批机关需要提供的资料"],
)
def test_a_catch_all_material_is_refused(name: str) -> None:
    broken = item()
    broken["materials"][0]["name"] = name

    assert _found(broken) == [("catch_all", "materials[0].name")]


@pytest.mark.parametrize("name", ["其他权利人身份证", "相关部门同意书", "材料清单"])
def test_a_material_with_a_name_of_its_own_is_no_catch_all(name: str) -> None:
    named = item()
    named["materials"][0]["name"] = name

    assert _found(named) == []


@pytest.mark.parametrize("reason", ["no_basis", "has_licence", "own_promise", "shared", "unverifiable"])
def test_the_five_abolished_proofs_are_refused(reason: str) -> None:
    broken = item()
    broken["materials"][0]["proof_reason"] = reason

    assert _found(broken) == [("proof", "materials[0].proof_reason")]


def test_a_proof_needs_a_reason_unless_the_office_fetches_it() -> None:
    asked = item()
    asked["materials"][0].update(name="收入证明", exempt_submit=False)
    fetched = copy.deepcopy(asked)
    fetched["materials"][0].update(exempt_submit=True)
    kept = copy.deepcopy(asked)
    kept["materials"][0].update(proof_reason="by_law")

    assert _found(asked) == [("proof", "materials[0].proof_reason")]
    assert (_found(fetched), _found(kept)) == ([], [])


def test_an_intermediary_nobody_may_demand_is_refused() -> None:
    demanded = item(intermediary_service=[{"name": "评估", "by_law": "", "mandatory": True}])
    offered = item(intermediary_service=[{"name": "评估", "mandatory": False}])

    assert _found(demanded) == [("intermediary", "intermediary_service[0].by_law")]
    assert _found(offered) == []


def test_a_fee_without_a_basis_is_refused() -> None:
    broken = item(fee_basis="")
    broken["fees"][0]["by_law"] = ""

    assert _found(broken) == [("fee", "fee_basis")]


def test_a_fee_still_to_be_assessed_needs_its_standard() -> None:
    broken = item()
    broken["fees"][0].update(amount_fen=None, fee_stand="")

    assert _found(broken) == [("fee", "fees[0].fee_stand")]


def test_a_secret_item_is_told_that_it_stays_unpublished() -> None:
    assert [(one.rule, one.refuses) for one in rules.check(item(secret=True))] == [("secret", False)]


def test_every_rule_is_tried_here_and_has_its_words_and_source() -> None:
    tried = {rule for rule, *_ in BROKEN} | {"four_ban", "catch_all", "proof", "intermediary", "secret"}

    assert {rule.name for rule in quality.RULES} == tried
    assert len(quality.RULES) == 20
    assert all(rule.sentence and rule.source for rule in quality.RULES)


def test_a_changed_character_of_the_organisation_is_refused_with_the_rule() -> None:
    changes = {"task_code": "11350100MB990001393350790003000", "dept_code": "11350100MB99000139"}
    broken = item(**changes, task_handle_items=[])

    assert _found(broken) == [("uscc", "task_code")]


def test_a_code_that_was_given_out_wrong_is_taken_with_a_warning_when_somebody_says_so() -> None:
    changes = {"task_code": "11350100MB990001393350790003000", "dept_code": "11350100MB99000139"}
    found = rules.check(item(**changes, task_handle_items=[], dept_code_explain="机构编制部门如此赋码"))

    assert [(one.rule, one.refuses) for one in found] == [("uscc", False)]


def test_the_part_of_an_item_belongs_to_it() -> None:
    other = item(task_handle_items=["11350100MB99000138335079000400001"])

    assert _found(other) == [("task_code", "task_handle_items[0]")]


@pytest.mark.parametrize(("table", "part"), [("handle_flow", "role"), ("faqs", "answer"), ("fees", "note")])
def test_nothing_where_the_phone_is_promised_a_text_is_refused(table: str, part: str) -> None:
    broken = item()
    broken[table][0][part] = None

    assert _found(broken) == [("type", f"{table}[0].{part}")]


@pytest.mark.parametrize("field", ["collecting_place", "deciding_place"])
def test_what_is_handled_elsewhere_says_where_it_is_handed_in_and_who_decides(field: str) -> None:
    assert _found(item("id-lost", **{field: " "})) == [("crosses", field)]
    assert _found(item("res-permit")) == []


def test_across_provinces_means_in_the_whole_country() -> None:
    assert ("crosses", "cross_province") in _found(item("id-lost", handle_area="3"))


def test_who_supervises_has_a_right_code() -> None:
    named = {"dept_name": "市市场监督管理局", "dept_code": "11350100MB9900072A"}
    assert ("uscc", "supervisor.dept_code") in _found(item("id-lost", supervisor=named))


def test_what_an_approval_bureau_grants_had_better_name_who_supervises_it() -> None:
    licence = item("id-lost", task_type="01", original_dept_name="市公安局")
    assert ("supervisor", "supervisor") in [
        (finding.rule, finding.field) for finding in rules.check(licence) if not finding.refuses
    ]
