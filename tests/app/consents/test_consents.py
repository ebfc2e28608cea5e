"""A consent is given to words one has read, holds at once, and ends as easily as it began."""

from dataclasses import replace

import pytest

from app.audit import queries as audit
from app.consents import purposes, queries, service
from app.consents.errors import ConsentTextChanged
from app.consents.models import Consent
from app.consents.purposes import WORDINGS, Purpose
from app.consents.queries import State
from app.db import unit_of_work
from tests.app.people import leaving
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen

PREFILL = Purpose.PREFILL


@pytest.fixture
def citizen(database: None) -> int:
    del database
    return make_citizen()


@pytest.fixture
def new_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on one is asked with other words."""
    words = WORDINGS[PREFILL]
    monkeypatch.setitem(purposes.WORDINGS, PREFILL, replace(words, texts=(*words.texts, "新的说明")))


def give(citizen_id: int, *, version: int = 1) -> None:
    with unit_of_work() as session:
        service.give(session, citizen_id=citizen_id, purpose=PREFILL, version=version, channel="wechat")


def withdraw(citizen_id: int) -> None:
    with unit_of_work() as session:
        service.withdraw(session, citizen_id=citizen_id, purpose=PREFILL, channel="h5")


def allowed(citizen_id: int) -> bool:
    with unit_of_work() as session:
        return queries.allows(session, citizen_id=citizen_id, purpose=PREFILL)


def state(citizen_id: int) -> State:
    with unit_of_work() as session:
        return queries.standing(session, citizen_id=citizen_id)[0].state


def history(citizen_id: int) -> list[Consent]:
    with unit_of_work() as session:
        return list(queries.of_citizen(session, citizen_id=citizen_id, limit=10))


def test_nobody_has_agreed_before_they_were_asked(citizen: int) -> None:
    assert (allowed(citizen), state(citizen)) == (False, State.NEVER)


def test_a_consent_holds_at_once_and_for_its_citizen_alone(citizen: int) -> None:
    give(citizen)

    assert (allowed(citizen), state(citizen)) == (True, State.GIVEN)
    assert not allowed(make_citizen())


def test_agreeing_twice_is_one_consent(citizen: int) -> None:
    give(citizen)
    give(citizen)

    assert len(history(citizen)) == 1


def test_taking_back_holds_at_once_and_may_be_repeated(citizen: int) -> None:
    give(citizen)
    withdraw(citizen)
    withdraw(citizen)

    assert (allowed(citizen), state(citizen)) == (False, State.WITHDRAWN)


def test_every_consent_is_kept_when_it_is_given_again(citizen: int) -> None:
    give(citizen)
    withdraw(citizen)
    give(citizen)

    assert [consent.ended for consent in history(citizen)] == [None, "withdrawn"]


def test_changed_words_ask_anew_and_the_old_consent_allows_nothing(citizen: int, new_words: None) -> None:
    del new_words
    with unit_of_work() as session:
        session.add(
            Consent(
                citizen_id=citizen,
                purpose=PREFILL,
                text_version=1,
                channel="wechat",
                given_at=MONDAY,
            )
        )
    assert (allowed(citizen), state(citizen)) == (False, State.TEXT_CHANGED)

    give(citizen, version=2)

    assert allowed(citizen)
    assert [(each.text_version, each.ended) for each in history(citizen)] == [(2, None), (1, "renewed")]


def test_nobody_agrees_to_words_they_have_not_read(citizen: int, new_words: None) -> None:
    del new_words
    with pytest.raises(ConsentTextChanged):
        give(citizen, version=1)

    assert not allowed(citizen)


def test_giving_and_taking_back_are_written_down_once_each(citizen: int) -> None:
    give(citizen)
    give(citizen)
    withdraw(citizen)
    withdraw(citizen)

    with unit_of_work() as session:
        lines = audit.about_citizen(session, citizen_id=citizen, limit=10)
    assert [line.action for line in lines] == ["consent_withdrawn", "consent_given"]
    assert lines[1].details == {"purpose": "prefill", "version": 1, "channel": "wechat"}


def test_a_closed_account_keeps_no_consent(citizen: int) -> None:
    give(citizen)

    leaving.leave(citizen)

    assert history(citizen) == []
