"""What a guide looks like to a phone (办事指南的字段)."""

from typing import Any

from marshmallow import Schema, fields

from app.catalogue import codes
from app.review_points.points import Source
from miniprogram_api.card_shapes import AUDIENCE, CHANNEL, LabelOut
from miniprogram_api.guide_office import (
    AskedDepartmentOut,
    IntermediaryOut,
    OfficeOut,
    VisitPointOut,
    WaysOut,
)
from miniprogram_api.paper_shapes import PaperOut


class Whole(fields.Integer):
    """A whole number; None when a source wrote something else there."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> int | None:
        del attr, obj, kwargs
        return value if type(value) is int else None


class Texts(fields.List[str]):
    """A list of texts; empty when a source wrote something else there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.String(), dump_default=[], **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[str]:
        del attr, obj, kwargs
        return [str(text) for text in value] if isinstance(value, list) else []


class MaterialOut(Schema):
    """One thing to hand in; `one_of` joins those of which any one is enough.

    `blank` and `sample` are its blank form and its filled sample, null where there is none.
    """

    material_code = fields.String()
    name = fields.String()
    is_need = fields.String(metadata={"description": "1 必要, 2 非必要, 3 容缺后补"})
    source_type = fields.String()
    material_type = fields.String()
    material_form = fields.String(dump_default="")
    original_num = Whole(allow_none=True, dump_default=None)
    copy_num = Whole(allow_none=True, dump_default=None)
    fill_note = fields.String(dump_default="")
    license_key = fields.String(allow_none=True, dump_default=None)
    exempt_submit = fields.Boolean(dump_default=False)
    photo_upload = fields.Boolean(dump_default=False)
    commit_replace = fields.Boolean(dump_default=False)
    one_of = fields.String(allow_none=True, dump_default=None)
    source_explain = fields.String(dump_default="")
    accept_stand = fields.String(dump_default="")
    page_format = fields.String(dump_default="")
    by_law = fields.String(dump_default="")
    blank = fields.Nested(PaperOut, allow_none=True)
    sample = fields.Nested(PaperOut, allow_none=True)


class LimitOut(Schema):
    """A limit with its unit: WORKDAY counts working days, DAY natural days."""

    days = fields.Integer()
    unit = fields.String(metadata={"enum": list(codes.LIMIT_UNITS)})
    text = fields.String()
    explain = fields.String()


class FeeOut(Schema):
    """A fee; without an amount it is assessed. `charge` is always, or choose by situation."""

    fee_code = fields.String()
    fee_name = fields.String()
    amount_fen = fields.Integer(allow_none=True)
    unit = fields.String()
    note = fields.String()
    by_law = fields.String(dump_default="")
    charge = fields.String()
    fee_stand = fields.String(dump_default="")
    is_desc = fields.Boolean(dump_default=False)
    desc_explain = fields.String(dump_default="")


class FaqOut(Schema):
    """A question with its answer."""

    question = fields.String()
    answer = fields.String()


class LimitsOut(Schema):
    """What the law allows and what the office promises."""

    statutory = fields.Nested(LimitOut)
    promised = fields.Nested(LimitOut)


class UnifiedOut(Schema):
    """The six elements that are the same everywhere (六统一): 名称、编码、依据、条件、材料、时限."""

    name = fields.String()
    code = fields.String()
    basis = fields.List(fields.String())
    conditions = fields.List(fields.String())
    materials = fields.List(fields.String())
    limit = fields.String()


class VisitsOut(Schema):
    """How often one must come, and why."""

    count = fields.Integer()
    explain = fields.String()


class StepOut(Schema):
    """One step of the procedure: who does what by which standard."""

    step = fields.Integer()
    name = fields.String()
    role = fields.String(dump_default="")
    standard = fields.String(dump_default="")


class SpecialProcedureOut(Schema):
    """What pauses the clock, such as a hearing or an inspection on site (特别程序)."""

    name = fields.String()
    kind = fields.String(dump_default="")
    note = fields.String(dump_default="")
    counted_in_limit = fields.Boolean(dump_default=False)
    promise_days = Whole(allow_none=True, dump_default=None)
    promise_workdays = Whole(allow_none=True, dump_default=None)
    unit = fields.String(dump_default="")


