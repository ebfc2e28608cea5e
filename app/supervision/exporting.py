"""Alerts as the supervision office takes them (电子监察数据): the eleven fields of GB/T 39046-2020 table 11.

The standard leaves the codes of the alert types to the office; ours are 1 yellow, 2 red, 3 over.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.catalogue.models import GuideVersion
from app.supervision import queries
from app.supervision.errors import PeriodUnfit
from app.supervision.models import SupervisionAlert, SupervisionTicket
from app.supervision.rules import TEXTS, Level, Recipient, Rule

LONGEST_DAYS = 92
MOST_ROWS = 20_000
FIELDS = (
    *("办件编号", "督办内容", "机构名称", "事项类型代码", "督办发出时间", "监察编号"),
    *("监察规则编号", "监察预警类型代码", "状态产生时间", "监察结果描述", "责任部门"),
)
_CODES = {Level.YELLOW: "1", Level.RED: "2", Level.OVER: "3"}
_LONGEST = {"督办内容": 1000, "机构名称": 100, "监察结果描述": 1000, "责任部门": 100}
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(session: Session, *, first: date, last: date) -> str:
    """What supervision was told from one day to another, both included, as CSV; raises PeriodUnfit."""
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise PeriodUnfit(most=LONGEST_DAYS)
    written = io.StringIO(newline="")
    sheet = csv.DictWriter(written, FIELDS)
    sheet.writeheader()
    for row in rows(session, first=first, last=last):
        sheet.writerow({name: _harmless(value[: _LONGEST.get(name, 50)]) for name, value in row.items()})
    return written.getvalue()


def rows(session: Session, *, first: date, last: date) -> Iterator[dict[str, str]]:
    """The alerts of a period, the oldest first, each with the eleven fields."""
    began = datetime.combine(first, time(), clock.SHANGHAI)
    ended = datetime.combine(last + timedelta(days=1), time(), clock.SHANGHAI)
    asked = (
        select(
            SupervisionAlert,
            SupervisionTicket,
            Case.case_no,
            Case.dept_name,
            Case.state.label("case_state"),
            GuideVersion.body["task_type"].astext.label("task_type"),
        )
        .join(Case, Case.id == SupervisionAlert.case_id)
        .join(GuideVersion, GuideVersion.id == Case.guide_version_id)
        .outerjoin(SupervisionTicket, SupervisionTicket.case_id == Case.id)
        .where(
            SupervisionAlert.recipient == Recipient.SUPERVISION.value,
            SupervisionAlert.at >= began,
            SupervisionAlert.at < ended,
        )
        .order_by(SupervisionAlert.id)
        .limit(MOST_ROWS)
    )
    return map(_fields, session.execute(asked))


def _fields(row: Row[*tuple[Any, ...]]) -> dict[str, str]:
    alert: SupervisionAlert = row.SupervisionAlert
    ticket: SupervisionTicket | None = row.SupervisionTicket
    rule = Rule(alert.rule)
    moved = [alert.at]
    if ticket is not None and rule in queries.EXPLAINED_BY_TICKET:
        moved += filter(None, (ticket.explained_at, ticket.settled_at))
    told = TEXTS[rule].sentence.format(on=f"{alert.due_on:%Y年%m月%d日}")
    values = (
        *(row.case_no, told, row.dept_name, row.task_type or "", _moment(alert.at), alert.alert_no),
        *(TEXTS[rule].number, _CODES[Level(alert.level)], _moment(max(moved))),
        *(queries.result(row.case_state, ticket, rule=rule), row.dept_name),
    )
    return dict(zip(FIELDS, values, strict=True))


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y%m%d%H%M%S}"


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
