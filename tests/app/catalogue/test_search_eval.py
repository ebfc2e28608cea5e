"""The recorded figures of search hold, and what others handle is left to them."""

from dataclasses import replace

import pytest

from app.catalogue import elsewhere, index
from app.catalogue.entries import read_entry
from app.catalogue.index import Index
from benchmarks import search_eval


@pytest.fixture(scope="module")
def city() -> Index:
    """The demo city's items and general questions in memory."""
    return Index(map(read_entry, search_eval.documents().values()))


def _answered(city: Index, asked: str) -> str | None:
    question = city.judge.reader.read(asked)
    found = city.find(question, limit=3)
    return found[0].entry.key if index.confident(question, found) else None


def test_search_is_as_good_as_it_was() -> None:
    halves, kinds = search_eval.ask_written(search_eval.documents())

    assert [half for half, tally in halves.items() if not tally.reaches(*search_eval.FLOORS[half])] == []
    assert search_eval.answers_out_of_scope(kinds) <= search_eval.MOST_WRONG


def test_a_matter_of_another_office_is_offered_as_a_choice_at_most(city: Index) -> None:
    assert _answered(city, "二手房过户") == "house-transfer"
    assert _answered(city, "二手车过户") is None
    assert _answered(city, "护士变更执业地点") == "nurse-reg"
    assert _answered(city, "医师变更执业地点") is None


def test_another_city_is_not_answered_for(city: Index) -> None:
    assert _answered(city, "港澳签注在哪里办") == "hkm-endorse"
    assert _answered(city, "天津的港澳签注在哪里办") is None


def test_what_is_done_with_a_paper_must_be_what_the_item_does(city: Index) -> None:
    assert _answered(city, "社保卡补办") == "sscard-re"
    assert _answered(city, "公租房备案") is None


def test_an_item_that_holds_the_word_answers_all_the_same(city: Index) -> None:
    """香港 is elsewhere, and so is 备案 of most items."""
    assert elsewhere.named("去香港签注") == ("香港",)
    assert _answered(city, "去香港签注") == "hkm-endorse"
    assert _answered(city, "异地就医备案") == "med-remote"


def test_small_talk_is_not_answered_with_a_guide(city: Index) -> None:
    assert [_answered(city, words) for words in ("你几岁了", "你是谁", "你叫什么名字")] == [None] * 3


def test_clerks_and_polite_words_are_no_small_talk(city: Index) -> None:
    assert not elsewhere.to_the_machine("你们几点下班")
    assert _answered(city, "你好，身份证丢了怎么补办") == "id-lost"


def test_equal_guides_come_in_one_order_whatever_order_they_were_read_in() -> None:
    """Sums of the same weights differ in their last digit by the order they were added in."""
    twins = [replace(search_eval.documents()["marry"], key=f"marry-{number}") for number in range(9)]
    there, back = (Index(map(read_entry, order)) for order in (twins, twins[::-1]))

    assert _keys(there, "去民政局登记结婚要带什么") == _keys(back, "去民政局登记结婚要带什么")


def _keys(city: Index, asked: str) -> list[str]:
    return [one.entry.key for one in city.find(city.judge.reader.read(asked), limit=9)]
