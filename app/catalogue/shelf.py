"""Which index a process searches (检索书架): in memory while there is little, on disk when there is much.

An index on disk belongs to the database it was made from. It is brought up to date by whichever process
first sees a new generation, under a lock on a file; the others then only open it again. While that goes on,
and while none exists yet, questions are answered from what there is.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
from sqlalchemy import case, or_, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import settings
from app.catalogue import gathering, generation, names, wording
from app.catalogue.archive import SHAPE, Archive
from app.catalogue.entries import Document, Entry, read_entry
from app.catalogue.index import Found, Index
from app.catalogue.models import ServiceItem
from app.catalogue.reading import Question
from app.catalogue.search_models import SearchChange
from app.db import unit_of_work

log = logging.getLogger(__name__)

LARGE = 1000  # from so many public items on the index is on disk
_CHUNK = 500
_FALLBACK = 60
_MOST_WORDS = 12
_PAUSES_S = (1.0, 10.0, 60.0)  # after a disk or a database that failed
_UNKNOWN = -1  # the number of no generation

_DATABASE = text(
    "SELECT (SELECT system_identifier FROM pg_control_system())::text || '-' || oid::text"
    " FROM pg_database WHERE datname = current_database()"
)
_SEEN_UNTIL = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


class Books:
    """What one process searches at one generation: general questions in memory, items there or on disk."""

    def __init__(self, number: int, memory: Index, disk: Archive | None, *, unmade: bool = False) -> None:
        """`unmade`: the items are neither in memory nor, yet, on disk."""
        self.number = number
        self.unmade = unmade
        self.memory = memory
        self.disk = disk
        self.names = names.Names(document.entry for document in memory.documents)

    def find(self, text: str, *, limit: int, audience: str | None = None) -> tuple[Question, list[Found]]:
        """How a question is read, and the best entries for it."""
        if self.disk is None:
            question = self.memory.judge.reader.read(text)
            return question, self.memory.find(question, limit=limit, audience=audience)
        question = self.disk.judge.reader.read(text)
        candidates = self.disk.candidates(question) + self.memory.candidates(question)
        return question, self.disk.judge.best(question, candidates, limit=limit, audience=audience)


class Shelf:
    """The books in use, exchanged when the catalogue has changed."""

    def __init__(self) -> None:
        self._books: Books | None = None
        self._exchanging = threading.Lock()
        self._keeping: threading.Thread | None = None
        self._read: dict[str, tuple[int, Document]] = {}

    def books(self, session: Session) -> Books:
        """What to search; one thread exchanges it when the catalogue has changed, others use the old."""
        number = generation.watch.number(session)
        books = self._books
        if books is not None and books.number == number:
            return books
        if not self._exchanging.acquire(blocking=books is None):
            return books or self.books(session)
        try:
            if self._books is None or self._books.number != number:
                self._books = self._made(session, number)
            return self._books
        finally:
            self._exchanging.release()

    def wait(self) -> None:
        """Wait until the index on disk has been brought up to date."""
        keeping = self._keeping
        if keeping is not None:
            keeping.join()

    def _made(self, session: Session, number: int) -> Books:
        general = [read_entry(entry) for entry in gathering.general(session)]
        if gathering.how_many(session) < LARGE:
            return Books(number, Index(self._items(session) + general), None)
        folder = folder_of(session)
        disk = self._opened(folder)
        if _state(folder).get("number") != number and not self._is_kept():
            self._keeping = threading.Thread(
                target=self._keep, args=(folder,), daemon=True, name="search-index"
            )
            self._keeping.start()
        return Books(number, Index(general), disk, unmade=disk is None)

    def _opened(self, folder: Path) -> Archive | None:
        """The index on disk; None when there is none, or none that can be read: then it is made anew."""
        if not _state(folder):
            return None
        old = self._books.disk if self._books is not None else None
        try:
            return old.fresh() if old else Archive(folder / "index")
        except (OSError, ValueError) as error:
            log.warning("search_index_unreadable", extra={"error": type(error).__name__})
            (folder / "state.json").unlink(missing_ok=True)
            return None

    def _items(self, session: Session) -> list[Document]:
        """All public items; what has not changed since is not read again."""
        changes = _changes(session, None)
        wanted = {
            ref: change for ref, change in changes.items() if self._read.get(f"i{ref}", (0,))[0] != change
        }
        whole = len(wanted) > len(changes) // 2
        fetched = dict(gathering.items(session, refs=None if whole else list(wanted)))
        read = {
            key: held
            for key, held in self._read.items()
            if int(key[1:]) not in wanted and int(key[1:]) in changes
        }
        for ref, entry in fetched.items():
            read[f"i{ref}"] = (changes.get(ref, -1), read_entry(entry))
        self._read = read
        return [document for _, (_, document) in sorted(read.items(), key=lambda one: int(one[0][1:]))]

    def _is_kept(self) -> bool:
        """Whether a thread is at it; one that died of a surprise is not."""
        return self._keeping is not None and self._keeping.is_alive()

    def _keep(self, folder: Path) -> None:
        """Bring the index up to date for as long as somebody publishes meanwhile."""
        for pause in _PAUSES_S:
            try:
                tried: int | None = None
                while (number := self._still_wanted(folder, tried)) is not None:
                    keep(folder)
                    tried = number
            except (OSError, ValueError, SQLAlchemyError) as error:
                log.exception("search_index_failed", extra={"error": type(error).__name__})
                time.sleep(pause)
            else:
                return
        with self._exchanging:
            self._keeping = None
            if self._books is not None:
                self._books.number = _UNKNOWN  # the next question has it tried again

    def _still_wanted(self, folder: Path, tried: int | None) -> int | None:
        """For which number the index is to be kept; None when it was, and then nobody is at it any more.

        Said while no books are exchanged: who exchanges them sees either that somebody goes on or that nobody
        does. A number that was tried is good: the index may be ahead of what this process knows.
        """
        with self._exchanging:
            books = self._books
            if books is not None and _state(folder).get("number") != books.number != tried:
                return books.number
            if books is not None and _state(folder):
                self._books = Books(books.number, books.memory, Archive(folder / "index"))
            self._keeping = None
            return None


shelf = Shelf()


def folder_of(session: Session) -> Path:
    """Where the index of this database lies on this machine."""
    name = session.scalar(_DATABASE)
    return settings.current().data_dir / "search" / f"{name}-{SHAPE}"


def keep(folder: Path) -> bool:
    """Bring the index on disk up to date, by what changed or wholly; whether there was anything to do."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"), unit_of_work() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        until = session.scalar(_SEEN_UNTIL) or 0
        number = generation.current(session)
        known = _state(folder)
        if known.get("number") == number:
            return False
        if known.get("until", 0) > until:  # the database was set back
            known = {}
        if not known:
            shutil.rmtree(folder / "index", ignore_errors=True)
        held = Archive(folder / "index")
        _exchange(session, held, _changes(session, known.get("until")))
        if held.fresh().count != gathering.how_many(session):
            _reconcile(session, held.fresh())
        _write(folder, {"number": number, "until": until})
    return True


