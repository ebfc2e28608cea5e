"""Measured on the demo city: the floors are what search reaches today, and may only rise."""

import threading
from collections.abc import Iterator

import pytest

from app.catalogue import gathering, generation, search, service
from app.catalogue.search import SearchResult
from app.db import Session, unit_of_work
from tests.catalogue_fixtures import ID_LOST, item, load_aliases, load_catalogue, publish
from tests.city_fixtures import document

# Share of 264 paraphrases whose item (or general question) is among the first three, with every
# paraphrase left out of the index.
HIT_AT_3 = 0.95
# Share of confident answers that are right, on the same questions.
RIGHT_WHEN_CONFIDENT = 0.95
CONFIDENT = 0.5


@pytest.fixture
def city(database: None) -> None:
    """The demo city's items and questions."""
    load_catalogue()


@pytest.fixture
def unaided(database: None) -> None:
    """The demo city without the paraphrases."""
    with unit_of_work() as session:
        service.publish(session, items=document("items.json")["items"])
        service.load_faqs(session, faqs=[{**faq, "paraphrases": []} for faq in document("faq.json")["faqs"]])
        load_aliases(session)


def _find(text: str, *, audience: str | None = None) -> SearchResult:
    with unit_of_work() as session:
        return search.find(session, text=text, audience=audience)


def _paraphrases() -> Iterator[tuple[str, str]]:
    for faq in document("faq.json")["faqs"]:
        for paraphrase in faq["paraphrases"]:
            yield paraphrase, faq["task_code"] or faq["question"]


def test_paraphrases_nobody_indexed_find_their_item(unaided: None) -> None:
    first_three, confident, right, asked = 0, 0, 0, 0
    for paraphrase, wanted in _paraphrases():
        result = _find(paraphrase)
        found = [hit.task_code or hit.name for hit in result.hits]
        asked += 1
        first_three += wanted in found[:3]
        confident += result.confident
        right += result.confident and found[0] == wanted

    assert asked == 264
    assert first_three / asked >= HIT_AT_3
    assert confident / asked >= CONFIDENT
    assert right / confident >= RIGHT_WHEN_CONFIDENT


def _confident(*asked: str) -> list[str]:
    return [words for words in asked if _find(words).confident]


def test_what_is_no_business_of_the_catalogue_is_not_answered(city: None) -> None:
    prompts = [case["question"] for case in document("bot_negative.json")["cases"]]

    assert len(prompts) == 20
    assert _confident(*prompts) == []


def test_a_cry_for_help_is_never_answered_with_a_guide(city: None) -> None:
    cries = ("我想自杀", "不想活了", "活不下去", "着火了", "有人打我", "孩子发烧了", "老公打我")

    assert _confident(*cries) == []


def test_a_lost_card_is_found_in_many_words(city: None) -> None:
    for words in ("补办身份证", "補辦身份證", "身份证丢了", "buban shenfenzheng", "身份证不见了怎么办"):
        assert ID_LOST in [hit.task_code for hit in _find(words).hits[:3]], words


def test_pinyin_is_understood_as_the_words_it_spells(city: None) -> None:
    assert _find("huzhao").understood_as == "护照"
    assert _find("sfz").understood_as == "身份证"


def test_a_hit_says_why_it_was_found(city: None) -> None:
    hit = _find("补办身份证").hits[0]

    assert (hit.kind, hit.field, hit.excerpt, hit.version) == ("guide", "plain_names", "补办身份证", 1)
    assert hit.matched == ["补办身份证"]
    assert hit.provenance == "demo-authored"


def test_a_known_question_brings_its_answer(city: None) -> None:
    hit = _find("几岁可以给孩子办身份证？").hits[0]

    assert hit.kind == "faq"
    assert hit.excerpt.startswith("没有最低年龄")


def test_a_general_question_needs_no_item(city: None) -> None:
    result = _find("怎么预约到窗口办事？")

    assert (result.confident, result.hits[0].task_code, result.hits[0].kind) == (True, None, "faq")


def test_a_business_is_not_shown_what_only_persons_do(city: None) -> None:
    codes = [hit.task_code for hit in _find("身份证补办", audience="business").hits]

    assert ID_LOST not in codes


def test_nothing_asked_is_nothing_found_with_confidence(city: None) -> None:
    assert _confident("", "  ", "？？", "𠮷", "\x00", "怎么办", "a", "😀" * 300) == []


def test_cancelled_and_secret_items_are_not_found(city: None) -> None:
    publish(item(task_state="3"), item("marry", secret=True))

    names = {hit.name for asked in ("补办身份证", "登记结婚") for hit in _find(asked).hits}
    assert not names & {"居民身份证丢失补领", "结婚登记（内地居民）"}


def test_a_publication_is_found_within_the_look(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in another process: nobody tells this one, it only looks."""
    monkeypatch.setattr(generation.watch, "forget", lambda: None)
    monkeypatch.setattr(generation, "LOOK_EVERY_S", 0.0)
    _find("领号")
    publish(item(plain_names=["领取新奇证件"]))

    assert _find("领取新奇证件").hits[0].task_code == ID_LOST


def test_while_one_thread_rebuilds_the_others_use_the_old_index(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _find("补办身份证")
    publish(item(plain_names=["领取新奇证件"]))
    building, finish, general = threading.Event(), threading.Event(), gathering.general

    def slowly(session: Session) -> object:
        building.set()
        finish.wait(10)
        return general(session)

    monkeypatch.setattr(gathering, "general", slowly)
    builder = threading.Thread(target=_find, args=("补办身份证",))
    builder.start()
    building.wait(10)
    old = _find("补办身份证")
    finish.set()
    builder.join()

    assert old.hits[0].excerpt == "补办身份证"
    assert _find("领取新奇证件").hits[0].excerpt == "领取新奇证件"


def test_what_is_typed_is_completed_by_characters_pinyin_and_initials(city: None) -> None:
    for typed in ("办护", "banhu", "bhz", "辦護"):
        with unit_of_work() as session:
            assert search.suggest(session, text=typed)[0].text == "办护照"


def test_each_item_is_suggested_once_and_no_more_than_asked(city: None) -> None:
    with unit_of_work() as session:
        found = [one.task_code for one in search.suggest(session, text="身份证", limit=3)]

    assert len(found) == len(set(found)) == 3
