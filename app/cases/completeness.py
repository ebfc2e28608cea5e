"""What a case must hold before it is handed in (材料齐全、表单填好), each gap as one sentence."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app import clock
from app.cases import forms, owed, promised, proofs
from app.cases.dossier import Dossier
from app.cases.states import State
from app.catalogue import promises, tolerance

Errors = dict[str, list[str]]

_MANDATORY = "1"


def takes_photos(material: Mapping[str, Any]) -> bool:
    """Whether a material is given by photos; what is not is filled in online (申请表格)."""
    return bool(material.get("photo_upload", True))


def is_mandatory(material: Mapping[str, Any]) -> bool:
    """Whether a material must be there on its own; one of several alternatives need not."""
    return material.get("is_need") == _MANDATORY and not material.get("one_of")


def of_form(dossier: Dossier) -> Errors:
    """What is wrong with the form or not filled in yet."""
    found = forms.faults(dossier.fields, dossier.form.values, today=clock.today())
    return {f"form.{key}": sentences for key, sentences in found.items()}


def of_materials(dossier: Dossier, *, coming: Collection[str]) -> Errors:
    """Which materials are missing; `coming` need not be there yet, another part of the matter gives them."""
    body = dossier.guide.body
    listed = dossier.listed()
    there = _there(dossier, listed) | set(coming)
    found: Errors = {}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for material in filter(takes_photos, listed):
        if material.get("one_of"):
            groups.setdefault(material["one_of"], []).append(material)
        elif material["material_code"] not in there and (said := _missing(body, material)):
            found[f"materials.{material['material_code']}"] = [said]
    for alternatives in groups.values():
        if not any(material["material_code"] in there for material in alternatives):
            names = "、".join(f"“{material['name']}”" for material in alternatives)
            found[f"materials.{alternatives[0]['material_code']}"] = [f"请在{names}中至少上传一项"]
    return found


def _there(dossier: Dossier, listed: Sequence[Mapping[str, Any]]) -> set[str]:
    """What was photographed, is given by a certificate, follows later by promise, or is promised instead."""
    case, guide = dossier.case, dossier.guide
    return {
        *dossier.photos,
        *_given(dossier),
        *owed.holding(case, guide, listed, rows=dossier.owed),
        *promised.holding(case, guide, listed, rows=dossier.promised),
    }


def _given(dossier: Dossier) -> Collection[str]:
    """What certificates give; one that ended while the draft lay gives nothing any more."""
    if dossier.case.state == State.DRAFT:
        return proofs.valid(dossier.given)
    return dossier.given


def _missing(body: Mapping[str, Any], material: Mapping[str, Any]) -> str:
    """What to say of a material that is not there; nothing of one that need not be."""
    asked = f"请上传“{material['name']}”"
    if is_mandatory(material):
        promised_instead = promises.of_material(body, material["material_code"]) is not None
        return asked + ("，或者选择告知承诺" if promised_instead else "")
    return f"{asked}，或者选择稍后补交" if tolerance.may_follow(body, material) else ""
