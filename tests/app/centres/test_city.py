from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.centres import hours, queries, service, working_days
from app.centres.errors import CentreNotFound, CityDataInvalid, CityNotLoaded
from app.centres.models import CalendarDay, Centre, WindowGroup
from app.centres.queries import Point
from app.db import unit_of_work
from tests.city_fixtures import document, load_city

SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=clock.SHANGHAI)


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def _load(centres: Any) -> None:
    with unit_of_work() as session:
        service.load_city(session, centres=centres, calendar=document("calendar.json"))


def test_loading_the_city_twice_changes_nothing(city: None) -> None:
    counted = [select(func.count()).select_from(table) for table in (Centre, WindowGroup, CalendarDay)]
    with unit_of_work() as session:
        before = [session.scalar(count) for count in counted]
    load_city()
    with unit_of_work() as session:
        assert [session.scalar(count) for count in counted] == before
    assert before[0] == 8


def test_a_hall_whose_name_does_not_tell_its_level_is_loaded_and_named(
    city: None, caplog: pytest.LogCaptureFixture
) -> None:
    changed = document("centres.json")
    changed["centers"] = changed["centers"][-2:]
    changed["centers"][0].update(level="乡镇", name="甘蔗街道服务中心")
    _load(changed)

    assert caplog.messages == ["centers[0]: 乡镇的综合性场所应叫“便民服务中心”，现在叫“甘蔗街道服务中心”"]


def test_a_fault_in_the_data_is_named_and_nothing_is_loaded(city: None) -> None:
    broken = document("centres.json")
    broken["centers"][0]["name"] = "改过的名字"
    del broken["centers"][3]["windows"][1]["capacity_per_slot"]
    with pytest.raises(CityDataInvalid) as refused:
        _load(broken)
    assert refused.value.data["where"] == "centers[3]"
    with unit_of_work() as session:
        assert queries.centre(session, centre_id="C01").name != "改过的名字"


@pytest.mark.parametrize(
    "stretches", [[["17:00", "09:00"]], [["09:00", "12:00"], ["11:00", "15:00"]], [["9"]]]
)
def test_hours_that_overlap_or_run_backwards_are_refused(city: None, stretches: Any) -> None:
    broken = document("centres.json")
    broken["centers"][0]["opening_hours"]["1"] = stretches
    with pytest.raises(CityDataInvalid):
        _load(broken)


def test_a_window_group_that_is_no_longer_named_has_no_windows(city: None) -> None:
    changed = document("centres.json")
    changed["centers"][0]["windows"] = changed["centers"][0]["windows"][1:]
    _load(changed)
    with unit_of_work() as session:
        groups = {group.name: group.codes for group in queries.centre(session, centre_id="C01").groups}
    assert groups["公安"] == []
    assert groups["人社"] != []


def test_a_centre_without_hours_of_its_own_follows_the_city(city: None) -> None:
    changed = document("centres.json")
    del changed["centers"][3]["opening_hours"]
    _load(changed)
    with unit_of_work() as session, clock.stopped_at(_at(10, 8, 9, 0)):
        found = queries.see(session, centre_id="C04")
        assert found.follows_city
        assert found.open_now
    with unit_of_work() as session, clock.stopped_at(_at(10, 1, 9, 0)):
        assert not queries.see(session, centre_id="C04").open_now


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        (_at(11, 16, 8, 59), False),
        (_at(11, 16, 9, 0), True),
        (_at(11, 16, 17, 0), False),
        (_at(11, 21, 15, 0), True),  # a Saturday on shift
        (_at(11, 22, 15, 0), True),  # a Sunday on shift
        (_at(10, 3, 10, 0), False),  # a Saturday inside the National Day week
        (_at(10, 10, 16, 30), True),  # a Saturday that makes up, with a Monday's hours
    ],
)
def test_a_hall_opens_by_hours_shift_and_holidays(city: None, when: datetime, *, is_open: bool) -> None:
    with unit_of_work() as session, clock.stopped_at(when):
        assert queries.see(session, centre_id="C01").open_now is is_open


def test_a_make_up_saturday_is_no_shift(city: None) -> None:
    with unit_of_work() as session:
        calendar = working_days.calendar(session)
    assert hours.on_shift(date(2026, 11, 21), calendar)
    assert not hours.on_shift(date(2026, 10, 10), calendar)


def test_a_general_window_takes_what_no_other_window_takes(city: None) -> None:
    with unit_of_work() as session:
        (general,) = queries.centre(session, centre_id="C07").groups
    assert {"公安", "民政", "人社"} <= set(general.serves)
    assert set(general.weekend_serves) == {"人社", "医保", "民政"}


def test_the_nearest_hall_comes_first(city: None) -> None:
    with unit_of_work() as session:
        found = queries.find(session, near=Point(26.1521, 119.1334))
    assert [one.centre.id for one in found[:2]] == ["C07", "C05"]
    assert found[0].distance_m == 0
    assert 400 < (found[1].distance_m or 0) < 700


def test_on_a_saturday_only_halls_with_the_field_on_shift_are_found(city: None) -> None:
    with unit_of_work() as session:
        weekday = {one.centre.id for one in queries.find(session, field="公积金")}
        saturday = queries.find(session, field="公积金", open_at=SATURDAY)
        police = {one.centre.id for one in queries.find(session, field="公安", open_at=SATURDAY)}
    assert weekday == {"C01"}
    assert saturday == []
    assert police == {"C01", "C03", "C05"}


@pytest.mark.parametrize("centre_id", ["C99", "C01\0", "", "C01 "])
def test_an_unknown_centre_is_not_found(city: None, centre_id: str) -> None:
    with unit_of_work() as session, pytest.raises(CentreNotFound):
        queries.centre(session, centre_id=centre_id)


def test_without_a_city_there_are_no_rules(database: None) -> None:
    with unit_of_work() as session, pytest.raises(CityNotLoaded):
        queries.rules(session)


def test_a_new_notice_replaces_the_provisional_year(city: None) -> None:
    notice = {
        "published_years": [2027],
        "off_days": {"2027-01-01": "元旦"},
        "makeup_workdays": ["2027-01-03"],
    }
    with unit_of_work() as session:
        service.load_calendar(session, notice)
        calendar = working_days.calendar(session)
    assert calendar.is_working_day(date(2027, 1, 3))
    assert calendar.is_working_day(date(2027, 2, 8))  # off only by the provisional list
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert not calendar.due(date(2027, 1, 4), 5, unit="WORKDAY").provisional


def test_a_day_outside_the_named_years_is_refused(city: None) -> None:
    stray = {"published_years": [2028], "off_days": {"2027-01-01": "元旦"}, "makeup_workdays": []}
    with unit_of_work() as session, pytest.raises(CityDataInvalid, match="calendar"):
        service.load_calendar(session, stray)
