"""Signing a text (签署承诺书): what is signed is what was shown, and stays so."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.undertakings.errors import NotRead, WordsChanged
from app.undertakings.models import SignedUndertaking
from app.undertakings.texts import Text


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and through which login."""

    citizen_id: int
    login_id: int
    platform: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What the phone says: the digest of the text that was shown, and that it was read to its end."""

    digest: str
    read: bool


def sign(
    session: Session, *, case_id: int, material_code: str, text: Text, signer: Signer, consent: Consent
) -> int:
    """Keep a text as signed; its id. Signing the same words again keeps the first time.

    The caller holds the case's row. Raises NotRead, and WordsChanged when other words were shown.
    """
    if not consent.read:
        raise NotRead
    if consent.digest != text.digest:
        raise WordsChanged
    signed = {
        "case_id": case_id,
        "kind": text.kind.value,
        "material_code": material_code,
        "digest": text.digest,
        "citizen_id": signer.citizen_id,
    }
    session.execute(
        insert(SignedUndertaking)
        .values(
            **signed,
            sealed_text=text.words,
            signed_at=clock.now(),
            login_id=signer.login_id,
            platform=signer.platform,
        )
        .on_conflict_do_nothing()
    )
    return session.scalars(select(SignedUndertaking.id).filter_by(**signed)).one()
