"""Who answers for an item and by which ways it is handled (实施主体、救济途径、办理渠道)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.catalogue import codes

Body = Mapping[str, Any]


class AppealOut(Schema):
    """Where one may turn against a decision."""

    name = fields.String()
    address = fields.String()
    phone = fields.String()
    url = fields.String()


class OfficeOut(Schema):
    """Who answers for the item; texts are empty where the source says nothing.

    `original_dept_name` is the department whose power it is when another office decides (一枚印章管审批).
    `collecting_place` says where what is handled across provinces is handed in (收件地), `deciding_place` who
    decides on it (决定地).
    """

    original_dept_name = fields.String()
    entrust_name = fields.String()
    other_dept = fields.String()
    collecting_place = fields.String()
    deciding_place = fields.String()
    dept_type_text = fields.String()
    power_source_text = fields.String()
    link_way = fields.String()
    supervise_way = fields.String()
    reconsideration = fields.Nested(AppealOut, allow_none=True)
    litigation = fields.Nested(AppealOut, allow_none=True)


class AskedDepartmentOut(Schema):
    """A department that is asked for its opinion before the decision (征求意见的部门), all at the same time.

    `days` are working days. `silence_agrees`: who does not answer by then has no objection, by `law`.
    `number_why` is what it needs the whole identity number for; empty: it sees it masked.
    """

    dept_name = fields.String()
    subject = fields.String()
    days = fields.Integer()
    silence_agrees = fields.Boolean(dump_default=False)
    law = fields.String(dump_default="")
    number_why = fields.String(dump_default="")


class VisitPointOut(Schema):
    """One point that a department looks at on site (现场核查要点)."""

    dept_name = fields.String()
    text = fields.String()
    law = fields.String(dump_default="")


class IntermediaryOut(Schema):
    """A service that somebody else must give first, and the law that says so (中介服务)."""

    name = fields.String()
    by_law = fields.String(dump_default="")
    limit_explain = fields.String(dump_default="")
    fee_explain = fields.String(dump_default="")
    mandatory = fields.Boolean(dump_default=True)


class WaysOut(Schema):
    """By which ways it is handled beside the channels; `web_url` is the office's own page, or empty."""

    in_hall = fields.Boolean()
    self_service = fields.Boolean()
    express = fields.Boolean()
    mail_material = fields.Boolean()
    mail_result = fields.Boolean()
    web_url = fields.String()


def office(body: Body) -> dict[str, Any]:
    """Who answers for an item."""
    texts = (
        *("original_dept_name", "entrust_name", "other_dept", "link_way", "supervise_way"),
        *("collecting_place", "deciding_place"),
    )
    return {
        **{name: body.get(name) or "" for name in texts},
        "dept_type_text": codes.DEPT_TYPES.get(str(body.get("dept_type")), ""),
        "power_source_text": codes.POWER_SOURCES.get(str(body.get("power_source")), ""),
        **{name: _appeal(body.get(name)) for name in ("reconsideration", "litigation")},
    }


def ways(body: Body) -> dict[str, Any]:
    """By which ways an item is handled."""
    return {
        "in_hall": body.get("is_entry_center") is True,
        "self_service": body.get("is_service_terminals") is True,
        "express": body.get("is_express") is True,
        "mail_material": body.get("is_mail_material") is True,
        "mail_result": body.get("is_mail_result") is True,
        "web_url": body.get("online_handle_url") or "",
    }


def _appeal(told: Any) -> dict[str, str] | None:
    if not isinstance(told, Mapping) or not told.get("name"):
        return None
    return {name: str(told.get(name) or "") for name in ("name", "address", "phone", "url")}
