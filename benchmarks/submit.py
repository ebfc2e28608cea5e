"""Handing in a case with three materials over HTTP against the same SQL run by pgbench.

One side is POST /api/v1/cases/…/submit at the web program as `make run` starts it: login, idempotency key,
the form and the materials checked, the timeline, the event and a durable commit. The other is pgbench sending
exactly the statements that one such request issues, taken from the engine's log, with as many clients. Both
in one run, in shuffled slices; every slice hands in drafts of its own.
"""

import io
import itertools
import os
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Connection, create_engine, inspect, text
from werkzeug.test import TestResponse

import bootstrap
from app import db, settings
from app.check_characters import mod_37_36
from app.crypto import token_hash
from benchmarks import http_load, statements
from benchmarks.ratios import report
from benchmarks.stage import Stage, stage
from runner.postgres import NAME, PORT, binaries

DRAFTS = 60_000
CLIENTS = 32
ROUNDS = int(os.environ.get("ROUNDS", "7"))
SLICE_S = float(os.environ.get("SLICE_S", "1.5"))
FLOOR = 0.5
MATERIALS = 3
_FIRST = 1_000_000  # draft n of citizen n has this id and n more
_FORM = {"applicant_name": "林晓燕", "id_number": "11010519491231002X", "phone": "13900000001"}
SEPARATOR = ";\n"
_NUMBER = "(SELECT case_no FROM drafts WHERE n = {n})"


@dataclass
class Bench:
    """What both sides use; `taken` is the last draft that a slice was given."""

    stage: Stage
    connection: Connection
    number: str
    script: str = ""
    taken: int = field(default=10)

    def slice_of_drafts(self) -> int:
        """The draft before the first of a slice, which has a fourteenth of all to itself."""
        before = self.taken
        self.taken += (DRAFTS - 10) // (2 * ROUNDS)
        return before

    def case_no(self, n: int) -> str:
        """The number of a draft, its check character included."""
        body = f"{self.number[:14]}{90_000_000 - n}"
        return body + mod_37_36(body)

    def handed_in(self, after: int) -> int:
        """How many drafts of a slice were handed in."""
        asked = "SELECT count(*) FROM cases WHERE id > :first AND id <= :last AND state = 'submitted'"
        last = _FIRST + after + (DRAFTS - 10) // (2 * ROUNDS)
        return int(self.connection.scalar(text(asked), {"first": _FIRST + after, "last": last}) or 0)


class Citizen:
    """Citizen 1 on the phone, without the network."""

    def __init__(self, stage: Stage) -> None:
        """Put the web program together in this process."""
        os.environ.update(stage.env)
        settings.current.cache_clear()
        self._phone = bootstrap.create_app().test_client()
        self._taps = itertools.count(1)
        self.last_tap = ""

    def call(self, method: str, path: str, *, n: int = 1, **more: Any) -> Any:
        """What one request answers; raises SystemExit when it is refused."""
        self.last_tap = f"tap-{next(self._taps):08d}"
        headers = {"Authorization": f"Bearer bench-token-{n}", "Idempotency-Key": self.last_tap}
        answer: TestResponse = self._phone.open(f"/api/v1{path}", method=method, headers=headers, **more)
        if answer.status_code >= 300:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        return answer.get_json()

    def draft(self) -> str:
        """The number of a case with three photographed materials that could be handed in."""
        for card in self.call("GET", "/guides?limit=50&audience=personal")["items"]:
            guide = self.call("GET", f"/guides/{card['task_code']}")
            asked = [one for one in guide["materials"] if one["photo_upload"] and one["is_need"] == "1"]
            if len(asked) == MATERIALS and not guide["review_points"] and not guide["question_count"]:
                return self._filled(card["task_code"])
        raise SystemExit("no item of the demo city asks for three photos of everybody")

    def _filled(self, task_code: str) -> str:
        begun = self.call("POST", "/cases", json={"task_code": task_code})
        number = str(begun["case_no"])
        values = {each["key"]: _value(each) for each in begun["form_fields"] if each["required"]}
        self.call("PATCH", f"/cases/{number}/form", json=values)
        for place, material in enumerate(begun["materials"]):
            if material["takes_photos"]:
                file = io.BytesIO()
                Image.effect_noise((1200, 900), 40 + place).convert("RGB").save(file, "JPEG")
                file.seek(0)
                path = f"/cases/{number}/materials/{material['material_code']}/photos"
                self.call("POST", path, data={"photo": (file, "a.jpg")})
        return number


def _value(asked: dict[str, Any]) -> str:
    if asked["choices"]:
        return str(asked["choices"][0])
    return _FORM.get(asked["key"], "2020-02-02" if asked["kind"] == "date" else "示例路1号")


