from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.cases import explained, limits, notices, overview, steps, tracking
from app.cases.errors import NoticeRunning
from app.cases.models import Case
from app.cases.states import Step
from app.db import unit_of_work
from app.desk import work
from app.desk.work import View
from app.enterprises import inbox
from app.enterprises.models import RegistryMessage
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import case_fixtures
from tests.case_fixtures import APPROVER, decide
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.people_fixtures import log_in_as
from tests.races import together

CANCEL = item("co-cancel")["task_code"]
CLERK = OnDuty(
    clerk_id=1,
    username="shouli",
    name="林受理",
    roles=frozenset({Role.FRONT_DESK}),
    centre_id=None,
    department=None,
    session_id=1,
)
ACCEPTED, LAST_DAY, DUE = date(2026, 11, 16), date(2026, 12, 6), date(2026, 12, 7)


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("co-cancel"))
        yield


@pytest.fixture
def citizen_id() -> int:
    return case_fixtures.citizen()


@pytest.fixture
def case_no(citizen_id: int) -> str:
    return case_fixtures.accepted(citizen_id, CANCEL)


@pytest.fixture
def tell(case_no: str, fresh_sandbox: Sandbox, served: str) -> Callable[..., None]:
    """The registry tells something about the case, over HTTP."""
    del served

    def run(kind: str, on: date, **more: Any) -> None:
        asked = {"kind": f"notice.{kind}", "subject": case_no, "happened_on": on.isoformat(), **more}
        fresh_sandbox.post("/_sim/registry/events", **asked)

    return run


def case_of(case_no: str) -> Case:
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def dates(case_no: str) -> tuple[Any, ...]:
    case = case_of(case_no)
    return case.notice_from, case.notice_until, case.promised_due_on


def on(day: date) -> Any:
    return clock.stopped_at(datetime(day.year, day.month, day.day, 10, tzinfo=clock.SHANGHAI))


def test_the_promised_clock_begins_the_day_after_the_notice_ends(case_no: str) -> None:
    assert dates(case_no) == (ACCEPTED, LAST_DAY, DUE)
    assert case_of(case_no).statutory_due_on == LAST_DAY + timedelta(days=20)


def test_an_item_without_a_notice_counts_from_acceptance(citizen_id: int) -> None:
    case_fixtures.publish_id_lost()
    case = case_of(case_fixtures.accepted(citizen_id))

    assert (case.notice_from, case.notice_until) == (None, None)
    assert case.promised_due_on is not None


def test_the_owner_and_whoever_follows_the_case_see_both_dates(
    case_no: str, citizen_id: int, client: FlaskClient
) -> None:
    shown = client.get(f"/api/v1/cases/{case_no}", headers=log_in_as(citizen_id)).get_json()
    followed = client.get(
        f"/api/v1/track/{case_no}", query_string={"query_code": case_of(case_no).query_code}
    ).get_json()

    for told in (shown, followed):
        assert (told["notice_until"], told["promised_due_on"]) == (LAST_DAY.isoformat(), DUE.isoformat())
    assert shown["next"]["what"] == "公告到2026年12月06日，期满没有异议的，再作出决定"


def test_nothing_is_granted_before_the_notice_is_over(case_no: str) -> None:
    with on(LAST_DAY), pytest.raises(NoticeRunning) as refused:
        decide(case_no)
    assert refused.value.errors == {"notice": ["公告到2026年12月06日，期满以后才能准予办理"]}

    with on(DUE):
        assert decide(case_no).granted


def test_the_desk_offers_a_grant_only_when_the_notice_is_over(case_no: str) -> None:
    def offered() -> list[Step]:
        with unit_of_work() as session:
            case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
            return overview.of(session, case, parties=APPROVER.parties).allowed_actions

    assert Step.GRANT not in offered()
    assert Step.REFUSE in offered()
    with on(DUE):
        assert Step.GRANT in offered()


def test_an_objection_and_its_end_are_kept_as_one_stop_of_the_clock(case_no: str) -> None:
    with unit_of_work() as session:
        assert notices.objected(session, case_no=case_no, on=ACCEPTED + timedelta(days=1))
        assert notices.settled(session, case_no=case_no, on=ACCEPTED + timedelta(days=3))
    with unit_of_work() as session:
        shown = explained.of(session, case_of(case_no))

    assert shown is not None
    assert [line.sentence for line in shown.lines] == [
        "11月16日受理，先公告到12月6日，公告期满的第二天开始计算时间",
        "11月16日到11月16日公告期内有人提出异议，暂停期间不计入办理时限，日期没有变",
    ]


def test_a_notice_published_later_moves_both_dates(case_no: str, tell: Callable[..., None]) -> None:
    tell("published", ACCEPTED + timedelta(days=2))

    assert dates(case_no) == (ACCEPTED + timedelta(days=2), LAST_DAY + timedelta(days=2), date(2026, 12, 9))


def test_an_objection_stops_the_clock_and_is_told_once(
    case_no: str, tell: Callable[..., None], citizen_id: int, client: FlaskClient, deliver: Any
) -> None:
    for _ in range(2):
        tell("objected", date(2026, 11, 20), event_id="REG-objection-1", sequence=1)
    deliver()

    assert dates(case_no)[2] is None
    with on(DUE), pytest.raises(NoticeRunning):
        decide(case_no)
    told = client.get("/api/v1/messages", headers=log_in_as(citizen_id)).get_json()["items"]
    assert [each["title"] for each in told].count("公告期内有人提出异议") == 1


