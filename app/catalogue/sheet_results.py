"""What reading a workbook gives (读表结果): items, faults by sheet and row, and the rows as they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.catalogue.importing import Placed, Reading
from app.catalogue.item_fields import label_of
from app.catalogue.sheets import MAIN, REST

_NO_FIELDS = {"file": "文件", "head": "表头", "items": "事项", "rest": REST}


@dataclass(frozen=True, slots=True)
class Located(Placed):
    """A fault with the sheet on which its row stands; row 0 is the file itself."""

    sheet: str = MAIN

    def __str__(self) -> str:
        """Sheet, row, column, rule and sentence, as a clerk reads them."""
        weight = "错误" if self.finding.refuses else "提醒"
        return f"{self.sheet}表第{self.line}行：{weight}：{self.words}"

    @property
    def words(self) -> str:
        """What is to be mended."""
        told = self.finding
        where = _NO_FIELDS.get(told.field) or label_of(told.field)
        return f"{where}：{told.sentence}（规则{told.rule}）"


@dataclass(frozen=True, slots=True)
class SheetReading(Reading):
    """What a workbook holds; `heads` and `rows` are its sheets as they came, for the report of bad rows."""

    heads: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    rows: Mapping[tuple[str, int], Sequence[Any]] = field(default_factory=dict)
