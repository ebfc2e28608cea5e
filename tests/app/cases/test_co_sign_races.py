"""Two who act at once on a second person's signature, each with the control that shows the bug."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.cases import co_sign_words, co_signing
from app.cases.co_sign_errors import CoSignatureMissing, CoSignCodeOver
from app.cases.co_sign_models import CoSigning
from app.cases.co_sign_words import Standing
from app.cases.dossier import Dossier
from app.cases.errors import AlreadySubmitted
from app.cases.models import Case
from app.undertakings import service as undertakings
from tests import case_fixtures
from tests.app.cases.test_co_signing import add_a_page
from tests.co_sign_fixtures import decline, invite, shared_draft, sign, signed, standing, take
from tests.races import Meeting, refusals, together


@pytest.fixture
def second(citizen: int) -> int:
    """The applicant's wife."""
    del citizen
    return case_fixtures.citizen("李小红")


def test_of_two_with_one_code_one_has_it(citizen: int, second: int) -> None:
    code = invite(citizen, shared_draft(citizen))
    other = case_fixtures.citizen("旁人")

    results = together(partial(take, second, code), partial(take, other, code))

    assert refusals(results, CoSignCodeOver) == 1


def test_control_without_the_guard_the_second_takes_it_from_the_first(
    citizen: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = invite(citizen, shared_draft(citizen))
    other = case_fixtures.citizen("旁人")
    monkeypatch.setattr(co_signing, "_free", lambda: CoSigning.id.is_not(None))

    assert refusals(together(partial(take, second, code), partial(take, other, code)), CoSignCodeOver) == 0


def sign_while_it_changes(citizen: int, second: int, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """The second person has compared the words when the applicant adds a page."""
    case_no = shared_draft(citizen)
    found = take(second, invite(citizen, case_no))
    meeting, keep = Meeting(), undertakings.sign

    def kept(session: Session, **named: Any) -> int:
        meeting.wait()
        meeting.wait()
        return keep(session, **named)

    def change() -> None:
        meeting.wait()
        add_a_page(citizen, case_no)
        meeting.wait()

    monkeypatch.setattr(undertakings, "sign", kept)
    together(partial(sign, second, found), change)
    return case_no, found


def test_a_page_added_while_it_is_signed_voids_it(
    citizen: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no, found = sign_while_it_changes(citizen, second, monkeypatch)

    assert standing(second, found) is Standing.CHANGED
    with pytest.raises(CoSignatureMissing):
        case_fixtures.submit(citizen, case_no)


def test_control_without_the_digest_what_nobody_signed_is_handed_in(
    citizen: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no, _ = sign_while_it_changes(citizen, second, monkeypatch)
    monkeypatch.setattr(co_sign_words, "holds", lambda dossier: dossier.co_signing.state == "signed")

    assert case_fixtures.submit(citizen, case_no).state == "submitted"


def decline_while_it_is_handed_in(citizen: int, second: int, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The signature was found to hold when the second person takes it back."""
    case_no, found = signed(citizen, second)
    meeting, look = Meeting(), co_sign_words.holds

    def looked(dossier: Dossier) -> bool:
        holds = look(dossier)
        meeting.wait()
        meeting.wait()
        return holds

    def take_back() -> None:
        meeting.wait()
        decline(second, found)
        meeting.wait()

    monkeypatch.setattr(co_sign_words, "holds", looked)
    return list(together(partial(case_fixtures.submit, citizen, case_no), take_back))


def test_a_signature_taken_back_while_it_is_handed_in_comes_too_late(
    citizen: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusals(decline_while_it_is_handed_in(citizen, second, monkeypatch), AlreadySubmitted) == 1


def test_control_without_the_lock_it_is_handed_in_and_taken_back(
    citizen: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(co_signing, "_held", lambda session, case_id: session.get_one(Case, case_id))

    assert refusals(decline_while_it_is_handed_in(citizen, second, monkeypatch), AlreadySubmitted) == 0
