"""The chain of a case and the roots of the days in the database: whole, and broken by any change."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.case_proof import days, gathering
from app.case_proof.models import CaseProofCall, CaseProofTrouble, CaseReceipt, CaseReceiptOpening, DailyRoot
from app.db import unit_of_work
from app.materials.models import Photo
from tests import case_fixtures, correction_fixtures
from tests import proof_fixtures as proof
from tests.city_fixtures import MONDAY


@pytest.fixture
def case_id(citizen: int) -> int:
    """A decided case under Monday's root."""
    found = proof.a_decided_case(citizen)
    proof.tuesday_comes()
    return found


def forge(table: str, statement: str) -> None:
    """What somebody with the keys of the database could do."""
    with unit_of_work() as session:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text(statement))
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def lengths() -> dict[int, int]:
    with unit_of_work() as session:
        found: dict[int, int] = {}
        for receipt in session.scalars(select(CaseReceipt)):
            found[receipt.case_id] = max(found.get(receipt.case_id, 0), receipt.seq)
        return found


def test_what_happened_is_in_the_chain_once_and_whole(case_id: int) -> None:
    before = lengths()[case_id]

    assert before > 10
    assert proof.keep_up(case_id) == 0
    assert proof.faults() == []


def test_whoever_writes_a_step_calls_for_it(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    assert gathering.follow() == 1
    first = sum(lengths().values())
    case_fixtures.accept(case_no)

    assert gathering.follow() == 1
    assert sum(lengths().values()) > first
    with unit_of_work() as session:
        assert session.scalars(select(CaseProofCall)).all() == []


def test_a_case_that_cannot_be_read_holds_up_neither_the_others_nor_the_day(citizen: int) -> None:
    case_fixtures.submitted(citizen)
    forge("cases", "UPDATE cases SET sealed_form = '\\x00'")
    case_fixtures.submitted(case_fixtures.citizen("李四"))

    assert (gathering.follow(), len(lengths())) == (1, 1)
    assert proof.tuesday_comes() == 1
    with unit_of_work() as session:
        assert len(session.scalars(select(CaseProofCall.case_id).distinct()).all()) == 1


def test_of_a_closed_account_nothing_new_is_said(citizen: int) -> None:
    case_fixtures.submitted(citizen)
    forge("citizens", "UPDATE citizens SET closed_at = now()")
    gathering.follow()

    assert sum(lengths().values()) > 0
    with unit_of_work() as session:
        assert session.scalars(select(CaseReceiptOpening.seq)).all() == []


def forms_of(case_id: int) -> list[str]:
    with unit_of_work() as session:
        asked = select(CaseReceipt.source).where(CaseReceipt.case_id == case_id, CaseReceipt.kind == "form")
        return list(session.scalars(asked.order_by(CaseReceipt.seq)))


def test_a_form_that_is_being_corrected_is_not_what_was_handed_in(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    correction_fixtures.ask(case_no)
    with clock.stopped_at(MONDAY + timedelta(minutes=30)):
        correction_fixtures.mend(citizen, case_no)
        gathering.follow()
    case_id = correction_fixtures.stored(case_no).id
    with unit_of_work() as session:
        held = session.scalars(select(CaseReceipt).where(CaseReceipt.kind == "material")).all()
        taken = session.scalars(select(Photo).where(Photo.case_id == case_id)).all()
    assert (forms_of(case_id), len(held)) == ([], len(taken) - 1)

    with clock.stopped_at(MONDAY + timedelta(hours=1)):
        correction_fixtures.resubmit(citizen, case_no)
        gathering.follow()
    assert len(forms_of(case_id)) == 1


def test_a_form_that_was_handed_in_before_there_was_a_chain_is_not_said(citizen: int) -> None:
    proof.a_decided_case(citizen)
    case_no = case_fixtures.submitted(case_fixtures.citizen("李四"))
    case_id = correction_fixtures.stored(case_no).id
    forge("case_events", f"UPDATE case_events SET at = at - interval '9 days' WHERE case_id = {case_id}")
    gathering.follow()

    assert forms_of(case_id) == []
    assert lengths()[case_id] > 0


def test_a_draft_has_no_chain(citizen: int) -> None:
    case_fixtures.ready(citizen)
    gathering.follow()

    assert lengths() == {}


@pytest.mark.parametrize("table", ["case_receipts", "daily_roots", "daily_leaves", "case_receipt_openings"])
def test_the_database_refuses_every_change(case_id: int, table: str) -> None:
    column = "day" if table.startswith("daily") else "case_id"
    with pytest.raises(DBAPIError, match="never changed"), unit_of_work() as session:
        session.execute(text(f"UPDATE {table} SET {column} = {column}"))


def test_a_case_that_cannot_be_read_is_logged_once_and_then_counted(
    citizen: int, caplog: pytest.LogCaptureFixture
) -> None:
    case_fixtures.submitted(citizen)
    forge("cases", "UPDATE cases SET sealed_form = '\\x00'")
    assert [gathering.follow() for _ in "123"] == [0, 0, 0]

    assert [record.getMessage() for record in caplog.records].count("case_not_in_chain") == 1
    with unit_of_work() as session:
        trouble = session.scalars(select(CaseProofTrouble)).one()
        assert (trouble.error, trouble.tries) == ("UnreadableError", 3)


def test_what_can_be_read_again_is_no_trouble_any_more(citizen: int) -> None:
    case_id = correction_fixtures.stored(case_fixtures.submitted(citizen)).id
    with unit_of_work() as session:
        session.add(CaseProofTrouble(case_id=case_id, error="UnreadableError", since=MONDAY, tries=9))
    gathering.follow()
    with unit_of_work() as session:
        assert session.scalars(select(CaseProofTrouble)).all() == []


@pytest.mark.parametrize(
    "table", ["case_receipts", "case_receipt_openings", "daily_roots", "daily_leaves", "audit_entries"]
)
def test_the_database_refuses_to_empty(case_id: int, table: str) -> None:
    with pytest.raises(DBAPIError, match="never emptied"), unit_of_work() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("table", ["case_receipts", "daily_roots", "daily_leaves"])
def test_the_database_refuses_to_remove(case_id: int, table: str) -> None:
    with pytest.raises(DBAPIError), unit_of_work() as session:
        session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("case_receipts", "UPDATE case_receipts SET kind = 'bill' WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET source = 'line:99999' WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET at = at - interval '1 second' WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET noted_at = noted_at + interval '1 s' WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET day = day - 1 WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET commitment = sha256('x') WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET previous = sha256('x') WHERE seq = 3"),
        ("case_receipts", "UPDATE case_receipts SET hash = sha256('x') WHERE seq = 3"),
        ("case_receipt_openings", "UPDATE case_receipt_openings SET opened = '\\x00' WHERE seq = 3"),
        ("daily_roots", "UPDATE daily_roots SET root = sha256('x')"),
        ("daily_roots", "UPDATE daily_roots SET previous = sha256('x')"),
        ("daily_roots", "UPDATE daily_roots SET key_id = 'x'"),
        ("daily_leaves", "UPDATE daily_leaves SET length = length - 1"),
        ("daily_leaves", "UPDATE daily_leaves SET head = sha256('x')"),
        ("daily_leaves", "DELETE FROM daily_leaves"),
        ("daily_leaves", "UPDATE daily_leaves SET path = path || sha256('x')"),
        ("case_events", "UPDATE case_events SET sentence = '从没提交过' WHERE kind = 'submitted'"),
        ("case_events", "UPDATE case_events SET at = at - interval '9 days' WHERE kind = 'submitted'"),
        ("case_events", "DELETE FROM case_events WHERE kind = 'accepted'"),
        ("cases", "UPDATE cases SET decided_by = '别人'"),
        ("cases", "UPDATE cases SET case_no = '35010020261116000099999'"),
        ("photos", "UPDATE photos SET sha256 = sha256('x')"),
        ("messages", "DELETE FROM dispatches; UPDATE messages SET title = '没有告知'"),
        ("bills", "UPDATE bills SET amount_fen = 1"),
        ("documents", "UPDATE documents SET sha256 = repeat('0', 64)"),
    ],
)
def test_one_changed_row_is_found(case_id: int, table: str, change: str) -> None:
    forge(table, change)

    assert proof.faults() != []


