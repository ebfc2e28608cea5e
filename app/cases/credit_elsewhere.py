"""A question about credit that finds no answer (信用待查的出路): asked anew, or learned elsewhere.

Nothing is granted on a promise while nobody knows whether it counts, so a question that the platform never
answers must not hold a case for ever. Data that was wrong is put right and asked about anew; what somebody
learns another way is written down with its source and reason, by another role than the one that decides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app import clock
from app.cases import credit_marks, timeline
from app.cases.credit_models import CaseCredit
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.promise_errors import CreditOfNobody, CreditSettled, CreditStillAsked, LearnedUnfounded
from app.cases.states import UNDER_WAY
from app.credit import lists
from app.credit.lists import Entry
from app.plain_text import readable

LONGEST_SOURCE: Final = 100
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned elsewhere: the entry if there is one, from where, and why not from the platform."""

    entry: Entry | None
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A case that waits; `refusal` is the platform's word, `may_learn` whether to look elsewhere by now."""

    case: Case
    refusal: str | None
    may_learn: bool


def stuck(session: Session, *, cases: Collection[Case]) -> list[Stuck]:
    """How it stands with the questions of some cases that wait."""
    marks = credit_marks.of_cases(session, case_ids=[case.id for case in cases])
    indexes = [mark.subject_index for mark in marks.values() if mark.subject_index is not None]
    refusals = lists.refusals(session, indexes=indexes)
    found = [(case, marks[case.id], refusals.get(marks[case.id].subject_index or b"")) for case in cases]
    return [Stuck(case, why, why is not None or _waits_long(mark)) for case, mark, why in found]


def ask_anew(session: Session, *, case_id: int) -> None:
    """Ask about the applicant as they are known now (重新查询); what is known already settles the case.

    Raises CreditSettled, CreditOfNobody.
    """
    case, found = _waiting(session, case_id)
    subject = credit_marks.subject_of(session, case)
    if subject is None:
        raise CreditOfNobody
    found.subject_index = lists.index_of(subject)
    session.flush()
    entries = lists.known(session, subject)
    if entries is None:
        lists.want_anew(session, subject)
    else:
        credit_marks.settle(session, case, found, entries=entries)


def learn(session: Session, *, case_id: int, officer: Officer, learned: Learned) -> None:
    """Write down what was learned elsewhere (登记另行核实的结果), once; of it and an answer one comes first.

    Raises CreditSettled, CreditStillAsked, LearnedUnfounded.
    """
    source, reason = readable(learned.source), readable(learned.reason)
    said = 0 < len(source) <= LONGEST_SOURCE and 0 < len(reason) <= LONGEST_REASON
    if not said or (learned.entry is not None and not learned.entry.holds_on(clock.today())):
        raise LearnedUnfounded
    case, found = _waiting(session, case_id)
    if not stuck(session, cases=[case])[0].may_learn:
        raise CreditStillAsked
    timeline.note(
        session,
        case_id=case.id,
        kind="credit_learned",
        actor=timeline.clerk(officer),
        # Where and why stands in the citizen's own data: lines are never personal.
        sentence="信用平台没有答复，工作人员另行核实了信用名单，结果已登记",
    )
    found.learned_by, found.learned_by_name = officer.clerk_id, officer.name
    found.learned_from, found.learned_why = source, reason
    credit_marks.settle(session, case, found, entries=[learned.entry] if learned.entry else [])


def _waiting(session: Session, case_id: int) -> tuple[Case, CaseCredit]:
    case, found = credit_marks.held(session, case_id=case_id)
    if found is None or case.state not in UNDER_WAY:
        raise CreditSettled
    return case, found


def _waits_long(mark: CaseCredit) -> bool:
    return mark.begun_at < clock.now() - lists.GOOD_FOR
