"""A guide as the phone gets it (办事指南), from the words of the national list to ours."""

import hashlib
from pathlib import Path
from typing import Any

from app import clock
from app.catalogue import cards, codes, prechecking
from app.catalogue.queries import Guide
from miniprogram_api import guide_office, guide_shapes, paper_shapes
from miniprogram_api.guide_shapes import GuideOut
from miniprogram_api.paper_shapes import Papers, with_papers

# Names the way in which this program puts guides together: another program, another shape.
SHAPE = hashlib.sha256(
    b"".join(
        Path(source).read_bytes()
        for source in (
            *(__file__, guide_shapes.__file__, paper_shapes.__file__, guide_office.__file__),
            *(cards.__file__, codes.__file__),
        )
    )
).digest()


def guide_document(guide: Guide, papers: Papers) -> dict[str, Any]:
    """A guide as the phone gets it, with the papers that it names by their SHA-256."""
    body = guide.body
    limits = {"statutory": _limit(body, "anticipate"), "promised": _limit(body, "promise")}
    document = {
        "task_code": guide.task_code,
        "name": guide.name,
        "unified_elements": _unified(guide, limits),
        "dept_name": guide.dept_name,
        "audiences": cards.audiences(body),
        "cross_province": cards.crosses_provinces(body),
        "labels": [{"key": key, "name": cards.LABELS[key]} for key in cards.labels(body)],
        "channels": cards.channels(body),
        "accept_conditions": body["accept_condition"],
        "materials": with_papers(guide.materials, papers, task_code=guide.task_code, version=guide.version),
        "limits": limits,
        "visits": {"count": body["limit_scene_num"], "explain": body.get("limit_scene_explain") or ""},
        "fees": [{"charge": "always", "note": "", "amount_fen": None, **fee} for fee in guide.fees],
        "fee_text": cards.fee_text(body),
        "steps": [{**step, "step": n} for n, step in enumerate(body.get("handle_flow") or [], 1)],
        "place": _place(body),
        "office": guide_office.office(body),
        "ways": guide_office.ways(body),
        "delegation": _delegation(body.get("delegation")),
        "co_signer": body.get("co_signer") or None,
        "precheck_days": prechecking.days(body),
        "citizen_deadline": body.get("citizen_deadline") or None,
        "result": body.get("result") or None,
        "question_count": len((body.get("situations") or {}).get("questions") or []),
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
_FLAGS = {"pay_online": "is_pay_online"}
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
    "limit_explain": "limit_explain",
    "rights_and_duties": "rights_and_duties",
    "home_visit": "home_visit",
}
_LISTS = {
    "plain_names": "plain_names",
    "special_procedures": "special_procedure",
    "joint_opinions": "joint_opinions",
    "visit_points": "visit_points",
    "intermediary_services": "intermediary_service",
    "review_points": "review_points",
    "common_mistakes": "common_mistakes",
    "faqs": "faqs",
    "legal_basis": "legal_basis",
}
_AS_THEY_ARE = (
    *("item_key", "consult_phone", "complain_phone"),
    *("last_reviewed", "provenance"),
    *("plan_effective_date", "plan_cancel_date"),
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


def _delegation(told: Any) -> dict[str, Any] | None:
    """Who else may come; nothing is said when the source does not say whether anybody may."""
    return told if isinstance(told, dict) and isinstance(told.get("allowed"), bool) else None


def _place(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "centre_ids": body.get("transact_centers", []),
        "window_group": body.get("window_group"),
        "time": body.get("transact_time") or "",
        "address": body.get("transact_addr") or "",
        "traffic_guide": body.get("traffic_guide") or "",
        "bookable": body.get("is_schedule") is True,
        "booking_note": body.get("schedule_explain") or "",
    }
