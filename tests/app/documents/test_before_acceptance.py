"""What is told in writing before a case is accepted, when something really happens to it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.cases import upkeep
from app.db import unit_of_work
from app.documents.kinds import Kind
from notifications.models import Message
from tests import case_fixtures, correction_fixtures
from tests.city_fixtures import MONDAY
from tests.document_fixtures import of_case, of_kind, words


@pytest.fixture
def case_no(citizen: int) -> str:
    return case_fixtures.submitted(citizen)


def told() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))


def test_the_one_notice_of_what_to_correct_is_a_paper(case_no: str, deliver: Any) -> None:
    correction_fixtures.ask(case_no)
    deliver()
    paper = of_kind(case_no, Kind.CORRECTION)
    said = words(paper)
    notice = correction_fixtures.notice_of(case_no)

    assert notice is not None
    for point in notice.points:
        assert "".join(f"{point.label}：{point.reason_text}".split()) in said
    assert any(paper.number in text for text in told())


def test_not_taking_a_case_up_is_a_paper_with_remedies(case_no: str, deliver: Any) -> None:
    correction_fixtures.refuse_to_take(case_no)
    deliver()
    paper = of_kind(case_no, Kind.NOT_ACCEPTED)
    said = words(paper)

    for part in ("不属于本部门职权范围", "不归本部门办理", "行政许可法第三十二条", "第二十条", "第四十六条"):
        assert part in said
    assert any(paper.number in text for text in told())


def test_silence_is_told_as_such_on_the_day_it_is_noticed(case_no: str, deliver: Any) -> None:
    with clock.stopped_at(MONDAY + timedelta(days=9)):
        upkeep.deem_accepted()
        deliver()
        (paper,) = of_case(case_no)

        assert "依法自收到申请之日起视为受理" in words(of_kind(case_no, Kind.ACCEPTANCE))
        assert paper.issued_on > MONDAY.date()
