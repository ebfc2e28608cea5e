"""What is told in writing when the clock of a case stands or is extended."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.db import unit_of_work
from app.documents.kinds import Kind
from notifications.models import Message
from tests import clock_fixtures
from tests.city_fixtures import load_city
from tests.clock_fixtures import extend, on, pause, resume
from tests.document_fixtures import of_case, of_kind, words

MONDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 18)


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with on(MONDAY):
        load_city()
        yield


@pytest.fixture
def case_no() -> str:
    return clock_fixtures.accepted()


def told() -> list[str]:
    with unit_of_work() as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))


def test_a_special_procedure_is_told_in_writing(case_no: str, deliver: Any) -> None:
    with on(WEDNESDAY):
        pause(case_no)
        deliver()
    paper = of_kind(case_no, Kind.SPECIAL)
    said = words(paper)

    for part in (clock_fixtures.WHY, "2026年11月18日", "不计入办理期限", "第四十五条", "预计结束"):
        assert part in said
    assert any(paper.number in text for text in told())


def test_each_special_procedure_has_a_paper_of_its_own(case_no: str, deliver: Any) -> None:
    for _ in range(2):
        pause(case_no)
        resume(case_no)
    deliver()

    assert [paper.kind for paper in of_case(case_no)].count("special") == 2


def test_an_extension_is_told_with_its_reason_and_the_new_days(case_no: str, deliver: Any) -> None:
    extend(case_no)
    deliver()
    paper = of_kind(case_no, Kind.EXTENSION)
    said = words(paper)

    for part in ("10个工作日", "周局长", clock_fixtures.WHY, "第四十二条", "承诺办结", "法定期限"):
        assert part in said
    assert any(paper.number in text for text in told())


def test_an_acceptance_that_is_heard_late_says_that_the_clock_stands(case_no: str, deliver: Any) -> None:
    pause(case_no)
    deliver()

    assert "正在进行特别程序，暂停计算" in words(of_kind(case_no, Kind.ACCEPTANCE))
