"""The index of a large catalogue on disk (磁盘索引), shared by the processes of a machine: tantivy.

It only finds candidates; how well they fit is judged by the same code as in a small catalogue. Its tokens
are the grams we make, so that nothing is parsed and no phrase query can arise. Ids are signed numbers.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson
import tantivy

from app.catalogue import wording
from app.catalogue.entries import Document, Entry, Passage, read_entry
from app.catalogue.index import Found, Judge
from app.catalogue.reading import Question

SHAPE = 5  # raised whenever what is written differs
_NAMES, _BODY = "names", "body"
_NAMING = 0.6  # fields from this weight on are searched first
_TELLING = 10  # so many of the rarest grams find the candidates
_CANDIDATES = 48
_ENOUGH = 8
_KEPT_DOCUMENTS = 4096
_HEAP = 64_000_000
_LONGEST_BEGINNING = 16
_COMPLETED = 20

_Place = tuple[int, int, tantivy.DocAddress]


def schema() -> tantivy.Schema:
    """The fields: the item's number, when it changed, its grams, its beginnings, and itself."""
    made = tantivy.SchemaBuilder()
    made.add_integer_field("ref", stored=False, indexed=True, fast=True)
    made.add_integer_field("change", stored=False, indexed=False, fast=True)
    made.add_text_field(_NAMES, stored=False, tokenizer_name="whitespace", index_option="basic")
    made.add_text_field(_BODY, stored=False, tokenizer_name="whitespace", index_option="basic")
    made.add_text_field("begins", stored=False, tokenizer_name="raw", index_option="basic")
    made.add_bytes_field("entry", stored=True, indexed=False)
    return made.build()


