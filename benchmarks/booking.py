"""Booking over HTTP against the same SQL run by pgbench, on one hot slot and on many.

One side is POST /api/v1/appointments at the web program as `make run` starts it, with login, idempotency key,
event and a durable commit. The other is pgbench sending exactly the statements that one such booking issues,
taken from the engine's log, with as many clients. Both in one run, in shuffled slices.
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

import bootstrap
from app import db, settings
from app.crypto import token_hash
from benchmarks import http_load, statements
from benchmarks.ratios import report
from benchmarks.stage import Stage, stage
from runner.postgres import NAME, PORT, binaries

CITIZENS = 60_000
SPREAD = 1000
ROUNDS = int(os.environ.get("ROUNDS", "7"))
SLICE_S = float(os.environ.get("SLICE_S", "1.5"))
CLIENTS = (32, 128)
# One hot slot is the promise; spread over many slots the ratio is only shown.
HOT_FLOOR = 1.0
KINDS = [(kind, clients) for kind in ("hot", "spread") for clients in CLIENTS]
SEATS = 500
PATH = "/api/v1/appointments"

_FIRST_SLOT = 10_000_000
_MAKE_SLOTS = """
INSERT INTO slots
  (id, centre_id, window_group_id, day, starts_at, ends_at, shift, capacity, walk_in)
SELECT :first + n, g.centre_id, g.id, (now() + interval '2 days')::date,
  now() + interval '2 days' + n * interval '1 second',
  now() + interval '2 days' + n * interval '1 second' + interval '30 minutes', false, 1000000, 0
FROM window_groups g, generate_series(0, :spread) AS n WHERE g.centre_id = 'C01' AND g.name = '公安'
"""
_RESET = (
    "TRUNCATE appointments, idempotency_keys, outbox CASCADE",
    "UPDATE slots SET booked = 0 WHERE booked > 0",
)
_BOOKS = """
SELECT (SELECT count(*) FROM appointments), (SELECT sum(booked) FROM slots),
  (SELECT count(*) FROM outbox), (SELECT count(*) FROM idempotency_keys),
  (SELECT count(*) FROM slots s WHERE booked <> (SELECT count(*) FROM appointments WHERE slot_id = s.id))
