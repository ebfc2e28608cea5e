"""The proof of cases as it is stored (办事凭据): receipts, what they say, and the root of each day."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.case_proof.chain import HASH_BYTES
from app.crypto import EncryptedText
from app.db import Base
from app.signatures.keys import SIGNATURE_BYTES
from app.troubles import Trouble


class CaseReceipt(Base):
    """One step of one case in its chain; a trigger of the database refuses to change or remove it.

    `at` is when the step was taken, `noted_at` when it came into the chain, `day` the day whose root covers
    it. `source` is the row that it is about.
    """

    __tablename__ = "case_receipts"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="counted_from_one"),
        CheckConstraint(
            f"length(hash) = {HASH_BYTES} AND length(previous) = {HASH_BYTES}"
            f" AND length(commitment) = {HASH_BYTES}",
            name="hashes_whole",
        ),
        Index("uq_case_receipts_source_once", "case_id", "source", unique=True),
        Index("ix_case_receipts_day", "day", "case_id", "seq"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    noted_at: Mapped[datetime]
    day: Mapped[date]
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class CaseReceiptOpening(Base):
    """What a receipt says, with its salt: never changed, and dropped when a person is forgotten."""

    __tablename__ = "case_receipt_openings"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "seq"], ["case_receipts.case_id", "case_receipts.seq"]),
    )

    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The very text that the commitment is over
    opened: Mapped[str] = mapped_column(EncryptedText("case_receipt_openings.opened"))


class CaseProofCall(Base):
    """That something of a case is not in its chain yet; triggers of the database write it."""

    __tablename__ = "case_proof_calls"
    __table_args__ = (Index("ix_case_proof_calls_case", "case_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    case_id: Mapped[int]


class CaseProofTrouble(Trouble, Base):
    """A case that cannot be brought into its chain."""

    __tablename__ = "case_proof_troubles"
    __table_args__ = (CheckConstraint("tries >= 1", name="tried"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)


class DailyRoot(Base):
    """One hash over the chains that grew on one day, signed, and hanging on the day before (每日根)."""

    __tablename__ = "daily_roots"
    __table_args__ = (
        CheckConstraint("leaves >= 0", name="leaves_counted"),
        CheckConstraint(
            f"length(root) = {HASH_BYTES} AND length(previous) = {HASH_BYTES}"
            f" AND length(signature) = {SIGNATURE_BYTES}",
            name="hashes_whole",
        ),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    leaves: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    # The hash of the day before's statement; a day hangs on one day, and on that day one.
    previous: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class DailyLeaf(Base):
    """How long the chain of one case was at a day's end, and its last hash; never changed.

    `path` is its way to the root, the hashes one after the other from below: a download reads its own and
    none of the other cases of the day.
    """

    __tablename__ = "daily_leaves"
    __table_args__ = (
        CheckConstraint(f"length(path) % {HASH_BYTES} = 0", name="path_of_whole_hashes"),
        Index("uq_daily_leaves_case_once", "case_id", "day", unique=True),
    )

    day: Mapped[date] = mapped_column(ForeignKey("daily_roots.day"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    length: Mapped[int]
    head: Mapped[bytes] = mapped_column(LargeBinary)
    path: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def steps(self) -> list[bytes]:
        """The hashes of the way to the root."""
        return [self.path[at : at + HASH_BYTES] for at in range(0, len(self.path), HASH_BYTES)]
