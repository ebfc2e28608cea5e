"""A promise and the credit lists (信用核查): refused, known, or waited for; and what follows.

Who is listed before the decision has promised in vain: the material is asked for as one that follows (容缺),
in whatever state the case is, so that nobody has to begin anew and nothing is granted without it.
"""

import logging
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import fallen
from app.cases.credit_models import CaseCredit, CreditMark
from app.cases.models import Case
from app.cases.states import UNDER_WAY
from app.catalogue import promises
from app.catalogue.queries import Guide
from app.credit import lists, subjects
from app.credit.events import ListingAnswered
from app.credit.list_models import CreditListing
from app.credit.lists import Entry
from app.credit.subjects import Subject
from app.crypto import UnreadableError
from app.db import unit_of_work

log = logging.getLogger(__name__)

WAITS = "信用名单还在查，可以先签。查到被列入严重失信名单的，承诺不算，要改为提交材料。"


def ask_early(session: Session, case: Case, guide: Guide) -> None:
    """Have the lists asked as soon as a draft is begun whose guide offers promises."""
    if promises.are_offered(guide.body):
        lists.want(session, subject_of(session, case))


def refuse_listed(session: Session, case: Case) -> None:
    """Raises PromiseListed; what is not known, or too old, is asked again meanwhile."""
    subject = subject_of(session, case)
    lists.want(session, subject)
    lists.refuse_listed(session, subject)


def is_unknown(session: Session, case: Case) -> bool:
    """Whether the lists are asked and have not answered yet."""
    subject = subject_of(session, case)
    return subject is not None and lists.is_asked() and lists.known(session, subject) is None


def begin(session: Session, case: Case) -> None:
    """Mark a case that is handed in on a promise: known, waited for, or of somebody nobody has proven."""
    if not lists.is_asked():
        return
    subject, now = subject_of(session, case), clock.now()
    if subject is None:
        mark = CreditMark.UNPROVEN
    else:
        mark = CreditMark.WAITING if lists.known(session, subject) is None else CreditMark.CLEAR
    row = insert(CaseCredit).values(
        case_id=case.id,
        mark=mark.value,
        subject_index=None if subject is None else lists.index_of(subject),
        begun_at=now,
        settled_at=now if mark is CreditMark.CLEAR else None,
    )
    session.execute(row.on_conflict_do_nothing())


def of_case(session: Session, *, case_id: int) -> CaseCredit | None:
    """How a case stands with the lists; None for one that was handed in without a promise."""
    return session.get(CaseCredit, case_id, populate_existing=True)


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, CaseCredit]:
    """The same for several cases: one statement for all."""
    found = session.scalars(select(CaseCredit).where(CaseCredit.case_id.in_(case_ids)))
    return {one.case_id: one for one in found}


def waits(session: Session, *, case_id: int) -> bool:
    """Whether a case stands on a promise of which nobody knows yet whether it counts."""
    found = of_case(session, case_id=case_id) if lists.is_asked() else None
    return found is not None and found.mark == CreditMark.WAITING


def waiting(session: Session, *, of: ColumnElement[bool], limit: int = 50) -> list[Case]:
    """The cases among some that wait for the lists, the longest waiting first (信用待查)."""
    asked = select(Case).join(CaseCredit, CaseCredit.case_id == Case.id)
    mine = asked.where(CaseCredit.mark == CreditMark.WAITING.value, Case.state.in_(UNDER_WAY), of)
    return list(session.scalars(mine.order_by(CaseCredit.begun_at).limit(limit)))


def ask_again() -> int:
    """Have whoever a case still waits for asked about once more (job); how many cases. Safe to repeat.

    Of somebody who is being asked about nothing changes. But an answer is forgotten after a day, and a case
    that did not hear it in time would wait for ever.
    """
    stuck = (
        select(Case.id)
        .join(CaseCredit, CaseCredit.case_id == Case.id)
        .where(
            CaseCredit.mark == CreditMark.WAITING.value,
            CaseCredit.begun_at < clock.now() - lists.GOOD_FOR,
            Case.state.in_(UNDER_WAY),
        )
    )
    with unit_of_work() as session:
        found = session.scalars(stuck.order_by(Case.id)).all()
    for case_id in found:
        try:
            with unit_of_work() as session:
                lists.want(session, subject_of(session, session.get_one(Case, case_id)))
        except UnreadableError:
            log.exception("credit_not_asked_again", extra={"case_id": case_id})
    return len(found)


def follow(session: Session, event: ListingAnswered) -> None:
    """Settle every case that waited for an answer (subscriber); safe to repeat."""
    listing = session.get(CreditListing, event.listing_id)
    entries = None if listing is None else lists.entries_of(listing)
    if listing is None or entries is None:
        return
    waited = select(CaseCredit.case_id).where(
        CaseCredit.subject_index == listing.subject_index, CaseCredit.mark == CreditMark.WAITING.value
    )
    for case_id in session.scalars(waited.order_by(CaseCredit.case_id)).all():
        case, found = held(session, case_id=case_id)
        if found is not None:
            settle(session, case, found, entries=entries)


def held(session: Session, *, case_id: int) -> tuple[Case, CaseCredit | None]:
    """A case, held, with its mark while that waits: of an answer and a clerk one comes first."""
    locked = select(Case).where(Case.id == case_id).with_for_update()
    case = session.scalars(locked.execution_options(populate_existing=True)).one()
    found = of_case(session, case_id=case_id)
    return case, found if found is not None and found.mark == CreditMark.WAITING else None


def settle(session: Session, case: Case, found: CaseCredit, *, entries: Sequence[Entry]) -> None:
    """Write down what is known now of a mark that waited; a promise falls with the first entry."""
    entry = entries[0] if entries else None
    found.settled_at = clock.now()
    found.mark = (CreditMark.CLEAR if entry is None else CreditMark.LISTED).value
    if entry is not None and case.state in UNDER_WAY:
        found.listed = f"{entry.authority}，到{entry.until_words}"
        fallen.ask_for_materials(session, case)
    session.flush()


def subject_of(session: Session, case: Case) -> Subject | None:
    """Whose credit a case is about; None while nobody has proven who they are."""
    return subjects.of(session, citizen_id=case.citizen_id, organisation_id=case.organisation_id)
