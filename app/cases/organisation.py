"""A case of a company (代表企业办理): who may begin it, and what the registry has proven on its form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.cases import forms
from app.cases.errors import ItemForCompanies, ItemForPersons, OutOfScope
from app.cases.forms import Form, FormField
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import cards
from app.catalogue.queries import Guide
from app.delegations import acting as delegations
from app.organisations import queries as organisations

NAME, CODE = "organisation_name", "organisation_code"
PROVEN: Final = "登记系统核对"
# Its form takes a reserved company name over: the company does not exist yet, so its founder applies.
_FOUNDS = "reserved_company_name"
# Who fills the form in for a company is its agent, not the applicant.
AGENT_LABELS: Final[Mapping[str, str]] = {
    "applicant_name": "经办人姓名",
    "id_number": "经办人身份号码",
    "phone": "经办人手机号",
}


def may_apply(
    session: Session, guide: Guide, *, citizen_id: int, organisation_id: int | None, in_bundle: bool
) -> ColumnElement[bool]:
    """Which drafts of an item are this person's or this company's; refuses whom the item does not serve.

    The standing is held, and so is an agent's authority. Raises OrganisationNotFound, OutOfScope,
    ItemForPersons, ItemForCompanies, and as `delegations.acting.refuse_item` does.
    """
    served = cards.audiences(guide.body)
    if organisation_id is None:
        if "personal" not in served and not in_bundle and not _founds(guide.body):
            raise ItemForCompanies(name=guide.name)
        delegations.refuse_item(session, guide)
    else:
        acting = organisations.acting(
            session, citizen_id=citizen_id, organisation_id=organisation_id, hold=True
        )
        if "business" not in served:
            raise ItemForPersons(name=guide.name)
        if not acting.covers(guide.task_code):
            raise OutOfScope(name=guide.name)
    return organisations.owned(session, Case, citizen_id=citizen_id, organisation_id=organisation_id)


def fields_of(case: Case, body: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The fields of a case: a company's names the company first, and its agent as such."""
    return company_fields(body) if case.organisation_id is not None else forms.fields_of(body)


def company_fields(body: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The fields of a guide's form when a company applies."""
    own = forms.fields_of(body)
    named = {field.key for field in own}
    missing = (field for field in forms.organisation_fields() if field.key not in named)
    return (*missing, *(replace(field, label=AGENT_LABELS.get(field.key, field.label)) for field in own))


def proven_fields(case: Case) -> frozenset[str]:
    """What of a case's form the registry has proven, so that nobody types it otherwise."""
    return frozenset({NAME, CODE}) if case.organisation_id is not None else frozenset()


def proven(session: Session, organisation_id: int) -> dict[str, tuple[str, str]]:
    """What the registry knows of a company, with where it comes from, by field."""
    company = organisations.organisation(session, organisation_id=organisation_id)
    return {NAME: (company.name, PROVEN), CODE: (company.code, PROVEN)}


def renew(session: Session, case: Case) -> None:
    """Have a draft call its company as it is registered now: it may have been renamed since."""
    if case.organisation_id is None:
        return
    form = forms.opened(case.sealed_form)
    known = proven(session, case.organisation_id)
    values = form.values | {key: value for key, (value, _) in known.items()}
    case.sealed_form = Form(values, form.sources | dict.fromkeys(known, PROVEN)).sealed()
    session.flush()


def forget_agent(session: Session, *, citizen_id: int) -> None:
    """Take an agent's own particulars out of the drafts they began; the drafts stay the company's."""
    drafts = select(Case).where(
        Case.citizen_id == citizen_id, Case.organisation_id.is_not(None), Case.state == State.DRAFT.value
    )
    for case in session.scalars(drafts.order_by(Case.id).with_for_update()):
        form = forms.opened(case.sealed_form)
        values = {key: value for key, value in form.values.items() if key not in AGENT_LABELS}
        sources = {key: source for key, source in form.sources.items() if key not in AGENT_LABELS}
        case.sealed_form = Form(values, sources).sealed()


def _founds(body: Mapping[str, Any]) -> bool:
    return any(field.known_from == _FOUNDS for field in forms.fields_of(body))