def test_a_step_that_was_kept_out_of_the_chain_is_found(case_id: int) -> None:
    forge(
        "case_events",
        "INSERT INTO case_events (case_id, kind, at, actor_kind, actor_name, sentence)"
        f" VALUES ({case_id}, 'note', '2026-11-16 09:00+08', 'system', '系统', '一步')",
    )

    assert "is in no receipt" in " ".join(proof.faults())


def test_a_day_without_changes_has_its_root_too_and_a_late_job_makes_them_all(case_id: int) -> None:
    with clock.stopped_at(MONDAY + timedelta(days=4)):
        assert (days.end_days(), days.end_days()) == (3, 0)

    with unit_of_work() as session:
        found = session.scalars(select(DailyRoot).order_by(DailyRoot.day)).all()
    assert [root.leaves for root in found] == [1, 0, 0, 0]
    assert proof.faults() == []


def test_a_day_taken_out_is_found(case_id: int) -> None:
    with clock.stopped_at(MONDAY + timedelta(days=4)):
        days.end_days()
    forge("daily_roots", "DELETE FROM daily_roots WHERE leaves = 0 AND day = '2026-11-18'")

    assert "does not hang on the day before" in " ".join(proof.faults())


def test_what_comes_after_a_day_ended_is_of_the_next_one(case_id: int) -> None:
    with unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO case_events (case_id, kind, at, actor_kind, actor_name, sentence)"
                f" VALUES ({case_id}, 'late', '2026-11-16 09:00+08', 'system', '系统', '晚到的一步')"
            )
        )
    with clock.stopped_at(MONDAY):
        assert proof.keep_up(case_id) == 1

    with unit_of_work() as session:
        last = session.scalars(select(CaseReceipt).order_by(CaseReceipt.seq.desc()).limit(1)).one()
    assert last.day.isoformat() == "2026-11-17"
    assert proof.faults() == []
