"""What a new draft knows already (预填): nobody is asked again for what they have told us or proven."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import forms, organisation
from app.cases.forms import Form, FormField, Kind
from app.cases.models import Case
from app.catalogue.queries import Guide
from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.enterprises import queries as enterprises
from app.people import queries as people

_PROVEN, _BOUND, _LAST_TIME, _ONLY_ONE = "实名信息", "已绑定的手机号", "上次申请时填写的", "只有这一种"
# How to reach somebody, nothing about a matter: an account or a reason is asked anew each time.
_KEPT_FROM_LAST_TIME = ("address",)

# What a field of a guide's form may be `known_from`.
_COMPANY_NAME, _SHOP_NAME = "reserved_company_name", "reserved_shop_name"
_NAMES = frozenset({_COMPANY_NAME, _SHOP_NAME})


def form(session: Session, citizen_id: int, guide: Guide, *, organisation_id: int | None) -> Form:
    """The form as far as it is known; each value says where it comes from, and may be changed.

    A company's form names the company as the registry has proven it, and whoever began it as its agent.

    Who applies and how they are reached is part of every application (《个人信息保护法》 art. 34); what an
    earlier application said is used again only with the consent `prefill`.
    """
    citizen = people.citizen(session, citizen_id=citizen_id)
    asks = forms.fields_of if organisation_id is None else organisation.company_fields
    fields = {field.key: field for field in asks(guide.body)}
    known = {
        field.key: (field.choices[0], _ONLY_ONE)
        for field in fields.values()
        if field.kind is Kind.CHOICE and field.required and len(field.choices) == 1
    }
    last_time = _told_last_time(session, citizen_id, organisation_id)
    known |= {key: (value, _LAST_TIME) for key, value in last_time.items()}
    proven = {
        "applicant_name": (citizen.name, _PROVEN),
        "id_number": (citizen.id_number, _PROVEN),
        "phone": (citizen.phone, _BOUND),
    }
    known |= {key: (value, source) for key, (value, source) in proven.items() if value}
    known |= _reserved_names(session, citizen_id, fields.values())
    known |= {} if organisation_id is None else organisation.proven(session, organisation_id)
    asked = {key: told for key, told in known.items() if key in fields}
    return Form(
        values={key: value for key, (value, _) in asked.items()},
        sources={key: source for key, (_, source) in asked.items()},
    )


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
