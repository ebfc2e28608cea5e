"""What a new draft knows already (预填): nobody is asked again for what they have told us or proven."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import forms, organisation, prechecked
from app.cases.dossier import Dossier
from app.cases.forms import Form, FormField, Kind
from app.cases.models import Case
from app.catalogue.queries import Guide
from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.delegations import acting as delegations
from app.enterprises import queries as enterprises
from app.people import queries as people
from app.situations import guide as situations

_PROVEN, _BOUND, _LAST_TIME, _ONLY_ONE = "实名信息", "已绑定的手机号", "上次申请时填写的", "只有这一种"
ANSWERED = "前面问题里的回答"
# How to reach somebody, nothing about a matter: an account or a reason is asked anew each time.
_KEPT_FROM_LAST_TIME = ("address",)

# What a field of a guide's form may be `known_from`.
_COMPANY_NAME, _SHOP_NAME = "reserved_company_name", "reserved_shop_name"
_NAMES = frozenset({_COMPANY_NAME, _SHOP_NAME})


def form(
    session: Session,
    citizen_id: int,
    guide: Guide,
    *,
    organisation_id: int | None,
    answers: Mapping[str, str],
) -> Form:
    """The form as far as it is known; each value says where it comes from, and may be changed.

    What the citizen has just answered to a question of the guide is not asked again in the form.

    A company's form names the company as the registry has proven it, and whoever began it as its agent.

    Who applies and how they are reached is part of every application (《个人信息保护法》 art. 34); what an
    earlier application said is used again only with the consent `prefill`.
    """
    asks = forms.fields_of if organisation_id is None else organisation.company_fields
    fields = {field.key: field for field in asks(guide.body)}
    known = {
        field.key: (field.choices[0], _ONLY_ONE)
        for field in fields.values()
        if field.kind is Kind.CHOICE and field.required and len(field.choices) == 1
    }
    last_time = _told_last_time(session, citizen_id, organisation_id)
    known |= {key: (value, _LAST_TIME) for key, value in last_time.items()}
    known |= _proven(session, citizen_id)
    known |= _reserved_names(session, citizen_id, fields.values())
    known |= {} if organisation_id is None else organisation.proven(session, organisation_id)
    asked = {key: told for key, told in known.items() if key in fields}
    known_form = Form(
        values={key: value for key, (value, _) in asked.items()},
        sources={key: source for key, (_, source) in asked.items()},
    )
    return _following(known_form, answers, fields=fields.values(), body=guide.body)


def answer(session: Session, draft: Case, answers: Mapping[str, str]) -> None:
    """Replace the answers of a draft whose row is held; the form follows where nobody has typed over it.

    Raises PrecheckRunning.
    """
    told = sealed(answers)
    if told == draft.sealed_answers:
        return
    dossier = Dossier(session, draft)
    prechecked.refuse_held(dossier)
    body = dossier.guide.body
    fields = organisation.fields_of(draft, body)
    draft.sealed_answers = told
    draft.sealed_form = _following(
        forms.opened(draft.sealed_form), answers, fields=fields, body=body
    ).sealed()
    delegations.note(session, kind="answers", reference=f"case:{draft.id}", sentence="改了办理情形")


def sealed(answers: Mapping[str, str]) -> str:
    """Answers as text for their encrypted column."""
    return json.dumps(dict(answers), ensure_ascii=False)


def _following(
    before: Form, answers: Mapping[str, str], *, fields: Iterable[FormField], body: Mapping[str, Any]
) -> Form:
    """The form after these answers: what came from earlier ones goes, what was typed stays."""
    kept = {key for key in before.values if before.sources.get(key) != ANSWERED}
    told = {key: text for key, text in _answered(fields, body, answers).items() if key not in kept}
    values = {key: text for key, text in before.values.items() if key in kept}
    sources = {key: source for key, source in before.sources.items() if key in kept}
    return Form(values | told, sources | dict.fromkeys(told, ANSWERED))


def _answered(
    fields: Iterable[FormField], body: Mapping[str, Any], answers: Mapping[str, str]
) -> dict[str, str]:
    """What the answers say of the fields that name their question; of a choice that the form words alike."""
    table = situations.table_of(body)
    said = situations.answers_of(table, answers)
    texts = {(one.key, choice.value): choice.text for one in table.questions for choice in one.choices}
    found: dict[str, str] = {}
    for field in fields:
        given = said.get(field.answered_by)
        if field.kind is Kind.DATE and isinstance(given, date):
            found[field.key] = given.isoformat()
        elif field.kind is Kind.CHOICE and texts.get((field.answered_by, str(given))) in field.choices:
            found[field.key] = texts[field.answered_by, str(given)]
    return found


def _proven(session: Session, citizen_id: int) -> dict[str, tuple[str, str]]:
    citizen = people.citizen(session, citizen_id=citizen_id)
    proven = {
        "applicant_name": (citizen.name, _PROVEN),
        "id_number": (citizen.id_number, _PROVEN),
        "phone": (citizen.phone, _BOUND),
    }
    return {key: (value, source) for key, (value, source) in proven.items() if value}


def _reserved_names(
    session: Session, citizen_id: int, fields: Iterable[FormField]
) -> dict[str, tuple[str, str]]:
    """The name that the citizen keeps at the registry, for the fields that ask for one."""
    found: dict[str, tuple[str, str]] = {}
    for field in fields:
        if field.known_from in _NAMES:
            kept = enterprises.reserved_name(
                session, citizen_id=citizen_id, company=field.known_from == _COMPANY_NAME
            )
            if kept is not None:
                found[field.key] = (kept.name, f"已保留的名称，{kept.expires_on:%m月%d日}前有效")
    return found


def _told_last_time(session: Session, citizen_id: int, organisation_id: int | None) -> dict[str, str]:
    """What the citizen wrote into the application they handed in last, if it is kept and they agree.

    What they wrote for themselves stays out of a company's form, and the other way round.
    """
    if not consents.allows(session, citizen_id=citizen_id, purpose=Purpose.PREFILL):
        return {}
    sealed = session.scalar(
        select(Case.sealed_form)
        .where(
            Case.citizen_id == citizen_id,
            Case.organisation_id.is_not_distinct_from(organisation_id),
            Case.submitted_at.is_not(None),
        )
        .order_by(Case.id.desc())
        .limit(1)
    )
    values = forms.opened(sealed).values if sealed is not None else {}
    return {key: values[key] for key in _KEPT_FROM_LAST_TIME if values.get(key)}
