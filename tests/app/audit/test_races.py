"""Many who write into the audit log at once."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.audit import chain, queries, service
from app.audit.chain import Line
from app.db import unit_of_work
from tests.races import Meeting, together

pytestmark = pytest.mark.usefixtures("database")


def write() -> int:
    with unit_of_work() as session:
        return service.record(session, actor="clerk:7", action="case_viewed", subject="case:1")


def test_parallel_writers_keep_one_chain() -> None:
    written = together(*[write] * 24)

    assert sorted(found for found in written if isinstance(found, int)) == list(range(1, 25))
    with unit_of_work() as session:
        verdict = queries.verify(session)
    assert (verdict.entries, verdict.broken_at) == (24, None)


def test_without_the_lock_two_lines_would_hang_on_the_same_one(monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    meeting, digest = Meeting(2), chain.digest

    def digest_together(line: Line) -> bytes:
        meeting.wait()
        return digest(line)

    monkeypatch.setattr(service, "_hold_chain", lambda _session: None)
    monkeypatch.setattr(chain, "digest", digest_together)

    with pytest.raises(IntegrityError):
        together(write, write)
