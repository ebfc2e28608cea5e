"""What a guide looks like to a phone (办事指南的字段)."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.catalogue import cards
from app.catalogue.queries import Guide


class LabelOut(Schema):
    """A label with its words."""

    key = fields.String()
    name = fields.String()


class CardOut(Schema):
    """An item as lists show it."""

    task_code = fields.String()
    item_key = fields.String(allow_none=True)
    name = fields.String()
    plain_names = fields.List(fields.String())
    theme = fields.String()
    dept_name = fields.String()
    audiences = fields.List(fields.String())
    labels = fields.List(fields.String())
    channels = fields.List(fields.String())
    visits = fields.Integer()
    limit_text = fields.String()
    fee_text = fields.String()
    cross_province = fields.Boolean()
    bookable = fields.Boolean()
    version = fields.Integer()
    last_reviewed = fields.String(allow_none=True)
    provenance = fields.String()


class HighlightOut(Schema):
    """Why a hit was found: the field, its text, and the words of the question in it."""

    field = fields.String()
    text = fields.String(attribute="excerpt")
    matched = fields.List(fields.String())


class MaterialOut(Schema):
    """One thing to hand in; `one_of` joins those of which any one is enough."""

    material_code = fields.String()
    name = fields.String()
    is_need = fields.String(metadata={"description": "1 必要, 2 非必要, 3 容缺后补"})
    source_type = fields.String()
    material_type = fields.String()
    material_form = fields.String()
    original_num = fields.Integer()
    copy_num = fields.Integer()
    fill_note = fields.String()
    license_key = fields.String(allow_none=True)
    exempt_submit = fields.Boolean()
    photo_upload = fields.Boolean()
    commit_replace = fields.Boolean()
    one_of = fields.String()


class LimitOut(Schema):
    """A limit with its unit: WORKDAY counts working days, DAY natural days."""

    days = fields.Integer()
    unit = fields.String()
    text = fields.String()
    explain = fields.String()


class FeeOut(Schema):
    """A fee; without an amount it is assessed. `charge` is always, or choose by situation."""

    fee_code = fields.String()
    fee_name = fields.String()
    amount_fen = fields.Integer(allow_none=True)
    unit = fields.String()
    note = fields.String()
    by_law = fields.String()
    charge = fields.String()


class FaqOut(Schema):
    """A question with its answer."""

    question = fields.String()
    answer = fields.String()


class GuideOut(Schema):
    """The whole guide of an item."""

    task_code = fields.String()
    item_key = fields.String(allow_none=True)
    name = fields.String()
    plain_names = fields.List(fields.String())
    unified_elements = fields.Dict(metadata={"description": "六统一: 名称、编码、依据、条件、材料、时限"})
    theme = fields.String()
    task_type = fields.String()
    task_type_text = fields.String()
    project_type = fields.String()
    project_type_text = fields.String()
    use_level_text = fields.String()
    dept_name = fields.String()
    audiences = fields.List(fields.String())
    labels = fields.List(fields.Nested(LabelOut))
    channels = fields.List(fields.String())
    online_depth_text = fields.String()
    cross_province = fields.Boolean()
    handle_area_text = fields.String()
    accept_conditions = fields.List(fields.String())
    delegation = fields.Dict(allow_none=True)
    citizen_deadline = fields.Dict(allow_none=True)
    materials = fields.List(fields.Nested(MaterialOut))
    limits = fields.Dict(keys=fields.String(), values=fields.Nested(LimitOut))
    visits = fields.Dict()
    fees = fields.List(fields.Nested(FeeOut))
    fee_text = fields.String()
    fee_basis = fields.String()
    pay_online = fields.Boolean()
    steps = fields.List(fields.Dict())
    special_procedures = fields.List(fields.Dict())
    intermediary_services = fields.List(fields.Dict())
    result = fields.Dict(allow_none=True)
    common_mistakes = fields.List(fields.String())
    faqs = fields.List(fields.Nested(FaqOut))
    legal_basis = fields.List(fields.Dict())
    place = fields.Dict(metadata={"description": "where and when: centre_ids, window_group, time, bookable"})
    consult_phone = fields.String(allow_none=True)
    complain_phone = fields.String(allow_none=True)
    version = fields.Integer()
    effective_from = fields.String()
    effective_to = fields.String(allow_none=True)
    last_reviewed = fields.String(allow_none=True)
    provenance = fields.String()


def guide_document(guide: Guide) -> dict[str, Any]:
    """A guide as the phone gets it."""
    body = guide.body
    limits = {"statutory": _limit(body, "anticipate"), "promised": _limit(body, "promise")}
    document = {
        "task_code": guide.task_code,
        "name": guide.name,
        "unified_elements": _unified(guide, limits),
        "dept_name": guide.dept_name,
        "audiences": cards.audiences(body),
        "labels": [{"key": key, "name": cards.LABELS[key]} for key in cards.labels(body)],
        "channels": cards.channels(body),
        "accept_conditions": body["accept_condition"],
        "materials": guide.materials,
        "limits": limits,
        "visits": {"count": body["limit_scene_num"], "explain": body.get("limit_scene_explain") or ""},
        "fees": [{"charge": "always", "note": "", "amount_fen": None, **fee} for fee in guide.fees],
        "fee_text": cards.fee_text(body),
        "place": _place(body),
        "version": guide.version,
        "effective_from": clock.local(guide.effective_from).isoformat(),
        "effective_to": clock.local(guide.effective_to).isoformat() if guide.effective_to else None,
        **{shown: body.get(name) is True for shown, name in _FLAGS.items()},
        **{shown: body.get(name) or "" for shown, name in _TEXTS.items()},
        **{shown: body.get(name) or [] for shown, name in _LISTS.items()},
        **{name: body.get(name) for name in _AS_THEY_ARE},
    }
    dumped: dict[str, Any] = GuideOut().dump(document)
    return dumped


# What the phone calls a field of the national list.
_FLAGS = {"cross_province": "cross_province", "pay_online": "is_pay_online"}
_TEXTS = {
    "theme": "theme",
    "task_type": "task_type",
    "task_type_text": "task_type_text",
    "project_type": "project_type",
    "project_type_text": "project_type_text",
    "use_level_text": "use_level_text",
    "handle_area_text": "handle_area_text",
    "online_depth_text": "online_handle_depth_text",
    "fee_basis": "fee_basis",
}
_LISTS = {
    "plain_names": "plain_names",
    "steps": "handle_flow",
    "special_procedures": "special_procedure",
    "intermediary_services": "intermediary_service",
    "common_mistakes": "common_mistakes",
    "faqs": "faqs",
    "legal_basis": "legal_basis",
}
_AS_THEY_ARE = (
    *("item_key", "delegation", "citizen_deadline", "result", "consult_phone", "complain_phone"),
    *("last_reviewed", "provenance"),
)


def _limit(body: dict[str, Any], kind: str) -> dict[str, Any]:
    days, unit = body[f"{kind}_day"], body[f"{kind}_unit"]
    text = cards.limit_text(days, unit)
    return {"days": days, "unit": unit, "text": text, "explain": body.get(f"{kind}_explain") or ""}


def _unified(guide: Guide, limits: dict[str, Any]) -> dict[str, Any]:
    """The six elements that are the same everywhere (六统一), as the policy lists them."""
    return {
        "name": guide.name,
        "code": guide.task_code,
        "basis": [law["law_name"] for law in guide.body.get("legal_basis", [])],
        "conditions": guide.body["accept_condition"],
        "materials": [material["name"] for material in guide.materials],
        "limit": limits["promised"]["text"],
    }


def _place(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "centre_ids": body.get("transact_centers", []),
        "window_group": body.get("window_group"),
        "time": body.get("transact_time") or "",
        "bookable": body.get("is_schedule") is True,
        "booking_note": body.get("schedule_explain") or "",
    }
