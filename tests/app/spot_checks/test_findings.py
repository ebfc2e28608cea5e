"""What somebody finds who looks again at what the machine decided, and what follows from it."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app import clock, settings
from app.cases import machine_stops
from app.cases.models import CaseEvent
from app.db import engine, unit_of_work
from app.spot_checks import queries, service
from app.spot_checks.errors import CheckedAlready, FindingMissing, NothingToFollow, PointsAreYourOwn
from app.spot_checks.models import Following, Outcome, SpotCheck
from app.spot_checks.service import Finder
from tests import review_fixtures
from tests.city_fixtures import MONDAY
from tests.races import Meeting, refusals, together
from tests.review_fixtures import UNEMPLOYED
from tests.spot_check_fixtures import a_finder, checks, drawn, find

pytestmark = pytest.mark.usefixtures("monday")
RIGHT, WRONG = Outcome.RIGHT, Outcome.WRONG
TODAY = clock.local(MONDAY).date()


def stop_of(task_code: str = UNEMPLOYED) -> str | None:
    with unit_of_work() as session:
        stop = machine_stops.stops(session).get(task_code)
        return stop.reason if stop else None


def test_a_right_one_is_over() -> None:
    (check,) = drawn()
    found = find(check, RIGHT)

    assert (found.check.outcome, found.check.finding, found.stopped) == ("right", None, None)
    with pytest.raises(CheckedAlready):
        find(check, WRONG, "年龄不符")


@pytest.mark.parametrize("finding", ["", " \u0000\n", "长" * 201])
def test_a_wrong_one_says_what_is_wrong(finding: str) -> None:
    (check,) = drawn()
    with pytest.raises(FindingMissing):
        find(check, WRONG, finding)

    assert checks()[0].outcome is None


def test_a_wrong_one_changes_nothing_of_the_case_and_waits_for_a_person() -> None:
    (check,) = drawn()
    before = lines(check.case_id)
    find(check, WRONG, "年龄不符")

    assert lines(check.case_id) == before
    with unit_of_work() as session:
        open_ones = session.scalars(select(SpotCheck.id).where(queries.is_open())).all()
        assert open_ones == [check.id]


def lines(case_id: int) -> int:
    with unit_of_work() as session:
        asked = select(func.count()).select_from(CaseEvent).where(CaseEvent.case_id == case_id)
        return session.scalars(asked).one()


def test_what_follows_is_written_down_once() -> None:
    (check,) = drawn()
    settle = partial(_follow, check)
    with pytest.raises(NothingToFollow):
        settle("还没有结论")
    find(check, WRONG, "年龄不符")
    with pytest.raises(FindingMissing):
        settle("")
    settle("依据行政许可法第六十九条撤销")

    with pytest.raises(NothingToFollow):
        settle("再来一次")
    assert (checks()[0].followed, checks()[0].follow_note) == ("revoked", "依据行政许可法第六十九条撤销")


def _follow(check: SpotCheck, note: str) -> None:
    with unit_of_work() as session:
        held = session.get_one(SpotCheck, check.id)
        service.follow(session, check=held, finder=a_finder(), what=Following.REVOKED, note=note)


def test_who_wrote_the_points_does_not_check_them(monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = drawn()
    monkeypatch.setattr(queries, "written_by", lambda _, *, clerk_id, version_ids: set(version_ids))
    with pytest.raises(PointsAreYourOwn):
        find(check, RIGHT)


def test_too_many_wrong_ones_stop_the_machine_for_the_item() -> None:
    (check,) = drawn()
    found = find(check, WRONG, "年龄不符")

    assert found.stopped == stop_of() == "近90天抽查1件，有误1件，自动停用"
    case_no = review_fixtures.handed_in(review_fixtures.proven_citizen())
    assert review_fixtures.case(case_no).state == "submitted"


def test_a_share_within_the_limit_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, percent=100)
    (check,) = drawn()

    assert find(check, WRONG, "年龄不符").stopped is None
    assert stop_of() is None


def allow(monkeypatch: pytest.MonkeyPatch, *, percent: int) -> None:
    """Let so much of a hundred be wrong."""
    monkeypatch.setenv("YIMA_SPOT_CHECK_WRONG_PERCENT", str(percent))
    settings.current.cache_clear()


@pytest.fixture(autouse=True)
def settings_as_they_were() -> Iterator[None]:
    yield
    settings.current.cache_clear()


@pytest.fixture
def four(monkeypatch: pytest.MonkeyPatch) -> list[SpotCheck]:
    """Four drawn cases of which two were right; one wrong of three is allowed, two of four are not."""
    allow(monkeypatch, percent=40)
    monkeypatch.setenv("YIMA_SPOT_CHECK_PERCENT", "100")
    settings.current.cache_clear()
    found = drawn(4)
    for check in found[:2]:
        find(check, RIGHT)
    return found[2:]


def test_of_two_wrong_ones_found_at_once_the_second_counts_the_first(
    four: list[SpotCheck], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_counting(monkeypatch)
    finders = [a_finder(), a_finder()]
    together(
        *[partial(find, check, WRONG, "不符", finder=who) for check, who in zip(four, finders, strict=True)]
    )

    assert stop_of() == "近90天抽查4件，有误2件，自动停用"


def test_control_without_the_lock_neither_counts_the_other(
    four: list[SpotCheck], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_counting(monkeypatch)
    monkeypatch.setattr(service, "_one_at_a_time", lambda _, *, task_code: None)
    finders = [a_finder(), a_finder()]
    together(
        *[partial(find, check, WRONG, "不符", finder=who) for check, who in zip(four, finders, strict=True)]
    )

    assert stop_of() is None


def meet_before_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, stop = Meeting(), service._stop_if_too_often

    def met(session: object, check: SpotCheck, finder: Finder) -> str | None:
        meeting.wait()
        found = stop(session, check, finder)  # type: ignore[arg-type]
        meeting.wait()
        return found

    monkeypatch.setattr(service, "_stop_if_too_often", met)


def test_of_two_clerks_at_once_one_says_what_was_found() -> None:
    (check,) = drawn()
    finders = [a_finder(), a_finder()]
    found = together(*[partial(find, check, RIGHT, finder=who) for who in finders])

    assert refusals(found, CheckedAlready) == 1


def test_the_numbers_have_their_denominators(four: list[SpotCheck]) -> None:
    find(four[0], WRONG, "不符")
    with unit_of_work() as session:
        drawn = queries.lately(session)

    assert (drawn.decided, drawn.drawn, drawn.checked, drawn.wrong) == (4, 4, 3, 1)


@pytest.mark.parametrize(
    "change",
    ["outcome = 'wrong'", "outcome = 'right', finding = '\\x00'", "followed = 'kept'", "outcome = 'maybe'"],
)
def test_the_database_keeps_a_check_whole(change: str) -> None:
    (check,) = drawn()
    with pytest.raises(IntegrityError), engine().begin() as connection:
        connection.execute(text(f"UPDATE spot_checks SET {change} WHERE id = {check.id}"))
