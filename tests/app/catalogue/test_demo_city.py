"""The demo city's own promises (演示数据): complete, marked, without the faults it came with."""

from typing import Any

from app.catalogue import codes, rules
from tests.city_fixtures import document

ITEMS: list[dict[str, Any]] = document("items.json")["items"]
BY_KEY = {item["item_key"]: item for item in ITEMS}


def _fees(key: str) -> dict[str, int]:
    return {fee["fee_code"]: fee["amount_fen"] for fee in BY_KEY[key]["fees"]}


def _material(key: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = BY_KEY[key]["materials"][number - 1]
    return found


def test_nothing_was_lost_on_the_way() -> None:
    assert len(ITEMS) == 60
    assert len(document("centres.json")["centers"]) == 8
    assert len(document("packages.json")["packages"]) == 12
    assert len(document("faq.json")["faqs"]) == 118


def test_every_item_keeps_every_rule_without_a_warning() -> None:
    assert {item["item_key"]: rules.check(item) for item in ITEMS if rules.check(item)} == {}


def test_everything_a_citizen_may_see_is_marked() -> None:
    shown = [
        *ITEMS,
        *document("faq.json")["faqs"],
        *document("packages.json")["packages"],
        *document("centres.json")["centers"],
        *document("fees.json")["fees"],
    ]
    assert {one["provenance"] for one in shown} == {"demo-authored"}


def test_fees_are_those_of_the_fee_table() -> None:
    table = {fee["fee_code"]: fee["amount_fen"] for fee in document("fees.json")["fees"]}

    assert {code: amount for item in ITEMS for code, amount in _fees(item["item_key"]).items()}.items() <= (
        table.items()
    )


def test_alternative_fees_are_never_charged_together() -> None:
    for item in ITEMS:
        wanted = "choose" if len(item["fees"]) > 1 else "always"
        assert {fee["charge"] for fee in item["fees"]} <= {wanted}


def test_the_first_residence_permit_is_free() -> None:
    assert (BY_KEY["res-permit"]["is_fee"], BY_KEY["res-permit"]["fees"]) == (False, [])
    assert [_material("res-permit", number)["is_need"] for number in (3, 4)] == ["2", "2"]


def test_a_damaged_card_costs_forty() -> None:
    assert _fees("id-renew") == {"FEE-ID-RENEW": 2000, "FEE-ID-LOST": 4000}


def test_a_divorce_takes_two_visits_and_thirty_days() -> None:
    divorce = BY_KEY["divorce"]

    assert (divorce["project_type"], divorce["limit_scene_num"]) == ("2", 2)
    assert (divorce["promise_day"], divorce["promise_unit"]) == (30, "DAY")
    assert not divorce["four_ban"]["mashang"]


def test_the_citizens_own_deadlines_are_no_limits_of_the_office() -> None:
    deadlines = {
        key: item["citizen_deadline"]["days"] for key, item in BY_KEY.items() if "citizen_deadline" in item
    }

    assert deadlines == {"hukou-birth": 30, "traffic-fine": 15, "staff-social": 30}


def test_conditional_materials_are_not_demanded_of_everybody() -> None:
    for key, number in (("dl-renew", 4), ("water-new", 3), ("maternity", 3)):
        assert _material(key, number)["is_need"] == "2"
        assert _material(key, number)["fill_note"]


def test_every_item_says_who_may_go_for_you() -> None:
    for item in ITEMS:
        assert item["delegation"]["who"] in {"self", "guardian", "agent", "organisation"}
        assert item["delegation"]["text"]
        online = any("可在线授权" in paper for paper in item["delegation"]["bring"])
        assert item["delegation"]["online"] == (online and item["delegation"]["who"] == "agent")


def test_every_item_can_be_booked_or_says_why_not() -> None:
    assert [key for key, item in BY_KEY.items() if not item["is_schedule"]] == ["proj-record"]
    assert BY_KEY["proj-record"]["schedule_explain"]


def test_answers_of_an_item_and_of_the_list_agree() -> None:
    listed = {(faq["item_key"], faq["question"]): faq["answer"] for faq in document("faq.json")["faqs"]}

    for item in ITEMS:
        for faq in item["faqs"]:
            assert listed.get((item["item_key"], faq["question"]), faq["answer"]) == faq["answer"]


def test_a_bundle_names_its_items_and_claims_no_figures_of_its_own() -> None:
    for bundle in document("packages.json")["packages"]:
        items = [BY_KEY[key] for key in bundle["items"]]
        assert bundle["item_codes"] == [item["task_code"] for item in items]
        assert bundle.keys().isdisjoint(
            {"materials_before", "materials_after", "scene_before", "promise_day_max", "one_form_fields"}
        )


def test_the_words_of_the_rules_are_the_published_code_lists() -> None:
    lists = {name: one["values"] for name, one in document("codes.json").items() if "values" in one}

    assert lists["server_type_c0109"] == codes.SERVER_TYPES
    assert lists["handle_type"] == codes.HANDLE_TYPES
    assert lists["project_type"] == codes.PROJECT_TYPES
    assert lists["task_state"] == codes.TASK_STATES
    assert lists["use_level"] == codes.USE_LEVELS
    assert lists["material_need"] == codes.MATERIAL_NEEDS
    assert lists["material_form"] == codes.MATERIAL_FORMS
    assert codes.TASK_TYPES.items() <= lists["task_type"].items()