class LawOut(Schema):
    """A law with its clause and what it says."""

    law_name = fields.String()
    clause = fields.String(dump_default="")
    gist = fields.String(dump_default="")


class DelegationOut(Schema):
    """Whether somebody else may come, and what they bring (代办)."""

    who = fields.String(dump_default="")
    allowed = fields.Boolean()
    text = fields.String(dump_default="")
    bring = Texts()


class DeadlineOut(Schema):
    """By when the citizen must act (申请期限)."""

    days = Whole(allow_none=True, dump_default=None)
    unit = fields.String(dump_default="")
    text = fields.String(dump_default="")


class ResultOut(Schema):
    """What comes out of it and how it gets to the citizen (办理结果)."""

    result_type = fields.String(dump_default="")
    result_name = fields.String(dump_default="")
    delivery = Texts()


class WhereOut(Schema):
    """Where and when; `bookable` says whether a visit can be booked."""

    centre_ids = Texts()
    window_group = fields.String(allow_none=True)
    time = fields.String()
    address = fields.String()
    traffic_guide = fields.String()
    bookable = fields.Boolean()
    booking_note = fields.String()


class ReviewPointOut(Schema):
    """One point by which an application is reviewed (审查要点); `by_person`: no machine can tell."""

    key = fields.String()
    text = fields.String()
    law = fields.String()
    by_person = fields.Function(lambda point: point["of"] == Source.PERSON, metadata={"type": "boolean"})


class GuideOut(Schema):
    """The whole guide of an item."""

    task_code = fields.String()
    item_key = fields.String(allow_none=True)
    name = fields.String()
    plain_names = Texts()
    unified_elements = fields.Nested(UnifiedOut)
    theme = fields.String()
    task_type = fields.String()
    task_type_text = fields.String()
    project_type = fields.String()
    project_type_text = fields.String()
    use_level_text = fields.String()
    dept_name = fields.String()
    audiences = fields.List(fields.String(metadata=AUDIENCE))
    labels = fields.List(fields.Nested(LabelOut))
    channels = fields.List(fields.String(metadata=CHANNEL))
    online_depth_text = fields.String()
    cross_province = fields.Boolean()
    handle_area_text = fields.String()
    accept_conditions = Texts()
    delegation = fields.Nested(DelegationOut, allow_none=True)
    co_signer = fields.String(
        allow_none=True, metadata={"description": "who must sign besides the applicant"}
    )
    citizen_deadline = fields.Nested(DeadlineOut, allow_none=True)
    materials = fields.List(fields.Nested(MaterialOut))
    limits = fields.Nested(LimitsOut)
    visits = fields.Nested(VisitsOut)
    fees = fields.List(fields.Nested(FeeOut))
    fee_text = fields.String()
    fee_basis = fields.String()
    pay_online = fields.Boolean()
    steps = fields.List(fields.Nested(StepOut))
    special_procedures = fields.List(fields.Nested(SpecialProcedureOut))
    joint_opinions = fields.List(fields.Nested(AskedDepartmentOut))
    visit_points = fields.List(fields.Nested(VisitPointOut))
    precheck_days = fields.Integer(allow_none=True, metadata={"description": "网上预审; null: none offered"})
    home_visit = fields.String(metadata={"description": "for whom somebody comes; empty: nobody does"})
    intermediary_services = fields.List(fields.Nested(IntermediaryOut))
    result = fields.Nested(ResultOut, allow_none=True)
    question_count = fields.Integer(metadata={"description": "questions that tell what one person needs"})
    review_points = fields.List(fields.Nested(ReviewPointOut))
    common_mistakes = Texts()
    faqs = fields.List(fields.Nested(FaqOut))
    legal_basis = fields.List(fields.Nested(LawOut))
    place = fields.Nested(WhereOut)
    office = fields.Nested(OfficeOut)
    ways = fields.Nested(WaysOut)
    limit_explain = fields.String()
    rights_and_duties = fields.String()
    plan_effective_date = fields.String(allow_none=True)
    plan_cancel_date = fields.String(allow_none=True)
    consult_phone = fields.String(allow_none=True)
    complain_phone = fields.String(allow_none=True)
    version = fields.Integer()
    effective_from = fields.String(metadata={"format": "date-time"})
    effective_to = fields.String(allow_none=True, metadata={"format": "date-time"})
    last_reviewed = fields.String(allow_none=True)
    provenance = fields.String()
