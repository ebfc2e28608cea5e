"""Opening a workbook that was looked at (打开表格): a sheet is read when somebody asks for it."""

import io
from typing import Final

from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_CHART: Final = "chartsheet"


class _Unmeasured(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet that nobody has gone through to learn its size; what it says of it is not believed anyway."""

    def _get_size(self) -> None:
        """Nothing: without a size in front the library would hold the whole sheet in memory to find it."""


class _Reader(ExcelReader):  # type: ignore[misc]
    def read_worksheets(self) -> None:
        """Every sheet by its name; a part that a thousand sheets share is read once, when it is read."""
        for sheet, rel in self.parser.find_sheets():
            if rel.target not in self.valid_files:
                continue
            if _CHART in rel.Type:
                self.read_chartsheet(sheet, rel)
                continue
            found = _Unmeasured(self.wb, sheet.name, rel.target, self.shared_strings)
            self.wb._sheets.append(found)  # noqa: SLF001 - as the library itself does here


def opened(content: bytes) -> Workbook:
    """The workbook, to be read piece by piece and closed; of a damaged one the library raises many things."""
    reader = _Reader(io.BytesIO(content), read_only=True, keep_links=False)
    reader.read()
    return reader.wb
