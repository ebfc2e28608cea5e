"""Applications that two persons sign, by the services themselves (共同申请人夹具)."""

from typing import Any

from app.cases import co_sign_words, co_signed, co_signing, handing_in
from app.cases.co_sign_words import Standing
from app.cases.dossier import Dossier
from app.db import unit_of_work
from app.undertakings.service import Consent, Signer
from app.undertakings.texts import Text
from tests import case_fixtures
from tests.case_fixtures import publish_id_lost

WHO = "配偶"


def shared_draft(citizen_id: int) -> str:
    """A draft in which only the second person's signature is missing; its number."""
    publish_id_lost(co_signer=WHO)
    return case_fixtures.ready(citizen_id)


def invite(citizen_id: int, case_no: str) -> str:
    """The code that the applicant hands over."""
    with unit_of_work() as session:
        return co_signing.invite(session, citizen_id=citizen_id, case_no=case_no)[0]


def take(citizen_id: int, code: str) -> int:
    """Be the second person; the invitation's id."""
    with unit_of_work() as session:
        return co_signing.take(session, citizen_id=citizen_id, code=code)


def words(citizen_id: int, co_signing_id: int) -> Text:
    """What the phone of the second person shows."""
    with unit_of_work() as session:
        bound = co_signed.mine(session, citizen_id=citizen_id, co_signing_id=co_signing_id)
        return co_sign_words.text(Dossier(session, bound.case))


def sign(citizen_id: int, co_signing_id: int, **said: Any) -> None:
    """Sign what is shown."""
    digest = said.get("digest") or words(citizen_id, co_signing_id).digest
    with unit_of_work() as session:
        co_signing.sign(
            session,
            signer=Signer(citizen_id, 1, "wechat"),
            co_signing_id=co_signing_id,
            consent=Consent(digest, read=said.get("read", True)),
        )


def decline(citizen_id: int, co_signing_id: int) -> None:
    """Say no."""
    with unit_of_work() as session:
        co_signing.decline(session, citizen_id=citizen_id, co_signing_id=co_signing_id)


def signed(applicant: int, second: int) -> tuple[str, int]:
    """A draft that both stand behind; its number and the invitation."""
    case_no = shared_draft(applicant)
    found = take(second, invite(applicant, case_no))
    sign(second, found)
    return case_no, found


def standing(second: int, co_signing_id: int) -> Standing:
    """How it stands."""
    with unit_of_work() as session:
        bound = co_signed.mine(session, citizen_id=second, co_signing_id=co_signing_id)
        return co_sign_words.standing(Dossier(session, bound.case), bound.row)


def drop_first_photo(citizen_id: int, case_no: str) -> None:
    """Take a page out of the draft."""
    code = case_fixtures.mandatory_materials(case_no)[0]
    with unit_of_work() as session:
        pages = handing_in.photos_for_owner(
            session, citizen_id=citizen_id, case_no=case_no, material_code=code
        )
        handing_in.remove_photo(
            session, citizen_id=citizen_id, case_no=case_no, material_code=code, photo_id=pages[0].id
        )
