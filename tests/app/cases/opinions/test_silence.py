"""Who does not answer in time agrees where the guide says so, and nowhere else (视为无异议)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.cases import opinion_silence as silence
from app.cases.opinion_errors import OpinionTooLate
from app.cases.opinion_models import OpinionState
from app.db import unit_of_work
from tests import case_fixtures
from tests import opinion_fixtures as opinions
from tests.city_fixtures import MONDAY
from tests.opinion_fixtures import PLANNING, POLICE


def test_silence_counts_by_rule_and_is_written_down_once() -> None:
    case_no = opinions.accepted()
    with clock.stopped_at(MONDAY + timedelta(days=3)):
        assert [silence.count_silence(), silence.count_silence()] == [1, 0]

    assert opinions.requests(case_no)[PLANNING].state == OpinionState.SILENT
    assert opinions.story(case_no)[-1] == (
        "市自然资源和规划局到2026年11月18日没有回复，"
        "按《示例市并联审批实施办法》第八条视为无异议（征求意见 1/2）"
    )
    assert case_fixtures.published()[-1] == "SilenceCounted"


def test_where_no_rule_says_so_silence_is_no_answer() -> None:
    case_no = opinions.accepted()
    with clock.stopped_at(MONDAY + timedelta(days=30)):
        silence.count_silence()
        request = opinions.requests(case_no)[POLICE]
        assert request.state == OpinionState.ASKED

        opinions.give(request)
        assert case_fixtures.decide(case_no).granted


def test_on_its_last_day_a_department_still_answers() -> None:
    case_no = opinions.accepted()
    with clock.stopped_at(MONDAY + timedelta(days=2)):
        assert silence.count_silence() == 0
        opinions.give(opinions.requests(case_no)[PLANNING])

    assert opinions.requests(case_no)[PLANNING].state == OpinionState.GIVEN


def test_after_its_day_it_is_too_late_also_before_the_job_has_run() -> None:
    case_no = opinions.accepted()
    with clock.stopped_at(MONDAY + timedelta(days=3)), pytest.raises(OpinionTooLate):
        opinions.give(opinions.requests(case_no)[PLANNING])


def test_of_a_case_that_is_over_nothing_is_counted() -> None:
    case_no = opinions.accepted()
    case_fixtures.decide(case_no, granted=False, reason="不符合规划", legal_basis="《城市道路管理条例》")
    with clock.stopped_at(MONDAY + timedelta(days=9)):
        assert silence.count_silence() == 0


def test_a_case_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    opinions.accepted()
    with unit_of_work() as session:
        session.execute(text("UPDATE cases SET sealed_form = '\\x00'"))
    case_no = case_fixtures.accepted(case_fixtures.citizen("李四"), opinions.ROAD)
    with clock.stopped_at(MONDAY + timedelta(days=3)):
        assert silence.count_silence() == 1

    assert opinions.requests(case_no)[PLANNING].state == OpinionState.SILENT
