"""Every no of a week (否定报备, R027): what was not accepted or refused, by whom and on what ground."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import decided
from app.cases.decided import REMEDIES
from app.cases.models import Case
from app.catalogue.models import GuideVersion

HEAD = (
    *("日期", "办件编号", "事项", "部门", "结果", "情形代码", "情形"),
    *("原因", "法律依据", "决定人", "救济途径"),
)
_LICENCE = "01"
_WIDTHS = (12, 26, 28, 20, 14, 18, 24, 50, 40, 12, 50)


@dataclass(frozen=True, slots=True)
class Refused:
    """One no: nothing says whose case it is."""

    on: date
    case_no: str
    task_name: str
    dept_name: str
    result: str
    code: str
    ground: str
    reason: str
    legal_basis: str
    decided_by: str
    remedies: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As it stands in a sheet, in the order of the head."""
        return (
            *(f"{self.on:%Y-%m-%d}", self.case_no, self.task_name, self.dept_name, self.result),
            *(self.code, self.ground, self.reason, self.legal_basis, self.decided_by, self.remedies),
        )


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def of_week(session: Session, *, monday: date) -> Sequence[Refused]:
    """Every no from a Monday to its Sunday, the oldest first."""
    began = datetime.combine(monday, time.min, clock.SHANGHAI)
    ended = began + timedelta(weeks=1)
    asked = (
        select(Case, GuideVersion.body["task_type"].astext.label("task_type"))
        .join(GuideVersion, GuideVersion.id == Case.guide_version_id)
        .where(
            or_(
                and_(Case.not_accepted_at >= began, Case.not_accepted_at < ended),
                and_(Case.granted.is_(False), Case.decided_at >= began, Case.decided_at < ended),
            )
        )
    )
    return sorted(map(_refused, session.execute(asked)), key=lambda one: (one.on, one.case_no))


def by_ground(refused: Sequence[Refused]) -> list[tuple[str, int]]:
    """How many of them rest on which ground, the most frequent first."""
    return Counter(one.ground for one in refused).most_common()


def sheet(refused: Sequence[Refused]) -> bytes:
    """The same as a workbook; a text that begins like a formula stays a text."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("否定报备")
    for place, width in enumerate(_WIDTHS):
        page.column_dimensions[chr(ord("A") + place)].width = width
    page.append([_cell(page, name, bold=True) for name in HEAD])
    for one in refused:
        page.append([_cell(page, text) for text in one.cells])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(page: Any, text: str, *, bold: bool = False) -> Any:
    made = WriteOnlyCell(page, text)
    made.data_type, made.number_format = "s", "@"
    if bold:
        made.font = Font(bold=True)
    return made


def _refused(row: Row[tuple[Case, str]]) -> Refused:
    case: Case = row.Case
    code = case.not_accepted_code or case.refused_code or ""
    at = case.not_accepted_at or case.decided_at
    refusal = "不予许可" if row.task_type == _LICENCE else "不予办理"
    return Refused(
        on=clock.local(at).date() if at is not None else date.min,
        case_no=case.case_no,
        task_name=case.task_name,
        dept_name=case.dept_name,
        result="不予受理" if case.not_accepted_code else refusal,
        code=code,
        ground=decided.ground(case) or "",
        reason=case.decision_reason or "",
        legal_basis=case.legal_basis or "",
        decided_by=case.decided_by or "",
        remedies=case.remedies or REMEDIES,
    )
