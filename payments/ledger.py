"""The books (账簿): every movement of money has two sides that add up to zero."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from payments.models import LedgerEntry

# Where money comes from and where it lies until the treasury takes it.
PAYER = "payer"
RECEIVED = "received"
TO_RETURN = "to_return"


def book(
    session: Session, *, booking: str, sides: Mapping[tuple[str, int | None], int], at: datetime
) -> None:
    """Write one booking: (account, bill) → fen. Repeating a booking changes nothing.

    Raises ValueError when the sides do not add up to zero.
    """
    if sum(sides.values()) != 0:
        raise ValueError(f"booking {booking} does not add up to zero")
    rows = [
        {"booking": booking, "account": account, "bill_id": bill_id, "amount_fen": fen, "at": at}
        for (account, bill_id), fen in sides.items()
        if fen != 0
    ]
    if rows:
        session.execute(insert(LedgerEntry).on_conflict_do_nothing(), rows)


def balance(session: Session, *, account: str) -> int:
    """What lies on an account, in fen."""
    return int(
        session.scalar(
            select(func.coalesce(func.sum(LedgerEntry.amount_fen), 0)).where(LedgerEntry.account == account)
        )
        or 0
    )
