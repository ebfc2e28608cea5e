"""What is written down and what is told of a trip stays true when it is moved or its case ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.cases import pausing
from app.cases import service as cases
from app.cases.clock_models import CasePause
from app.db import unit_of_work
from app.documents import jobs as documents
from app.materials import queries as material_queries
from app.materials import service as materials
from app.site_visits import queries, upkeep
from app.site_visits.errors import VisitBegun
from app.site_visits.models import VisitState
from tests import archive_fixtures as archives
from tests import case_fixtures, clock_fixtures
from tests import opinion_fixtures as opinions
from tests import visit_fixtures as visits
from tests.city_fixtures import MONDAY
from tests.opinion_fixtures import PLANNING


def test_whoever_opens_the_door_is_told_when_others_come_at_the_same_time(
    deliver: Callable[[], None],
) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    deliver()
    with clock.stopped_at(MONDAY + timedelta(milliseconds=300)):
        visits.replan(visit, [*visits.a_team()[:2], visits.officer(PLANNING, "谢规划")])
        deliver()

    (first,), (changed,) = visits.told(case_no), visits.told(case_no, "现场踏勘安排有变动")
    assert ("谢规划" in first, "谢规划" in changed, "时间不变：2026年11月17日" in changed) == (
        False,
        True,
        True,
    )


def test_a_trip_that_was_moved_says_so_and_from_when_to_when(deliver: Callable[[], None]) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    deliver()
    with clock.stopped_at(MONDAY + timedelta(minutes=1)):
        visits.replan(visit, team, day=visits.TUESDAY + timedelta(days=1), part=3)
        deliver()
    said = "改为2026年11月18日（周三）14:00到15:30"

    (told,) = visits.told(case_no, "现场踏勘改了时间")
    assert f"现场踏勘改了时间。{said}，原定2026年11月17日（周二）09:00到10:30。" in told
    assert any(f"现场踏勘{said}（原定2026年11月17日" in line for line in opinions.story(case_no))
    assert (len(visits.told(case_no)), queries.moved_from(visits.again(visit))[:11]) == (1, "2026年11月17日")


def test_a_time_that_comes_back_is_told_again_and_reminded_of_again(deliver: Callable[[], None]) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    upkeep.remind()
    for minutes, day in ((1, visits.TUESDAY + timedelta(days=1)), (2, visits.TUESDAY)):
        with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
            visits.replan(visit, team, day=day)
            deliver()
    upkeep.remind()
    deliver()

    moved = visits.told(case_no, "现场踏勘改了时间")
    assert ["改为2026年11月17日" in text for text in moved] == [False, True]
    assert len(visits.told(case_no, "明天现场踏勘")) == 1


def test_a_trip_that_took_place_is_closed_also_after_the_decision(deliver: Callable[[], None]) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
        visits.refuse(case_no)
        deliver()
        visits.close(visit, team[0])
        deliver()

    assert visits.again(visit).state == VisitState.DONE
    assert (visits.told(case_no, "现场踏勘已取消"), len(visits.told(case_no, "现场踏勘已完成"))) == ([], 1)


def test_a_trip_of_which_something_is_written_down_is_not_moved_but_set_anew() -> None:
    case_no, team, others = visits.accepted(), visits.a_team(), visits.a_team()
    visit = visits.plan(case_no, team)
    with visits.on_the_day():
        visits.judge(visit, team[1])
        with pytest.raises(VisitBegun):
            visits.replan(visit, others, day=visits.TUESDAY + timedelta(days=1))
        visits.call_off(visit, team[0])
        anew = visits.plan(case_no, others, day=visits.TUESDAY + timedelta(days=1))

    assert {point.met for point in visits.points(anew)} == {None}
    assert any(point.met for point in visits.points(visit))


def test_a_package_waits_for_the_record_of_a_trip_that_took_place(deliver: Callable[[], None]) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
        visits.refuse(case_no)
        with unit_of_work() as session:
            cases.close(session, case_no=case_no, officer=case_fixtures.FRONT_DESK)
        deliver()
        documents.draw_waiting()
    later = archives.LATER + timedelta(days=2)
    assert archives.run(later) == 0
    with visits.on_the_day(10):
        visits.close(visit, team[0])

    assert archives.run(later) == 1


def standing(case_no: str) -> CasePause:
    with unit_of_work() as session:
        pause = pausing.open_pause(session, case_id=clock_fixtures.case_of(case_no).id)
    assert pause is not None
    return pause


def test_the_clock_stands_for_a_trip_until_its_new_day() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team, pause=True)
    moved = visits.TUESDAY + timedelta(days=2)
    visits.replan(visit, team, day=moved)

    assert standing(case_no).expected_until == moved
    assert any("改为预计到2026年11月19日" in line for line in opinions.story(case_no))


def test_the_end_of_a_trip_ends_no_other_pause() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team, pause=True)
    kind = standing(case_no).kind
    clock_fixtures.resume(case_no)
    later = clock_fixtures.pause(case_no, kind=kind)
    visits.call_off(visit, team[0])

    assert standing(case_no).id == later.id


def test_photos_of_a_record_take_nothing_of_the_applicants_room(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = visits.plan(visits.accepted(), team := visits.a_team())
    with unit_of_work() as session:
        own = sum(map(len, material_queries.of_case(session, case_id=visit.case_id).values()))
    monkeypatch.setattr(materials, "PAGES_PER_CASE", own + 1)
    with visits.on_the_day():
        visits.photograph(visit, team[0])
        with unit_of_work() as session:
            assert materials.expect(session, case_id=visit.case_id, material_code="ROAD-M01")
