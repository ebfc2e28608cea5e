"""What was exported and imported again is the same (导出再导入)."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.catalogue import exporting, importing
from app.catalogue.item_fields import BY_NAME
from app.catalogue.models import GuideVersion, ServiceItem
from app.db import unit_of_work
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.city_fixtures import document

pytestmark = pytest.mark.usefixtures("database")


def _exported() -> bytes:
    with unit_of_work() as session:
        return b"".join(exporting.written(exporting.items(session)))


def _emptied() -> None:
    with unit_of_work() as session:
        session.execute(delete(GuideVersion))
        session.execute(delete(ServiceItem))


def _sorted(items: list[dict[str, Any]]) -> list[bytes]:
    return sorted(orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in items)


def test_the_whole_city_comes_back_byte_for_byte(tmp_path: Path) -> None:
    publish(*document("items.json")["items"])
    first = _exported()
    path = tmp_path / "items.json"
    path.write_bytes(first)
    _emptied()
    reading = importing.read(path)
    publish(*reading.items)

    assert not reading.findings
    assert _exported() == first
    assert _sorted(orjson.loads(first)["items"]) == _sorted(document("items.json")["items"])


def test_what_was_exported_changes_nothing_when_it_is_imported(tmp_path: Path) -> None:
    publish(item(extra={"nested": [1, 2.5, None, "文字\n\u2028"]}), item("marry"))
    path = tmp_path / "items.json"
    path.write_bytes(_exported())

    assert publish(*importing.read(path).items).unchanged == 2


def test_a_secret_item_is_not_exported_and_a_suspended_one_is() -> None:
    publish(item(), item("marry", task_state="2"))
    publish(item(secret=True))

    assert [one["task_code"] for one in orjson.loads(_exported())["items"]] == [MARRY]
    assert ID_LOST.encode() not in _exported()


def test_only_the_version_in_force_is_exported() -> None:
    publish(item())
    publish(item(promise_day=5))

    assert [one["promise_day"] for one in orjson.loads(_exported())["items"]] == [5]


def test_an_empty_catalogue_is_an_empty_list() -> None:
    assert orjson.loads(_exported()) == {"items": []}


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | _TEXT
    | st.integers(-999, 999).map(lambda n: n / 8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXT.filter(lambda name: name not in BY_NAME), _VALUE, max_size=4), st.lists(_TEXT))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_item_comes_back_byte_for_byte(
    tmp_path: Path, extra: dict[str, Any], plain_names: list[str]
) -> None:
    _emptied()
    wanted = {**extra, **item(plain_names=["补身份证", *plain_names])}
    path = tmp_path / "items.json"
    path.write_bytes(b"".join(exporting.written(iter([wanted]))))
    publish(*importing.read(path).items)

    assert _exported() == path.read_bytes()