class Archive:
    """One index on disk as it was when it was opened; `fresh` opens it again."""

    def __init__(self, folder: Path, *, documents: dict[tuple[int, int], Document] | None = None) -> None:
        """Open the index in a folder, or begin an empty one; entries that were read before are taken over."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._schema = schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.config_reader("manual", 0)
        self._index.reload()
        self._searcher = self._index.searcher()
        self._documents = {} if documents is None else documents
        self._frequencies: dict[str, int] = {}
        self.count = self._searcher.num_docs
        self.judge = Judge(self)

    def fresh(self) -> "Archive":
        """The index with what was committed since."""
        return Archive(self._folder, documents=self._documents)

    def frequency(self, gram: str) -> int:
        """How many entries hold a gram."""
        found = self._frequencies.get(gram)
        if found is None:
            names = self._searcher.doc_freq(_NAMES, gram)
            found = self._frequencies[gram] = names or self._searcher.doc_freq(_BODY, gram)
        return found

    def find(self, question: Question, *, limit: int, audience: str | None = None) -> list[Found]:
        """The best entries, best first."""
        documents = self.candidates(question)
        return self.judge.best(question, documents, limit=limit, audience=audience)

    def candidates(self, question: Question) -> list[Document]:
        """Entries that hold the most telling grams, in their names first."""
        return [self._document(*one) for one in self.search(question)]

    def search(self, question: Question) -> list[_Place]:
        """Where the candidates lie: their numbers, when they changed, their places in the index."""
        telling = self.telling(question)
        if not telling:
            return []
        found = self._search(_NAMES, telling)
        if len(found) < _ENOUGH:
            known = {ref for ref, _, _ in found}
            found += [one for one in self._search(_BODY, telling) if one[0] not in known]
        return found

    def telling(self, question: Question) -> list[tuple[str, float]]:
        """The grams of a question that say most, with what they say."""
        weigh = self.judge.reader.weight
        weights = dict(question.weights)
        for gram in question.meant - weights.keys():
            weights[gram] = weigh(gram) / 2
        known = [(gram, weight) for gram, weight in weights.items() if self.frequency(gram)]
        pairs = [pair for pair in known if len(pair[0]) > 1] or known
        return sorted(pairs, key=lambda pair: -pair[1])[:_TELLING]

    def beginning(self, typed: str) -> list[Entry]:
        """Entries one of whose names begins so."""
        query = self._term("begins", typed[:_LONGEST_BEGINNING])
        found = [self._document(*one).entry for one in self._hits(query, _COMPLETED)]
        return [entry for entry in found if any(one.startswith(typed) for one in spellings(entry))]

    def changes(self) -> dict[int, int]:
        """When each entry that is held last changed, by its number."""
        found = self._hits(tantivy.Query.all_query(), max(self.count, 1))
        return {ref: change for ref, change, _ in found}

    def write(self, *, gone: Iterable[int], new: Iterable[tuple[int, int, Entry]]) -> None:
        """Take entries out and put entries in (number, change, entry); one process at a time may do this."""
        writer = self._index.writer(_HEAP, 1)
        for ref in gone:
            writer.delete_documents_by_term("ref", ref)
        for ref, change, entry in new:
            writer.add_document(_written(ref, change, entry))
        writer.commit()
        writer.wait_merging_threads()

    def _search(self, field: str, telling: Sequence[tuple[str, float]]) -> list[_Place]:
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, gram), weight))
            for gram, weight in telling
        ]
        return self._hits(tantivy.Query.boolean_query(clauses), _CANDIDATES)

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, "basic")

    def _hits(self, query: tantivy.Query, limit: int) -> list[_Place]:
        found = self._searcher.search(query, limit, count=False).hits
        places = [place for _, place in found]
        refs = self._searcher.fast_field_values("ref", places)
        changes = self._searcher.fast_field_values("change", places)
        return [
            (int(ref or 0), int(change or 0), place)
            for ref, change, place in zip(refs, changes, places, strict=True)
        ]

    def _document(self, ref: int, change: int, place: tantivy.DocAddress) -> Document:
        found = self._documents.get((ref, change))
        if found is None:
            raw = bytes(self._searcher.doc(place).get_first("entry") or b"")
            if len(self._documents) >= _KEPT_DOCUMENTS:
                self._documents.clear()
            found = self._documents[ref, change] = _unpacked(raw)
        return found


def _written(ref: int, change: int, entry: Entry) -> tantivy.Document:
    document = read_entry(entry)
    made = tantivy.Document()
    made.add_integer("ref", ref)
    made.add_integer("change", change)
    made.add_text(_NAMES, " ".join(gram for gram, weight in document.grams.items() if weight >= _NAMING))
    made.add_text(_BODY, " ".join(gram for gram, weight in document.grams.items() if weight < _NAMING))
    for spelling in beginnings(entry):
        made.add_text("begins", spelling)
    raw = [
        entry.task_code,
        entry.name,
        entry.version,
        entry.audiences,
        entry.provenance,
        entry.key,
        [(passage.field, passage.text, passage.answer) for passage in entry.passages],
        document.plains,
        document.grams,
        document.holders,
    ]
    made.add_bytes("entry", orjson.dumps(raw))
    return made


def spellings(entry: Entry) -> set[str]:
    """How the names of an entry are spelled by who types them: characters, pinyin, initials."""
    found: set[str] = set()
    for passage in entry.passages:
        if passage.field in {"task_name", "plain_names"}:
            found |= wording.spellings(wording.simplified(passage.text))
    return found


def beginnings(entry: Entry) -> set[str]:
    """All that somebody may have typed so far who types one of its names."""
    return {
        spelling[:length]
        for spelling in spellings(entry)
        for length in range(1, min(len(spelling), _LONGEST_BEGINNING) + 1)
    }


def _unpacked(raw: bytes) -> Document:
    code, name, version, audiences, provenance, key, passages, plains, grams, holders = orjson.loads(raw)
    held = tuple(Passage(*passage) for passage in passages)
    entry = Entry(code, name, version, tuple(audiences), provenance, held, key)
    return Document(entry, plains, grams, holders)
