"""Rating a service (好差评): /evaluations."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.db import LARGEST_ID, unit_of_work
from app.evaluations import levels, published, queries, service
from app.evaluations.levels import Level, Mode
from app.evaluations.models import TicketState
from app.evaluations.queries import Given, Summary
from app.evaluations.service import Words
from web.callers import CITIZEN, CITIZEN_OR_COMPANY, PUBLIC, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("evaluations", __name__, url_prefix="/api/v1/evaluations")

_LEVEL = {"description": "GB/T 39046: 1 is the best (five stars), 4 and 5 are bad", "enum": [1, 2, 3, 4, 5]}
_SHARE_DIGITS = 4


def _comment() -> fields.String:
    return fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=levels.LONGEST_COMMENT)
    )


class RatingIn(Schema):
    """What I think of one case or one visit; exactly one of the two is named."""

    case_no = fields.String(validate=validate.Length(1, 40))
    appointment_id = fields.Integer(strict=True, validate=validate.Range(1, LARGEST_ID))
    level = fields.Integer(required=True, strict=True, validate=validate.Range(levels.BEST, levels.WORST))
    tags = fields.List(
        fields.String(validate=validate.Length(1, 40)),
        load_default=[],
        validate=validate.Length(max=levels.MOST_TAGS),
    )
    comment = _comment()
    anonymous = fields.Boolean(load_default=False)

    @validates_schema
    def names_one_thing(self, data: dict[str, Any], **kwargs: Any) -> None:
        """A rating is about a case or about a visit."""
        del kwargs
        if ("case_no" in data) == ("appointment_id" in data):
            raise ValidationError("请说明评价的是哪个办件或哪次预约，只选一个", "case_no")


class ConfirmationIn(Schema):
    """Whether the mending has helped."""

    satisfied = fields.Boolean(required=True)
    comment = _comment()


class RatingsIn(PageIn):
    """Which of my ratings to list."""

    case_no = fields.String(validate=validate.Length(1, 40))
    appointment_id = fields.Integer(validate=validate.Range(1, LARGEST_ID))


class TagOut(Schema):
    """One reason; `indicator` is what it counts for."""

    key = fields.String()
    text = fields.String()
    indicator = fields.String()


class OfferedOut(Schema):
    """The reasons beside a level: for a case, and for a visit."""

    online = fields.List(fields.Nested(TagOut))
    offline = fields.List(fields.Nested(TagOut))


class LevelOut(Schema):
    """One level with its word and stars."""

    level = fields.Integer(metadata=_LEVEL)
    text = fields.String()
    stars = fields.Integer()
    bad = fields.Boolean()
    tags = fields.Nested(OfferedOut)


class OptionsOut(Schema):
    """What a rating may say."""

    levels = fields.List(fields.Nested(LevelOut))
    comment_max = fields.Integer()
    tags_max = fields.Integer()


class ReplyOut(Schema):
    """What the office answered to a bad rating."""

    text = fields.String()
    at = ShanghaiTime()
    outcome = fields.String(metadata={"enum": ["mended", "unfounded"]})


class MendingOut(Schema):
    """What became of a bad rating; `may_confirm`: it waits for me to say whether it has helped."""

    state = fields.String(metadata={"enum": [state.value for state in TicketState]})
    state_text = fields.String()
    due_on = fields.Date()
    answers = fields.List(fields.Nested(ReplyOut))
    may_confirm = fields.Boolean()
    satisfied = fields.Boolean(allow_none=True)


class EvaluationOut(Schema):
    """One rating of mine; `mending` is there when it is a bad one."""

    id = fields.Integer()
    case_no = fields.String(allow_none=True)
    appointment_id = fields.Integer(allow_none=True)
    task_name = fields.String()
    level = fields.Integer(metadata=_LEVEL)
    level_text = fields.String()
    stars = fields.Integer()
    tags = fields.List(fields.Nested(TagOut))
    comment = fields.String(allow_none=True)
    anonymous = fields.Boolean()
    created_at = ShanghaiTime()
    mending = fields.Nested(MendingOut, allow_none=True)


class CountOut(Schema):
    """How many ratings one level has, and which share that is."""

    level = fields.Integer(metadata=_LEVEL)
    text = fields.String()
    stars = fields.Integer()
    count = fields.Integer()
    share = fields.Float(allow_none=True)


class BadOut(Schema):
    """Bad ratings; `in_time_share` is of those that were answered or should have been by now."""

    count = fields.Integer()
    open = fields.Integer()
    answered = fields.Integer()
    answered_in_time = fields.Integer()
    in_time_share = fields.Float(allow_none=True)
    mended = fields.Integer()


class SummaryOut(Schema):
    """The public numbers; shares are null while there is nothing to take a share of."""

    since = fields.Date(allow_none=True)
    count = fields.Integer()
    satisfied_count = fields.Integer()
    satisfied_share = fields.Float(allow_none=True)
    levels = fields.List(fields.Nested(CountOut))
    bad = fields.Nested(BadOut)


@door.post("", auth=CITIZEN_OR_COMPANY, takes=RatingIn, gives=EvaluationOut, status=201, idempotent=True)
def rate(data: dict[str, Any]) -> ResponseReturnValue:
    """Rate one case that is at its end, or one visit, once (评价)."""
    words = Words(data["level"], data["tags"], comment=data["comment"], anonymous=data["anonymous"])
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        if "case_no" in data:
            rated = service.rate_case(
                session,
                citizen_id=citizen_id,
                organisation_id=acting_for(),
                case_no=data["case_no"],
                words=words,
            )
        else:
            rated = service.rate_visit(
                session, citizen_id=citizen_id, appointment_id=data["appointment_id"], words=words
            )
        return _shown(queries.given(session, evaluation_id=rated.id)), 201


@door.get("", auth=CITIZEN, query=RatingsIn, gives=EvaluationOut, many=True)
def list_evaluations(query: dict[str, Any]) -> ResponseReturnValue:
    """List my ratings, newest first; of one case or one visit when it is named (我的评价)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session,
            citizen_id=current_citizen_id(),
            case_no=query.get("case_no"),
            appointment_id=query.get("appointment_id"),
            before_id=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(found, limit=query["limit"], dump=_shown, key=lambda given: given.evaluation.id)


