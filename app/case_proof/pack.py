"""The proof of a case to take along (办事凭据): a signed record, its summary to read, in one file.

docs/case-proof.md says what is in it, and docs/check_proof.py checks it without a network.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, settings
from app.case_proof import chain, checking, days, gathering, paper
from app.case_proof.errors import NothingToProve
from app.case_proof.models import CaseReceipt, CaseReceiptOpening, DailyLeaf, DailyRoot
from app.cases.models import Case
from app.signatures import keys
from app.signatures.canonical import canonical
from app.signatures.keys import Purpose

RECORD, SUMMARY = "record.json", "summary.pdf"
VERSION = 1
# Files of one content have the same bytes, whenever they are packed.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """What a unit of work read for a pack; it is put together after it."""

    payload: dict[str, Any]

    @property
    def file_name(self) -> str:
        """What a saved file is called."""
        return f"办事凭据{self.payload['case_no']}.zip"


def of(session: Session, case: Case) -> Found:
    """All that can be proven of a case up to now; raises NothingToProve for a draft.

    What has just happened is brought into the chain first.
    """
    gathering.keep_up(session, case_id=case.id)
    asked = (
        select(CaseReceipt, CaseReceiptOpening.opened)
        .outerjoin(
            CaseReceiptOpening,
            (CaseReceiptOpening.case_id == CaseReceipt.case_id) & (CaseReceiptOpening.seq == CaseReceipt.seq),
        )
        .where(CaseReceipt.case_id == case.id)
        .order_by(CaseReceipt.seq)
    )
    rows = session.execute(asked).all()
    if not rows:
        raise NothingToProve
    payload = {
        "version": VERSION,
        "city": settings.current().city_name,
        "case_no": case.case_no,
        "task_name": case.task_name,
        "department": case.dept_name,
        "made_at": chain.moment(clock.now()),
        "receipts": [_receipt(receipt, case, opened) for receipt, opened in rows],
        "days": _days(session, case),
        "keys": [keys.as_jwk(key) for key in keys.published()],
    }
    return Found(payload)


def bytes_of(found: Found) -> bytes:
    """The file; never call it inside a unit of work."""
    summary = paper.draw(found.payload)
    payload = {**found.payload, "summary_sha256": hashlib.sha256(summary).hexdigest()}
    signed = keys.sign(canonical(payload), purpose=Purpose.CASE_PROOF)
    record = {"payload": payload, "signature": {"kid": signed.key_id, "value": signed.value.hex()}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        text = json.dumps(record, ensure_ascii=False, indent=1)
        for name, content in ((RECORD, text.encode()), (SUMMARY, summary)):
            packed.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _receipt(receipt: CaseReceipt, case: Case, opened: str | None) -> dict[str, Any]:
    """A receipt with what it says; None where that was forgotten."""
    return {
        **chain.plain(checking.link_of(receipt, case.case_no)),
        "hash": receipt.hash.hex(),
        "says": None if opened is None else json.loads(opened),
    }


def _days(session: Session, case: Case) -> list[dict[str, Any]]:
    """The published days on which the chain grew, each with the way from its head to the root."""
    asked = (
        select(DailyLeaf, DailyRoot)
        .join(DailyRoot, DailyRoot.day == DailyLeaf.day)
        .where(DailyLeaf.case_id == case.id)
        .order_by(DailyLeaf.day)
    )
    return [
        {
            **days.plain(root),
            "kid": root.key_id,
            "signature": root.signature.hex(),
            "position": leaf.position,
            "length": leaf.length,
            "path": [step.hex() for step in leaf.steps],
        }
        for leaf, root in session.execute(asked)
    ]
