"""Whose application for a bundle it is (一件事申请归属): a person's, or a company's (ADR 0011)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from app.bundles.errors import ApplicationNotFound, BundleForPersons
from app.bundles.models import BundleApplication, BundlePart
from app.cases.errors import OutOfScope
from app.organisations import queries as organisations
from app.organisations.queries import Acting

Cards = Mapping[str, Mapping[str, Any]]


def owned(
    session: Session, *, citizen_id: int, organisation_id: int | None, hold: bool = False
) -> ColumnElement[bool]:
    """Which applications somebody may see: their own, or, acting for a company, its own.

    An agent of some items sees those whose every part is among these: one form and one list of materials
    would show the rest. `hold`: the standing does not end before this unit of work. Raises
    OrganisationNotFound.
    """
    if organisation_id is None:
        return and_(BundleApplication.citizen_id == citizen_id, BundleApplication.organisation_id.is_(None))
    now = organisations.acting(session, citizen_id=citizen_id, organisation_id=organisation_id, hold=hold)
    its_own = BundleApplication.organisation_id == organisation_id
    if not now.scope:
        return its_own
    beyond = exists().where(
        BundlePart.application_id == BundleApplication.id, BundlePart.task_code.not_in(now.scope)
    )
    return and_(its_own, ~beyond)


def one(
    session: Session, *, citizen_id: int, organisation_id: int | None, application_no: str, hold: bool = False
) -> BundleApplication:
    """An application that its caller may see; raises ApplicationNotFound and OrganisationNotFound.

    `hold` locks it until the unit of work ends, the standing before it. Whoever changes an application or
    moves its parts holds this row first, the cases after it.
    """
    mine = owned(session, citizen_id=citizen_id, organisation_id=organisation_id, hold=hold)
    asked = select(BundleApplication).where(BundleApplication.application_no == application_no, mine)
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked) if application_no.isprintable() else None  # PostgreSQL refuses NUL
    if found is None:
        raise ApplicationNotFound
    return found


def covered(acting: Acting | None, *, codes: Collection[str]) -> Collection[str]:
    """Which items somebody may handle; all of them when it is none, so that the refusal names one."""
    return [code for code in codes if acting is None or acting.covers(code)] or codes


def refuse_out_of_scope(acting: Acting, *, codes: Collection[str], cards: Cards) -> None:
    """Raises OutOfScope with the first of these items that an agent was not authorised for."""
    for code in codes:
        if not acting.covers(code):
            raise OutOfScope(name=cards[code]["name"] if code in cards else code)


def refuse_for_persons(cards: Cards, *, name: str) -> None:
    """Raises BundleForPersons when none of these items is one that companies apply for."""
    if cards and not any(map(_serves_companies, cards.values())):
        raise BundleForPersons(name=name)


def possible(wanted: Collection[str], *, cards: Cards, for_company: bool) -> tuple[list[str], list[str]]:
    """A sentence for what cannot be applied for now, and what can; `cards` are those of public items."""
    public = [code for code in wanted if code in cards]
    theirs = [code for code in public if not for_company or _serves_companies(cards[code])]
    gone, personal = len(wanted) - len(public), len(public) - len(theirs)
    sentences = [
        *([f"有{gone}个事项现在不能申请，没有列入；恢复后可单独办理"] if gone else []),
        *([f"有{personal}个事项只给个人办，没有列入；需要时请切换回个人单独办理"] if personal else []),
    ]
    return sentences, theirs


def _serves_companies(card: Mapping[str, Any]) -> bool:
    return "business" in card["audiences"]
