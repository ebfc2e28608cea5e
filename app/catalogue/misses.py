"""Questions that search did not answer (未命中): kept without the person, to become words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, logs
from app.catalogue import codes, gathering, wording, words
from app.catalogue.errors import GuideNotFound, TooMuchFeedback
from app.catalogue.models import ServiceItem
from app.catalogue.search_models import SearchMiss, SearchVerdict, Why

DIFFERENT_PER_DAY = 2000
REMARKS_PER_DAY = 20_000
KEPT_DAYS = 90
_MOST_CANDIDATES = 5
_MOST_READ = 400
_ALIKE = 0.5
# A telephone number, a case number, an amount: nothing that an item is called by.
_NUMBERS = re.compile(r"[0-9a-z]*\d{3,}[0-9a-zx]*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words that were asked alike and found nothing (别名建议): how often, and which items they may mean."""

    words: list[str]
    count: int
    not_useful: int
    candidates: list[tuple[str, str]]


def note(session: Session, *, text: str, why: Why, candidates: Sequence[str]) -> None:
    """Keep a question of today with the items that were shown; numbers are taken out.

    Nothing is kept of cries for help, of questions already decided upon, or beyond DIFFERENT_PER_DAY.
    """
    simplified = wording.simplified(logs.masked(text))
    plain = words.plain(_NUMBERS.sub("", simplified))
    if len(plain) < 2 or wording.alarming(simplified):  # noqa: PLR2004 - one character names nothing
        return
    today = clock.today()
    if session.get(SearchVerdict, plain) is not None:
        return
    asked = session.scalar(select(func.count()).select_from(SearchMiss).where(SearchMiss.day == today)) or 0
    known = session.get(SearchMiss, (today, why.value, plain)) is not None
    if not known and asked >= DIFFERENT_PER_DAY:
        return
    if asked == 0:
        session.execute(delete(SearchMiss).where(SearchMiss.day < today - timedelta(days=KEPT_DAYS)))
    shown = list(dict.fromkeys(candidates))[:_MOST_CANDIDATES]
    statement = insert(SearchMiss).values(day=today, why=why.value, plain=plain, count=1, candidates=shown)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[SearchMiss.day, SearchMiss.why, SearchMiss.plain],
            set_={"count": SearchMiss.count + literal(1), "candidates": shown},
        )
    )


def judge(
    session: Session, *, text: str, useful: bool, shown: Sequence[str], task_code: str | None = None
) -> None:
    """Hear whether a search helped; what did not help is kept, with the item that was meant when it is told.

    Raises TooMuchFeedback when remarks reach REMARKS_PER_DAY within a day.
    """
    if useful:
        return
    today = select(func.sum(SearchMiss.count)).where(
        SearchMiss.day == clock.today(), SearchMiss.why == Why.NOT_USEFUL.value
    )
    if (session.scalar(today) or 0) >= REMARKS_PER_DAY:
        raise TooMuchFeedback(retry_after=3600)
    meant = [task_code] if task_code and gathering.still_public(session, [task_code]) else []
    note(session, text=text, why=Why.NOT_USEFUL, candidates=[*meant, *shown])


def proposals(session: Session) -> list[Proposal]:
    """What is to be reviewed, the most asked first; questions that look alike are one."""
    total = func.sum(SearchMiss.count)
    not_useful = func.sum(SearchMiss.count).filter(SearchMiss.why == Why.NOT_USEFUL.value)
    asked = (
        select(SearchMiss.plain, total, func.coalesce(not_useful, 0), func.jsonb_agg(SearchMiss.candidates))
        .where(SearchMiss.plain.not_in(select(SearchVerdict.plain)))
        .group_by(SearchMiss.plain)
        .order_by(total.desc(), SearchMiss.plain)
        .limit(_MOST_READ)
    )
    groups: list[list[tuple[str, int, int, list[list[str]]]]] = []
    for plain, count, bad, shown in session.execute(asked):
        row = (plain, int(count), int(bad), shown)
        alike = next((group for group in groups if _alike(group[0][0], plain)), None)
        groups.append([row]) if alike is None else alike.append(row)
    names = _names(session, {code for group in groups for row in group for one in row[3] for code in one})
    found = [_proposal(group, names) for group in groups]
    return sorted(found, key=lambda one: -one.count)


def accept(session: Session, *, said: Sequence[str], task_code: str, clerk_id: int) -> int:
    """Make words a name of an item; found by it within seconds. Raises GuideNotFound."""
    known = codes.parts_of_task_code(task_code) is not None  # no code holds what PostgreSQL refuses
    if not known or not gathering.still_public(session, [task_code]):
        raise GuideNotFound(task_code=task_code)
    added = words.add(
        session, words=[(task_code, one) for one in said], provenance="reviewed", clerk_id=clerk_id
    )
    _decide(session, said, task_code=task_code, clerk_id=clerk_id)
    return added


def refuse(session: Session, *, said: Sequence[str], clerk_id: int) -> None:
    """Say that words are no name of an item; they are not proposed again."""
    _decide(session, said, task_code=None, clerk_id=clerk_id)


def _decide(session: Session, said: Sequence[str], *, task_code: str | None, clerk_id: int) -> None:
    plains = list(dict.fromkeys(plain for one in said if (plain := words.plain(one))))
    if not plains:
        return
    new = {"task_code": task_code, "clerk_id": clerk_id, "decided_at": clock.now()}
    statement = insert(SearchVerdict).values([{"plain": plain, **new} for plain in plains])
    session.execute(statement.on_conflict_do_update(index_elements=[SearchVerdict.plain], set_=new))
    session.execute(delete(SearchMiss).where(SearchMiss.plain.in_(plains)))


def _alike(first: str, second: str) -> bool:
    one, other = wording.grams(first), wording.grams(second)
    return len(one & other) >= _ALIKE * len(one | other)


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    asked = select(ServiceItem.task_code, ServiceItem.name).where(
        ServiceItem.task_code.in_(codes), *gathering.PUBLIC
    )
    return {row.task_code: row.name for row in session.execute(asked)} if codes else {}


def _proposal(rows: list[tuple[str, int, int, list[list[str]]]], names: dict[str, str]) -> Proposal:
    shown = dict.fromkeys(code for row in rows for one in row[3] for code in one if code in names)
    return Proposal(
        [row[0] for row in rows],
        sum(row[1] for row in rows),
        sum(row[2] for row in rows),
        [(code, names[code]) for code in shown][:_MOST_CANDIDATES],
    )
