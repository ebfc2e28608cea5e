"""A second person signs just what is handed in; what is changed afterwards they sign anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.cases import co_signed, co_signing
from app.cases.co_sign_errors import (
    CoSignAskedLately,
    CoSignatureMissing,
    CoSignCodeOver,
    CoSignNotFound,
    CoSignNotWanted,
    OwnCoSign,
)
from app.cases.co_sign_models import CoSigning
from app.cases.co_sign_words import Standing
from app.cases.errors import AlreadySubmitted, SubmissionIncomplete
from app.cases.events import CaseSubmitted
from app.cases.models import Case
from app.db import unit_of_work
from app.documents import promise_papers
from app.undertakings.errors import NotRead, WordsChanged
from app.undertakings.models import SignedUndertaking
from notifications.models import Message
from tests import case_fixtures, correction_fixtures, document_fixtures
from tests.app.materials.test_pages import different
from tests.app.people import leaving
from tests.city_fixtures import MONDAY
from tests.co_sign_fixtures import (
    decline,
    drop_first_photo,
    invite,
    shared_draft,
    sign,
    signed,
    standing,
    take,
    words,
)


@pytest.fixture
def second(citizen: int) -> int:
    """The applicant's wife."""
    del citizen
    return case_fixtures.citizen("李小红")


def texts_to(citizen_id: int) -> list[str]:
    with unit_of_work() as session:
        asked = select(Message.title).where(Message.citizen_id == citizen_id).order_by(Message.id)
        return list(session.scalars(asked))


def test_nothing_is_handed_in_before_the_second_person_has_signed(citizen: int, second: int) -> None:
    case_no = shared_draft(citizen)
    with pytest.raises(CoSignatureMissing) as refused:
        case_fixtures.submit(citizen, case_no)
    assert refused.value.errors == {"co_signer": ["请邀请配偶看过全部内容后签名"]}

    found = take(second, invite(citizen, case_no))
    sign(second, found)

    assert case_fixtures.submit(citizen, case_no).state == "submitted"
    assert standing(second, found) is Standing.SIGNED


def test_the_office_reads_who_signed_what_was_handed_in(citizen: int, second: int) -> None:
    case_no, _ = signed(citizen, second)
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        assert co_signed.given(session, case) is None

    case_fixtures.submit(citizen, case_no)
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        found = co_signed.given(session, case)
    assert found is not None
    assert (found.name, found.signed_at) == ("李小红", clock.now())


def test_the_words_say_what_is_handed_in_and_mask_numbers(citizen: int, second: int) -> None:
    case_no = shared_draft(citizen)
    said = words(second, take(second, invite(citizen, case_no))).words

    assert "证件照片：1张照片" in said
    assert "共同申请人（配偶）声明" in said
    assert case_fixtures.CITIZEN_NUMBER not in said
    assert "13800000000" not in said


def test_what_was_signed_is_kept_word_for_word(citizen: int, second: int) -> None:
    _, found = signed(citizen, second)
    shown = words(second, found)

    with unit_of_work() as session:
        kept = session.scalars(select(SignedUndertaking)).one()
    assert (kept.citizen_id, kept.kind, kept.sealed_text) == (second, "co_sign", shown.words)


def test_the_paper_of_it_says_what_it_is_and_no_promise(citizen: int, second: int) -> None:
    case_no, _ = signed(citizen, second)
    case_fixtures.submit(citizen, case_no)
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        for _ in "12":
            promise_papers.issue_undertakings(session, CaseSubmitted(case.id))
    (paper,) = document_fixtures.of_case(case_no)

    assert (paper.title, paper.number) == ("共同申请人同意书", "〔2026〕同字第000001号")


def change_the_form(citizen: int, case_no: str) -> None:
    case_fixtures.fill(citizen, case_no, id_number="110101194912310038")


def add_a_page(citizen: int, case_no: str) -> None:
    case_fixtures.add_photo(citizen, case_no, "ID-LOST-M02", different(3))


@pytest.mark.parametrize("change", [change_the_form, add_a_page, drop_first_photo])
def test_a_change_afterwards_voids_the_signature(
    citizen: int, second: int, change: Callable[[int, str], None]
) -> None:
    case_no, found = signed(citizen, second)
    change(citizen, case_no)

    assert standing(second, found) is Standing.CHANGED
    with pytest.raises((CoSignatureMissing, SubmissionIncomplete)):
        case_fixtures.submit(citizen, case_no)


def test_what_was_changed_is_signed_anew(citizen: int, second: int) -> None:
    case_no, found = signed(citizen, second)
    add_a_page(citizen, case_no)
    sign(second, found)

    assert case_fixtures.submit(citizen, case_no).state == "submitted"


