"""Numbers of documents (文号): 〔2026〕受字第000123号, counted by department, year and kind."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.documents import kinds
from app.documents.kinds import Kind
from app.documents.models import DocumentNumber


def take(session: Session, *, dept_code: str, year: int, kind: Kind) -> str:
    """The next number, which nobody else gets.

    The row is held until the unit of work ends, so that two who ask at once wait for each other; a unit of
    work that is given up gives its number back.
    """
    word = kinds.word(kind)
    counted = insert(DocumentNumber).values(dept_code=dept_code, year=year, word=word, last=1)
    last = session.scalars(
        counted.on_conflict_do_update(
            index_elements=[DocumentNumber.dept_code, DocumentNumber.year, DocumentNumber.word],
            set_={"last": DocumentNumber.last + 1},
        ).returning(DocumentNumber.last)
    ).one()
    return written(year, word, last)


def written(year: int, word: str, serial: int) -> str:
    """A number as it is printed."""
    return f"〔{year}〕{word}字第{serial:06d}号"
