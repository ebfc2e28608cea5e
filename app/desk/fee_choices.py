"""Which fees of a guide a clerk may bill when a case is accepted (收费项目)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.catalogue.queries import Guide
from app.desk.errors import FeeUndecided


@dataclass(frozen=True, slots=True)
class FeeChoice:
    """One fee of the guide that may be billed, in fen; `usual` ones apply by the guide and the answers."""

    code: str
    name: str
    amount_fen: int
    basis: str
    usual: bool


def of(guide: Guide, chosen: Sequence[str] | None = None) -> list[FeeChoice]:
    """The fees that have an amount; `chosen` are those that follow from the applicant's answers."""
    return [
        FeeChoice(
            code=str(fee["fee_code"]),
            name=str(fee["fee_name"]),
            amount_fen=int(fee["amount_fen"]),
            basis=str(fee.get("by_law", "")),
            usual=fee.get("charge") == "always" or fee["fee_code"] in (chosen or ()),
        )
        for fee in guide.fees
        if fee["amount_fen"] is not None
    ]


def decided(guide: Guide, fee_codes: Sequence[str], *, waived: bool) -> list[str]:
    """What is billed, each once; raises FeeUndecided.

    A waiver (减免) is said, never meant by choosing nothing.
    """
    chosen = list(dict.fromkeys(fee_codes))
    if of(guide) and bool(chosen) == waived:
        raise FeeUndecided
    return chosen
