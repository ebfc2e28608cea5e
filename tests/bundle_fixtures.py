"""Applications for bundles in the demo city, by the services themselves (一件事夹具)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from app import events
from app.bundles import advancing, applying, following, starting
from app.bundles.following import Whole
from app.bundles.models import BundleApplication, BundlePart
from app.cases.events import CaseDecided
from app.cases.forms import FormField, Kind
from app.cases.models import Case
from app.db import unit_of_work
from tests import case_fixtures
from tests.case_fixtures import FORM, accept, decide, good_value, pay
from tests.catalogue_fixtures import item
from tests.photo_fixtures import jpeg, page

NEWBORN, RESTAURANT = "newborn", "restaurant"
BIRTH, HUKOU, INSURANCE, CARD, SUBSIDY = (
    item(key)["task_code"]
    for key in ("birth-reg", "hukou-birth", "med-resident", "sscard-new", "child-subsidy")
)
SETUP, FOOD = (item(key)["task_code"] for key in ("solo-setup", "food-permit"))


def begin(citizen_id: int, key: str = NEWBORN, chosen: Collection[str] | None = None) -> str:
    """The live draft of a bundle; its number."""
    with unit_of_work() as session:
        started = starting.start(session, citizen_id=citizen_id, bundle_key=key, chosen=chosen)
        return started.application.application_no


def whole(citizen_id: int, number: str) -> Whole:
    """The application as its owner sees it."""
    with unit_of_work() as session:
        return following.whole(session, citizen_id=citizen_id, application_no=number)


def fill(citizen_id: int, number: str) -> None:
    """The one form, filled in well."""
    asked = whole(citizen_id, number).fields
    values = {view.shared.name: _good(view.shared.field) for view in asked if view.shared.field.required}
    with unit_of_work() as session:
        applying.save_form(session, citizen_id=citizen_id, application_no=number, changes={**values})


def photograph(citizen_id: int, number: str) -> None:
    """One photo of each thing that must be there."""
    for place, wanted in enumerate(whole(citizen_id, number).materials):
        if wanted.mandatory and wanted.takes_photos and wanted.giver is None:
            picture = jpeg(page((900, 600), desk=20 + place))
            case_fixtures.add_photo(citizen_id, wanted.home.case.case_no, wanted.code, picture)


def submit(citizen_id: int, number: str) -> None:
    """Hand it in."""
    with unit_of_work() as session:
        applying.submit(session, citizen_id=citizen_id, application_no=number)


def submitted(citizen_id: int, key: str = NEWBORN, chosen: Collection[str] | None = None) -> str:
    """An application in which nothing is missing, handed in; its number."""
    number = begin(citizen_id, key, chosen)
    fill(citizen_id, number)
    photograph(citizen_id, number)
    submit(citizen_id, number)
    return number


def case_of(number: str, task_code: str) -> str:
    """The number of a part's case."""
    with unit_of_work() as session:
        return session.scalars(
            select(Case.case_no)
            .join(BundlePart, BundlePart.case_id == Case.id)
            .join(BundleApplication, BundleApplication.id == BundlePart.application_id)
            .where(BundleApplication.application_no == number, BundlePart.task_code == task_code)
        ).one()


def settle(number: str, *task_codes: str, granted: bool = True) -> None:
    """Accept, pay and decide parts; nothing is told yet."""
    why: dict[str, Any] = {} if granted else {"reason": "材料不符", "legal_basis": "某条例第一条"}
    for code in task_codes:
        case_no = case_of(number, code)
        accept(case_no)
        pay(case_no)
        decide(case_no, granted=granted, **why)


def tell() -> None:
    """Have everything that happened told, also what happens by it."""
    while events.deliver():
        pass


def grant(number: str, *task_codes: str) -> None:
    """Decide parts in favour and have it told."""
    settle(number, *task_codes)
    tell()


def carry_on(number: str, task_code: str) -> None:
    """Tell by itself that a part was decided, as the outbox does."""
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_of(number, task_code))).one()
        advancing.carry_on(session, CaseDecided(case_id))


def states(citizen_id: int, number: str) -> dict[str, str]:
    """Where each part is, by task code."""
    return {part.code: part.case.state for part in whole(citizen_id, number).parts}


def good_answer(shown: dict[str, Any]) -> str:
    """Something that a field, as the API shows it, takes."""
    return _good(
        FormField(shown["key"], shown["label"], Kind(shown["kind"]), choices=tuple(shown["choices"]))
    )


def _good(field: FormField) -> str:
    return FORM[field.key] if field.key in FORM and not field.choices else good_value(field)
