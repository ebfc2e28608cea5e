"""How a case is shown (办件的接口形状): schemas and the two shapes that need more than a schema."""

from typing import Any

from marshmallow import Schema, fields

from app.bundles.models import BundleApplication
from app.cases import revoked
from app.cases.forms import FormField, Kind
from app.cases.models import Case
from app.cases.overview import FieldView, Overview
from app.cases.states import State, Step
from app.review_points.engine import OUTCOME_TEXTS, Outcome
from miniprogram_api.bills import BillOut
from miniprogram_api.material_shapes import CERTIFICATE, CaseCertificateOut, CaseMaterialOut, hung, material
from miniprogram_api.point_shapes import PointOut
from miniprogram_api.precheck_shapes import PrecheckOut
from web.times import ShanghaiTime


class CorrectionOut(Schema):
    """The one notice of what to correct (补正告知); after `answer_by` it can be handed in too."""

    number = fields.String()
    asked_at = ShanghaiTime()
    asked_by = fields.String()
    answer_by = fields.Date()
    answered_at = ShanghaiTime(allow_none=True)
    points = fields.List(fields.Nested(PointOut))


class FormFieldOut(Schema):
    """One field of the form; `source`: where a prefilled value came from, `faults`: what is wrong with it."""

    key = fields.String()
    label = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in Kind]})
    required = fields.Boolean()
    max_length = fields.Integer()
    choices = fields.List(fields.String())
    hint = fields.String()
    value = fields.String()
    source = fields.String(allow_none=True)
    changed = fields.String(allow_none=True, metadata={"description": "registered otherwise since"})
    fixed = fields.Boolean(metadata={"description": "proven by the registry; not to be changed here"})
    own_hand = fields.Boolean(
        metadata={"description": "the applicant's alone: an agent leaves it to them"},
    )
    faults = fields.List(fields.String())
    to_correct = fields.Nested(PointOut, allow_none=True)


class NextOut(Schema):
    """What is due next and from whom."""

    who = fields.String(metadata={"enum": ["citizen", "office", "nobody"]})
    who_text = fields.String()
    what = fields.String()
    by = fields.Date(allow_none=True)


class DecisionOut(Schema):
    """What was decided; a refusal has its reason, its legal basis and what can be done against it."""

    granted = fields.Boolean()
    ground = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    legal_basis = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)
    remedies = fields.String(allow_none=True)
    revoked_at = ShanghaiTime(allow_none=True)
    revoked_why = fields.String(allow_none=True)


class VerdictOut(Schema):
    """What the machine said of one review point (审查要点), and why."""

    key = fields.String()
    text = fields.String()
    law = fields.String()
    outcome = fields.String(
        attribute="outcome.value", metadata={"enum": [outcome.value for outcome in Outcome]}
    )
    outcome_text = fields.Function(lambda said: OUTCOME_TEXTS[said.outcome], metadata={"type": "string"})
    reason = fields.String()


class ReviewOut(Schema):
    """What the machine said of a case (机器审查); `note`: why a person looks at it, and until when."""

    passed = fields.Boolean()
    person_by = fields.Date(allow_none=True)
    note = fields.String(attribute="why_person")
    points = fields.List(fields.Nested(VerdictOut), attribute="verdicts")


class CaseBriefOut(Schema):
    """One case of a list; `organisation_id` is the company's whose it is, null for a person's own."""

    organisation_id = fields.Integer(allow_none=True)
    case_no = fields.String()
    task_code = fields.String()
    task_name = fields.String()
    dept_name = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in State]})
    state_text = fields.Function(
        lambda case: revoked.state_text(case.state, revoked_at=case.grant_revoked_at),
        metadata={"type": "string"},
    )
    created_at = ShanghaiTime()
    submitted_at = ShanghaiTime(allow_none=True)
    notice_due_on = fields.Date(
        allow_none=True, metadata={"description": "the last day on which the office may ask for a correction"}
    )
    correct_by = fields.Date(allow_none=True)
    accepted_at = ShanghaiTime(allow_none=True)
    deemed_accepted_at = ShanghaiTime(
        allow_none=True, metadata={"description": "when the office's silence accepted it (视为受理)"}
    )
    not_accepted_at = ShanghaiTime(allow_none=True)
    decided_at = ShanghaiTime(allow_none=True)
    closed_at = ShanghaiTime(allow_none=True)
    withdrawn_at = ShanghaiTime(allow_none=True)
    terminated_at = ShanghaiTime(
        allow_none=True, metadata={"description": "ended without a decision, for something did not follow"}
    )
    promised_due_on = fields.Date(allow_none=True)
    statutory_due_on = fields.Date(allow_none=True)
    notice_from = fields.Date(allow_none=True, metadata={"description": "first day of the public notice"})
    notice_until = fields.Date(allow_none=True, metadata={"description": "last day of the public notice"})
    notice_objected_on = fields.Date(allow_none=True, metadata={"description": "since then no limit runs"})