def _reconcile(session: Session, held: Archive) -> None:
    """Compare everything with what is public, for changes that no trigger saw."""
    known, noted = held.changes(), _changes(session, None)
    public = session.scalars(select(ServiceItem.id).where(*gathering.PUBLIC))
    now = {ref: noted.get(ref, 0) for ref in public}
    differing = {ref: change for ref, change in now.items() if known.get(ref) != change}
    _exchange(session, held, differing | {ref: 0 for ref in known if ref not in now})


def _exchange(session: Session, held: Archive, changes: dict[int, int]) -> None:
    refs = sorted(changes)

    def entries() -> Iterator[tuple[int, int, Entry]]:
        for start in range(0, len(refs), _CHUNK):
            for ref, entry in gathering.items(session, refs=refs[start : start + _CHUNK]):
                yield ref, changes[ref], entry

    if refs:
        held.write(gone=refs if held.count else (), new=entries())


def _changes(session: Session, since: int | None) -> dict[int, int]:
    asked = select(SearchChange.ref, SearchChange.change).where(SearchChange.kind == "item")
    if since is not None:
        asked = asked.where(SearchChange.change >= since)
    return {row.ref: row.change for row in session.execute(asked)}


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _state(folder: Path) -> dict[str, int]:
    try:
        found: dict[str, int] = orjson.loads((folder / "state.json").read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return found


def _write(folder: Path, state: dict[str, int]) -> None:
    new = folder / f"state.{os.getpid()}"
    new.write_bytes(orjson.dumps(state))
    new.replace(folder / "state.json")


def fallback(session: Session, asked: str) -> Index:
    """A small index of items whose names share a word with the question, while there is no other."""
    grams = wording.grams(wording.simplified(asked))
    like = [ServiceItem.name.contains(gram) for gram in sorted(grams) if len(gram) > 1][:_MOST_WORDS]
    if not like:
        return Index(())
    shared = sum((case((one, 1), else_=0) for one in like[1:]), start=case((like[0], 1), else_=0))
    named = (
        select(ServiceItem.id).where(*gathering.PUBLIC, or_(*like)).order_by(shared.desc()).limit(_FALLBACK)
    )
    found = gathering.items(session, refs=list(session.scalars(named)))
    return Index(read_entry(entry) for _, entry in found)
