"""Policies are found in one's own words, with the items they are about (R106)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app import clock
from app.articles import search, service
from app.articles.search import Hit
from app.db import unit_of_work
from tests.app.articles.test_articles import article, load
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY


@pytest.fixture(autouse=True)
def _city(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        publish(item("id-lost"), item("marry"))
        load(
            article(),
            article(
                key="new-for-old",
                title="家电以旧换新补贴怎么领",
                summary="旧家电交回，买新家电立减。",
                paragraphs=["到参加活动的商店，交旧买新，当场立减。"],
                source="消费品以旧换新行动方案",
                task_codes=[],
            ),
        )
        yield


def found(text: str) -> list[Hit]:
    with unit_of_work() as session:
        return search.find(session, text=text)


@pytest.mark.parametrize("said", ["以旧换新补贴", "消费品以旧换新行动方案", "yijiuhuanxin", "以舊換新"])
def test_a_policy_is_found_by_its_title_its_paper_and_its_sound(said: str) -> None:
    assert [hit.key for hit in found(said)][:1] == ["new-for-old"]


def test_a_found_policy_brings_its_public_items_and_says_why() -> None:
    (hit,) = found("身份证丢了")
    assert [card["task_code"] for card in hit.items] == [ID_LOST]
    assert (hit.kind, hit.field, hit.matched) == ("article", "title", ["身份证丢"])


@pytest.mark.parametrize("said", ["登记结婚", "我想自杀", "", "怎么办"])
def test_what_no_policy_is_about_finds_none(said: str) -> None:
    assert found(said) == []


def test_a_changed_policy_is_found_by_its_new_words_alone() -> None:
    assert found("以旧换新")
    load(article(key="new-for-old", title="汽车置换补贴", summary="换车有补贴。", source="方案"))
    assert found("以旧换新") == []
    assert [hit.key for hit in found("汽车置换")] == ["new-for-old"]


def test_a_policy_of_tomorrow_is_found_when_its_day_begins() -> None:
    load(article(key="later", title="独生子女护理假", published_on="2026-11-17", summary="可以请假。"))
    assert found("独生子女护理假") == []
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        assert [hit.key for hit in found("独生子女护理假")] == ["later"]


@pytest.mark.parametrize("typed", ["以旧换新", "jiadianyijiu", "jdyj"])
def test_titles_complete_what_is_typed(typed: str) -> None:
    with unit_of_work() as session:
        assert [one.key for one in search.suggest(session, text=typed)] == ["new-for-old"]
        assert service.load(session, articles=[]) == 0
