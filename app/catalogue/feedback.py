"""What citizens say of a search, and what search could not answer (搜索反馈)."""

from sqlalchemy.orm import Session

from app.catalogue import misses, search
from app.catalogue.search import SearchResult
from app.catalogue.search_models import Why

# Below this a hit says nothing about the question, and the question counts as one without an answer.
_WORTH_SHOWING = 0.35
_CANDIDATES = 3


def note_if_nothing(session: Session, *, text: str, result: SearchResult) -> None:
    """Keep a question for which nothing worth showing was found."""
    if not result.hits or result.hits[0].score < _WORTH_SHOWING:
        misses.note(session, text=text[: search.LONGEST_QUESTION], why=Why.NOTHING, candidates=_shown(result))


def judge(session: Session, *, text: str, useful: bool, task_code: str | None = None) -> None:
    """Hear whether a search helped; what did not is kept with what was shown. Raises TooMuchFeedback."""
    shown = [] if useful else _shown(search.find(session, text=text, limit=_CANDIDATES))
    misses.judge(session, text=text, useful=useful, shown=shown, task_code=task_code)


def _shown(result: SearchResult) -> list[str]:
    return [hit.task_code for hit in result.hits[:_CANDIDATES] if hit.task_code is not None]