@door.get("/options", auth=PUBLIC, gives=OptionsOut)
def show_options() -> ResponseReturnValue:
    """Say which levels there are and which reasons are offered beside each (评价等级和选项)."""
    return {
        "levels": [_level(level) for level in levels.LEVELS.values()],
        "comment_max": levels.LONGEST_COMMENT,
        "tags_max": levels.MOST_TAGS,
    }


@door.get("/summary", auth=PUBLIC, gives=SummaryOut)
def show_summary() -> ResponseReturnValue:
    """Show how the city is rated, and how bad ratings are mended (评价公开)."""
    with unit_of_work() as session:
        return dict(SummaryOut().dump(_public(published.numbers.summary(session))))


@door.post(
    "/<int:evaluation_id>/confirmation",
    auth=CITIZEN,
    takes=ConfirmationIn,
    gives=EvaluationOut,
    idempotent=True,
)
def confirm(evaluation_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Say whether the mending has helped; a no has it mended once more (整改确认)."""
    with unit_of_work() as session:
        rated = service.confirm(session, citizen_id=current_citizen_id(), evaluation_id=evaluation_id, **data)
        return _shown(queries.given(session, evaluation_id=rated.id))


def _shown(given: Given) -> dict[str, Any]:
    evaluation = given.evaluation
    whole = {
        "id": evaluation.id,
        "case_no": given.case_no,
        "appointment_id": evaluation.appointment_id,
        "task_name": evaluation.task_name,
        "level": given.level.level,
        "level_text": given.level.text,
        "stars": given.level.stars,
        "tags": given.tags,
        "comment": evaluation.comment,
        "anonymous": evaluation.anonymous,
        "created_at": evaluation.created_at,
        "mending": given.mending,
    }
    return dict(EvaluationOut().dump(whole))


def _level(level: Level) -> dict[str, Any]:
    offered = {mode.value: level.tags[mode] for mode in Mode}
    shown = {"level": level.level, "text": level.text, "stars": level.stars, "bad": level.bad}
    return dict(LevelOut().dump({**shown, "tags": offered}))


def _public(found: Summary) -> dict[str, Any]:
    return {
        "since": found.since,
        "count": found.count,
        "satisfied_count": found.satisfied,
        "satisfied_share": _share(found.satisfied, found.count),
        "levels": [
            {
                "level": level.level,
                "text": level.text,
                "stars": level.stars,
                "count": found.by_level[level.level],
                "share": _share(found.by_level[level.level], found.count),
            }
            for level in levels.LEVELS.values()
        ],
        "bad": {
            "count": found.bad,
            "open": found.bad_open,
            "answered": found.bad_answered,
            "answered_in_time": found.bad_in_time,
            "in_time_share": _share(found.bad_in_time, found.bad_due),
            "mended": found.bad_mended,
        },
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, _SHARE_DIGITS) if whole else None
