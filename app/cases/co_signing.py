"""A second person signs an application (共同申请人签名): invited, bound, signing or saying no.

Whoever changes the form or a photo holds the case's row, and so does whoever signs: what is signed is what
there is. A change afterwards needs no word from anybody to void the signature, for its words are others then.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import co_sign_words, co_signed, states, steps
from app.cases.co_sign_errors import (
    CoSignAskedLately,
    CoSignCodeOver,
    CoSignNotFound,
    CoSignNotWanted,
    OwnCoSign,
)
from app.cases.co_sign_models import LIVE, CoSigning, CoState
from app.cases.dossier import Dossier
from app.cases.events import CaseWithdrawn, CorrectionAsked, CoSignMoved
from app.cases.models import Case
from app.cases.states import State, Step
from app.crypto import token_hash
from app.events import publish
from app.undertakings import service as undertakings
from app.undertakings.service import Consent, Signer

INVITATION_FOR = timedelta(days=7)
_REMINDED_EVERY = timedelta(minutes=10)


def invite(session: Session, *, citizen_id: int, case_no: str) -> tuple[str, datetime]:
    """Make a code for the second person of an own application; good once, for seven days.

    An earlier invitation ends with it, also one that was signed. Raises CaseNotFound, CoSignNotWanted, or a
    StepRefused once it was handed in.
    """
    case = _own(session, citizen_id, case_no)
    if not co_signed.wanted(case, Dossier(session, case).guide):
        raise CoSignNotWanted
    _end(session, case)
    code, over_at = secrets.token_urlsafe(16), clock.now() + INVITATION_FOR
    session.add(CoSigning(case_id=case.id, code_hash=token_hash(code), made_at=clock.now(), over_at=over_at))
    session.flush()
    _note(session, citizen_id, action="co_sign_invited", case=case)
    return code, over_at


def call_back(session: Session, *, citizen_id: int, case_no: str) -> None:
    """End the invitation of an own application (撤回邀请); doing it again changes nothing.

    Raises CaseNotFound, or a StepRefused once it was handed in.
    """
    _end(session, _own(session, citizen_id, case_no))


def ask_again(session: Session, *, citizen_id: int, case_no: str) -> None:
    """Ask whoever is bound to sign what there is now (请对方重新签); once in ten minutes.

    Raises CoSignNotFound while nobody is bound, CoSignAskedLately, or as `call_back`.
    """
    case = _own(session, citizen_id, case_no)
    row = co_signed.of_case(session, case_id=case.id)
    if row is None or row.citizen_id is None:
        raise CoSignNotFound
    if row.asked_at is not None and row.asked_at > clock.now() - _REMINDED_EVERY:
        raise CoSignAskedLately
    row.asked_at = clock.now()
    session.flush()
    _tell(session, row.id, "asked")


def take(session: Session, *, citizen_id: int, code: str) -> int:
    """Be the second person of an application by its code; the invitation's id. Repeating changes nothing.

    Of two with one code the first has it. Raises CoSignCodeOver and OwnCoSign.
    """
    known = session.execute(
        select(CoSigning, Case.citizen_id)
        .join(Case, Case.id == CoSigning.case_id)
        .where(CoSigning.code_hash == token_hash(code))
    ).one_or_none()
    if known is None:
        raise CoSignCodeOver
    row, applicant_id = known
    if applicant_id == citizen_id:
        raise OwnCoSign
    taken = session.scalar(
        update(CoSigning)
        .where(CoSigning.id == row.id, _free())
        .values(state=CoState.TAKEN.value, citizen_id=citizen_id, taken_at=clock.now())
        .returning(CoSigning.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if taken is not None:
        _note(session, citizen_id, action="co_sign_taken", case=session.get_one(Case, row.case_id))
    elif row.citizen_id != citizen_id or row.state not in LIVE:
        raise CoSignCodeOver
    return row.id


def sign(session: Session, *, signer: Signer, co_signing_id: int, consent: Consent) -> None:
    """Sign what an application is now (签名); signing the same words again changes nothing.

    Raises CoSignNotFound, also once the invitation is over, NotRead, WordsChanged, or a StepRefused once the
    case was handed in.
    """
    case, row = _bound(session, signer.citizen_id, co_signing_id)
    dossier = Dossier(session, case)
    text = co_sign_words.text(dossier)
    row.undertaking_id = undertakings.sign(
        session, case_id=case.id, material_code="", text=text, signer=signer, consent=consent
    )
    is_new = row.digest != text.digest
    row.digest, row.state, row.signed_at = text.digest, CoState.SIGNED.value, clock.now()
    session.flush()
    if is_new:
        _tell(session, row.id, "signed")
        _note(session, signer.citizen_id, action="co_signed", case=case)


def decline(session: Session, *, citizen_id: int, co_signing_id: int) -> None:
    """Say no, or take a signature back before the case is handed in (不签、撤回签名).

    Raises CoSignNotFound, or a StepRefused once the case was handed in.
    """
    case, row = _bound(session, citizen_id, co_signing_id)
    row.state, row.ended_at = CoState.DECLINED.value, clock.now()
    session.flush()
    _tell(session, row.id, "declined")
    _note(session, citizen_id, action="co_sign_declined", case=case)


def tell_of_correction(session: Session, event: CorrectionAsked) -> None:
    """The second person hears of a correction too: what is changed they sign anew."""
    row = co_signed.of_case(session, case_id=event.case_id)
    if row is not None and row.citizen_id is not None:
        _tell(session, row.id, "correction")


def end_with_case(session: Session, event: CaseWithdrawn) -> None:
    """Nothing is to be signed any more once an application is taken back."""
    _end(session, session.get_one(Case, event.case_id))


def leave_all(session: Session, *, citizen_id: int) -> None:
    """Whoever closes their account signs nothing any more; what was handed in stays signed."""
    unfinished = select(Case.id).where(Case.state.in_((State.DRAFT, State.CORRECTION)))
    session.execute(
        update(CoSigning)
        .where(
            CoSigning.citizen_id == citizen_id, CoSigning.state.in_(LIVE), CoSigning.case_id.in_(unfinished)
        )
        .values(state=CoState.ENDED.value, ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _own(session: Session, citizen_id: int, case_no: str) -> Case:
    """A citizen's own application while it may be changed, locked."""
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no)
    states.edge(State(case.state), Step.EDIT_FORM)
    return case