def test_an_objection_after_the_notice_stops_nothing(case_no: str, tell: Callable[..., None]) -> None:
    tell("objected", DUE)

    assert dates(case_no)[2] == DUE


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2025, 1, 1), date(2027, 1, 1), date(9999, 12, 31)])
def test_a_day_that_cannot_be_meant_is_kept_and_changes_nothing(
    case_no: str, tell: Callable[..., None], day: date
) -> None:
    tell("published", day)
    tell("objected", day)

    assert dates(case_no) == (ACCEPTED, LAST_DAY, DUE)
    with unit_of_work() as session:
        assert session.scalars(select(RegistryMessage.happened_on)).all() == [day, day]


def test_a_settled_objection_on_no_day_of_this_world_leaves_the_clock_standing(
    case_no: str, tell: Callable[..., None]
) -> None:
    tell("objected", date(2026, 11, 20))
    tell("objection_settled", date(9999, 12, 31))

    assert dates(case_no)[2] is None


def test_a_settled_objection_lets_the_clock_go_on(case_no: str, tell: Callable[..., None]) -> None:
    tell("objected", date(2026, 11, 20))
    tell("objection_settled", date(2026, 11, 25))
    assert dates(case_no)[2] == DUE

    tell("objected", date(2026, 11, 26))
    tell("objection_settled", date(2026, 12, 10))
    assert dates(case_no)[2] == date(2026, 12, 11)


def test_what_was_settled_before_we_heard_of_it_stops_nothing(
    case_no: str, tell: Callable[..., None]
) -> None:
    tell("objection_settled", date(2026, 11, 25), sequence=3)
    tell("objected", date(2026, 11, 20), sequence=2)

    assert dates(case_no)[2] == DUE
    with unit_of_work() as session:
        kept = session.scalars(select(RegistryMessage.overtaken).order_by(RegistryMessage.sequence)).all()
    assert kept == [True, False]


@pytest.mark.parametrize(
    "forged", ["forged_signature", "tampered_body", "stale_timestamp", "missing_signature"]
)
def test_a_forged_event_changes_nothing(
    case_no: str, tell: Callable[..., None], fresh_sandbox: Sandbox, forged: str
) -> None:
    fresh_sandbox.post("/_sim/faults", op="registry.event", kind=forged, only=True)
    tell("objected", date(2026, 11, 20))

    assert dates(case_no)[2] == DUE
    with unit_of_work() as session:
        assert session.scalars(select(RegistryMessage)).all() == []


def test_an_event_told_many_times_at_once_is_taken_once(
    case_no: str, tell: Callable[..., None], fresh_sandbox: Sandbox, deliver: Any
) -> None:
    fresh_sandbox.post("/_sim/faults", op="registry.event", kind="duplicate", count=5, parallel=True)
    tell("objected", date(2026, 11, 20))
    deliver()

    assert case_fixtures.kinds(case_no).count("notice_objected") == 1


def test_objection_and_decision_at_once_leave_one_truth(case_no: str) -> None:
    def object_() -> object:
        with unit_of_work() as session:
            return notices.objected(session, case_no=case_no, on=LAST_DAY)

    with on(DUE):
        together(object_, lambda: decide(case_no))

    case = case_of(case_no)
    assert (case.notice_objected_on is None) == (case.granted is True)


def test_control_without_the_condition_the_database_itself_refuses(
    case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_still_there", lambda row: Case.state == row.source.value)
    monkeypatch.setattr(limits, "notice_is_over", lambda *_, **__: True)
    with unit_of_work() as session:
        notices.objected(session, case_no=case_no, on=LAST_DAY)

    with on(DUE), pytest.raises(IntegrityError, match="granted_unopposed"):
        decide(case_no)


def test_a_case_whose_clock_stands_is_not_overdue_and_not_lost_from_the_list(
    case_no: str, citizen_id: int, tell: Callable[..., None]
) -> None:
    tell("objected", date(2026, 11, 20))
    case_fixtures.publish_id_lost()
    other = case_fixtures.accepted(citizen_id)

    with on(date(2027, 3, 1)), unit_of_work() as session:
        overdue, _ = work.page(session, clerk=CLERK, view=View.OVERDUE)
        first, mark = work.page(session, clerk=CLERK, view=View.ACCEPTED, limit=1)
        second, end = work.page(session, clerk=CLERK, view=View.ACCEPTED, after=mark, limit=1)

    assert [line.case_no for line in overdue] == [other]
    assert [line.case_no for line in (*first, *second)] == [other, case_no]
    assert end is None


def test_control_without_the_count_an_old_objection_stops_the_clock_again(
    case_no: str, tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.webhooks.inbox.take", lambda *_: inbox.Taken(inbox.Fate.NEWEST))
    tell("objection_settled", date(2026, 11, 25), sequence=3)
    tell("objected", date(2026, 11, 20), sequence=2)

    assert dates(case_no)[2] is None


def test_following_a_stopped_case_says_so(case_no: str, tell: Callable[..., None]) -> None:
    tell("objected", date(2026, 11, 20))

    with unit_of_work() as session:
        found = tracking.look(session, case_no=case_no, query_code=case_of(case_no).query_code)

    assert found is not None
    assert found.next.what == "核实公告期内提出的异议，时限暂停"
