"""What is answered without marshmallow is what marshmallow would answer (序列化一致)."""

from typing import Any

import pytest

from app.catalogue import cards
from app.catalogue.search import Hit
from miniprogram_api.card_shapes import CardOut
from miniprogram_api.guides import HitOut, hit_document
from tests.catalogue_fixtures import item
from tests.city_fixtures import document

EVERY_ITEM = [one["item_key"] for one in document("items.json")["items"]]
SPARSE: dict[str, Any] = {
    "plain_names": [],
    "last_reviewed": None,
    "item_key": None,
    "fees": [],
    "is_fee": None,
}


def card(key: str, **changes: Any) -> dict[str, Any]:
    return cards.card({"theme": "其他", **item(key, **changes)}, version=3)


@pytest.mark.parametrize("key", EVERY_ITEM)
@pytest.mark.parametrize("changes", [{}, SPARSE], ids=["whole", "sparse"])
def test_a_card_is_stored_as_it_is_shown(key: str, changes: dict[str, Any]) -> None:
    stored = card(key, **changes)

    assert CardOut().dump(stored) == stored


@pytest.mark.parametrize("kind", ["guide", "faq"])
@pytest.mark.parametrize("key", EVERY_ITEM)
def test_a_hit_is_answered_as_its_schema_says(key: str, kind: str) -> None:
    stored = card(key)
    hit = Hit(kind, stored["task_code"], stored["name"], "摘要", "name", 3, ["身份证"], 0.75, "city")
    dumped = {**stored, "highlight": hit, "answer": hit.excerpt if kind == "faq" else None, "score": 0.75}

    assert hit_document(hit, stored) == HitOut().dump(dumped)
