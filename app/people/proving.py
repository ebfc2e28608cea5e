"""Who a citizen really is (实名核验): what an office has checked against the identity card, written down.

The check itself is made elsewhere; only its outcome arrives here. What a citizen types proves nothing.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.check_characters import citizen_number
from app.crypto import blind_index
from app.people import phones
from app.people.errors import AlreadyProven, CitizenUnknown
from app.people.models import Assurance, Citizen

_PURPOSE = "citizens.id_number"


def prove(session: Session, *, phone: str, name: str, number: str) -> Citizen:
    """Write down that the holder of a proven phone has shown who they are (实名); a repeat is harmless.

    Raises PhoneUnreadable, CitizenNumberWrong, CitizenUnknown when not exactly one account holds the phone,
    and AlreadyProven: a number is one person's, and an account has one.
    """
    right = citizen_number(number, today=clock.today())
    holds = Citizen.phone_index == phones.index(phones.normal(phone))
    found = session.scalars(select(Citizen).where(holds, Citizen.closed_at.is_(None)).with_for_update()).all()
    if len(found) != 1:
        raise CitizenUnknown
    (citizen,) = found
    if citizen.id_number not in (None, right):
        raise AlreadyProven
    try:
        with session.begin_nested():
            citizen.name, citizen.id_number = name, right
            citizen.id_number_index = blind_index(right, purpose=_PURPOSE)
            citizen.assurance = Assurance.REAL_NAME
    except IntegrityError as taken:
        raise AlreadyProven from taken
    audit.record(
        session,
        actor="system",
        action="identity_proven",
        subject=f"citizen:{citizen.id}",
        citizen_id=citizen.id,
    )
    return citizen
