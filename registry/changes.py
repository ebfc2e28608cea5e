"""What the registry tells of units (多证合一、证照联办): what we keep follows, holders hear of it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.cases import organisations
from app.certificates import following
from app.certificates.following import Changed
from app.db import Session
from app.enterprises import reservations
from app.enterprises.events import UnitChanged
from app.events import publish
from app.organisations import following as standings
from platforms.registry_events import RegistryEvent

VALUE = "value"
_LEGAL_PERSON: Final = "legal_person"


@dataclass(frozen=True, slots=True)
class Respect:
    """In which respect an event changes a unit: our word for programs, and how people call it."""

    field: str
    words: str


RESPECTS: Final[Mapping[str, Respect]] = {
    "enterprise.name_changed": Respect(following.NAME, "单位名称"),
    "enterprise.address_changed": Respect("address", "住所（经营场所）"),
    "enterprise.legal_person_changed": Respect(_LEGAL_PERSON, "法定代表人（负责人）"),
    "enterprise.deregistered": Respect(following.STATUS, "已注销登记"),
}


def unit_changed(session: Session, event: RegistryEvent, message_id: int) -> None:
    """A unit changed its registration: its certificates follow, open cases say so, holders are told once."""
    respect = RESPECTS[event.kind]
    value = event.values.get(VALUE, "")
    if not value and respect.field != following.STATUS:
        return  # kept, though it says nothing that could be taken over
    holders = standings.holders(session, code=event.subject)
    _follow_standings(session, event.subject, field=respect.field, value=value)
    changed = Changed(event.subject, respect.field, value, message_id)
    concerned = {
        *following.follow(session, changed),
        *organisations.note_change(
            session, organisation_code=event.subject, what=respect.words, message_id=message_id
        ),
    }
    for citizen_id in sorted(concerned | set(holders)):
        publish(session, UnitChanged(message_id, citizen_id))


def _follow_standings(session: Session, code: str, *, field: str, value: str) -> None:
    """Who may act for the unit follows too (企业办事身份)."""
    if field == following.NAME:
        standings.renamed(session, code=code, name=value)
    elif field == _LEGAL_PERSON:
        standings.representative_changed(session, code=code)
    elif field == following.STATUS:
        standings.deregistered(session, code=code)


def unit_registered(session: Session, event: RegistryEvent, message_id: int) -> None:
    """A unit came to be: the name that was kept for it is used, and stands in no further form."""
    del message_id
    reservations.use(session, name=event.values.get("name", ""))