def test_other_words_than_those_shown_are_not_signed(citizen: int, second: int) -> None:
    case_no = shared_draft(citizen)
    found = take(second, invite(citizen, case_no))
    shown = words(second, found).digest
    add_a_page(citizen, case_no)

    with pytest.raises(WordsChanged):
        sign(second, found, digest=shown)
    with pytest.raises(NotRead):
        sign(second, found, read=False)


def test_whoever_says_no_is_asked_by_a_new_code_alone(citizen: int, second: int) -> None:
    case_no, found = signed(citizen, second)
    decline(second, found)

    with pytest.raises(CoSignatureMissing):
        case_fixtures.submit(citizen, case_no)
    with pytest.raises(CoSignNotFound):
        sign(second, found)
    sign(second, take(second, invite(citizen, case_no)))
    case_fixtures.submit(citizen, case_no)


def test_once_handed_in_nothing_is_taken_back(citizen: int, second: int) -> None:
    case_no, found = signed(citizen, second)
    case_fixtures.submit(citizen, case_no)

    with pytest.raises(AlreadySubmitted):
        decline(second, found)
    with pytest.raises(AlreadySubmitted):
        invite(citizen, case_no)


def test_a_code_is_good_once_for_seven_days_and_not_for_the_applicant(citizen: int, second: int) -> None:
    case_no = shared_draft(citizen)
    code = invite(citizen, case_no)
    with pytest.raises(OwnCoSign):
        take(citizen, code)
    with clock.stopped_at(MONDAY + timedelta(days=7)), pytest.raises(CoSignCodeOver):
        take(second, code)

    assert take(second, code) == take(second, code)
    with pytest.raises(CoSignCodeOver):
        take(case_fixtures.citizen("旁人"), code)


def test_a_new_invitation_ends_the_earlier_one(citizen: int, second: int) -> None:
    case_no, found = signed(citizen, second)
    code = invite(citizen, case_no)

    assert standing(second, found) is Standing.ENDED
    with unit_of_work() as session:
        co_signing.call_back(session, citizen_id=citizen, case_no=case_no)
    with pytest.raises(CoSignCodeOver):
        take(second, code)


def test_anothers_signature_is_not_there(citizen: int, second: int) -> None:
    _, found = signed(citizen, second)
    for other in (citizen, case_fixtures.citizen("旁人")):
        with pytest.raises(CoSignNotFound):
            decline(other, found)


def test_an_item_without_a_second_person_asks_for_none(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)

    with pytest.raises(CoSignNotWanted):
        invite(citizen, case_no)
    case_fixtures.submit(citizen, case_no)


def test_both_hear_what_concerns_them(citizen: int, second: int, deliver: Callable[[], None]) -> None:
    case_no, found = signed(citizen, second)
    deliver()
    assert "共同申请人已签名" in texts_to(citizen)

    with unit_of_work() as session:
        co_signing.ask_again(session, citizen_id=citizen, case_no=case_no)
    deliver()
    assert texts_to(second) == ["请您重新签名"]
    with pytest.raises(CoSignAskedLately), unit_of_work() as session:
        co_signing.ask_again(session, citizen_id=citizen, case_no=case_no)

    decline(second, found)
    deliver()
    assert "共同申请人没有签名" in texts_to(citizen)


def test_a_correction_is_signed_anew_and_both_hear_of_it(
    citizen: int, second: int, deliver: Callable[[], None]
) -> None:
    case_no, found = signed(citizen, second)
    case_fixtures.submit(citizen, case_no)
    correction_fixtures.ask(case_no)
    deliver()
    assert "这个申请要补正" in texts_to(second)

    correction_fixtures.mend(citizen, case_no)
    with pytest.raises(CoSignatureMissing):
        correction_fixtures.resubmit(citizen, case_no)
    sign(second, found)
    correction_fixtures.resubmit(citizen, case_no)


def test_an_application_taken_back_needs_no_signature(
    citizen: int, second: int, deliver: Callable[[], None]
) -> None:
    case_no, found = signed(citizen, second)
    case_fixtures.withdraw(citizen, case_no)
    deliver()

    assert standing(second, found) is Standing.ENDED
    assert "不用您签名了" in texts_to(second)


def test_whoever_closes_their_account_signs_nothing_any_more(citizen: int, second: int) -> None:
    case_no, _ = signed(citizen, second)
    leaving.leave(second)

    with pytest.raises(CoSignatureMissing):
        case_fixtures.submit(citizen, case_no)


def test_an_applicant_who_closes_their_account_leaves_no_signature(citizen: int, second: int) -> None:
    signed(citizen, second)
    leaving.leave(citizen)

    with unit_of_work() as session:
        assert session.scalars(select(CoSigning)).all() == []
