"""Citizens without a phone (不用手机的市民): known at a window by their document alone."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.crypto import blind_index
from app.people.errors import HasAccount, IdentityOfAnother
from app.people.models import Assurance, Citizen, PaperCitizen
from app.people.proving import Shown, number_index

_PURPOSE = "paper_citizens.number"


def known(session: Session, *, shown: Shown) -> int:
    """The citizen of a document who has no account, from the first time on (凭证件接待); the id.

    Of two windows with the same document one comes after the other. Whoever has an account shows their code
    instead, so that nobody looks into an account without its owner: raises HasAccount, and IdentityOfAnother
    when the number is written down with another name.
    """
    index = _alone(session, shown.number)
    if session.scalar(select(Citizen.id).where(Citizen.id_number_index == number_index(shown.number))):
        raise HasAccount
    found = session.scalar(
        select(Citizen)
        .join(PaperCitizen, PaperCitizen.citizen_id == Citizen.id)
        .where(PaperCitizen.number_index == index)
    )
    if found is not None:
        if found.name != shown.name:
            raise IdentityOfAnother
        return found.id
    made = Citizen(
        created_at=clock.now(), name=shown.name, id_number=shown.number, assurance=Assurance.REAL_NAME
    )
    session.add(made)
    session.flush()
    session.add(PaperCitizen(citizen_id=made.id, number_index=index, made_at=clock.now()))
    session.flush()
    return made.id


def retire(session: Session, *, number: str, account_id: int) -> int | None:
    """Let a citizen without an account act no more, who has one from now on (有账号后不再凭纸质身份); the id.

    Their cases stay theirs by name. None when nobody but the account itself is known by this number.
    """
    index = _alone(session, number)
    known_by = select(PaperCitizen.citizen_id).where(
        PaperCitizen.number_index == index, PaperCitizen.citizen_id != account_id
    )
    found = session.scalar(select(Citizen).where(Citizen.id.in_(known_by)).with_for_update())
    if found is None:
        return None
    found.assurance = Assurance.PLATFORM
    session.execute(delete(PaperCitizen).where(PaperCitizen.citizen_id == found.id))
    return found.id


def _alone(session: Session, number: str) -> bytes:
    """Have one window after the other look for a number; what it is found by."""
    index = blind_index(number, purpose=_PURPOSE)
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"paper_citizens\n{index.hex()}", 0)))
    )
    return index
