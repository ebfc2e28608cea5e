"""What a case must hold before it is handed in (材料齐全、表单填好), each gap as one sentence."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.cases import forms, organisation, owed, promised, proofs, situation
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import promises, tolerance
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.materials import queries as materials

Errors = dict[str, list[str]]

_MANDATORY = "1"


def takes_photos(material: Mapping[str, Any]) -> bool:
    """Whether a material is given by photos; what is not is filled in online (申请表格)."""
    return bool(material.get("photo_upload", True))


def is_mandatory(material: Mapping[str, Any]) -> bool:
    """Whether a material must be there on its own; one of several alternatives need not."""
    return material.get("is_need") == _MANDATORY and not material.get("one_of")


def of_form(session: Session, case: Case) -> Errors:
    """What is wrong with the form or not filled in yet."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    values = forms.opened(case.sealed_form).values
    found = forms.faults(organisation.fields_of(case, guide.body), values, today=clock.today())
    return {f"form.{key}": sentences for key, sentences in found.items()}


def of_materials(session: Session, case: Case, *, coming: Collection[str]) -> Errors:
    """Which materials are missing; `coming` need not be there yet, another part of the matter gives them."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    listed = situation.materials(case, guide)
    there = _there(session, case, guide) | set(coming)
    found: Errors = {}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for material in filter(takes_photos, listed):
        if material.get("one_of"):
            groups.setdefault(material["one_of"], []).append(material)
        elif material["material_code"] not in there and (said := _missing(guide.body, material)):
            found[f"materials.{material['material_code']}"] = [said]
    for alternatives in groups.values():
        if not any(material["material_code"] in there for material in alternatives):
            names = "、".join(f"“{material['name']}”" for material in alternatives)
            found[f"materials.{alternatives[0]['material_code']}"] = [f"请在{names}中至少上传一项"]
    return found


def _there(session: Session, case: Case, guide: Guide) -> set[str]:
    """What was photographed, is given by a certificate, follows later by promise, or is promised instead."""
    listed = situation.materials(case, guide)
    left_out, signed = owed.of_case(session, case_id=case.id), promised.of_case(session, case_id=case.id)
    return {
        *materials.of_case(session, case_id=case.id),
        *_given(session, case),
        *owed.holding(case, guide, listed, rows=left_out),
        *promised.holding(case, guide, listed, rows=signed),
    }


def _given(session: Session, case: Case) -> Collection[str]:
    """What certificates give; one that ended while the draft lay gives nothing any more."""
    if case.state == State.DRAFT:
        return proofs.standing(session, case_id=case.id)
    return proofs.of_case(session, case_id=case.id)


def _missing(body: Mapping[str, Any], material: Mapping[str, Any]) -> str:
    """What to say of a material that is not there; nothing of one that need not be."""
    asked = f"请上传“{material['name']}”"
    if is_mandatory(material):
        promised_instead = promises.of_material(body, material["material_code"]) is not None
        return asked + ("，或者选择告知承诺" if promised_instead else "")
    return f"{asked}，或者选择稍后补交" if tolerance.may_follow(body, material) else ""
