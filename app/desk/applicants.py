"""Finding a person's cases by what they say on the phone or at the window (按申请人查找)."""

import base64
import binascii

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.crypto import UnreadableError, cipher
from app.desk import duties
from app.desk.errors import PageUnknown
from app.people import phones
from app.people.models import Citizen
from app.staff.sessions import OnDuty

# A number that still more people share is written down with the first of them.
_MOST_NAMED = 5


def named(session: Session, *, clerk: OnDuty, phone: str) -> str:
    """What stands in an address for the people of a phone number (手机号); written into the audit log.

    It is sealed for this login alone: an address that is copied elsewhere names nobody, and nobody can
    count through people. Raises NotYourDuty, PhoneUnreadable.
    """
    duties.refuse_unless(clerk, duties.READING)
    index = phones.index(phones.normal(phone))
    asked = select(Citizen.id).where(Citizen.phone_index == index).order_by(Citizen.id).limit(_MOST_NAMED)
    found = list(session.scalars(asked))
    for citizen_id in found:
        audit.record(
            session,
            actor=clerk.actor,
            action="applicant_searched",
            subject=f"citizen:{citizen_id}",
            citizen_id=citizen_id,
        )
    if not found:
        audit.record(session, actor=clerk.actor, action="applicant_searched", subject="citizen:none")
    return base64.urlsafe_b64encode(cipher().seal(index, purpose=_purpose(clerk))).decode().rstrip("=")


def meant(*, clerk: OnDuty, mark: str) -> bytes:
    """The index that `named` sealed for this login; raises PageUnknown."""
    try:
        sealed = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
        return cipher().open(sealed, purpose=_purpose(clerk))
    except (UnreadableError, binascii.Error, ValueError) as error:
        raise PageUnknown from error


def _purpose(clerk: OnDuty) -> str:
    return f"desk.applicant:{clerk.session_id}"
