"""Items for tests: the demo city's, one of our own, and a provincial record (事项夹具)."""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text

from app.bundles import service as bundles
from app.catalogue import service as catalogue
from app.catalogue import words
from app.db import Session, unit_of_work
from tests.city_fixtures import document, items

ID_LOST = "11350100MB990001383350790003000"
MARRY = "11350100MB990002133350790017000"


def item(key: str = "id-lost", **changes: Any) -> dict[str, Any]:
    """One item of the demo city, with changes."""
    return {**items(key)[0], **changes}


def publish(*items: dict[str, Any]) -> catalogue.Published:
    """Publish items in a unit of work of their own."""
    with unit_of_work() as session:
        return catalogue.publish(session, items=items)


@contextlib.contextmanager
def turn_taken() -> Iterator[None]:
    """While it is open somebody else publishes, in a transaction of their own."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with unit_of_work() as session:
            catalogue.take_turn(session)
            begun.set()
            over.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    begun.wait(60)
    try:
        yield
    finally:
        over.set()
        other.join()


@contextlib.contextmanager
def impatient(lock_timeout: str = "200ms") -> Iterator[None]:
    """While it is open every unit of work waits this short for a lock."""

    def limit(session: Session, transaction: object, connection: Connection) -> None:
        del session, transaction
        connection.execute(text(f"SET LOCAL lock_timeout = '{lock_timeout}'"))

    event.listen(Session, "after_begin", limit)
    try:
        yield
    finally:
        event.remove(Session, "after_begin", limit)


def load_catalogue() -> None:
    """Items, questions, lists and bundles of the demo city."""
    with unit_of_work() as session:
        catalogue.publish(session, items=document("items.json")["items"])
        catalogue.load_faqs(session, faqs=document("faq.json")["faqs"])
        load_aliases(session)
        catalogue.load_lists(session, lists={"fees": document("fees.json")})
        bundles.load(session, bundles=document("packages.json")["packages"])


def load_aliases(session: Session) -> None:
    """What people say for the items of the demo city."""
    codes = {one["item_key"]: one["task_code"] for one in document("items.json")["items"]}
    said = {codes.get(key, key): found for key, found in document("aliases.json")["aliases"].items()}
    words.load_aliases(session, aliases=said, provenance="demo-authored")


def record(**changes: Any) -> dict[str, Any]:
    """A made-up record in the field names of the Guangdong portal."""
    return {
        "TASK_CODE": "11350100MB990001382350109011001",
        "CATAID": "350109011001",
        "TASK_TYPE": "01",
        "TASK_TYPE_TEXT": "行政许可",
        "TASK_NAME": "示例从业资格核准",
        "CATANAME": "示例从业资格",
        "DEPT_NAME": "示例省某厅",
        "AREA_CODE_TEXT": "示例省",
        "LIMIT_SCENE_NUM": "0",
        "ONLINECHECK": "1",
        "courier_service": "是",
        "online_book": "否",
        "handle_time": "20(工作日)",
        "handle_time_limit": "1(工作日)",
        "matter_code": "无",
        "matter_level": "省级",
        "accept_standard": "年满十八周岁；身体健康",
        "theme_category": ["职业资格", "人才"],
        "service_object_name": ["自然人", "企业法人"],
        "material_intro": ["居民身份证", "申请书"],
        **changes,
    }


def write(path: Path, *items: Any) -> Path:
    """A file of our own shape."""
    path.write_text(json.dumps({"meta": {}, "items": items}, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_lines(path: Path, *records: Any) -> Path:
    """A file with one record per line."""
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in records), encoding="utf-8")
    return path
