"""Situation questions and rules in words (情形的文字说法)."""

from datetime import date

import pytest

from app.desk import situation_words
from tests.catalogue_fixtures import item
from tests.city_fixtures import document

TODAY = date(2026, 11, 16)
ASKING = [one["item_key"] for one in document("items.json")["items"] if one.get("situations")]


@pytest.mark.parametrize("key", ASKING)
def test_every_table_of_the_city_can_be_read(key: str) -> None:
    body = item(key)
    said = situation_words.of(body, today=TODAY)

    assert said is not None
    assert len(said.questions) == len(body["situations"]["questions"])
    assert all("：" in rule and not rule.endswith("：") for rule in said.rules)


def test_codes_are_said_by_their_names() -> None:
    said = situation_words.of(item("id-renew"), today=TODAY)

    assert said is not None
    assert "“为什么要换？”答“证件坏了、看不清”：收居民身份证损坏换领工本费" in said.rules
    assert said.questions[0] == "为什么要换？（单选：快到期了，或者已经过期／证件坏了、看不清／住址变了）"


def test_a_question_that_not_everybody_is_asked_says_when() -> None:
    said = situation_words.of(item("id-renew"), today=TODAY)

    assert said is not None
    assert said.questions[1].endswith("，只在“为什么要换？”答“快到期了，或者已经过期”时问")


@pytest.mark.parametrize("raw", [None, {}, "half typed", {"questions": [{"key": "x"}]}])
def test_what_is_not_right_yet_is_not_said(raw: object) -> None:
    assert situation_words.of(item("id-renew", situations=raw), today=TODAY) is None
