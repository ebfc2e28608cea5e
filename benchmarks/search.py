"""Search over HTTP at 60, 2,000 and 100,000 items, the engine beside pg_trgm, completion, freshness, start.

Whatever is measured was asked once before, on both sides of a ratio. The guides are made from the demo city:
every copy has a name of its own. All figures are of one run.
"""

import http.client
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, text

from app.catalogue.archive import Archive
from benchmarks.ratios import report
from benchmarks.search_eval import QUERIES
from benchmarks.stage import Stage, stage

SIZES = (60, 2_000, 100_000)
ROUNDS = 3
BUILDING_S = 900.0
P99_MS = {60: 15.0, 2_000: 15.0, 100_000: 40.0}
_SUBSET = """jsonb_build_object('task_code', {code}, 'task_name', {name}, 'plain_names', body->'plain_names',
 'keywords', body->'keywords', 'faqs', body->'faqs', 'accept_condition', body->'accept_condition',
 'common_mistakes', body->'common_mistakes', 'materials', body->'materials', 'dept_name', body->'dept_name',
 'theme', body->'theme', 'provenance', body->'provenance')"""
_CODE = "left(old.task_code, 25) || (200000 + n)::text"
_PLACES = "(ARRAY['城东','城西','河口','湖山','云台','金沙','白马','新港','石桥','南屿'])"
_NAME = f"old.name || '（' || {_PLACES}[1 + n % 10] || n || '号）'"
_GROW = f"""
WITH old AS (SELECT s.*, row_number() OVER (ORDER BY s.id) - 1 AS place, v.body
  FROM service_items s JOIN guide_versions v ON v.service_item_id = s.id AND v.effective_to IS NULL
  WHERE s.id <= 60),
made AS (INSERT INTO service_items (task_code, item_key, name, state, secret, theme, dept_code, dept_name,
    audiences, labels, channels, visits, cross_province, provenance, card)
  SELECT {_CODE}, NULL, {_NAME}, state, secret, theme, dept_code, dept_name, audiences, labels, channels,
    visits, cross_province, provenance, card || jsonb_build_object('task_code', {_CODE}, 'name', {_NAME})
  FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n JOIN old ON old.place = n % 60
  RETURNING id, task_code, name)
INSERT INTO guide_versions (service_item_id, version, body, digest, effective_from)
SELECT made.id, 1, {_SUBSET.format(code="made.task_code", name="made.name")}, '', now()
FROM made JOIN old ON old.place = (right(made.task_code, 6)::int - 200000) % 60
"""
_PUBLISHED = "UPDATE catalogue_generation SET number = pg_current_xact_id()::text::bigint"
_WORDS = """
SELECT s.id, s.name || ' ' || string_agg(words, ' ') AS words
FROM service_items s JOIN guide_versions v ON v.service_item_id = s.id AND v.effective_to IS NULL,
 jsonb_array_elements_text((v.body->'plain_names') || (v.body->'keywords')) AS words GROUP BY s.id, s.name
"""
_TRIGRAMS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DROP TABLE IF EXISTS trigrams;
CREATE TABLE trigrams (id bigint, words text)
"""
_TRIGRAM_INDEX = "CREATE INDEX ON trigrams USING gin (words gin_trgm_ops); ANALYZE trigrams"
_BY_TRIGRAMS = """
SELECT id FROM trigrams WHERE words LIKE ALL (CAST(:words AS text[]))
ORDER BY similarity(words, CAST(:q AS text)) DESC LIMIT 48
"""
# What pg_trgm can read: words as they stand in the names. Both sides are asked these.
KEYWORDS = """公积金 提取|护照 换发|身份证 补领|结婚 登记|医保 备案|社保卡|居住证|二手房 过户|护士 注册|低保
|营业执照 变更|失业 登记|残疾 补贴|入学 报名|电梯""".replace("\n", "").split("|")


def questions() -> list[str]:
    """What the written set asks in scope, in its own order."""
    rows = [line.split("\t") for line in QUERIES.read_text(encoding="utf-8").splitlines()[1:]]
    return [query for kind, half, query, _ in rows if kind != "out" and half == "tune"]


def took(work: Callable[[str], object], asked: Iterable[str]) -> list[float]:
    """Milliseconds that each question took, in order of size."""
    found = []
    for one in asked:
        began = time.perf_counter()
        work(one)
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def percentile(ordered: Sequence[float], percent: int) -> float:
    """At most this long took so many of hundred."""
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class Phone:
    """One kept-alive connection to the web program."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> bytes:
        """One answer, which must be 200."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
        return body

    def search(self, asked: str) -> list[str]:
        """The names that are found."""
        return [one["name"] for one in json.loads(self.get(f"/api/v1/guides?q={quote(asked)}"))["items"]]

    def found_by(self, asked: str) -> list[str]:
        """The texts by which hits were found."""
        hits = json.loads(self.get(f"/api/v1/guides?q={quote(asked)}"))["items"]
        return [one["highlight"]["text"] for one in hits]

    def suggest(self, typed: str) -> bytes:
        """Complete what is typed."""
        return self.get(f"/api/v1/guides/suggest?q={quote(typed)}")


def grow(connection: Connection, *, first: int, last: int) -> None:
    """Add copies with these numbers and publish them."""
    for start in range(first, last, 5000):
        connection.execute(text(_GROW), {"first": start, "last": min(start + 4999, last - 1)})
        connection.commit()
    connection.execute(text(_PUBLISHED))
    connection.commit()
    connection.execute(text("ANALYZE"))
    connection.commit()


def built(folder: Path, count: int, phone: Phone) -> tuple[float, list[float]]:
    """Seconds until the index on disk holds so many, and how long questions took meanwhile."""
    began, meanwhile = time.monotonic(), []
    for asked in itertools.cycle(questions()):
        meanwhile += took(phone.search, [asked])
        states = list((folder / "search").glob("*/state.json"))
        if states and Archive(states[0].parent / "index").count == count:
            return time.monotonic() - began, sorted(meanwhile)
        if time.monotonic() - began > BUILDING_S:
            raise SystemExit("the index was not built")
        time.sleep(0.2)
    raise SystemExit("nothing was asked")


def main() -> int:
    """Measure and say whether the floors are reached."""
    reached, median, before = [], dict[int, float](), SIZES[0]
    with stage(citizens=1) as ready:
        engine = create_engine(ready.postgres.url)
        phone, asked = Phone(ready.places.port), questions()
        with engine.connect() as connection:
            connection.execute(text("SET statement_timeout = 0"))
            for size in SIZES:
                if size > before:
                    grow(connection, first=before, last=size)
                    phone = Phone(ready.places.port)  # the server has long hung up
                    tell_building(size, *built(ready.places.data, size, phone))
                before = size
                time.sleep(3)  # every process opens it
                reached += over_http(size, phone, asked=asked, median=median)
            ratio = 3 * median[SIZES[0]] / median[SIZES[-1]]
            reached.append(report("3 x p50 at 60 : p50 at 100,000", ratio, floor=1))
            reached.append(against_trigrams(connection, ready, asked))
            reached.append(fresh(connection, phone))
        engine.dispose()
    return 0 if all(reached) else 1


def tell_building(size: int, seconds: float, meanwhile: Sequence[float]) -> None:
    """Print how long the index took, and how questions were answered in the meantime."""
    middle = percentile(meanwhile, 50)
    print(
        f"{size:,} items: index {seconds:.1f} s; meanwhile p50 {middle:.1f} ms, worst {meanwhile[-1]:.0f} ms"
    )


def over_http(size: int, phone: Phone, *, asked: Sequence[str], median: dict[int, float]) -> list[bool]:
    """Search and completion over HTTP at one size; whether their limits are kept."""
    begun = [one[:length] for one in asked for length in (1, 2, 4)]
    took(phone.search, asked)
    took(phone.suggest, begun)
    found = sorted(one for _ in range(ROUNDS) for one in took(phone.search, asked))
    typed = sorted(one for _ in range(ROUNDS) for one in took(phone.suggest, begun))
    median[size] = percentile(found, 50)
    slowest, completed = percentile(found, 99), percentile(typed, 99)
    print(
        f"{size:,} items over HTTP: p50 {median[size]:.2f} ms, p99 {slowest:.2f} ms;"
        f" suggestions p50 {percentile(typed, 50):.2f} ms, p99 {completed:.2f} ms"
    )
    return [
        report(f"{P99_MS[size]:g} ms : search p99 at {size:,}", P99_MS[size] / slowest, floor=1),
        report(f"10 ms : suggestion p99 at {size:,}", 10 / completed, floor=1),
    ]


def against_trigrams(connection: Connection, ready: Stage, asked: Sequence[str]) -> bool:
    """Our engine, its candidates from disk judged, against pg_trgm over the same names and keywords.

    The embedded server has no pg_trgm: TRIGRAM_DATABASE_URL names one that has.
    """
    archive = Archive(next((ready.places.data / "search").glob("*/state.json")).parent / "index")

    def ours(one: str) -> object:
        return archive.search(archive.judge.reader.read(one))

    def whole(one: str) -> object:
        return archive.find(archive.judge.reader.read(one), limit=10)

    took(whole, asked)
    mine, judged = took(ours, list(asked) * ROUNDS), took(whole, list(asked) * ROUNDS)
    print(
        f"engine p50 {statistics.median(mine):.2f} ms, p99 {percentile(mine, 99):.2f} ms;"
        f" judged p50 {statistics.median(judged):.2f} ms, p99 {percentile(judged, 99):.2f} ms"
    )
    url = os.environ.get("TRIGRAM_DATABASE_URL")
    if url is None:
        print("pg_trgm not measured: TRIGRAM_DATABASE_URL names no server")
        return True
    took(whole, KEYWORDS)
    mine, judged = took(ours, KEYWORDS * ROUNDS), took(whole, KEYWORDS * ROUNDS)
    other = by_trigrams(url, connection, KEYWORDS)
    print(f"pg_trgm p50 {statistics.median(other):.1f} ms, worst {other[-1]:.0f} ms")
    middle = statistics.median(other)
    print(f"pg_trgm : candidates alone, p50: {middle / statistics.median(mine):.1f}")
    return report(
        "pg_trgm : engine with judging, p50 at 100,000", middle / statistics.median(judged), floor=50
    )


def by_trigrams(url: str, connection: Connection, asked: Sequence[str]) -> list[float]:
    """How long pg_trgm takes for the same questions, over the names and keywords of the same items."""
    beside = create_engine(url)
    with beside.connect() as other:
        other.execute(text(_TRIGRAMS))
        rows = [{"id": row.id, "words": row.words} for row in connection.execute(text(_WORDS))]
        other.execute(text("INSERT INTO trigrams VALUES (:id, :words)"), rows)
        other.execute(text(_TRIGRAM_INDEX))

        def ask(one: str) -> object:
            words = [f"%{word}%" for word in one.split()]
            return other.execute(text(_BY_TRIGRAMS), {"q": one, "words": words}).all()

        took(ask, asked)
        found = took(ask, list(asked) * ROUNDS)
    beside.dispose()
    return found


def fresh(connection: Connection, phone: Phone) -> bool:
    """How long until a new name is found by a process that nobody told."""
    connection.execute(
        text(
            "UPDATE guide_versions SET body = jsonb_set(body, '{plain_names}', '[\"琉璃瓦修补\"]')"
            " WHERE service_item_id = 70"
        )
    )
    connection.execute(text(_PUBLISHED))
    connection.commit()
    began = time.monotonic()
    while "琉璃瓦修补" not in phone.found_by("琉璃瓦修补"):
        if time.monotonic() - began > 30:
            break
        time.sleep(0.05)
    seconds = time.monotonic() - began
    print(f"visible after {seconds:.2f} s")
    return report("5 s : a publication visible", 5 / seconds, floor=1)


if __name__ == "__main__":
    sys.exit(main())
