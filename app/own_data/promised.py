"""What stands for materials: certificates, promises and texts that were signed (免提交、容缺、承诺书)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cases import owed
from app.cases.owed_models import OwedMaterial
from app.certificates.models import Certificate
from app.undertakings import queries as undertakings
from app.undertakings.models import SignedUndertaking


def of_cases(session: Session, case_ids: Collection[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Both for several cases; two statements for all."""
    left_out = owed.of_cases(session, case_ids=case_ids)
    signed = undertakings.of_cases(session, case_ids=case_ids)
    return {
        case_id: {
            "materials_to_follow": [_owed(one) for one in left_out[case_id]],
            "signed_undertakings": [_signed(one) for one in signed[case_id]],
        }
        for case_id in case_ids
    }


def _owed(one: OwedMaterial) -> dict[str, Any]:
    """What one left out, until when it was to come, and what became of it."""
    return {
        "material": one.name,
        "due_on": one.due_on,
        "delivered_at": one.delivered_at,
        "sent_back": one.sent_back_why,
        "confirmed_at": one.confirmed_at,
        "overdue_at": one.overdue_at,
    }


def _signed(one: SignedUndertaking) -> dict[str, Any]:
    """A text that one signed, word for word."""
    return {"text": one.sealed_text, "sha256": one.digest, "signed_at": one.signed_at}


def given(given: Mapping[str, Certificate]) -> list[dict[str, str]]:
    """The certificates that stand for materials, by material."""
    return [
        {"material": code, "certificate": certificate.name, "identifier": certificate.identifier}
        for code, certificate in given.items()
    ]
