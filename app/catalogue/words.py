"""Words for items beside their names (别名): what a clerk has reviewed, and what is still to be reviewed."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import generation, wording
from app.catalogue.search_models import LONGEST_WORDS, SearchAlias


def load_aliases(session: Session, *, aliases: Mapping[str, Sequence[str]], provenance: str) -> int:
    """Make these the aliases of this provenance, by task code; returns how many were added or taken away.

    What clerks have accepted stays.
    """
    wanted = {
        (task_code, plain(words)): words[:LONGEST_WORDS]
        for task_code, all_words in aliases.items()
        for words in all_words
        if plain(words)
    }
    asked = select(SearchAlias).where(SearchAlias.provenance == provenance, SearchAlias.clerk_id.is_(None))
    known = {(alias.task_code, alias.plain): alias.id for alias in session.scalars(asked)}
    gone = [number for key, number in known.items() if key not in wanted]
    if gone:
        session.execute(delete(SearchAlias).where(SearchAlias.id.in_(gone)))
    new = ((task_code, words) for (task_code, key), words in wanted.items() if (task_code, key) not in known)
    added = add(session, words=new, provenance=provenance, clerk_id=None)
    if gone and not added:
        generation.advance(session)
    return added + len(gone)


def add(session: Session, *, words: Iterable[tuple[str, str]], provenance: str, clerk_id: int | None) -> int:
    """Add aliases as pairs of task code and words; returns how many were not known."""
    rows = [
        {
            "task_code": task_code,
            "words": said[:LONGEST_WORDS],
            "plain": plain(said),
            "provenance": provenance,
            "clerk_id": clerk_id,
            "created_at": clock.now(),
        }
        for task_code, said in words
    ]
    if not rows:
        return 0
    # The rows go beside the statement: it is compiled once, however many words a city has.
    new = insert(SearchAlias).on_conflict_do_nothing().returning(SearchAlias.id)
    added = session.scalars(new, rows).all()
    if added:
        generation.advance(session)
    return len(added)


def plain(words: str) -> str:
    """What two ways of writing the same words share: simplified, lower case, without gaps and marks."""
    return "".join(wording.runs(wording.simplified(words)))[:LONGEST_WORDS]