def _bound(session: Session, citizen_id: int, co_signing_id: int) -> tuple[Case, CoSigning]:
    """A live invitation that a citizen took and its case while it may be changed, both locked."""
    known = co_signed.mine(session, citizen_id=citizen_id, co_signing_id=co_signing_id)
    case = _held(session, known.case.id)
    row = session.scalar(
        select(CoSigning)
        .where(CoSigning.id == known.row.id, CoSigning.state.in_(LIVE))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise CoSignNotFound
    states.edge(State(case.state), Step.EDIT_FORM)
    return case, row


def _held(session: Session, case_id: int) -> Case:
    """A case, locked as by whoever changes its form or its photos."""
    locked = select(Case).where(Case.id == case_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def _free() -> ColumnElement[bool]:
    """Whose code is still good: nobody has taken it, and its days are not over."""
    return and_(CoSigning.state == CoState.OPEN, CoSigning.over_at > clock.now())


def _end(session: Session, case: Case) -> None:
    """End the live invitation of a case; whoever took it is told."""
    ended = session.execute(
        update(CoSigning)
        .where(CoSigning.case_id == case.id, CoSigning.state.in_(LIVE))
        .values(state=CoState.ENDED.value, ended_at=clock.now())
        .returning(CoSigning.id, CoSigning.citizen_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if ended is not None and ended.citizen_id is not None:
        _tell(session, ended.id, "ended")


def _tell(session: Session, co_signing_id: int, happening: str) -> None:
    publish(session, CoSignMoved(co_signing_id, happening, clock.now().isoformat()))


def _note(session: Session, citizen_id: int, *, action: str, case: Case) -> None:
    actor = f"citizen:{citizen_id}"
    audit.record(session, actor=actor, action=action, subject=f"case:{case.case_no}", citizen_id=citizen_id)
