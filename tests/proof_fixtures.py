"""Proofs of cases for tests: made by the services, checked by the script anybody takes along (凭据夹具)."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from app import clock, events
from app.case_proof import checking, days, gathering, pack
from app.cases.models import Case
from app.db import unit_of_work
from app.documents import jobs
from app.signatures import keys
from tests import case_fixtures
from tests.city_fixtures import MONDAY
from tests.conftest import ROOT

TUESDAY = MONDAY + timedelta(days=1)


def a_decided_case(citizen_id: int) -> int:
    """A case that went all the way to its decision, with papers and messages; its id."""
    case = case_fixtures.decide(case_fixtures.accepted(citizen_id), reason="符合条件", legal_basis="依据")
    _tell()
    jobs.draw_waiting()
    gathering.follow()
    return case.id


def _tell() -> None:
    with unit_of_work() as session:
        session.execute(text("UPDATE outbox SET next_attempt_at = created_at WHERE delivered_at IS NULL"))
    events.deliver()


def packed(case_id: int) -> bytes:
    """The file that its citizen takes along."""
    with unit_of_work() as session:
        found = pack.of(session, session.scalars(select(Case).where(Case.id == case_id)).one())
    return pack.bytes_of(found)


def record_of(content: bytes) -> dict[str, Any]:
    """The record in a pack."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        record: dict[str, Any] = json.loads(opened.read(pack.RECORD))
    return record


def with_record(content: bytes, record: dict[str, Any]) -> bytes:
    """The pack with another record in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as opened, zipfile.ZipFile(out, "w") as made:
        made.writestr(pack.RECORD, json.dumps(record, ensure_ascii=False))
        made.writestr(pack.SUMMARY, opened.read(pack.SUMMARY))
    return out.getvalue()


def checked(content: bytes, folder: Path, *roots: str) -> subprocess.CompletedProcess[str]:
    """What the script says of a pack that somebody has, with the city's published keys and kept roots."""
    (folder / "proof.zip").write_bytes(content)
    published = {"keys": [keys.as_jwk(key) for key in keys.published()]}
    (folder / "keys.json").write_text(json.dumps(published))
    line = [
        sys.executable,
        "docs/check_proof.py",
        str(folder / "proof.zip"),
        str(folder / "keys.json"),
        *roots,
    ]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def keep_up(case_id: int) -> int:
    """Bring the chain of a case up to date."""
    with unit_of_work() as session:
        return gathering.keep_up(session, case_id=case_id)


def tuesday_comes() -> int:
    """The job that ends Monday, at eight on Tuesday; how many days it ended."""
    with clock.stopped_at(TUESDAY):
        return days.end_days()


def faults() -> list[str]:
    """What the city's own check finds."""
    with unit_of_work() as session:
        return list(checking.faults(session))


def without_calls() -> None:
    """Nobody waits for anybody because of a call that both answer."""
    with unit_of_work() as session:
        session.execute(text("DELETE FROM case_proof_calls"))
