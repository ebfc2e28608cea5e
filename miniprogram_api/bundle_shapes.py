"""How applications for bundles are shown (一件事申请的接口形状)."""

from typing import Any

from marshmallow import Schema, fields

from app.bundles import applying, standing
from app.bundles.following import WITHDRAWAL_TOO_LATE, Brief, FieldView, Whole
from app.bundles.models import BundlePart
from app.bundles.one_list import SharedMaterial
from app.bundles.standing import Standing
from app.cases import revoked
from app.cases.models import Case
from app.cases.states import State
from miniprogram_api.case_shapes import FormFieldOut, asked
from miniprogram_api.material_shapes import CERTIFICATE, CaseMaterialOut, asked_for, hung
from web.times import ShanghaiTime


class BundlePartOut(Schema):
    """One item of the application: an ordinary case; parts of one step go in parallel."""

    step = fields.Integer()
    place = fields.Integer()
    task_code = fields.String()
    task_name = fields.String()
    dept_name = fields.String()
    case_no = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in State]})
    state_text = fields.String()
    granted = fields.Boolean(allow_none=True)
    promised_due_on = fields.Date(allow_none=True)
    may_withdraw = fields.Boolean()
    too_late_text = fields.String(
        allow_none=True, metadata={"description": "why it can no longer be taken back"}
    )


class SharedFieldOut(FormFieldOut):
    """One field of the one form, under the name by which it is saved; `parts` are those that ask it."""

    key = fields.String()
    parts = fields.List(fields.String(), metadata={"description": "task codes"})


class SharedMaterialOut(CaseMaterialOut):
    """One thing to hand in, given once.

    Photos go to the case `case_no` under `material_code`. What an earlier part gives is not asked for:
    `given_by` names that item, and `certificate` is there once it was granted.
    """

    case_no = fields.String()
    parts = fields.List(fields.String(), metadata={"description": "task codes"})
    given_by = fields.String(allow_none=True)


class SavingOut(Schema):
    """One number when every part is handled alone, and as one matter."""

    before = fields.Integer()
    after = fields.Integer()


class BundleFiguresOut(Schema):
    """What the application saves; limits in days."""

    forms = fields.Nested(SavingOut)
    materials = fields.Nested(SavingOut)
    visits = fields.Nested(SavingOut)
    days = fields.Nested(SavingOut)
    steps = fields.Nested(SavingOut)


class BundleApplicationBriefOut(Schema):
    """One application of a list."""

    application_no = fields.String()
    bundle_key = fields.String()
    name = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in Standing]})
    state_text = fields.String()
    created_at = ShanghaiTime()
    submitted_at = ShanghaiTime(allow_none=True)
    finished_at = ShanghaiTime(allow_none=True)
    withdrawn_at = ShanghaiTime(allow_none=True)
    parts = fields.List(fields.Nested(BundlePartOut))


class GivenLicenceOut(Schema):
    """The comprehensive licence that the application gave; /bundle-licences shows what it stands for."""

    licence_no = fields.String()
    name = fields.String()


class BundleApplicationOut(BundleApplicationBriefOut):
    """One application: one form, one list of materials, its parts in their order, and what it saves."""

    hint = fields.String(metadata={"description": "what comes next, in one sentence"})
    form_fields = fields.List(fields.Nested(SharedFieldOut))
    materials = fields.List(fields.Nested(SharedMaterialOut))
    figures = fields.Nested(BundleFiguresOut)
    licence = fields.Nested(GivenLicenceOut, allow_none=True)
    allowed_actions = fields.List(fields.String(metadata={"enum": ["edit_form", "submit", "withdraw"]}))


class BundleStartedOut(BundleApplicationOut):
    """The live draft; `left_out` says which items could not be taken in, one sentence each."""

    left_out = fields.List(fields.String())


def whole(shown: Whole) -> dict[str, Any]:
    """An application as its owner sees it."""
    hung_on = {
        "hint": shown.hint,
        "form_fields": [_field(view) for view in shown.fields],
        "materials": [_material(material) for material in shown.materials],
        "figures": BundleFiguresOut().dump(shown.figures),
        "licence": GivenLicenceOut().dump(shown.licence) if shown.licence else None,
        "allowed_actions": shown.actions,
    }
    pairs = [(part.part, part.case) for part in shown.parts]
    return {**brief(Brief(shown.application, shown.standing, pairs)), **hung_on}


def brief(shown: Brief) -> dict[str, Any]:
    """An application as lists show it."""
    base = BundleApplicationBriefOut(exclude=("state", "state_text", "parts")).dump(shown.application)
    return {
        **base,
        "state": shown.standing.value,
        "state_text": standing.TEXTS[shown.standing],
        "parts": [_part(part, case) for part, case in shown.parts],
    }


def _part(part: BundlePart, case: Case) -> dict[str, Any]:
    may_withdraw = applying.may_withdraw(case)
    decided = case.granted is not None
    dumped: dict[str, Any] = BundlePartOut().dump(
        {
            "step": part.step,
            "place": part.place,
            "task_code": case.task_code,
            "task_name": case.task_name,
            "dept_name": case.dept_name,
            "case_no": case.case_no,
            "state": case.state,
            "state_text": revoked.state_text(case.state, revoked_at=case.grant_revoked_at),
            "granted": case.granted,
            "promised_due_on": case.promised_due_on,
            "may_withdraw": may_withdraw,
            "too_late_text": WITHDRAWAL_TOO_LATE.format(name=case.task_name) if decided else None,
        }
    )
    return dumped


def _field(view: FieldView) -> dict[str, Any]:
    return {
        **asked(view.shared.field),
        "key": view.shared.name,
        "value": view.value,
        "source": view.source,
        "fixed": view.fixed,
        "faults": view.faults,
        "parts": list(view.shared.askers),
    }


def _material(shown: SharedMaterial) -> dict[str, Any]:
    case_no = shown.home.case.case_no
    return {
        **asked_for(case_no, shown),
        "case_no": case_no,
        "parts": [part.code for part, _ in shown.codes],
        "given_by": shown.giver.case.task_name if shown.giver else None,
        "certificate": hung(CERTIFICATE, shown.certificate),
    }
