"""A guide's detail against a bare Flask hello under the same server: ready, unchanged, read from PostgreSQL.

All programs run at once, in shuffled slices; the median over rounds. What is compared is requests per second
of the server's own CPU time, so that the client, which shares the cores, does not count; for guides that are
read from PostgreSQL, which shares the cores too, also requests per second of the clock. Where the kernel does
not tell CPU times, the clock counts for all.

Each server is one process with one thread on one core and the client on another, as in the measurement that
set the aim; the client takes gzip, as phones do. With two processes of 16 threads, as in `make run` for
the sake of slow requests, handing a request over costs the server more than a ready answer: that ratio is
printed beside it.
"""

import contextlib
import itertools
import os
import random
import statistics
import sys
from collections.abc import Mapping

from sqlalchemy import create_engine, text

from benchmarks.ratios import report
from benchmarks.served import Rates, Shape, Side, kept_to, rates, request, started, tag_of
from benchmarks.stage import stage

ROUNDS = int(os.environ.get("ROUNDS", "7"))
MANY = 20_000  # guides: more than all processes together keep
READY, UNCHANGED, READ, BARE = "ready, 200", "ready, 304", "from PostgreSQL", "bare"
FLOORS = {READY: 6.0, UNCHANGED: 6.0, READ: 0.22}
FLOORS_AS_RUN = {READY: 2.0, UNCHANGED: 2.0}
READ_BY_THE_CLOCK = 0.22
CORES = frozenset(os.sched_getaffinity(0))
SERVER, CLIENT = frozenset({max(CORES)}), frozenset({min(CORES)})
ALONE, AS_RUN = Shape(1, 1, SERVER), Shape(2, 16, CORES)
PACKED = {"Accept-Encoding": "gzip"}

# Copies of one guide under other codes; only what is finished is read, so the versions may be empty.
_COPY_ITEM = """
INSERT INTO service_items
SELECT (jsonb_populate_record(item, jsonb_build_object('id', 1000000 + n, 'task_code', code))).*
FROM service_items AS item, generate_series(1, :many) AS n,
  LATERAL (SELECT left(item.task_code, 19) || lpad(n::text, 12, '0') AS code)
WHERE item.task_code = :task_code
"""
_COPY_VERSION = """
INSERT INTO guide_versions (id, service_item_id, version, body, digest, effective_from)
SELECT id, id, 1, '{}', ''::bytea, now() FROM service_items WHERE id > 1000000
"""
_COPY_DOCUMENT = """
INSERT INTO guide_documents (guide_version_id, shape, raw)
SELECT copy.id, original.shape, original.raw FROM service_items AS copy,
  guide_documents AS original JOIN guide_versions AS version ON version.id = original.guide_version_id
  JOIN service_items AS item ON item.id = version.service_item_id
WHERE copy.id > 1000000 AND item.task_code = :task_code
"""


def main() -> int:
    """Measure and say whether the floors are reached."""
    with stage(citizens=1) as ready, contextlib.ExitStack() as stack:
        web = started(stack, ready, "wsgi:app", shape=ALONE)
        bare = started(stack, ready, "benchmarks.bare:app", shape=ALONE)
        code, tag = tag_of(web.port)
        copies = itertools.cycle(copied(ready.postgres.url, code))
        hello = request("/healthz")
        whole = request(path_of(code), **PACKED)
        unchanged = request(path_of(code), **PACKED, **{"If-None-Match": tag})
        with kept_to(CLIENT):
            found = measured(
                {
                    READY: Side(web, whole, b"200"),
                    UNCHANGED: Side(web, unchanged, b"304"),
                    READ: Side(web, (request(path_of(next(copies))) for _ in itertools.count()), b"200"),
                    BARE: Side(bare, hello, b"200"),
                }
            )
        web = started(stack, ready, "wsgi:app", shape=AS_RUN)
        bare = started(stack, ready, "benchmarks.bare:app", shape=AS_RUN)
        as_run = measured(
            {
                READY: Side(web, whole, b"200"),
                UNCHANGED: Side(web, unchanged, b"304"),
                BARE: Side(bare, hello, b"200"),
            }
        )
    reached = [report(f"{name} : bare Flask hello", found[name].cpu, floor=FLOORS[name]) for name in FLOORS]
    reached += [
        report(f"{READ} : bare Flask hello, by the clock", found[READ].clock, floor=READ_BY_THE_CLOCK),
        *(
            report(f"{name} : bare Flask hello, 16 threads as in make run", as_run[name].cpu, floor=floor)
            for name, floor in FLOORS_AS_RUN.items()
        ),
    ]
    return 0 if all(reached) else 1


def path_of(task_code: str) -> str:
    """Where a guide is read."""
    return f"/api/v1/guides/{task_code}"


def copied(url: str, task_code: str) -> list[str]:
    """Copy a finished guide many times; the codes of the copies."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (_COPY_ITEM, _COPY_VERSION, _COPY_DOCUMENT):
            connection.execute(text(statement), {"many": MANY, "task_code": task_code})
        codes = list(connection.scalars(text("SELECT task_code FROM service_items WHERE id > 1000000")))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return codes


def measured(sides: Mapping[str, Side]) -> dict[str, Rates]:
    """The median over the rounds of each side's rates against those of the bare one of the same round."""
    taken: dict[str, list[Rates]] = {name: [] for name in sides}
    for side in sides.values():
        rates(side)  # warm
    for _ in range(ROUNDS):
        order = random.sample(sorted(sides), len(sides))
        found = {name: rates(sides[name]) for name in order}
        for name, rate in found.items():
            taken[name].append(Rates(rate.cpu / found[BARE].cpu, rate.clock / found[BARE].clock))
    return {
        name: Rates(statistics.median(one.cpu for one in all_), statistics.median(one.clock for one in all_))
        for name, all_ in taken.items()
    }


if __name__ == "__main__":
    sys.exit(main())
