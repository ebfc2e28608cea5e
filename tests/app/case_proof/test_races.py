"""Two steps of one case at once, two root jobs at once, and a step while a day is ended."""

from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.case_proof import chain, days, gathering
from app.case_proof.chain import Link
from app.case_proof.models import CaseReceipt, DailyRoot
from app.case_proof.steps import Step
from app.cases.models import Case
from app.db import unit_of_work
from tests import case_fixtures
from tests import proof_fixtures as proof
from tests.city_fixtures import MONDAY
from tests.proof_fixtures import TUESDAY
from tests.races import Meeting, together


@pytest.fixture
def case_id(citizen: int) -> int:
    case_no = case_fixtures.submitted(citizen)
    with unit_of_work() as session:
        return session.scalars(select(Case.id).where(Case.case_no == case_no)).one()


def step(case_id: int, number: int = 0) -> int:
    """Something happens to a case and goes into its chain."""
    happen(case_id, number)
    return proof.keep_up(case_id)


def happen(case_id: int, number: int) -> None:
    with unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO case_events (case_id, kind, at, actor_kind, actor_name, sentence)"
                f" VALUES ({case_id}, 'note', '2026-11-16 09:00:{number:02}+08', 'system', '系统', '一步')"
            )
        )


def test_many_steps_at_once_make_one_chain(case_id: int) -> None:
    together(*[partial(step, case_id, number) for number in range(8)])
    proof.keep_up(case_id)

    with unit_of_work() as session:
        sources = session.scalars(select(CaseReceipt.source).where(CaseReceipt.case_id == case_id)).all()
    assert len(sources) == len(set(sources))
    assert proof.faults() == []


def test_without_the_lock_two_receipts_would_hang_on_the_same_one(
    case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof.keep_up(case_id)
    happen(case_id, 1)
    proof.without_calls()
    meeting, digest = Meeting(), chain.digest

    def digest_together(link: Link) -> bytes:
        meeting.wait()
        return digest(link)

    monkeypatch.setattr(gathering, "_hold_chain", lambda _session, _case_id: None)
    monkeypatch.setattr(chain, "digest", digest_together)

    with pytest.raises(IntegrityError):
        together(lambda: proof.keep_up(case_id), lambda: proof.keep_up(case_id))


def test_two_root_jobs_and_a_new_step_leave_every_receipt_under_a_root(case_id: int) -> None:
    proof.keep_up(case_id)
    with clock.stopped_at(TUESDAY):
        together(days.end_days, days.end_days, lambda: step(case_id, 3), days.end_days)
        days.end_days()

    with unit_of_work() as session:
        assert len(session.scalars(select(DailyRoot)).all()) == 1
    assert proof.faults() == []


MONDAY_DAY = MONDAY.date()


def monday_and_tuesday(monkeypatch: pytest.MonkeyPatch, case_id: int) -> None:
    """A step of Monday is being written down while Tuesday's job ends Monday."""
    proof.keep_up(case_id)
    read, ended = Meeting(), Meeting()
    append = gathering._append

    def append_late(session: Session, case: Case, fresh: list[Step], *, forgotten: bool) -> None:
        append(session, case, fresh, forgotten=forgotten)
        read.wait()
        ended.wait()

    def end_monday() -> int:
        read.wait()
        made = 0
        while days._end_next():
            made += 1
        ended.wait()
        return made

    monkeypatch.setattr(gathering, "_append", append_late)
    monkeypatch.setattr(gathering, "_open_day", lambda _session: MONDAY_DAY)
    with clock.stopped_at(TUESDAY):
        together(lambda: step(case_id, 4), end_monday)


def test_a_day_is_not_ended_while_a_receipt_is_written_into_it(
    case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monday_and_tuesday(monkeypatch, case_id)

    assert proof.faults() == []


def test_without_the_lock_the_receipt_would_be_under_no_root(
    case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "hold_day", lambda _session, *, alone: None)
    monday_and_tuesday(monkeypatch, case_id)

    assert any("in no root" in fault for fault in proof.faults())
