"""What supervisors are to be told (R107): once for each grant, the grant first, whoever hears when."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import clock, db, events
from app.cases import revoked
from app.cases.events import CaseDecided, GrantRevoked
from app.cases.models import Case
from app.certificates.models import RevocationGround
from app.db import Session, unit_of_work
from app.oversight import contents, noting
from app.oversight.models import Kind, OversightEvent
from app.promise_checks.events import PleaDecided
from app.promise_checks.models import CheckState
from app.promise_checks.plea_models import PleaKind
from tests import case_fixtures, credit_fixtures, promise_fixtures
from tests.case_fixtures import APPROVER, OTHER_APPROVER
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.correction_fixtures import stored
from tests.oversight_fixtures import (
    MARKET,
    a_licence,
    content,
    end,
    granted,
    kinds,
    licence_item,
    noted,
)
from tests.people_fixtures import make_citizen
from tests.races import Meeting, together


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        yield


def hear(case_no: str) -> None:
    with unit_of_work() as session:
        noting.note_grant(session, CaseDecided(stored(case_no).id))


def test_a_granted_licence_is_noted_once_with_all_that_it_shows() -> None:
    case_no = a_licence()
    hear(case_no)
    told = content()

    assert kinds() == ["granted"]
    assert (told["event_no"], told["item"]["code"]) == (f"{case_no}-001", ID_LOST)
    assert (told["holder"]["name"], told["holder"]["number"]) == ("王小明", case_fixtures.CITIZEN_NUMBER)
    assert (told["deciding"]["name"], told["supervising"]["name"]) == ("市公安局", MARKET["dept_name"])
    assert told["licence"]["identifier"].startswith("1.2.156.")
    assert (told["decided_on"], told["by_promise"]) == (MONDAY.date().isoformat(), False)


def test_who_holds_a_licence_lies_encrypted() -> None:
    a_licence()
    with unit_of_work() as session:
        sealed = bytes(session.scalars(text("SELECT sealed_content FROM oversight_events")).one())
    assert "王小明".encode() not in sealed
    assert case_fixtures.CITIZEN_NUMBER.encode() not in sealed


def test_without_a_word_in_the_guide_whoever_decides_looks_after_it() -> None:
    publish(licence_item(supervisor=None))
    granted()
    assert content()["supervising"] == content()["deciding"]


def test_what_is_no_licence_is_told_only_when_its_guide_names_somebody() -> None:
    publish(item("id-lost"))
    granted()
    assert kinds() == []
    publish(item("id-lost", supervisor=MARKET))
    granted()
    assert kinds() == ["granted"]


def test_a_refusal_is_told_to_nobody() -> None:
    publish(licence_item())
    case_no = case_fixtures.submitted(make_citizen(), ID_LOST)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    case_fixtures.decide(case_no, granted=False, reason="不符合条件", legal_basis="行政许可法第三十八条")
    events.deliver()
    assert kinds() == []


def test_a_revoked_grant_is_told_after_it() -> None:
    end(a_licence())
    assert kinds() == ["granted", "revoked"]
    assert "材料是伪造的" in content()["said"]


def test_a_licence_that_its_holder_gives_back_is_cancelled_and_not_revoked() -> None:
    end(a_licence(), RevocationGround.ON_REQUEST)
    assert kinds() == ["granted", "cancelled"]
    assert "第七十条第六项" in content()["said"]


def test_a_revocation_heard_before_its_grant_stands_behind_it() -> None:
    publish(licence_item())
    case_no = granted(told=False)
    with unit_of_work() as session:
        case = stored(case_no)
        revoked.note(session, case_id=case.id, why="材料是伪造的")
    with unit_of_work() as session:
        noting.note_revocation(session, GrantRevoked(case.id))
    hear(case_no)
    assert [(each.position, each.kind) for each in noted()] == [(1, "granted"), (2, "revoked")]


def test_on_a_promise_the_day_of_its_check_is_told_and_later_that_it_was_untrue() -> None:
    publish(promise_fixtures.promising_item(supervisor=MARKET))
    case_no = promise_fixtures.granted(case_fixtures.citizen())
    told = content()
    due = promise_fixtures.check_of(case_no).check.due_on.isoformat()
    assert (told["by_promise"], [each["check_by"] for each in told["promises"]]) == (True, [due])

    promise_fixtures.find(case_no, APPROVER)
    events.deliver()
    assert kinds() == ["granted"]
    with clock.stopped_at(MONDAY.replace(day=24)):
        promise_fixtures.settle(case_no, CheckState.CORRECTED, OTHER_APPROVER)
        events.deliver()
    assert (kinds(), content()["said"]) == (["granted", "promise_untrue"], "不实，已责令改正")


def blamed() -> str:
    """A licence of which the supervisor heard that a promise was untrue."""
    publish(promise_fixtures.promising_item(supervisor=MARKET))
    case_no = credit_fixtures.broken(case_fixtures.citizen())
    with clock.stopped_at(credit_fixtures.SETTLED):
        events.deliver()
    assert kinds() == ["granted", "promise_untrue"]
    return case_no


def answer(case_no: str, kind: PleaKind, *, granted: bool) -> None:
    credit_fixtures.decide(credit_fixtures.ask(case_no, kind), granted=granted)
    with clock.stopped_at(credit_fixtures.SETTLED):
        events.deliver()


def test_who_was_blamed_wrongly_is_cleared_before_the_supervisor_too() -> None:
    answer(blamed(), PleaKind.OBJECTION, granted=True)
    assert kinds() == ["granted", "promise_untrue", "promise_cleared"]
    assert content()["said"] == "对“承诺不实”的异议成立，失信记录已撤销：情况属实"


@pytest.mark.parametrize(("kind", "granted"), [(PleaKind.OBJECTION, False), (PleaKind.REPAIR, True)])
def test_what_stays_true_of_a_promise_is_not_taken_back(kind: PleaKind, *, granted: bool) -> None:
    answer(blamed(), kind, granted=granted)
    assert kinds() == ["granted", "promise_untrue"]


def test_a_correction_heard_before_the_blame_stands_behind_it() -> None:
    publish(promise_fixtures.promising_item(supervisor=MARKET))
    case_no = credit_fixtures.broken(case_fixtures.citizen())
    plea_id = credit_fixtures.ask(case_no, PleaKind.OBJECTION)
    credit_fixtures.decide(plea_id)
    for _ in range(2):
        with unit_of_work() as session:
            noting.note_plea(session, PleaDecided(plea_id))
    events.deliver()
    assert kinds() == ["granted", "promise_untrue", "promise_cleared"]


def test_a_publication_under_way_neither_holds_a_grant_up_nor_waits_for_it() -> None:
    publish(licence_item())
    case_id = stored(granted(told=False)).id
    with db.engine().connect() as publishing:
        publishing.execute(text("SELECT 1 FROM guide_versions FOR UPDATE"))
        with unit_of_work() as session:
            session.execute(text("SET LOCAL lock_timeout = '200ms'"))
            noting.note_grant(session, CaseDecided(case_id))
    assert kinds() == ["granted"]


def test_two_who_hear_at_once_note_one_grant() -> None:
    publish(licence_item())
    case_no = granted(told=False)
    together(lambda: hear(case_no), lambda: hear(case_no))
    assert kinds() == ["granted"]


def test_control_without_turns_both_would_note_it_and_the_database_refuses_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(licence_item())
    case_no = granted(told=False)
    meeting = Meeting()
    monkeypatch.setattr(noting, "take_turns", lambda *_, **__: meeting.wait())
    written = contents.write

    def write(session: Session, event: OversightEvent, case: Case) -> None:
        written(session, event, case)
        meeting.wait()

    monkeypatch.setattr(contents, "write", write)
    with pytest.raises(IntegrityError, match="uq_oversight_events"):
        together(lambda: hear(case_no), lambda: hear(case_no))
    assert kinds() == ["granted"]


@pytest.mark.parametrize("kind", ["revoked", "changed"])
def test_the_database_itself_lets_nothing_stand_before_a_grant(kind: str) -> None:
    a_licence()
    with pytest.raises(IntegrityError, match=r"grant_first|once_or_by_its_row"), unit_of_work() as session:
        session.execute(text("UPDATE oversight_events SET kind = :kind"), {"kind": kind})


def test_what_was_told_says_each_kind_in_words_we_know() -> None:
    end(a_licence())
    assert {json.loads(each.sealed_content)["kind"] for each in noted()} <= set(Kind)
