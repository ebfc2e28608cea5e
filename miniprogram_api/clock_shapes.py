"""How the clock of a case is shown (时限说明的接口形状)."""

from typing import Any

from marshmallow import Schema, fields

from app.cases.explained import ClockShown
from app.supervision.models import SupervisionTicket


class ClockLineOut(Schema):
    """One thing that happened to the clock, in a sentence; `why` is told to the applicant alone."""

    on = fields.Date()
    sentence = fields.String()
    why = fields.String(allow_none=True)


class ClockOut(Schema):
    """Where the clock stands and how it came there.

    While it is `standing` no limit runs; `expected_…` are both if it goes on when the office expects.
    """

    standing = fields.Boolean()
    provisional = fields.Boolean(metadata={"description": "rests on holidays that are not published yet"})
    extended_days = fields.Integer(allow_none=True, metadata={"description": "working days"})
    expected_promised = fields.Date(allow_none=True)
    expected_statutory = fields.Date(allow_none=True)
    explanation = fields.String(allow_none=True, metadata={"description": "why it is late, by the office"})
    lines = fields.List(fields.Nested(ClockLineOut))


def clock(shown: ClockShown | None, *, ticket: SupervisionTicket | None = None) -> dict[str, Any] | None:
    """A clock with what was said of its being late."""
    if shown is None:
        return None
    expected = shown.expected
    return dict(
        ClockOut().dump(
            {
                "standing": shown.standing,
                "provisional": shown.provisional,
                "extended_days": None if shown.extension is None else shown.extension.days,
                "expected_promised": None if expected is None else expected.promised.on,
                "expected_statutory": None if expected is None else expected.statutory.on,
                "explanation": None if ticket is None else ticket.explanation,
                "lines": shown.lines,
            }
        )
    )
