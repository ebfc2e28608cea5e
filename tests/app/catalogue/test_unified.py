"""The same matter is to be the same in every district (六统一)."""

from typing import Any

import pytest

from app.catalogue import unified
from app.catalogue.unified import Difference
from app.db import unit_of_work
from tests.catalogue_fixtures import item, publish

pytestmark = pytest.mark.usefixtures("database")

BASE = "350790003000"
DISTRICTS = ("11350102MB99000139", "11350103MB99000130")


def _district(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The same item in a district."""
    organisation = DISTRICTS[number]
    codes = {"task_code": f"{organisation}4{BASE}", "dept_code": organisation, "use_level": "4"}
    return item(**{**codes, "task_handle_items": [], "region_name": f"示例{number}区", **changes})


def _found(*, explained: bool = False) -> list[Difference]:
    with unit_of_work() as session:
        return list(unified.differences(session, explained=explained))


def test_districts_that_agree_have_no_differences() -> None:
    publish(item(), _district(), _district(1), item("marry"))

    assert _found() == []


@pytest.mark.parametrize(
    ("element", "changes"),
    [
        ("name", {"task_name": "补领身份证"}),
        ("code", {"task_type": "20"}),
        ("basis", {"legal_basis": [{"law_name": "本区办法"}]}),
        ("conditions", {"accept_condition": ["本区户籍"]}),
        ("materials", {"materials": item()["materials"][:1]}),
        ("limit", {"promise_day": 3}),
    ],
)
def test_a_planted_difference_is_found(element: str, changes: dict[str, Any]) -> None:
    publish(item(), _district(), _district(1, **changes))
    found = _found()

    assert [(one.element, one.place, one.catalog_code) for one in found] == [
        (element, "示例1区 市公安局", BASE)
    ]
    assert found[0].standard_code == item()["task_code"]
    assert found[0].here or found[0].there


def test_a_difference_with_a_reason_is_no_finding() -> None:
    publish(item(), _district(promise_day=3, unified_reasons={"limit": "本区先行先试"}))

    assert _found() == []
    assert [one.reason for one in _found(explained=True)] == ["本区先行先试"]


def test_the_item_that_says_so_is_the_standard() -> None:
    publish(item(), _district(promise_day=3, is_standard=True))

    assert [(one.task_code, one.here) for one in _found()] == [(item()["task_code"], ("承诺10个工作日",))]


def test_one_name_under_two_numbers_is_found() -> None:
    other = "350790003999"
    codes = {"task_code": f"{DISTRICTS[1]}4{other}", "catalog_code": other}
    publish(item(), _district(), _district(1, **codes))

    assert [(one.element, one.here, one.there) for one in _found()] == [("code", (other,), (BASE,))]


def test_the_parts_of_one_item_may_differ() -> None:
    parts = [f"{item()['task_code']}{number}" for number in ("01", "02")]
    publish(item(), item(task_code=parts[0], promise_day=1), item(task_code=parts[1], promise_day=2))

    assert _found() == []


def test_what_is_cancelled_or_secret_is_not_compared() -> None:
    publish(item(), _district(promise_day=3), _district(1, promise_day=3, task_state="3"))
    publish(_district(promise_day=3, secret=True))

    assert _found() == []
