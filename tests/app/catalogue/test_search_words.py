"""What was searched in vain: kept without the person, bounded, reviewed, and then found."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.catalogue import misses, search
from app.catalogue.search_models import SearchAlias, SearchMiss
from app.db import unit_of_work
from app.staff.models import Role
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.staff_fixtures import browser

pytestmark = pytest.mark.usefixtures("city")
FEEDBACK = "/api/v1/guides/search-feedback"
SLANG = "咕噜咕噜牌"


def _kept() -> list[tuple[str, str, int]]:
    with unit_of_work() as session:
        asked = select(SearchMiss.plain, SearchMiss.why, SearchMiss.count).order_by(SearchMiss.plain)
        return [(plain, why, count) for plain, why, count in session.execute(asked)]


def test_a_search_that_finds_nothing_is_kept_once_a_day_with_its_count(client: FlaskClient) -> None:
    for _ in range(2):
        client.get("/api/v1/guides", query_string={"q": SLANG})

    assert _kept() == [(SLANG, "nothing", 2)]


def test_what_did_not_help_is_kept_without_numbers(client: FlaskClient) -> None:
    told = client.post(FEEDBACK, json={"q": f"{SLANG} 13800138000 110105194912310021", "useful": False})

    assert told.status_code == 204
    assert _kept() == [(SLANG, "not_useful", 1)]


def test_what_helped_and_cries_for_help_are_not_kept(client: FlaskClient) -> None:
    client.post(FEEDBACK, json={"q": SLANG, "useful": True})
    client.post(FEEDBACK, json={"q": "我想自杀", "useful": False})

    assert _kept() == []


def test_a_day_holds_so_many_questions_and_no_more(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(misses, "DIFFERENT_PER_DAY", 2)
    for ending in "甲乙丙丁":
        client.post(FEEDBACK, json={"q": SLANG + ending * 3, "useful": False})

    assert len(_kept()) == 2


def test_a_flood_of_remarks_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses, "REMARKS_PER_DAY", 1)
    client.post(FEEDBACK, json={"q": SLANG, "useful": False})

    assert client.post(FEEDBACK, json={"q": SLANG, "useful": False}).status_code == 429


def test_questions_that_look_alike_are_one_proposal(client: FlaskClient) -> None:
    for asked in (SLANG, SLANG + "证", "完全不同嘎嘎"):
        client.post(FEEDBACK, json={"q": asked, "useful": False, "task_code": ID_LOST})
    with unit_of_work() as session:
        found = misses.proposals(session)

    assert sorted(len(one.words) for one in found) == [1, 2]
    assert found[0].candidates[0] == (ID_LOST, "居民身份证丢失补领")


def test_accepted_words_are_found_and_not_proposed_again(client: FlaskClient) -> None:
    client.post(FEEDBACK, json={"q": SLANG, "useful": False})
    clerk = browser(client, Role.SUPERVISOR)
    assert SLANG in clerk.get("/console/search-words").text
    done = clerk.post("/console/search-words/accept", words=SLANG, code=ID_LOST.lower())

    assert done.status_code == 303
    assert SLANG not in clerk.get("/console/search-words").text
    with unit_of_work() as session:
        assert search.find(session, text=SLANG).hits[0].task_code == ID_LOST
        assert misses.proposals(session) == []


def test_refused_words_do_not_come_back(client: FlaskClient) -> None:
    client.post(FEEDBACK, json={"q": SLANG, "useful": False})
    browser(client, Role.SUPERVISOR).post("/console/search-words/refuse", words=SLANG)
    client.post(FEEDBACK, json={"q": SLANG, "useful": False})

    assert _kept() == []


def test_words_need_an_item_that_is_public(client: FlaskClient) -> None:
    publish(item(secret=True))
    clerk = browser(client, Role.SUPERVISOR)
    done = clerk.post("/console/search-words/accept", words=SLANG, code=ID_LOST)

    assert done.status_code == 404
    with unit_of_work() as session:
        asked = select(func.count()).select_from(SearchAlias).where(SearchAlias.words == SLANG)
        assert session.scalar(asked) == 0


def test_whoever_receives_cases_does_not_review_words(client: FlaskClient) -> None:
    assert browser(client, Role.FRONT_DESK).get("/console/search-words").status_code == 403
