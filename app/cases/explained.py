"""A clock that explains itself (时限说明): each stop and move in one plain sentence, with why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.cases import clock_log, colours, extending, limits, pausing
from app.cases.clock_models import CaseClockEvent, CaseExtension, CasePause, Happening
from app.cases.colours import Colour
from app.cases.limits import Limits
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.centres import working_days

NOT_COUNTED = "暂停期间不计入办理时限"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to the clock; `why` is what the office wrote, for the applicant alone."""

    on: date
    sentence: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ClockShown:
    """Where the clock of an accepted case stands, and how it came to be there.

    `colour` and `words` are told while it is examined. `expected` are both limits if the open pause ends when
    the clerk expects it, or today when it should have ended before.
    """

    colour: Colour | None
    words: str
    standing: bool
    provisional: bool
    pause: CasePause | None
    extension: CaseExtension | None
    expected: Limits | None
    lines: list[Line]


def of(session: Session, case: Case, *, for_owner: bool = True) -> ClockShown | None:
    """The clock of a case as it is shown; None before the acceptance.

    Whoever is not its owner and no clerk reads neither names nor what the office wrote.
    """
    if case.accepted_at is None:
        return None
    running = case.state == State.ACCEPTED
    calendar, today = working_days.calendar(session), clock.today()
    pause = pausing.open_pause(session, case_id=case.id) if case.clock_paused_on else None
    extension = extending.of_case(session, case_id=case.id)
    events = clock_log.of_cases(session, [case.id])[case.id]
    told = lines(case, events, pause=pause, extension=extension if for_owner else None)
    return ClockShown(
        colour=colours.colour(case.promised_due_on, today=today, calendar=calendar) if running else None,
        words=colours.words(case.promised_due_on, today=today, calendar=calendar) if running else "",
        standing=running and case.promised_due_on is None,
        provisional=case.limit_provisional,
        pause=pause,
        extension=extension,
        expected=_expected(session, case, pause),
        lines=told if for_owner else [Line(line.on, line.sentence) for line in told],
    )


def lines(
    case: Case,
    events: Sequence[CaseClockEvent],
    *,
    pause: CasePause | None = None,
    extension: CaseExtension | None = None,
) -> list[Line]:
    """What happened to a clock as sentences, oldest first; a pause and its end are one."""
    found: list[Line] = []
    for place, event in enumerate(events):
        on = clock.local(event.at).date()
        kind = Happening(event.kind)
        if kind is Happening.STARTED:
            found.append(Line(on, _started(case, on)))
        elif kind is Happening.PAUSED:
            over = _end_of(event, events[place:])
            found.append(Line(on, _paused(event, over, on=on, pause=pause), event.reason))
        elif kind is Happening.EXTENDED:
            by = f"经{extension.approved_by}批准，" if extension is not None else ""
            found.append(Line(on, f"{by}{event.cause}，{_moved(event)}", event.reason))
        elif kind is Happening.RECOUNTED:
            found.append(Line(on, f"{event.cause}以后重新计算，{_moved(event)}"))
        elif kind is Happening.MOVED:
            found.append(Line(on, f"{event.cause}，{_moved(event)}"))
        elif kind is Happening.STOPPED:
            found.append(Line(on, f"{said(on)}{event.cause}，时间不再计算"))
    return found


def said(day: date) -> str:
    """A day as it is said; the year only when it is another one."""
    words = f"{day.month}月{day.day}日"
    return words if day.year == clock.today().year else f"{day.year}年{words}"


def _started(case: Case, on: date) -> str:
    if case.notice_until is None:
        return f"{said(on)}受理，从第二天开始计算时间"
    return f"{said(on)}受理，先公告到{said(case.notice_until)}，公告期满的第二天开始计算时间"


def _end_of(event: CaseClockEvent, later: Sequence[CaseClockEvent]) -> CaseClockEvent | None:
    """What ended a pause: an objection to a notice may last longer than a special procedure within it."""
    ends = (one for one in later if one.kind == Happening.RESUMED and one.cause == event.cause)
    return next(ends, None)


def _paused(event: CaseClockEvent, over: CaseClockEvent | None, *, on: date, pause: CasePause | None) -> str:
    what = event.cause if event.reason is None else f"进行{event.cause}"
    if over is None:
        until = f"，预计到{said(pause.expected_until)}" if pause is not None else ""
        return f"{said(on)}起{what}{until}，{NOT_COUNTED}"
    ended = clock.local(over.at).date()
    if over.promised_after is None or event.promised_before is None:
        return f"{said(on)}到{said(ended)}{what}，{NOT_COUNTED}"
    if over.promised_after == event.promised_before:
        return f"{said(on)}到{said(ended)}{what}，{NOT_COUNTED}，日期没有变"
    return (
        f"{said(on)}到{said(ended)}{what}，{NOT_COUNTED}，"
        f"承诺办结从{said(event.promised_before)}顺延到{said(over.promised_after)}"
    )


def _moved(event: CaseClockEvent) -> str:
    named = (
        ("承诺办结", event.promised_before, event.promised_after),
        ("法定时限", event.statutory_before, event.statutory_after),
    )
    moved = [
        f"{name}从{said(before)}改为{said(after)}"
        for name, before, after in named
        if before is not None and after is not None and before != after
    ]
    return "，".join(moved) or "日期没有变"


def _expected(session: Session, case: Case, pause: CasePause | None) -> Limits | None:
    if pause is None or case.clock_from is None or case.notice_objected_on is not None:
        return None
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    until = max(pause.expected_until, clock.today())
    return limits.counted(session, case, guide, start=case.clock_from, pauses=[(pause.began_on, until)])