"""


@dataclass(frozen=True)
class Bench:
    """What both sides use."""

    stage: Stage
    connection: Connection
    task_code: str
    script: str

    def reset(self, *, seats: int = 1_000_000) -> None:
        """Empty books; nothing is in flight between slices."""
        for statement in _RESET:
            self.connection.execute(text(statement))
        hot = {"id": _FIRST_SLOT, "seats": seats}
        self.connection.execute(text("UPDATE slots SET capacity = :seats WHERE id = :id"), hot)
        self.connection.execute(text("VACUUM slots"))

    def booked(self) -> int:
        """How many were booked; raises SystemExit when the books do not agree."""
        made, counted, told, kept, wrong = self.connection.execute(text(_BOOKS)).one()
        if not made == counted == told == kept or wrong:
            raise SystemExit(
                f"the books differ: {made} rows, {counted} counted, {told} told, {kept} kept, {wrong}"
            )
        return int(made)


def requests(bench: Bench, *, spread: int) -> Iterator[bytes]:
    """One booking by each citizen in turn."""
    for citizen in range(1, bench.stage.citizens + 1):
        slot = _FIRST_SLOT + 1 + citizen % spread if spread else _FIRST_SLOT
        body = json.dumps({"centre_id": "C01", "slot_id": slot, "task_code": bench.task_code}).encode()
        yield (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer bench-token-{citizen}\r\n"
            f"Idempotency-Key: bench-key-{citizen:08d}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def ours(bench: Bench, *, clients: int, spread: int) -> float:
    """Bookings per second over HTTP."""
    bench.reset()
    outcome = http_load.run(
        bench.stage.places.port, clients=clients, seconds=SLICE_S, requests=requests(bench, spread=spread)
    )
    if set(outcome.statuses) != {201} or bench.booked() != outcome.statuses[201]:
        raise SystemExit(f"not every answer was a booking: {outcome.statuses}, {bench.booked()} booked")
    return outcome.rate


def theirs(bench: Bench, *, clients: int, spread: int) -> float:
    """Bookings per second by pgbench with the same statements, its first second left out.

    In that second each connection plans its statements, which our pooled connections did long ago.
    """
    bench.reset()
    slot = f":first + 1 + :n % {spread}" if spread else ":first"
    head = f"\\set i :i + 1\n\\set n (:i - 1) * {clients} + :client_id + 1\n\\set slot {slot}\n"
    file = bench.stage.places.data / "booking.sql"
    file.write_text(head + bench.script, encoding="utf-8")
    command: list[str | Path] = [binaries() / "pgbench", "-n", "-M", "prepared", "-f", file, "-j", "2"]
    command += ["-c", str(clients), "-T", str(1 + max(1, round(SLICE_S))), "-P", "1"]
    command += ["-D", "i=0", "-D", f"first={_FIRST_SLOT}"]
    socket_folder = bench.stage.postgres.url.partition("host=")[2].partition("&")[0]
    command += ["-h", socket_folder, "-p", str(PORT), "-U", NAME, NAME]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    rates = [float(rate) for rate in re.findall(r"progress: [\d.]+ s, ([\d.]+) tps", ran.stderr)][1:]
    if ran.returncode != 0 or not rates or not bench.booked():
        raise SystemExit(f"pgbench failed: {ran.stdout}\n{ran.stderr}")
    return statistics.fmean(rates)


def one_booking(stage: Stage, task_code: str) -> str:
    """The statements of one booking as a pgbench script."""
    os.environ.update(stage.env)
    settings.current.cache_clear()
    phone = bootstrap.create_app().test_client()

    def book(citizen: int) -> str:
        body = {"centre_id": "C01", "slot_id": _FIRST_SLOT, "task_code": task_code}
        headers = {
            "Authorization": f"Bearer bench-token-{citizen}",
            "Idempotency-Key": f"bench-key-{citizen:08d}",
        }
        return str(phone.post(PATH, json=body, headers=headers).get_json()["code"])

    book(7_001)  # what is read once per process is not part of one booking
    citizen = 7_002
    with statements.logged(db.engine()) as log:
        code = book(citizen)
    varying = {
        citizen: ":n::bigint",
        _FIRST_SLOT: ":slot::bigint",
        f"citizen:{citizen}": "('citizen:' || :n)",
        f"bench-key-{citizen:08d}": "('bench-key-' || :n)",
        code: "lpad(:n::text, 22, '0')",
        token_hash(f"bench-token-{citizen}"): "sha256(('bench-token-' || :n)::bytea)",
    }
    return statements.script(log, varying=varying)


def never_oversold(bench: Bench) -> None:
    """Twice the seats are asked for by 128 clients; raises SystemExit unless exactly the seats are booked."""
    bench.reset(seats=SEATS)
    outcome = http_load.run(
        bench.stage.places.port,
        clients=128,
        seconds=30,
        requests=(_first(requests(bench, spread=0), 4 * SEATS)),
    )
    if (bench.booked(), outcome.statuses[201], outcome.statuses[409]) != (SEATS, SEATS, 3 * SEATS):
        raise SystemExit(f"oversold or undersold: {outcome.statuses}, {bench.booked()} booked of {SEATS}")
    print(f"zero oversell: {SEATS} of {SEATS} seats booked, {3 * SEATS} refused")


def _first(source: Iterator[bytes], count: int) -> Iterator[bytes]:
    return (request for request, _ in zip(source, range(count), strict=False))


def measure(bench: Bench) -> dict[tuple[str, int], float]:
    """Median over the rounds of our rate divided by pgbench's in the same round."""
    sides = {"ours": ours, "pgbench": theirs}
    ratios: dict[tuple[str, int], list[float]] = {key: [] for key in KINDS}
    for _ in range(ROUNDS):
        for kind, clients in random.sample(KINDS, len(KINDS)):
            spread = SPREAD if kind == "spread" else 0
            rates = {
                name: sides[name](bench, clients=clients, spread=spread)
                for name in random.sample(list(sides), 2)
            }
            ratios[kind, clients].append(rates["ours"] / rates["pgbench"])
            print(
                f"  {kind:>6} {clients:>3} clients: {rates['ours']:6.0f}/s, pgbench {rates['pgbench']:6.0f}/s"
            )
    return {key: statistics.median(found) for key, found in ratios.items()}


def main() -> int:
    """Measure and say whether the floors are reached."""
    with stage(citizens=CITIZENS) as found, create_engine(found.postgres.url).connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(_MAKE_SLOTS), {"first": _FIRST_SLOT, "spread": SPREAD})
        task_code = connection.scalar(text("SELECT task_code FROM service_items WHERE item_key = 'id-first'"))
        bench = Bench(found, connection, task_code, one_booking(found, task_code))
        statement_count = bench.script.count(";\n")
        print(f"one booking is {statement_count} statements, BEGIN and COMMIT included")
        never_oversold(bench)
        ratios = measure(bench)
    for clients in CLIENTS:
        print(f"spread over {SPREAD} slots, {clients} clients: {ratios['spread', clients]:.2f}")
    title = "booking over HTTP / pgbench same SQL, one hot slot, {} clients"
    reached = [report(title.format(found), ratios["hot", found], floor=HOT_FLOOR) for found in CLIENTS]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
