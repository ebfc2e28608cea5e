"""One trip, the checklist of every department, one record (联合踏勘)."""

import pytest
from sqlalchemy import select

from app.cases.clock_models import CasePause
from app.cases.officers import Officer
from app.cases.opinion_giving import Opinion
from app.cases.opinion_models import Answer, OpinionRequest
from app.db import unit_of_work
from app.site_visits import citing, queries, second_trips, upkeep, windows
from app.site_visits.errors import (
    CaseNotForVisit,
    NotOnTheTeam,
    RecordSigned,
    RecordUnfinished,
    SecondTripUnapproved,
    StaffUnfit,
    VisitAddressUnfit,
    VisitNotBegun,
    VisitNotFound,
    VisitOpen,
    VisitTimeUnfit,
    VisitUncited,
)
from app.site_visits.models import SiteVisit, VisitState
from tests import clock_fixtures
from tests import head_fixtures as heads
from tests import opinion_fixtures as opinions
from tests import visit_fixtures as visits
from tests.city_fixtures import MONDAY
from tests.opinion_fixtures import PLANNING, POLICE


def test_every_department_brings_its_list_on_one_trip_and_the_applicant_is_told_who_comes() -> None:
    case_no = visits.accepted()
    visit = visits.plan(case_no, visits.a_team())

    assert {point.dept_name for point in visits.points(visit)} == {visits.LEAD, POLICE, PLANNING}
    assert any(
        "现场踏勘定于2026年11月17日（周二）09:00到10:30，上门人员：陈踏勘（工号" in line
        for line in opinions.story(case_no)
    )


def test_two_go_and_every_department_with_points_sends_somebody() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    for sent in (team[:1], team[:2]):
        with pytest.raises(StaffUnfit):
            visits.plan(case_no, sent)


def test_a_department_that_sends_nobody_is_named() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    with pytest.raises(StaffUnfit) as refused:
        visits.plan(case_no, team[:2])

    assert refused.value.errors == {"clerk": [f"{opinions.PLANNING}还没有人去"]}


def test_a_trip_is_on_a_working_day_to_come_and_somewhere() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    for unfit in ({"day": MONDAY.date()}, {"day": MONDAY.replace(day=21).date()}, {"part": 5}):
        with pytest.raises(VisitTimeUnfit):
            visits.plan(case_no, team, **unfit)
    with pytest.raises(VisitAddressUnfit):
        visits.plan(case_no, team, address="家")


def test_a_case_has_one_trip_at_a_time_and_only_while_it_is_handled() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visits.plan(case_no, team)
    with pytest.raises(VisitOpen):
        visits.plan(case_no, visits.a_team())
    _, elder = visits.an_elder()
    with pytest.raises(CaseNotForVisit):
        visits.plan(elder, [visits.officer("市民政局"), visits.officer("市民政局")])


def test_two_departments_close_with_one_record() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
        visits.photograph(visit, team[0])
        closed = visits.close(visit, team[0], applicant="王小明的店员")

    assert (closed.state, closed.applicant_name) == (VisitState.DONE, "王小明的店员")
    assert f"现场踏勘已完成，核查4项，4项符合，记录{closed.number}" in opinions.story(case_no)


def test_nothing_is_written_before_the_day_and_by_nobody_who_does_not_come() -> None:
    visit = visits.plan(visits.accepted(), team := visits.a_team())
    with pytest.raises(VisitNotBegun):
        visits.judge(visit, team[0])
    with visits.on_the_day():
        with pytest.raises(NotOnTheTeam):
            visits.judge(visit, visits.officer(POLICE))
        with pytest.raises(VisitNotFound):
            visits.judge(visit, visits.officer("市民政局"))


def test_each_judges_the_points_of_the_own_department_and_signs_once() -> None:
    visit = visits.plan(visits.accepted(), team := visits.a_team())
    with visits.on_the_day():
        visits.judge(visit, team[1])
        assert {point.dept_name for point in visits.points(visit) if point.met} == {POLICE}
        visits.sign(visit, team[1])
        with pytest.raises(RecordSigned):
            visits.judge(visit, team[1], met=False, note="通道不够宽")
        with pytest.raises(RecordUnfinished):
            visits.sign(visit, team[2])


def test_what_is_not_met_says_why() -> None:
    visit = visits.plan(visits.accepted(), team := visits.a_team())
    with visits.on_the_day():
        with pytest.raises(RecordUnfinished):
            visits.judge(visit, team[0], met=False)
        visits.judge(visit, team[0], met=False, note="占用超出申请范围两米")

    assert [point.note for point in visits.points(visit) if point.met is False] == [
        "占用超出申请范围两米"
    ] * 2


def test_a_record_is_closed_when_all_is_judged_and_signed_and_says_who_was_absent() -> None:
    visit = visits.plan(visits.accepted(), team := visits.a_team())
    with visits.on_the_day():
        with pytest.raises(RecordUnfinished) as refused:
            visits.close(visit, team[0], applicant="王小明")
        assert set(refused.value.errors or {}) == {"points", "staff", "signed"}
        for one in team:
            visits.judge(visit, one)
        for one in team[:2]:
            visits.sign(visit, one)
        with unit_of_work() as session:
            last = queries.team(session, visit_ids=[visit.id])[visit.id][2]
        assert visits.close(visit, team[0], absent={last.id}).applicant == "absent"


def give(request: OpinionRequest, cited: int | None) -> OpinionRequest:
    officer = opinions.officer_of(request.dept_name)
    with unit_of_work() as session:
        return citing.give(
            session, officer=officer, request_id=request.id, opinion=Opinion(Answer.AGREES), cited=cited
        )


