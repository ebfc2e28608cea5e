"""The audit chain: whole, and broken by any change."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.audit import chain, queries, service, upkeep
from app.audit.chain import Word
from app.audit.queries import Verdict
from app.db import unit_of_work

pytestmark = pytest.mark.usefixtures("database")


def write(number: int = 1) -> None:
    for _ in range(number):
        with unit_of_work() as session:
            details: dict[str, Word] = {
                "before": "submitted",
                "waived": False,
                "面": "“办理”\u2028",
                "n": 2**60,
            }
            service.record(
                session,
                actor="clerk:7",
                action="case_viewed",
                subject="case:1",
                details=details,
                citizen_id=3,
            )


def verify() -> Verdict:
    with unit_of_work() as session:
        return queries.verify(session)


def forge(statement: str) -> None:
    """What somebody with the keys of the database could do."""
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only"))
        session.execute(text(statement))
        session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only"))


def test_an_empty_log_is_whole() -> None:
    assert verify() == Verdict(0, chain.BEGINNING, None)


def test_a_written_log_is_whole() -> None:
    write(5)

    assert (verify().entries, verify().broken_at) == (5, None)


def test_more_than_one_batch_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_BATCH", 2)
    write(5)
    forge("UPDATE audit_entries SET action = 'case_closed' WHERE id = 5")

    assert (verify().entries, verify().broken_at) == (4, 5)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'clerk:8'",
        "action = 'case_closed'",
        "subject = 'case:2'",
        "citizen_id = 4",
        "citizen_id = NULL",
        "details = details || '{\"waived\": true}'",
        "details = '[1]'",
        "details = 'null'",
        "details = '{\"n\": 1e400}'",
        "at = at + interval '1 microsecond'",
        "hash = sha256('x')",
        "prev_hash = sha256('x')",
    ],
)
def test_a_changed_line_is_found(change: str) -> None:
    write(3)
    forge(f"UPDATE audit_entries SET {change} WHERE id = 2")

    assert verify().broken_at == 2


def test_a_removed_line_is_found() -> None:
    write(3)
    forge("DELETE FROM audit_entries WHERE id = 2")

    assert verify().broken_at == 3


def test_a_removed_first_line_is_found() -> None:
    write(2)
    forge("DELETE FROM audit_entries WHERE id = 1")

    assert verify().broken_at == 2


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_a_change(change: str) -> None:
    write(1)

    with pytest.raises(DBAPIError, match="only appended to"), unit_of_work() as session:
        session.execute(text(change))


def test_a_cut_off_end_shows_against_the_head_that_was_logged(caplog: pytest.LogCaptureFixture) -> None:
    write(3)
    with caplog.at_level("INFO"):
        upkeep.log_head()
    logged = vars(caplog.records[-1])
    forge("DELETE FROM audit_entries WHERE id = 3")

    assert (logged["entries"], logged["head"]) != (verify().entries, verify().head.hex())


def test_a_line_goes_with_the_work_it_is_about() -> None:
    write(1)
    with pytest.raises(RuntimeError), unit_of_work() as session:
        service.record(session, actor="clerk:7", action="case_viewed", subject="case:1")
        raise RuntimeError

    write(1)
    assert (verify().entries, verify().broken_at) == (2, None)


def test_a_clock_that_is_moved_back_breaks_nothing() -> None:
    write(1)
    with clock.shifted_by(timedelta(days=-1)):
        write(1)

    assert verify().broken_at is None


def test_the_log_is_asked_by_thing_and_by_citizen() -> None:
    write(3)
    with unit_of_work() as session:
        of_case = [entry.id for entry in queries.of_subject(session, subject="case:1", limit=2)]
        older = [entry.id for entry in queries.of_subject(session, subject="case:1", before_id=of_case[-1])]
        about = [entry.id for entry in queries.about_citizen(session, citizen_id=3, before_id=3)]
        nobody = queries.about_citizen(session, citizen_id=4)

    assert (of_case, older, about, list(nobody)) == ([3, 2], [1], [2, 1], [])


def test_the_hash_is_that_of_the_written_form() -> None:
    """So that somebody else can check an export with nothing but SHA-256."""
    line = chain.Line(
        id=1,
        at=datetime(2026, 1, 1, 8, tzinfo=clock.SHANGHAI),
        actor="clerk:7",
        action="case_viewed",
        subject="case:1",
        citizen_id=None,
        details={"面": "办理"},
        prev_hash=chain.BEGINNING,
    )

    assert chain.digest(line).hex() == "ba5161d42adc232a332e05a41922c7700591f702f389ccda9f2a58190b60175e"
