"""Items for clerks: every state and version, and what changed between two."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.catalogue.errors import GuideNotFound
from app.catalogue.models import ItemState, ServiceItem
from app.db import unit_of_work
from app.desk import item_words, items
from app.desk.item_words import Change
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.city_fixtures import MONDAY

pytestmark = pytest.mark.usefixtures("city")


def set_state(task_code: str, **values: object) -> None:
    with unit_of_work() as session:
        session.execute(update(ServiceItem).where(ServiceItem.task_code == task_code).values(**values))


def found(text: str, state: ItemState | None = None) -> list[str]:
    with unit_of_work() as session:
        return [entry.task_code for entry in items.find(session, text=text, state=state)]


def test_a_list_goes_on_after_its_page() -> None:
    with unit_of_work() as session:
        first, following = items.page(session, limit=1)
        second, end = items.page(session, after=following, limit=1)

    assert [entry.task_code for entry in first + second] == [ID_LOST, MARRY]
    assert end is None


def test_a_cancelled_item_is_still_read_here() -> None:
    set_state(ID_LOST, state=ItemState.CANCELLED.value)
    with unit_of_work() as session:
        entries, _ = items.page(session, state=ItemState.CANCELLED)
        history = items.history(session, task_code=ID_LOST)

    assert [(entry.task_code, entry.state_text) for entry in entries] == [(ID_LOST, "取消")]
    assert len(history.versions) == 1


def test_what_is_secret_is_nobodys() -> None:
    set_state(ID_LOST, secret=True)
    with unit_of_work() as session:
        assert [entry.task_code for entry in items.page(session)[0]] == [MARRY]
        with pytest.raises(GuideNotFound):
            items.history(session, task_code=ID_LOST)
        with pytest.raises(GuideNotFound):
            items.published(session, task_code=ID_LOST, numbers=[1])


@pytest.mark.parametrize("text", ["结婚", MARRY, MARRY.lower(), "领证", "jiehun"])
def test_an_item_is_found_by_name_code_and_meaning(text: str) -> None:
    assert found(text)[0] == MARRY


@pytest.mark.parametrize("text", ["%", "_", "没有这样的事项甲乙丙", "'"])
def test_a_text_that_means_nothing_finds_nothing(text: str) -> None:
    assert found(text) == []


def test_a_state_narrows_what_is_found() -> None:
    assert found("结婚", ItemState.SUSPENDED) == []


def test_versions_say_from_when_to_when_they_held() -> None:
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        publish(item("id-lost", promise_day=3))
    with unit_of_work() as session:
        newer, older = items.history(session, task_code=ID_LOST).versions

    assert (newer.number, newer.effective_to) == (2, None)
    assert (older.number, older.effective_from) == (1, MONDAY)
    assert older.effective_to == newer.effective_from == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("numbers", [[2], [1, 2], [0], [2**70]])
def test_a_version_that_never_was_is_not_found(numbers: list[int]) -> None:
    with unit_of_work() as session, pytest.raises(GuideNotFound):
        items.published(session, task_code=ID_LOST, numbers=numbers)


@pytest.mark.parametrize("task_code", ["x", "a" * 31, "11350100MB990001383350790003009"])
def test_a_code_that_is_no_items_is_not_found(task_code: str) -> None:
    with unit_of_work() as session, pytest.raises(GuideNotFound):
        items.history(session, task_code=task_code)


def test_a_difference_names_the_field_and_both_values() -> None:
    before = item("id-lost")
    after = item("id-lost", promise_day=before["promise_day"] + 1, is_schedule=not before["is_schedule"])

    assert item_words.changes(before, after) == [
        Change("承诺办结时限", str(before["promise_day"]), str(before["promise_day"] + 1)),
        Change("能否预约", *(("是", "否") if before["is_schedule"] else ("否", "是"))),
    ]


def test_a_material_is_compared_with_itself_wherever_it_stands() -> None:
    before, after = item("id-lost"), item("id-lost")
    after["materials"].reverse()
    assert item_words.changes(before, after) == []

    after["materials"][0]["copy_num"] = 7
    name = after["materials"][0]["name"]
    (change,) = item_words.changes(before, after)
    assert (change.where, change.after) == (f"申请材料 · {name} · 复印件份数", "7")


def test_what_is_new_and_what_is_gone_are_told_apart() -> None:
    before, after = item("id-lost"), item("id-lost")
    gone = after["materials"].pop()
    after["materials"].append({"material_code": "NEW", "name": "新材料"})
    new, old = item_words.changes(before, after)

    assert new == Change("申请材料 · 新材料", None, "名称：新材料；材料编码：NEW")
    assert (old.where, old.after) == (f"申请材料 · {gone['name']}", None)
    assert (old.before or "").startswith(f"名称：{gone['name']}；必要性：")


def test_a_row_that_nobody_has_filled_in_is_new_all_the_same() -> None:
    assert item_words.changes({"faqs": [{"question": "问"}]}, {"faqs": [{"question": "问"}, {}]})


def test_a_list_that_came_or_went_is_told_thing_by_thing() -> None:
    one = {"faqs": [{"question": "问", "answer": "答"}]}

    assert item_words.changes({}, one) == [Change("常见问题 · 问", None, "问题：问；回答：答")]
    assert item_words.changes(one, {"faqs": []}) == [Change("常见问题 · 问", "问题：问；回答：答", None)]
    assert item_words.changes({"result": {"name": "甲"}}, {"result": {"name": "乙"}}) == [
        Change("办理结果 · 名称", "甲", "乙")
    ]
    assert item_words.changes({"note": None}, {"note": ""}) == []
    assert item_words.changes({}, {"note": "新"}) == [Change("说明", None, "新")]


def test_codes_are_shown_as_words() -> None:
    assert item_words.said("server_type", ["1", "2"]) == "自然人；企业法人"
    assert item_words.said("four_ban", {"mashang": True}) == "马上办：是"
    assert item_words.said("promise_unit", "WORKDAY") == "个工作日"
    assert item_words.said("consult_phone", None) == ""


def test_two_things_of_one_name_do_not_hide_each_other() -> None:
    before = {"faqs": [{"question": "问", "answer": "一"}, {"question": "问", "answer": "二"}]}
    after = {"faqs": [{"question": "问", "answer": "一"}, {"question": "问", "answer": "三"}]}

    assert [(change.before, change.after) for change in item_words.changes(before, after)] == [("二", "三")]


def test_a_longer_list_takes_no_more_statements(statements: list[str]) -> None:
    counts = []
    for limit in (1, 2):
        statements.clear()
        with unit_of_work() as session:
            items.page(session, limit=limit)
        counts.append(len(statements))

    assert counts == [1, 1]
