"""Checking a paper (核验文书): whoever holds it holds its token, and learns nothing that is personal."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app import settings, tries
from app.crypto import blind_index
from app.db import unit_of_work
from app.documents.errors import CheckedTooOften
from app.documents.models import Document, DocumentCheck

WINDOW = timedelta(minutes=10)
# An address may be a whole service hall.
TRIES = 60
_TOKEN = re.compile(r"[A-Za-z0-9]{22}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may know of a document; `replaced_by` is the number of the one that corrects it."""

    title: str
    number: str
    dept_name: str
    issued_on: date
    sha256: str | None
    replaced_by: str | None


def check(session: Session, *, token: str, caller_address: str) -> Checked | None:
    """The document of a token, or None when there is none.

    Each look counts; the unit of work must be kept when None is returned, or the count is lost. Raises
    CheckedTooOften.
    """
    _count(session, caller_address)
    if not _TOKEN.fullmatch(token):
        return None
    newer = aliased(Document)
    found = session.execute(
        select(Document, newer.number)
        .outerjoin(newer, newer.replaces_id == Document.id)
        .where(Document.token == token)
    ).one_or_none()
    if found is None:
        return None
    document, replaced_by = found
    return Checked(
        title=document.title,
        number=document.number,
        dept_name=document.dept_name,
        issued_on=document.issued_on,
        sha256=document.sha256,
        replaced_by=replaced_by,
    )


def scanned(session: Session, *, content: str) -> int | None:
    """The case of the paper whose code was scanned; None when it is no code of a paper of ours."""
    text = content.strip()
    token = text.removeprefix(address(""))
    if token == text or not _TOKEN.fullmatch(token):
        return None
    return session.scalar(select(Document.case_id).where(Document.token == token))


def address(token: str) -> str:
    """Where anybody checks a paper (核验地址)."""
    return f"{settings.current().public_url}/verify/{token}"


def forget_tries() -> None:
    """Drop counts whose window is over (job)."""
    with unit_of_work() as session:
        tries.forget_over(session, DocumentCheck, window=WINDOW)


def _count(session: Session, address: str) -> None:
    """Count one look in its window; the row lock makes parallel ones wait for each other."""
    caller = blind_index(tries.household(address), purpose="documents.caller")
    if tries.count(session, DocumentCheck, window=WINDOW, caller=caller) > TRIES:
        raise CheckedTooOften(retry_after=int(WINDOW.total_seconds()))
