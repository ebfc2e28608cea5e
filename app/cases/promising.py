"""Signing a promise instead of handing a material in (告知承诺制): chosen freely, taken back until handed in.

国办发〔2020〕42号: the applicant chooses; who does not promise hands the proof in. What a new version of the
guide has ended is not signed any more, also in a draft that began before it (R035).
"""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import credit_marks, owing, promised
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.owing import Which
from app.cases.promise_errors import NoPromiseHere, PromiseEnded, PromiseNotFound
from app.cases.promise_models import CasePromise
from app.cases.states import State
from app.catalogue import promises
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.credit import records
from app.undertakings import service as undertakings
from app.undertakings.service import Consent, Signer
from app.undertakings.texts import Text


def words(session: Session, *, citizen_id: int, which: Which) -> Text:
    """The text that is signed instead of a material.

    Raises MaterialNotFound, NoPromiseHere, PromiseBarred, PromiseListed, PromiseEnded, or a StepRefused.
    """
    case = owing.draft(session, citizen_id, which)
    return _words(session, case, which.material_code)[1]


def note(session: Session, *, citizen_id: int, which: Which) -> str:
    """What is to be known before signing: nothing, or that the credit lists have not answered yet."""
    unknown = credit_marks.is_unknown(session, owing.draft(session, citizen_id, which))
    return credit_marks.WAITS if unknown else ""


def sign(session: Session, *, signer: Signer, which: Which, consent: Consent) -> Case:
    """Let a promise stand for a material (签署告知承诺书); signing it again changes nothing.

    Raises as `words` does, and NotRead, WordsChanged.
    """
    case = owing.draft(session, signer.citizen_id, which)
    guide, text = _words(session, case, which.material_code)
    undertaking_id = undertakings.sign(
        session,
        case_id=case.id,
        material_code=which.material_code,
        text=text,
        signer=signer,
        consent=consent,
    )
    published = promises.of_material(guide.body, which.material_code) or {}
    signed = {"undertaking_id": undertaking_id, "digest": text.digest, "signed_at": clock.now()}
    row = insert(CasePromise).values(
        case_id=case.id,
        material_code=which.material_code,
        name=str(owing.material(case, guide, which.material_code)["name"]),
        check_days=int(published["check_days"]),
        revocable=bool(published.get("revocable")),
        **signed,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[CasePromise.case_id, CasePromise.material_code], set_=signed
        )
    )
    return case


def take_back(session: Session, *, citizen_id: int, which: Which) -> Case:
    """Hand the material in after all; raises PromiseNotFound or a StepRefused."""
    case = owing.draft(session, citizen_id, which)
    gone = delete(CasePromise).where(
        CasePromise.case_id == case.id, CasePromise.material_code == which.material_code
    )
    if session.scalar(gone.returning(CasePromise.id)) is None:
        raise PromiseNotFound
    return case


def standing(dossier: Dossier) -> Collection[str]:
    """The materials for which a promise holds; of a draft whose form changed since, only what still fits.

    Raises PromiseBarred, PromiseListed and PromiseEnded as signing does: much may have happened since.
    """
    if not dossier.promised:
        return ()
    session, case, guide = dossier.session, dossier.case, dossier.guide
    held = promised.holding(case, guide, dossier.listed(), rows=dossier.promised).keys()
    if held and case.state == State.DRAFT:
        _refuse_untrusted(session, case)
        for material_code in held:
            _refuse_ended(session, guide, material_code)
    return held


def settle_on_handing_in(dossier: Dossier, *, standing: Collection[str]) -> None:
    """Of what was promised, only that binds which stood on the screen and which no material replaces.

    `standing` is what `standing` found while the case was still a draft.
    """
    if not dossier.promised:
        return
    there, listed = dossier.there, dossier.listed()
    asked = {str(one["material_code"]): one.get("one_of") for one in listed}
    met = {group for code, group in asked.items() if group and code in there}
    for one in list(dossier.promised):
        code = one.material_code
        binds = code in standing and code in asked and code not in there and asked[code] not in met
        if not binds:
            dossier.session.delete(one)
            dossier.promised.remove(one)
    dossier.session.flush()
    if dossier.promised:
        credit_marks.begin(dossier.session, dossier.case)


def _words(session: Session, case: Case, material_code: str) -> tuple[Guide, Text]:
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    text = promised.text(case, guide, owing.material(case, guide, material_code))
    if text is None:
        raise NoPromiseHere
    _refuse_untrusted(session, case)
    _refuse_ended(session, guide, material_code)
    return guide, text


def _refuse_untrusted(session: Session, case: Case) -> None:
    """Neither with a broken promise of their own on record, nor on a list of serious breaches (R109)."""
    records.refuse_barred(session, citizen_id=case.citizen_id, organisation_id=case.organisation_id)
    credit_marks.refuse_listed(session, case)


def _refuse_ended(session: Session, guide: Guide, material_code: str) -> None:
    """The guide in force must still offer it in these words; it does not change before the commit."""
    body = catalogue.held_body(session, task_code=guide.task_code)
    published = promises.of_material(guide.body, material_code)
    if body is None or promises.of_material(body, material_code) != published:
        raise PromiseEnded
