"""A case follows what its citizen answered: materials, fees, time limit."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.cases import overview, queries, service
from app.cases.errors import FeeChoiceNeeded
from app.cases.models import Case
from app.cases.states import Party
from app.db import unit_of_work
from app.fees import queries as fees
from tests import case_fixtures as cases
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY

FIRST, RENEW = item("id-first")["task_code"], item("id-renew")["task_code"]
OWNER = frozenset({Party.CITIZEN})


@pytest.fixture(autouse=True)
def _items(citizen: int) -> None:
    publish(item("id-first"), item("id-renew"))


def begin(citizen: int, task_code: str, **answers: str) -> str:
    with unit_of_work() as session:
        return service.start(session, citizen_id=citizen, task_code=task_code, answers=answers)[0].case_no


def seen(citizen: int, case_no: str) -> overview.Overview:
    with unit_of_work() as session:
        case = queries.case_of(session, citizen_id=citizen, case_no=case_no)
        return overview.of(session, case, parties=OWNER)


def codes(citizen: int, case_no: str) -> list[str]:
    return [material.code.rsplit("-", 1)[1] for material in seen(citizen, case_no).materials]


def hand_in(citizen: int, task_code: str, **answers: str) -> str:
    begin(citizen, task_code, **answers)
    case_no = cases.ready(citizen, task_code)
    cases.submit(citizen, case_no)
    return case_no


def billed(case: Case) -> list[str]:
    with unit_of_work() as session:
        return [line.fee_code for bill in fees.of_case(session, case_id=case.id) for line in bill.lines]


@pytest.mark.parametrize(
    ("answers", "fee"),
    [
        ({"reason": "damaged", "photo": "no"}, "FEE-ID-LOST"),
        ({"reason": "moved", "photo": "no"}, "FEE-ID-RENEW"),
    ],
)
def test_the_fee_that_the_answers_choose_is_billed(citizen: int, answers: dict[str, str], fee: str) -> None:
    assert billed(cases.accept(hand_in(citizen, RENEW, **answers))) == [fee]


def test_without_answers_a_clerk_must_choose_between_fees(citizen: int) -> None:
    with pytest.raises(FeeChoiceNeeded):
        cases.accept(hand_in(citizen, RENEW))


def test_the_clerk_may_bill_what_the_paper_shows_instead(citizen: int) -> None:
    case_no = hand_in(citizen, RENEW, reason="damaged", photo="no")

    assert billed(cases.accept(case_no, fee_codes=["FEE-ID-RENEW"])) == ["FEE-ID-RENEW"]


def test_the_time_limit_that_the_answers_choose_is_promised(citizen: int) -> None:
    changed: dict[str, Any] = item("id-renew")["situations"]
    changed["rows"].append({"when": [{"q": "photo", "is": "no"}], "limit": {"days": 2, "unit": "DAY"}})
    publish(item("id-renew", situations=changed))
    with clock.stopped_at(MONDAY):
        case = cases.accept(hand_in(citizen, RENEW, reason="damaged", photo="no"))

    assert case.promised_due_on == (MONDAY + timedelta(days=2)).date()


def test_who_comes_of_age_while_the_draft_lies_there_is_asked_for_less(citizen: int) -> None:
    with clock.stopped_at(MONDAY):
        sixteen_tomorrow = (MONDAY + timedelta(days=1)).replace(year=MONDAY.year - 16).date()
        case_no = begin(citizen, FIRST, born=sixteen_tomorrow.isoformat(), home="local")
        assert codes(citizen, case_no) == ["M01", "M02", "M03"]

    with clock.stopped_at(MONDAY + timedelta(days=1)):
        assert codes(citizen, case_no) == ["M01", "M03"]


def test_what_was_right_when_it_was_handed_in_stays_right(citizen: int) -> None:
    def on(day: datetime, born: str) -> list[str]:
        with clock.stopped_at(day):
            return codes(citizen, born)

    with clock.stopped_at(MONDAY):
        case_no = begin(citizen, FIRST, born="2020-05-01", home="local")
        cases.fill(citizen, case_no)
        for code in ("M01", "M02", "M03"):
            cases.add_photo(citizen, case_no, f"ID-FIRST-{code}")
        cases.submit(citizen, case_no)

    assert on(MONDAY + timedelta(days=6000), case_no) == ["M01", "M02", "M03"]


def test_a_photo_of_what_is_no_longer_asked_for_can_still_be_seen(citizen: int) -> None:
    case_no = begin(citizen, FIRST, born="2020-05-01", home="local")
    cases.add_photo(citizen, case_no, "ID-FIRST-M02")
    begin(citizen, FIRST, born="1990-05-01", home="local")

    shown = {material.code: material for material in seen(citizen, case_no).materials}
    assert len(shown["ID-FIRST-M02"].photos) == 1
    assert not shown["ID-FIRST-M02"].mandatory


def test_the_answers_are_told_in_words_with_what_speaks_against(citizen: int) -> None:
    found = seen(citizen, begin(citizen, FIRST, born="1990-05-01", home="away")).situation

    assert [said.answer for said in found.said] == ["1990年5月1日", "户口和住处都不在本市"]
    assert found.person is not None
    assert [refusal.law for refusal in found.person.refusals] == ["居民身份证法第八条"]


def test_an_open_question_leaves_the_list_as_it_is_for_everybody(citizen: int) -> None:
    case_no = begin(citizen, FIRST, born="1990-05-01")

    assert codes(citizen, case_no) == ["M01", "M02", "M03"]
    assert seen(citizen, case_no).situation.person is None
