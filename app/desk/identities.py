"""Who stands at the window, proven by the document they show (窗口核验身份)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.assistance import service as assistance
from app.check_characters import CitizenNumberWrong, citizen_number, visible
from app.delegations import service as delegations
from app.desk import duties, window
from app.desk.duties import Duty
from app.desk.errors import IdentityUnreadable, OwnIdentity, WithdrawalUnfounded
from app.organisations import following
from app.people import on_paper, proving
from app.people.proving import Document, Shown
from app.plain_text import readable
from app.staff.models import Role
from app.staff.sessions import OnDuty

PROVING: Duty = frozenset({Role.FRONT_DESK})
WITHDRAWING: Duty = frozenset({Role.SUPERVISOR})
# Who takes back what was given on paper must be able to meet whoever gave it.
MEETING_ON_PAPER: Duty = PROVING | WITHDRAWING
LONGEST_NAME = 50
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What a clerk copied from the document."""

    name: str
    number: str
    document: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Whether the number begins with a province of today; where it does not, the clerk looks once more."""

    region_is_known: bool


def count_try(session: Session, *, clerk: OnDuty) -> None:
    """Count that the clerk enters an identity, in a unit of work of its own; raises ProvenTooOften."""
    duties.refuse_unless(clerk, MEETING_ON_PAPER)
    proving.count_try(session, clerk_id=clerk.clerk_id)


def prove(session: Session, *, clerk: OnDuty, presence_id: int, typed: Typed) -> Proven:
    """Bind the identity on a document to the account whose code was just shown (窗口核验); safe to repeat.

    Raises NotYourDuty, PresenceNotFound, PresenceOver, IdentityUnreadable, OwnIdentity, and as
    `proving.prove_shown` does.
    """
    duties.refuse_unless(clerk, PROVING)
    citizen_id = window.present(session, clerk=clerk, presence_id=presence_id)
    shown = _read(typed)
    if shown.name == _squeezed(clerk.name):
        raise OwnIdentity
    on_paper_id = on_paper.retire(session, number=shown.number, account_id=citizen_id)
    if on_paper_id is not None:
        assistance.end_with_account(session, citizen_id=on_paper_id)
        delegations.end_all(session, citizen_id=on_paper_id, actor=clerk.actor)
    proving.prove_shown(session, citizen_id=citizen_id, shown=shown, actor=clerk.actor)
    return Proven(shown.region_is_known)


def meet(session: Session, *, clerk: OnDuty, typed: Typed) -> int:
    """Meet somebody who has no phone, by the document in hand (凭证件接待); the meeting's id.

    Raises NotYourDuty, IdentityUnreadable, OwnIdentity, HasAccount, IdentityOfAnother.
    """
    duties.refuse_unless(clerk, MEETING_ON_PAPER)
    shown = _read(typed)
    if shown.name == _squeezed(clerk.name):
        raise OwnIdentity
    citizen_id = on_paper.known(session, shown=shown)
    return window.meet(session, clerk=clerk, citizen_id=citizen_id, document=shown.document.value)


def withdraw(session: Session, *, clerk: OnDuty, presence_id: int, reason: str) -> None:
    """Take the identity of whoever is at the window back (撤销实名), and what rested on it.

    Raises NotYourDuty, PresenceNotFound, PresenceOver, WithdrawalUnfounded, NothingProven.
    """
    duties.refuse_unless(clerk, WITHDRAWING)
    citizen_id = window.present(session, clerk=clerk, presence_id=presence_id)
    said = readable(reason)
    if not said or len(said) > LONGEST_REASON:
        raise WithdrawalUnfounded
    # The audit log is written last: whoever acts under an authority that ends here writes into it too.
    proving.held(session, citizen_id)
    assistance.end_with_account(session, citizen_id=citizen_id)
    delegations.end_all(session, citizen_id=citizen_id, actor=clerk.actor)
    following.identity_withdrawn(session, citizen_id=citizen_id)
    proving.withdraw(session, citizen_id=citizen_id, actor=clerk.actor, reason=said)


def _read(typed: Typed) -> Shown:
    """What was typed in its written form; raises IdentityUnreadable with a sentence for every field."""
    errors: dict[str, list[str]] = {}
    name = _squeezed(typed.name)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = ["请照证件填写姓名"]
    elif any(letter.isdigit() for letter in name):
        errors["name"] = ["姓名里不能有数字，请对照证件核对"]
    number = ""
    try:
        number = citizen_number(typed.number, today=clock.today())
    except CitizenNumberWrong as wrong:
        errors["number"] = [wrong.fault.value]
    if typed.document not in set(Document):
        errors["document"] = ["请选择看的是哪种证件"]
    if errors:
        raise IdentityUnreadable(errors=errors)
    return Shown(name, number, Document(typed.document))


def _squeezed(name: str) -> str:
    """A name as documents write it: no blanks around it, single ones within, nothing unseen."""
    return " ".join(visible(name).split())
