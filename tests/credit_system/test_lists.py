"""Who is on a list of serious breaches does not promise; nobody waits for the answer (R109)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from app import clock, events
from app.cases import credit_marks, owed, promised, promising
from app.cases.credit_models import CreditMark
from app.cases.owing import Which
from app.cases.promise_errors import CreditUnknown
from app.credit import lists
from app.credit.errors import PromiseListed
from app.credit.list_models import CreditListing
from app.db import Session, unit_of_work
from credit_system import lists as job
from tests import case_fixtures
from tests.case_fixtures import CITIZEN_NUMBER
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.correction_fixtures import stored
from tests.credit_fixtures import proven_citizen
from tests.promise_fixtures import PAPER, draft, shown, sign
from tests.races import Meeting, together

LIST_OWNER = "示例市税务局"


def put(office: Sandbox, **changes: Any) -> None:
    usual = {"list": "black", "authority": LIST_OWNER, "reason": "欠税", "since": "2026-01-02", "until": None}
    office.post("/_sim/credit/entries", number=CITIZEN_NUMBER, entries=[{**usual, **changes}])


def mark(case_no: str) -> str | None:
    with unit_of_work() as session:
        found = credit_marks.of_case(session, case_id=stored(case_no).id)
        return None if found is None else found.mark


def handed_in(citizen: int) -> str:
    case_no = draft(citizen)
    sign(citizen, case_no)
    case_fixtures.submit(citizen, case_no)
    return case_no


def answered() -> None:
    job.follow()
    events.deliver()


def note(citizen: int, case_no: str) -> str:
    with unit_of_work() as session:
        return promising.note(session, citizen_id=citizen, which=Which(case_no, PAPER))


def test_who_is_on_no_list_is_asked_about_with_the_draft_and_promises(office: Sandbox) -> None:
    citizen = proven_citizen()
    case_no = draft(citizen)
    assert note(citizen, case_no) == credit_marks.WAITS
    answered()
    assert note(citizen, case_no) == ""
    sign(citizen, case_no)
    case_fixtures.submit(citizen, case_no)

    assert mark(case_no) == CreditMark.CLEAR
    assert len(office.get("/_sim/log?op=credit.query")["items"]) == 1


def test_who_is_listed_is_told_by_whom_and_until_when(office: Sandbox) -> None:
    put(office, until="2026-12-31")
    citizen = proven_citizen()
    case_no = draft(citizen)
    answered()
    with pytest.raises(PromiseListed) as refused:
        shown(citizen, case_no)

    assert "示例市税务局列入严重失信主体名单，2026年12月31日以前不能用告知承诺" in refused.value.sentence


@pytest.mark.parametrize("changes", [{"list": "red"}, {"until": "2026-11-15"}, {"since": "2026-11-17"}])
def test_what_does_not_count_today_refuses_nobody(office: Sandbox, changes: dict[str, str]) -> None:
    put(office, **changes)
    citizen = proven_citizen()
    case_no = draft(citizen)
    answered()

    assert shown(citizen, case_no)


def test_while_the_platform_is_away_one_signs_and_nothing_is_granted(office: Sandbox) -> None:
    office.post("/_sim/faults", op="credit.query", kind="http_503", times=1)
    citizen = proven_citizen()
    case_no = handed_in(citizen)
    answered()
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    assert mark(case_no) == CreditMark.WAITING
    with pytest.raises(CreditUnknown):
        case_fixtures.decide(case_no)
    with clock.stopped_at(MONDAY + timedelta(minutes=5)):
        answered()
        case_fixtures.decide(case_no)

    assert stored(case_no).granted


@pytest.mark.parametrize("accepted", [False, True])
def test_who_turns_out_to_be_listed_brings_the_material_instead(office: Sandbox, *, accepted: bool) -> None:
    put(office)
    citizen = proven_citizen()
    case_no = handed_in(citizen)
    if accepted:
        case_fixtures.accept(case_no)
    answered()
    with unit_of_work() as session:
        case_id = stored(case_no).id
        assert promised.of_case(session, case_id=case_id) == []
        (follows,) = owed.of_case(session, case_id=case_id)

    assert (follows.material_code, follows.due_on is not None) == (PAPER, accepted)
    assert mark(case_no) == CreditMark.LISTED


def test_whom_nobody_has_proven_cannot_be_asked_about_and_is_marked(office: Sandbox) -> None:
    case_no = handed_in(case_fixtures.citizen())
    answered()

    assert mark(case_no) == CreditMark.UNPROVEN
    assert office.get("/_sim/log?op=credit.query")["items"] == []


def test_an_answer_is_good_for_a_day_and_then_forgotten(office: Sandbox) -> None:
    citizen = proven_citizen()
    case_no = draft(citizen)
    answered()
    put(office)
    with clock.stopped_at(MONDAY + timedelta(hours=25)):
        assert shown(citizen, case_no)
        answered()
        with pytest.raises(PromiseListed):
            shown(citizen, case_no)
    with clock.stopped_at(MONDAY + timedelta(days=4)):
        assert lists.forget_old() == 1


def test_a_case_that_never_heard_its_answer_is_asked_about_again(office: Sandbox) -> None:
    case_no = handed_in(proven_citizen())
    with unit_of_work() as session:
        session.execute(delete(CreditListing))
    with clock.stopped_at(MONDAY + timedelta(days=2)):
        answered()
        assert mark(case_no) == CreditMark.WAITING
        assert credit_marks.ask_again() == 1
        answered()

    assert mark(case_no) == CreditMark.CLEAR
    assert len(office.get("/_sim/log?op=credit.query")["items"]) == 1


def answered_while_handed_in(monkeypatch: pytest.MonkeyPatch, case_no: str, citizen: int) -> None:
    """The answer comes while the case that found none is not written down yet."""
    meeting, begin = Meeting(), credit_marks.begin
    entry = lists.Entry(LIST_OWNER, "欠税", MONDAY.date(), None)
    with unit_of_work() as session:
        claimed = lists.claim(session)
    assert claimed is not None

    def slow(session: Session, case: Any) -> None:
        begin(session, case)
        session.flush()
        meeting.wait()
        meeting.wait()

    def answer() -> None:
        meeting.wait()
        with unit_of_work() as session:
            lists.note_answer(session, listing_id=claimed.listing_id, entries=[entry])
        events.deliver()
        meeting.wait()

    monkeypatch.setattr(credit_marks, "begin", slow)
    together(lambda: case_fixtures.submit(citizen, case_no), answer)
    monkeypatch.undo()


def test_an_answer_in_the_moment_of_handing_in_is_not_lost(
    office: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    del office
    citizen = proven_citizen()
    case_no = draft(citizen)
    sign(citizen, case_no)
    answered_while_handed_in(monkeypatch, case_no, citizen)
    events.deliver()

    assert mark(case_no) == CreditMark.LISTED


def test_control_without_the_lock_the_case_would_wait_for_ever(
    office: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    del office
    citizen = proven_citizen()
    case_no = draft(citizen)
    sign(citizen, case_no)

    def unlocked(session: Session, subject: Any) -> None:
        session.scalars(
            select(CreditListing.id).where(CreditListing.subject_index == lists.index_of(subject))
        ).all()

    monkeypatch.setattr(lists, "known", unlocked)
    monkeypatch.setattr(lists, "want", lambda session, subject: None)
    answered_while_handed_in(monkeypatch, case_no, citizen)
    answered()

    assert mark(case_no) == CreditMark.WAITING


def test_two_jobs_at_once_ask_once(office: Sandbox) -> None:
    draft(proven_citizen())
    together(job.follow, job.follow)

    assert len(office.get("/_sim/log?op=credit.query")["items"]) == 1
