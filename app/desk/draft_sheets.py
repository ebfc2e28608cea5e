"""Guides from and to Excel at the desk (指南表格): what is uploaded becomes drafts, never at once public."""

from dataclasses import dataclass, field

from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.catalogue import exporting, sheet_reading, sheet_writing
from app.catalogue.item_fields import label_of
from app.catalogue.models import ServiceItem
from app.catalogue.sheet_results import SheetReading
from app.catalogue.sheets import MAIN
from app.desk import drafting
from app.publishing.models import GuideDraft
from app.staff.sessions import OnDuty

SHOWN_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in the file; row 0 is the file itself."""

    sheet: str
    row: int
    where: str
    sentence: str
    rule: str


@dataclass(slots=True)
class Imported:
    """What became of a file: with faults nothing was kept, else drafts and why there are no more of them."""

    faults: list[Fault] = field(default_factory=list)
    bad_rows: int = 0
    more_faults: int = 0
    begun: list[GuideDraft] = field(default_factory=list)
    unchanged: int = 0
    busy: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def read(content: bytes) -> SheetReading:
    """Read and check a workbook; call it outside a unit of work. Never raises for what the file holds."""
    return sheet_reading.read_sheet(content)


def take_in(session: Session, *, clerk: OnDuty, reading: SheetReading) -> Imported:
    """Begin a draft for every item that differs from what is public (导入为草稿). Raises NotYourDuty."""
    drafting.author(clerk)
    if reading.refused:
        refused = Imported()
        _name_faults(refused, reading)
        return refused
    found = drafting.bring_in(session, clerk=clerk, items=reading.items)
    return Imported(begun=found.begun, unchanged=found.unchanged, busy=found.busy, foreign=found.foreign)


def of_items(session: Session, *, clerk: OnDuty) -> bytes:
    """The guides in force of the clerk's department as a workbook. Raises NotYourDuty."""
    author = drafting.author(clerk)
    asked = exporting.in_force().order_by(ServiceItem.task_code)
    if author.department is not None:
        own = (ServiceItem.dept_code == author.department, ServiceItem.dept_name == author.department)
        asked = asked.where(or_(*own))
    return sheet_writing.export(session.scalars(asked))


def template() -> bytes:
    """An empty workbook with lists to choose from and an example."""
    return sheet_writing.template()


def _name_faults(done: Imported, reading: SheetReading) -> None:
    refusing = [placed for placed in reading.findings if placed.finding.refuses]
    done.bad_rows = len({(getattr(placed, "sheet", MAIN), placed.line) for placed in refusing})
    done.more_faults = max(0, len(refusing) - SHOWN_FAULTS)
    done.faults = [
        Fault(
            getattr(placed, "sheet", MAIN),
            placed.line,
            label_of(placed.finding.field),
            placed.finding.sentence,
            placed.finding.rule,
        )
        for placed in refusing[:SHOWN_FAULTS]
    ]