def test_an_opinion_after_the_trip_cites_its_record() -> None:
    case_no = visits.accepted()
    visit = visits.done(case_no)
    asked = opinions.requests(case_no)[POLICE]
    for cited in (None, visit.id + 1):
        with pytest.raises(VisitUncited):
            give(asked, cited)

    assert give(asked, visit.id).site_visit_id == visit.id


def test_before_a_trip_there_is_nothing_to_cite() -> None:
    assert give(opinions.requests(visits.accepted())[POLICE], None).site_visit_id is None


def test_a_second_trip_wants_a_reason_and_the_heads_yes_which_is_good_for_one() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visits.done(case_no, team)
    with pytest.raises(SecondTripUnapproved):
        visits.plan(case_no, team, part=2)
    with unit_of_work() as session:
        second_trips.ask(session, case_no=case_no, officer=team[0], reason="整改以后要再看一次路面")
    with pytest.raises(SecondTripUnapproved):
        visits.plan(case_no, team, part=2)
    heads.approve(case_no)
    visits.done(case_no, team, part=2)
    with pytest.raises(SecondTripUnapproved):
        visits.plan(case_no, team, part=3)


def signed_and_called_off(case_no: str, team: list[Officer], *, by: int = 3, part: int = 1) -> None:
    """Some go, judge, sign, and then the trip is called off."""
    visit = visits.plan(case_no, team, part=part)
    with visits.on_the_day():
        for one in team[:by]:
            visits.judge(visit, one, met=False, note="路面没有恢复")
            visits.sign(visit, one)
        visits.call_off(visit, team[0])


def test_what_was_signed_is_not_called_off_to_go_again_without_the_head() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    signed_and_called_off(case_no, team)
    with pytest.raises(SecondTripUnapproved):
        visits.plan(case_no, team, part=2)
    with unit_of_work() as session:
        second_trips.ask(session, case_no=case_no, officer=team[0], reason="整改以后要再看一次路面")
    heads.approve(case_no)
    signed_and_called_off(case_no, team, part=2)

    with pytest.raises(SecondTripUnapproved):
        visits.plan(case_no, team, part=3)


def test_where_one_alone_has_signed_nobody_looked_and_the_trip_is_set_again() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    signed_and_called_off(case_no, team, by=1)

    assert visits.plan(case_no, team, part=2).approval_id is None


def test_the_clock_stands_for_the_trip_and_runs_on_after_it() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    before = clock_fixtures.limits_of(case_no)
    visit = visits.plan(case_no, team, pause=True)
    assert clock_fixtures.limits_of(case_no) == (None, None)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
        visits.close(visit, team[0])

    after = clock_fixtures.limits_of(case_no)
    assert (after[0] is not None, after > before) == (True, True)


def test_the_reason_why_the_clock_stands_follows_the_trip() -> None:
    case_no, team = visits.accepted(), visits.a_team()
    visit = visits.plan(case_no, team, pause=True)
    visits.replan(visit, team, part=3)

    with unit_of_work() as session:
        (reason,) = session.scalars(select(CasePause.reason))
    assert windows.TEXTS[3] in reason


def test_a_trip_that_is_called_off_frees_its_team_and_the_clock(deliver: object) -> None:
    case_no, team = visits.accepted(), visits.a_team()
    before = clock_fixtures.limits_of(case_no)
    visit = visits.plan(case_no, team, pause=True)
    visits.call_off(visit, team[0])
    visits.plan(case_no, team)
    deliver()  # type: ignore[operator]

    assert visits.again(visit).cancelled_why == "路口封闭施工"
    assert clock_fixtures.limits_of(case_no)[0] is not None
    assert before[0] is not None


def test_others_go_at_another_time_and_the_first_are_free_again() -> None:
    case_no, team, others = visits.accepted(), visits.a_team(), visits.a_team()
    visit = visits.plan(case_no, team)
    moved = visits.replan(visit, others, part=3)
    visits.plan(visits.accepted(), team)

    assert (moved.id, moved.part) == (visit.id, 3)
    assert any("14:00到15:30" in line for line in opinions.story(case_no))


def test_nobody_goes_for_a_case_that_is_over(deliver: object) -> None:
    case_no = visits.accepted()
    visit = visits.plan(case_no, visits.a_team())
    visits.refuse(case_no)
    deliver()  # type: ignore[operator]

    assert visits.again(visit).state == VisitState.CANCELLED


def test_whoever_is_visited_is_told_on_the_day_before_and_once(deliver: object) -> None:
    visit = visits.plan(visits.accepted(), visits.a_team())

    assert [upkeep.remind(), upkeep.remind()] == [1, 0]
    deliver()  # type: ignore[operator]
    with unit_of_work() as session:
        assert session.get_one(SiteVisit, visit.id).reminded_at is not None


def test_a_lead_and_a_department_known_by_their_codes_go_along_and_judge() -> None:
    police = {**opinions.asked(POLICE, silence_agrees=False), "dept_code": "GA"}
    case_no = opinions.accepted(police, opinions.asked(PLANNING))
    lead = clock_fixtures.case_of(case_no).dept_code
    team = [visits.officer(lead), visits.officer("GA"), visits.officer(PLANNING)]
    visit = visits.plan(case_no, team)
    with visits.on_the_day():
        for one in team:
            visits.judge(visit, one)
            visits.sign(visit, one)
        assert visits.close(visit, team[0]).state == VisitState.DONE
    with unit_of_work() as session:
        seen, _ = queries.for_officer(session, officer=visits.officer("GA"), visit_id=visit.id)
        staff = queries.team(session, visit_ids=[seen.id])[visit.id]

    assert [one.dept_name for one in staff] == [visits.LEAD, POLICE, PLANNING]
