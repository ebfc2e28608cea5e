"""What a case may be billed for, as a clerk chooses it (可收的费用)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FeeChoice:
    """One fee of the guide that may be billed, in fen; `usual` ones apply by the guide and the answers."""

    code: str
    name: str
    amount_fen: int
    basis: str
    usual: bool


def of(fees: Sequence[dict[str, Any]], chosen: Sequence[str] | None) -> list[FeeChoice]:
    """The fees of a guide that have an amount; `chosen` are those that the applicant's answers choose."""
    return [
        FeeChoice(
            code=str(fee["fee_code"]),
            name=str(fee["fee_name"]),
            amount_fen=int(fee["amount_fen"]),
            basis=str(fee.get("by_law", "")),
            usual=fee.get("charge") == "always" or fee["fee_code"] in (chosen or ()),
        )
        for fee in fees
        if fee["amount_fen"] is not None
    ]
