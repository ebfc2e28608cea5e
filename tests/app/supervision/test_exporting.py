"""The export has the eleven fields of GB/T 39046 table 11, each of its kind and length."""

import csv
import io
import re
from datetime import date

import pytest

from app.db import unit_of_work
from app.supervision import exporting, tickets, watching
from app.supervision.errors import PeriodUnfit
from tests import clock_fixtures
from tests.case_fixtures import APPROVER
from tests.clock_fixtures import case_of, on

pytestmark = pytest.mark.usefixtures("city")

OVERDUE = date(2026, 11, 24)
# The fields of the standard in its order; what each may hold.
TABLE_11 = {
    "办件编号": r"[0-9A-Z]{1,50}",
    "督办内容": r".{1,1000}",
    "机构名称": r".{1,100}",
    "事项类型代码": r"[0-9]{2}",
    "督办发出时间": r"[0-9]{14}",
    "监察编号": r"[0-9A-Z]{1,20}",
    "监察规则编号": r"[0-9A-Z-]{1,20}",
    "监察预警类型代码": r"[0-9]",
    "状态产生时间": r"[0-9]{14}",
    "监察结果描述": r".{1,1000}",
    "责任部门": r".{1,100}",
}


def exported(first: date = OVERDUE, last: date = OVERDUE) -> list[dict[str, str]]:
    with unit_of_work() as session:
        return list(csv.DictReader(io.StringIO(exporting.table(session, first=first, last=last))))


def test_the_fields_are_those_of_the_standard() -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE):
        watching.watch()
    (row,) = exported()

    assert list(row) == list(TABLE_11)
    assert [name for name, kind in TABLE_11.items() if not re.fullmatch(kind, row[name])] == []
    assert (row["办件编号"], row["监察规则编号"], row["监察预警类型代码"]) == (case_no, "JCGZ-02", "3")


def test_the_result_tells_what_was_said_and_when() -> None:
    case_no = clock_fixtures.accepted()
    with on(OVERDUE):
        watching.watch()
    with on(OVERDUE, hour=15), unit_of_work() as session:
        tickets.explain(session, case=case_of(case_no), officer=APPROVER, text="=现场\n两次没有人")
    (row,) = exported()

    assert row["监察结果描述"] == "办件已受理，办理中；陈审批说明：=现场\n两次没有人"
    assert (row["督办发出时间"], row["状态产生时间"]) == ("20261124100000", "20261124150000")


def test_a_period_has_both_its_days_and_an_end() -> None:
    clock_fixtures.accepted()
    with on(OVERDUE):
        watching.watch()

    assert exported(date(2026, 11, 25), date(2026, 11, 26)) == []
    for first, last in ((OVERDUE, date(2026, 11, 23)), (date(2026, 1, 1), OVERDUE)):
        with pytest.raises(PeriodUnfit):
            exported(first, last)


def test_no_field_is_a_formula() -> None:
    assert exporting._harmless("=1+1") == "'=1+1"
    assert exporting._harmless("市公安局") == "市公安局"
