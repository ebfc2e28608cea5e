"""An authority given at the window, on paper (窗口授权): for whoever has no phone, and whoever asks for it.

The giver stands there: they showed a document, or the code of an account whose name is proven. What is
printed carries the code, which the agent accepts on their own phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import clock, settings
from app.catalogue import delegating
from app.codes import qr
from app.delegations import queries, service
from app.delegations.models import TEXTS, Act
from app.delegations.queries import Between
from app.delegations.service import Wish, Witness
from app.desk import duties, window
from app.desk.errors import AuthorityUnreadable
from app.desk.identities import MEETING_ON_PAPER, PROVING
from app.people import queries as people
from app.staff.sessions import OnDuty

MOST_ITEMS = 20
# What a clerk sees of somebody whose code was scanned: their name was proven by a document before.
_PROVEN_BEFORE = "实名账号的个人码"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a clerk filled in: items one a line, by name or code, or `everything` that allows it."""

    matters: str
    everything: bool
    acts: Sequence[str]
    until: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed (授权委托书); the code is shown this once."""

    giver: str
    id_number: str
    matters: list[str]
    acts: list[str]
    until: date
    made_on: date
    accept_until: date
    document: str
    witness: str
    code: str
    # The picture that leads the agent's phone to accepting: its width in modules and its path.
    modules: int
    path: str


def given(session: Session, *, clerk: OnDuty, presence_id: int) -> list[Between]:
    """What the guest has given and still is in force; raises as `window.present` does."""
    citizen_id = window.present(session, clerk=clerk, presence_id=presence_id)
    return queries.given(session, citizen_id=citizen_id)


def make(session: Session, *, clerk: OnDuty, presence_id: int, typed: Typed) -> Paper:
    """Write down that the guest authorises somebody, before this clerk (窗口见证); what is to be printed.

    Raises NotYourDuty, PresenceNotFound, PresenceOver, AuthorityUnreadable, and as `service.offer` does.
    """
    duties.refuse_unless(clerk, PROVING)
    presence = window.presence(session, clerk=clerk, presence_id=presence_id)
    scope, wish = _read(session, typed)
    document = presence.document or _PROVEN_BEFORE
    witness = Witness(clerk.clerk_id, clerk.actor, document)
    code = service.offer(session, citizen_id=presence.citizen_id, wish=wish, witness=witness)
    giver = people.citizen(session, citizen_id=presence.citizen_id)
    # Behind the #, which no browser sends: the code is in no log.
    leads_to = f"{settings.current().public_url}/m/#/pages/delegations/accept?code={code}"
    modules, path = qr.drawn(leads_to)
    return Paper(
        giver=giver.name or "",
        id_number=people.masked_id_number(giver.id_number) or "",
        matters=list(scope.values()),
        acts=[TEXTS[act] for act in Act if act in service.whole(wish.acts)],
        until=wish.until,
        made_on=clock.today(),
        accept_until=clock.today() + service.CODE_FOR,
        document=document,
        witness=clerk.name,
        code=code,
        modules=modules,
        path=path,
    )


def confirm(session: Session, *, clerk: OnDuty, presence_id: int, delegation_id: int) -> None:
    """Confirm what a colleague wrote down for the guest (窗口复核), so that nobody makes an agent alone.

    Raises NotYourDuty, PresenceNotFound, PresenceOver, DelegationNotFound, SecondClerkNeeded.
    """
    duties.refuse_unless(clerk, MEETING_ON_PAPER)
    service.confirm(
        session,
        citizen_id=window.present(session, clerk=clerk, presence_id=presence_id),
        delegation_id=delegation_id,
        clerk_id=clerk.clerk_id,
        actor=clerk.actor,
    )


def end(session: Session, *, clerk: OnDuty, presence_id: int, delegation_id: int) -> None:
    """Stop an authority of the guest's at once, as they wish (窗口停止授权).

    Raises NotYourDuty, PresenceNotFound, PresenceOver, DelegationNotFound.
    """
    duties.refuse_unless(clerk, MEETING_ON_PAPER)
    citizen_id = window.present(session, clerk=clerk, presence_id=presence_id)
    service.end(session, citizen_id=citizen_id, delegation_id=delegation_id, actor=clerk.actor)


def _read(session: Session, typed: Typed) -> tuple[dict[str, str], Wish]:
    """The items by code and the wish; raises AuthorityUnreadable with a sentence for every field."""
    errors: dict[str, list[str]] = {}
    lines = list(dict.fromkeys(filter(None, (line.strip() for line in typed.matters.splitlines()))))
    found = delegating.named(session, words=lines[:MOST_ITEMS])
    unknown = [line for line in lines if line not in found]
    if len(lines) > MOST_ITEMS:
        errors["matters"] = [f"一次最多写{MOST_ITEMS}项"]
    elif unknown:
        errors["matters"] = [f"没有“{unknown[0][:40]}”这个事项，请照办事指南的名称写"]
    elif typed.everything == bool(lines):
        errors["matters"] = ["请写明哪些事项；全部都授权的，只勾“全部可以代办的事项”"]
    acts = [Act(act) for act in typed.acts if act in set(Act)]
    if not acts:
        errors["acts"] = ["请至少选一项"]
    try:
        until = date.fromisoformat(typed.until)
    except ValueError:
        until = clock.today()
        errors["until"] = ["请选择授权到哪一天"]
    if errors:
        raise AuthorityUnreadable(errors=errors)
    scope = dict(found[line] for line in lines)
    return scope, Wish(list(scope), acts, until)