class WholeOut(Schema):
    """The application for a bundle that a case is a part of (所属“一件事”)."""

    application_no = fields.String()
    name = fields.String()


class CaseListedOut(CaseBriefOut):
    """One case of a list with the bundle it belongs to; a draft of one is handed in with the others."""

    bundle = fields.Nested(WholeOut, allow_none=True)


class CaseOut(CaseBriefOut):
    """One case with everything that hangs on it."""

    query_code = fields.String(metadata={"description": "for /track, without a login"})
    project_code = fields.String(
        allow_none=True, metadata={"description": "the code of the investment project, once handed in"}
    )
    guide_version = fields.Integer()
    provenance = fields.String()
    common_mistakes = fields.List(fields.String(), metadata={"description": "to be read before handing in"})
    received_at = ShanghaiTime(allow_none=True)
    next = fields.Nested(NextOut)
    form = fields.Dict(keys=fields.String(), values=fields.String())
    form_fields = fields.List(fields.Nested(FormFieldOut))
    materials = fields.List(fields.Nested(CaseMaterialOut))
    bills = fields.List(fields.Nested(BillOut))
    decision = fields.Nested(DecisionOut, allow_none=True)
    correction = fields.Nested(CorrectionOut, allow_none=True)
    precheck = fields.Nested(
        PrecheckOut, allow_none=True, metadata={"description": "null: the guide offers none"}
    )
    review = fields.Nested(ReviewOut, allow_none=True)
    certificate = fields.Nested(CaseCertificateOut, allow_none=True)
    allowed_actions = fields.List(fields.String(metadata={"enum": [step.value for step in Step]}))


# Made once: a schema copies all its fields whenever one is made, which takes longer than filling it.
_BRIEF, _WHOLE, _POINT = CaseBriefOut(), WholeOut(), PointOut()
_HUNG_ON = CaseOut(only=("next", "bills", "decision", "correction", "precheck", "review", "received_at"))


def whole(overview: Overview) -> dict[str, Any]:
    """A case as its owner sees it.

    What is a text, a number or a yes is put down as it is: to look each of two hundred up by the name of its
    field took longer than all that is read for them.
    """
    case = overview.case
    hung_on = {
        "received_at": case.received_at,
        "next": overview.next,
        "bills": overview.bills,
        "decision": overview.decision,
        "correction": overview.correction,
        "precheck": overview.precheck,
        "review": overview.review,
    }
    return {
        **brief(case),
        **_HUNG_ON.dump(hung_on),
        "query_code": case.query_code,
        "project_code": case.project_code,
        "guide_version": overview.guide_version,
        "provenance": overview.provenance,
        "common_mistakes": overview.common_mistakes,
        "form": overview.form,
        "form_fields": [_field(view) for view in overview.fields],
        "materials": [material(case.case_no, shown) for shown in overview.materials],
        "certificate": hung(CERTIFICATE, overview.certificate),
        "allowed_actions": overview.allowed_actions,
    }


def brief(case: Case) -> dict[str, Any]:
    """A case as lists show it."""
    return dict(_BRIEF.dump(case))


def listed(case: Case, *, bundle: BundleApplication | None) -> dict[str, Any]:
    """A case as its owner's list shows it."""
    return {**brief(case), "bundle": hung(_WHOLE, bundle)}


def asked(field: FormField) -> dict[str, Any]:
    """What a field of the form asks for, whoever fills it in."""
    return {
        "key": field.key,
        "label": field.label,
        "kind": field.kind.value,
        "required": field.required,
        "max_length": field.max_length,
        "choices": field.choices,
        "hint": field.hint,
        "own_hand": field.own_hand,
    }


def _field(shown: FieldView) -> dict[str, Any]:
    return {
        **asked(shown.field),
        "value": shown.value,
        "source": shown.source,
        "changed": shown.changed,
        "fixed": shown.fixed,
        "faults": shown.faults,
        "to_correct": hung(_POINT, shown.to_correct),
    }
