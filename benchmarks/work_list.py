"""The desk's work list at 1,000 and at 1,000,000 cases, over HTTP: how much longer its pages take.

As a clerk of one department and as a supervisor of all: each view of open work, its first page and the one
after it, with the numbers beside the views. The cases are spread over the departments of the demo city; one
in five is open.
"""

import http.client
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from sqlalchemy import Connection, create_engine, text

import bootstrap
from app import settings
from app.db import unit_of_work
from app.staff import service as staff
from app.staff.models import Role
from app.staff.service import NewClerk
from benchmarks.ratios import report
from benchmarks.stage import Stage, stage

SIZES = (1_000, 1_000_000)
VIEWS = ("submitted", "correction", "accepted", "yellow", "overdue", "decided", "closed")
ROUNDS = int(os.environ.get("ROUNDS", "20"))
FLAT = 1.5  # so much longer a page may take with a thousand times the cases
_FOLLOWING = re.compile(r'rel="next" href="([^"]+)"')
# What a draft of the demo city is like, with the state and the days that its number gives it.
_MAKE_CASES = """
INSERT INTO cases (case_no, query_code, citizen_id, guide_version_id, task_code, task_name, dept_code,
  dept_name, state, sealed_form, sealed_answers, created_at, updated_at, submitted_at, received_at,
  notice_due_on, correct_by, accepted_at, clock_from, promised_due_on, statutory_due_on, decided_at,
  decided_by, granted, closed_at)
SELECT 'B' || lpad(n::text, 22, '0'), old.query_code, old.citizen_id, i.version_id, i.task_code, i.name,
  i.dept_code, i.dept_name, now_in, old.sealed_form, old.sealed_answers, at, at, at, at,
  at::date + 3 + n % 20,
  CASE WHEN now_in = 'correction' THEN at::date + n % 15 END,
  CASE WHEN is_accepted THEN at END, CASE WHEN is_accepted THEN at::date END,
  CASE WHEN is_accepted THEN now()::date - 10 + n % 30 END, CASE WHEN is_accepted THEN now()::date + 60 END,
  CASE WHEN is_decided THEN at END, CASE WHEN is_decided THEN '李审批' END,
  CASE WHEN is_decided THEN true END,
  CASE WHEN now_in = 'closed' THEN at END
FROM (SELECT * FROM cases ORDER BY id LIMIT 1) AS old,
  (SELECT n, now() - (n % 5000) * interval '1 minute' AS at, CASE WHEN n / 60 % 100 < 80 THEN 'closed'
     WHEN n / 60 % 100 < 85 THEN 'decided' WHEN n / 60 % 100 < 92 THEN 'accepted'
     WHEN n / 60 % 100 < 98 THEN 'submitted' ELSE 'correction' END AS now_in
   FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n) AS made
CROSS JOIN LATERAL (SELECT now_in IN ('accepted', 'decided', 'closed') AS is_accepted,
  now_in IN ('decided', 'closed') AS is_decided) AS words
JOIN (SELECT row_number() OVER (ORDER BY s.id) - 1 AS place, s.*, v.id AS version_id FROM service_items s
  JOIN guide_versions v ON v.service_item_id = s.id AND v.effective_to IS NULL) AS i ON i.place = made.n % 60
"""


class Desk:
    """A clerk who is logged in at the desk."""

    def __init__(self, port: int, *, username: str, password: str) -> None:
        """Log in as the form does."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        page = self._ask("GET", "/console/login")
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        form = {"csrf": csrf[1] if csrf else "", "username": username, "password": password}
        self._ask("POST", "/console/login", urlencode(form))

    def hang_up(self) -> None:
        """Let the next page be asked for on a new connection: the server ends those that wait for long."""
        self._connection.close()

    def get(self, path: str) -> str:
        """One page, which must be there."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        said = answer.read().decode()
        if answer.status not in {200, 303}:
            raise SystemExit(f"{path}: {answer.status} {said[:300]}")
        return said


def clerks(ready: Stage) -> dict[str, Desk]:
    """One of a department, one of all; and the first case, from which the others are made."""
    os.environ.update(ready.env)
    settings.current.cache_clear()
    phone = bootstrap.create_app().test_client()
    headers = {"Authorization": "Bearer bench-token-1", "Idempotency-Key": "bench-case-1"}
    item = phone.get("/api/v1/guides?limit=1").get_json()["items"][0]
    begun = phone.post("/api/v1/cases", json={"task_code": item["task_code"]}, headers=headers)
    case_no = begun.get_json()["case_no"]
    phone.patch(f"/api/v1/cases/{case_no}/form", json={"applicant_name": "林晓燕"}, headers=headers)
    password = "a long word for measuring"
    wanted = {
        "department": NewClerk("bench-one", "王窗口", (Role.APPROVER,), None, item["dept_name"]),
        "city": NewClerk("bench-all", "陈督导", (Role.SUPERVISOR,), None, None),
    }
    with unit_of_work() as session:
        for clerk in wanted.values():
            staff.add(session, clerk=clerk, password=password, second_factor=False)
    port = ready.places.port
    return {name: Desk(port, username=clerk.username, password=password) for name, clerk in wanted.items()}


def asked(desk: Desk) -> Iterator[str]:
    """The pages of one round: of each view the first and, if there is one, the one after it."""
    for view in VIEWS:
        path = f"/console/cases?view={view}"
        yield path
        following = _FOLLOWING.search(desk.get(path))
        if following:
            yield following[1].replace("&amp;", "&")


def slowest(desk: Desk) -> float:
    """What nineteen of twenty pages take at most, in milliseconds; every page was asked for once before."""
    desk.hang_up()
    paths = list(asked(desk))
    found = []
    for _ in range(ROUNDS):
        for path in paths:
            began = time.perf_counter()
            desk.get(path)
            found.append((time.perf_counter() - began) * 1000)
    return sorted(found)[len(found) * 95 // 100]


def make(connection: Connection, *, first: int, last: int) -> None:
    """Add cases with these numbers."""
    for start in range(first, last, 50_000):
        connection.execute(text(_MAKE_CASES), {"first": start, "last": min(start + 50_000, last) - 1})
        connection.commit()
    with connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as apart:
        apart.execute(text("VACUUM ANALYZE cases"))


def flat(name: str, took: Sequence[float]) -> bool:
    """Print how the largest list compares with the smallest; whether it is quick enough."""
    title = f"{FLAT:g} x p95 at {SIZES[0]:,} : p95 at {SIZES[-1]:,}, {name}"
    return report(title, FLAT * took[0] / took[-1], floor=1)


def main() -> int:
    """Measure and say whether the pages stay as quick."""
    took: dict[str, list[float]] = {}
    with stage(citizens=1) as ready, create_engine(ready.postgres.url).connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        desks = clerks(ready)
        for before, size in zip((0, *SIZES), SIZES, strict=False):
            make(connection, first=before, last=size)
            for name, desk in desks.items():
                took.setdefault(name, []).append(slowest(desk))
                print(f"{size:,} cases, {name}: p95 {took[name][-1]:.1f} ms")
    reached = [flat(name, each) for name, each in took.items()]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
