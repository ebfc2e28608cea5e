"""Reading the audit log: narrowed, continued, proven, and written down itself."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.audit import queries as audit_queries
from app.audit import service as audit
from app.db import unit_of_work
from app.desk import auditing
from app.desk.auditing import Found, Wanted
from app.desk.errors import NotYourDuty
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import on_duty

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def supervisor(city: None) -> OnDuty:
    del city
    return on_duty(Role.SUPERVISOR, name="陈督导")


def look(
    clerk: OnDuty, wanted: Wanted | None = None, *, before_id: int | None = None, limit: int = 50
) -> Found:
    with unit_of_work() as session:
        return auditing.page(
            session, clerk=clerk, wanted=wanted or Wanted(), before_id=before_id, limit=limit
        )


def note(clerk: OnDuty, *, subject: str = "case:x", days_ago: int = 0) -> None:
    with clock.stopped_at(MONDAY - timedelta(days=days_ago)), unit_of_work() as session:
        audit.record(session, actor=clerk.actor, action="case_viewed", subject=subject)


def tamper(statement: str) -> None:
    """What only the database's owner could do."""
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only"))
        session.execute(text(statement))
        session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only"))


def test_a_look_is_written_down_with_what_was_looked_for(supervisor: OnDuty) -> None:
    look(supervisor, Wanted(clerk="wang", day=date(2026, 11, 16)))
    (entry,) = desk.audited()

    assert (entry.action, entry.actor) == ("audit_viewed", supervisor.actor)
    assert entry.details == {"clerk": "wang", "day": "2026-11-16"}


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.APPROVER, Role.CASHIER])
def test_nobody_else_reads_the_log(role: Role) -> None:
    with pytest.raises(NotYourDuty):
        look(on_duty(role))
    assert desk.actions() == []


def test_lines_are_narrowed_by_clerk_by_account_or_name(supervisor: OnDuty) -> None:
    wang, li = on_duty(Role.FRONT_DESK, name="王窗口", username="wang"), on_duty(Role.APPROVER, name="李审批")
    note(wang)
    note(li)

    for typed in ("wang", "WANG", "王窗口"):
        (line,) = look(supervisor, Wanted(clerk=typed)).lines
        assert line.who == "王窗口（wang）"
    assert look(supervisor, Wanted(clerk="nobody")).lines == []
    assert look(supervisor, Wanted(clerk="nobody")).walked is None


def test_lines_are_narrowed_by_case(supervisor: OnDuty) -> None:
    case_no = desk.submitted()
    note(supervisor, subject=f"case:{case_no}")
    note(supervisor)

    (line,) = look(supervisor, Wanted(case_no=case_no.lower())).lines
    assert line.case_no == case_no
    assert look(supervisor, Wanted(case_no="x")).lines == []


def test_lines_are_narrowed_by_a_day_of_the_city(supervisor: OnDuty) -> None:
    for days_ago in (2, 1, 1, 0):
        note(supervisor, days_ago=days_ago)

    found = [look(supervisor, Wanted(day=date(2026, 11, day))).lines for day in (13, 14, 15)]
    assert [len(lines) for lines in found] == [0, 1, 2]
    assert look(supervisor, Wanted(day=date(2026, 11, 17))).lines == []


def test_a_list_goes_on_below_its_last_line(supervisor: OnDuty) -> None:
    for _ in range(3):
        note(supervisor)
    first = look(supervisor, limit=2)
    second = look(supervisor, before_id=first.before_id, limit=2)

    assert [line.id for line in first.lines + second.lines] == [3, 2, 1]
    assert second.before_id is None
    assert look(supervisor, before_id=2**70).lines[0].action == "audit_viewed"


def test_an_untouched_stretch_is_whole(supervisor: OnDuty) -> None:
    for _ in range(3):
        note(supervisor)
    walked = look(supervisor, limit=2).walked

    assert walked == auditing.Walked(first_id=2, last_id=3, broken_at=None, whole=True)


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE audit_entries SET actor = 'clerk:99' WHERE id = 2", 2),
        ("UPDATE audit_entries SET details = '{\"a\": 1}' WHERE id = 3", 3),
        ("DELETE FROM audit_entries WHERE id = 2", 3),
    ],
)
def test_a_line_that_was_changed_or_removed_is_named(supervisor: OnDuty, change: str, broken_at: int) -> None:
    for _ in range(3):
        note(supervisor)
    tamper(change)
    walked = look(supervisor).walked

    assert walked is not None
    assert walked.broken_at == broken_at


def test_lines_far_apart_are_proven_one_by_one(supervisor: OnDuty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "MOST_WALKED", 1)
    other = on_duty(Role.APPROVER)
    for clerk in (supervisor, other, other, supervisor):
        note(clerk)
    own = Wanted(clerk=supervisor.username)

    assert look(supervisor, own).walked == auditing.Walked(1, 4, broken_at=None, whole=False)
    tamper("UPDATE audit_entries SET action = 'x' WHERE id = 4")
    walked = look(supervisor, own).walked
    assert walked is not None
    assert walked.broken_at == 4


def test_an_end_that_was_cut_off_within_a_stretch_is_told(supervisor: OnDuty) -> None:
    for _ in range(3):
        note(supervisor)
    with unit_of_work() as session:
        assert audit_queries.verify_between(session, first_id=1, last_id=9).broken_at == 4


def test_a_longer_page_takes_no_more_statements(supervisor: OnDuty, statements: list[str]) -> None:
    clerks = [supervisor, on_duty(Role.APPROVER), on_duty(Role.FRONT_DESK)]
    for _ in range(3):
        for clerk in clerks:
            note(clerk)
    counts = []
    for limit in (2, 9):
        statements.clear()
        look(supervisor, limit=limit)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 8