def copied(bench: Bench) -> None:
    """Give every citizen a draft like the first one, photos and all; the table says which is whose."""
    connection, number = bench.connection, bench.number
    connection.execute(text("CREATE TABLE drafts (n int PRIMARY KEY, case_no text)"))
    rows = [{"n": n, "case_no": bench.case_no(n)} for n in range(2, DRAFTS + 1)]
    connection.execute(text("INSERT INTO drafts VALUES (:n, :case_no)"), rows)
    made: dict[str, str | None] = {"id": f"{_FIRST} + n", "citizen_id": "n", "case_no": "drafts.case_no"}
    _copy(connection, "cases", made, "case_no = :number", number)
    made = {"id": None, "case_id": f"{_FIRST} + n"}
    _copy(connection, "photos", made, "case_id = (SELECT id FROM cases WHERE case_no = :number)", number)
    connection.execute(text("ANALYZE"))


def _copy(connection: Connection, table: str, made: dict[str, str | None], own: str, number: str) -> None:
    names = [str(column["name"]) for column in inspect(connection).get_columns(table)]
    kept = [name for name in names if made.get(name, "") is not None]
    values = ", ".join(str(made.get(name, f"{table}.{name}")) for name in kept)
    copy = f"INSERT INTO {table} ({', '.join(kept)}) SELECT {values} FROM {table}, drafts WHERE {table}.{own}"
    connection.execute(text(copy), {"number": number})


def one_submit(bench: Bench, citizen: Citizen) -> str:
    """The statements of one handing-in as a pgbench script."""
    n = 1
    for n in (2, 3):  # what is read once per process is not part of it
        with statements.logged(db.engine()) as log:
            citizen.call("POST", f"/cases/{bench.case_no(n)}/submit", n=n)
    varying = {
        n: ":n::bigint",
        _FIRST + n: f"({_FIRST} + :n)::bigint",
        bench.case_no(n): _NUMBER.format(n=":n"),
        f"citizen:{n}": "('citizen:' || :n)",
        citizen.last_tap: "('tap-bench-' || :n)",
        token_hash(f"bench-token-{n}"): "sha256(('bench-token-' || :n)::bytea)",
    }
    return statements.script(log, varying=varying)


def requests(bench: Bench, after: int) -> Iterator[bytes]:
    """One handing-in by each citizen in turn."""
    for n in itertools.count(after + 1):
        yield (
            f"POST /api/v1/cases/{bench.case_no(n)}/submit HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer bench-token-{n}\r\nIdempotency-Key: bench-key-{n:08d}\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        ).encode()


def ours(bench: Bench) -> float:
    """Cases handed in per second over HTTP."""
    after = bench.slice_of_drafts()
    asked = requests(bench, after)
    outcome = http_load.run(bench.stage.places.port, clients=CLIENTS, seconds=SLICE_S, requests=asked)
    if set(outcome.statuses) != {200} or bench.handed_in(after) != outcome.statuses[200]:
        raise SystemExit(f"not every answer was a case: {outcome.statuses}, {bench.handed_in(after)} there")
    return outcome.statuses[200] / outcome.seconds


def theirs(bench: Bench) -> float:
    """Cases per second by pgbench with the same statements, its first second, of planning, left out."""
    after = bench.slice_of_drafts()
    head = f"\\set i :i + 1\n\\set n {after} + (:i - 1) * {CLIENTS} + :client_id + 1\n"
    file = bench.stage.places.data / "submit.sql"
    file.write_text(head + bench.script, encoding="utf-8")
    command: list[str | Path] = [binaries() / "pgbench", "-n", "-M", "prepared", "-f", file, "-j", "2"]
    command += ["-c", str(CLIENTS), "-T", str(1 + max(1, round(SLICE_S))), "-P", "1", "-D", "i=0"]
    socket_folder = bench.stage.postgres.url.partition("host=")[2].partition("&")[0]
    command += ["-h", socket_folder, "-p", str(PORT), "-U", NAME, NAME]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    rates = [float(rate) for rate in re.findall(r"progress: [\d.]+ s, ([\d.]+) tps", ran.stderr)][1:]
    if ran.returncode != 0 or not rates or not bench.handed_in(after):
        raise SystemExit(f"pgbench failed: {ran.stdout}\n{ran.stderr}")
    return statistics.fmean(rates)


def main() -> int:
    """Measure and say whether the floor is reached."""
    with stage(citizens=DRAFTS) as found, create_engine(found.postgres.url).connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        citizen = Citizen(found)
        bench = Bench(found, connection, citizen.draft())
        copied(bench)
        bench.script = one_submit(bench, citizen)
        print(f"handing in is {bench.script.count(SEPARATOR)} statements, BEGIN and COMMIT included")
        ratios = []
        for _ in range(ROUNDS):
            sides = {"ours": ours, "pgbench": theirs}
            rates = {name: sides[name](bench) for name in random.sample(list(sides), 2)}
            ratios.append(rates["ours"] / rates["pgbench"])
            print(f"  {rates['ours']:6.0f}/s, pgbench {rates['pgbench']:6.0f}/s")
    title = f"handing in with {MATERIALS} materials over HTTP / pgbench same SQL, {CLIENTS} clients"
    return 0 if report(title, statistics.median(ratios), floor=FLOOR) else 1


if __name__ == "__main__":
    sys.exit(main())
