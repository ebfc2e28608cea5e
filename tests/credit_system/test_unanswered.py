"""A question that the credit platform never answers is seen, and has an honest end (信用待查的出路)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import clock, events
from app.cases import credit_elsewhere, credit_marks, owed
from app.cases.credit_elsewhere import Learned
from app.cases.credit_models import CreditMark
from app.cases.officers import Officer
from app.cases.promise_errors import CreditOfNobody, CreditSettled, CreditStillAsked, LearnedUnfounded
from app.credit import lists
from app.credit.events import ListingAnswered
from app.credit.list_models import CreditListing
from app.credit.lists import Entry
from app.db import Session, unit_of_work
from app.people import proving
from app.people.models import Citizen
from credit_system import lists as job
from tests import case_fixtures
from tests.case_fixtures import CITIZEN_NUMBER
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.correction_fixtures import stored
from tests.credit_fixtures import proven_citizen
from tests.promise_fixtures import draft, sign
from tests.races import Meeting, refusals, together

SUPERVISOR = Officer(9, "周督导", frozenset({"supervisor"}))
NOT_LISTED = Learned(None, "“信用中国”网站", "平台不认证件号码")
LISTED = Learned(Entry("示例市税务局", "", date(2026, 1, 2), None), "市信用中心复函", "平台不认证件号码")
# A number that the platform does not take, as old data may hold one.
BAD = "NO-SUCH-NUMBER"


def handed_in(number: str = BAD) -> str:
    citizen = proven_citizen(number)
    case_no = draft(citizen)
    sign(citizen, case_no)
    case_fixtures.submit(citizen, case_no)
    job.follow()
    events.deliver()
    return case_no


def mark(case_no: str) -> str | None:
    with unit_of_work() as session:
        found = credit_marks.of_case(session, case_id=stored(case_no).id)
        return None if found is None else found.mark


def stuck(case_no: str) -> tuple[str | None, bool]:
    with unit_of_work() as session:
        (one,) = credit_elsewhere.stuck(session, cases=[stored(case_no)])
        return one.refusal, one.may_learn


def learn(case_no: str, learned: Learned = NOT_LISTED) -> None:
    with unit_of_work() as session:
        credit_elsewhere.learn(session, case_id=stored(case_no).id, officer=SUPERVISOR, learned=learned)


def ask_anew(case_no: str) -> None:
    with unit_of_work() as session:
        credit_elsewhere.ask_anew(session, case_id=stored(case_no).id)


def mend(case_no: str, number: str | None = CITIZEN_NUMBER) -> None:
    with unit_of_work() as session:
        found = session.get_one(Citizen, stored(case_no).citizen_id)
        found.id_number = number
        found.id_number_index = None if number is None else proving.number_index(number)


def test_a_refused_question_says_so_and_is_never_a_silent_yes(office: Sandbox) -> None:
    case_no = handed_in()
    asked = len(office.get("/_sim/log?op=credit.query")["items"])
    job.follow()
    with unit_of_work() as session:
        listing_id = session.scalars(select(CreditListing.id)).one()
        credit_marks.follow(session, ListingAnswered(listing_id))

    assert (stuck(case_no), mark(case_no)) == (("bad_subject", True), CreditMark.WAITING)
    assert len(office.get("/_sim/log?op=credit.query")["items"]) == asked == 1


def test_after_the_number_was_mended_it_is_asked_about_again(office: Sandbox) -> None:
    del office
    case_no = handed_in()
    mend(case_no)
    ask_anew(case_no)
    assert stuck(case_no) == (None, False)
    job.follow()
    events.deliver()

    assert mark(case_no) == CreditMark.CLEAR


def test_the_same_refused_number_may_be_asked_about_the_same_day(office: Sandbox) -> None:
    case_no = handed_in()
    ask_anew(case_no)
    job.follow()

    assert len(office.get("/_sim/log?op=credit.query")["items"]) == 2
    assert stuck(case_no) == ("bad_subject", True)


def test_what_is_known_of_the_mended_number_settles_at_once(office: Sandbox) -> None:
    del office
    case_no = handed_in()
    mend(case_no)
    with unit_of_work() as session:
        lists.want(session, credit_marks.subject_of(session, stored(case_no)))
    job.follow()
    ask_anew(case_no)

    assert mark(case_no) == CreditMark.CLEAR


def test_whose_identity_was_taken_back_is_not_asked_about(office: Sandbox) -> None:
    del office
    case_no = handed_in()
    mend(case_no, None)

    with pytest.raises(CreditOfNobody):
        ask_anew(case_no)


def test_what_was_learned_elsewhere_lets_the_case_go_on(office: Sandbox) -> None:
    del office
    case_no = handed_in()
    learn(case_no)
    with unit_of_work() as session:
        kept = credit_marks.of_case(session, case_id=stored(case_no).id)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no)

    assert kept is not None
    assert (kept.learned_by_name, kept.learned_from) == ("周督导", NOT_LISTED.source)
    assert stored(case_no).granted
    with pytest.raises(CreditSettled):
        learn(case_no)


def test_who_was_found_on_a_list_elsewhere_brings_the_material(office: Sandbox) -> None:
    del office
    case_no = handed_in()
    learn(case_no, LISTED)
    with unit_of_work() as session:
        found = credit_marks.of_case(session, case_id=stored(case_no).id)
        assert len(owed.of_case(session, case_id=stored(case_no).id)) == 1

    assert found is not None
    assert (found.mark, found.listed) == (CreditMark.LISTED, "示例市税务局，到移出名单")


def test_while_the_platform_may_still_answer_nothing_else_counts(office: Sandbox) -> None:
    office.post("/_sim/faults", op="credit.query", kind="http_503", times=1)
    case_no = handed_in(CITIZEN_NUMBER)
    with pytest.raises(CreditStillAsked):
        learn(case_no)
    with clock.stopped_at(MONDAY + timedelta(hours=25)):
        learn(case_no)

    assert mark(case_no) == CreditMark.CLEAR


@pytest.mark.parametrize(
    "learned",
    [
        Learned(None, " ", "平台查不了"),
        Learned(None, "“信用中国”网站", ""),
        Learned(Entry("示例市税务局", "", date(2026, 1, 2), date(2026, 11, 1)), "复函", "平台查不了"),
    ],
)
def test_it_is_said_from_where_and_why_and_counts_today(office: Sandbox, learned: Learned) -> None:
    del office
    case_no = handed_in()

    with pytest.raises(LearnedUnfounded):
        learn(case_no, learned)


def two_at_once(case_no: str) -> list[object]:
    return list(together(lambda: learn(case_no), lambda: learn(case_no, LISTED)))


def test_of_two_answers_at_once_one_counts(office: Sandbox) -> None:
    del office
    case_no = handed_in()

    assert refusals(two_at_once(case_no), CreditSettled) == 1


def test_control_without_the_lock_both_would_count(office: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    del office
    case_no, meeting = handed_in(), Meeting()

    def unlocked(session: Session, *, case_id: int) -> object:
        case = session.get_one(type(stored(case_no)), case_id)
        found = credit_marks.of_case(session, case_id=case_id)
        meeting.wait()
        return case, found

    monkeypatch.setattr(credit_marks, "held", unlocked)

    assert refusals(two_at_once(case_no), CreditSettled) == 0
