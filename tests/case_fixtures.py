"""Cases for tests: started, filled in, handed in, accepted, by the services themselves (办件夹具)."""

import functools
import itertools
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.cases import completeness, forms, handing_in, service
from app.cases.models import Case, CaseEvent
from app.cases.officers import Officer
from app.catalogue import queries as catalogue
from app.catalogue import tolerance
from app.db import unit_of_work
from app.events import OutboxRow
from app.fees import queries as fee_queries
from app.fees import service as fees
from app.materials import photos, scanning
from app.materials import service as materials
from tests.catalogue_fixtures import ID_LOST, item, publish
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen
from tests.photo_fixtures import jpeg, page

# The sample number printed in GB 11643: nobody's.
CITIZEN_NUMBER = "11010519491231002X"
FORM = {
    "applicant_name": "王小明",
    "id_number": CITIZEN_NUMBER,
    "phone": "13800000000",
    "address": "示例市示例路1号",
    "delivery": "电子推送",
}
_GOOD = {
    forms.Kind.CITIZEN_NUMBER: CITIZEN_NUMBER,
    forms.Kind.DATE: "2026-01-31",
    forms.Kind.PHONE: "13800000000",
    forms.Kind.ORGANISATION_CODE: "11350100MB99000138",
    forms.Kind.PROJECT_CODE: "2026-350102-48-01-000123",
}
FRONT_DESK = Officer(1, "林受理", frozenset({"front_desk"}))
APPROVER = Officer(2, "陈审批", frozenset({"approver"}))
OTHER_APPROVER = Officer(3, "黄审批", frozenset({"approver"}))


def midnight_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look at the clock is on Monday, every later one on Tuesday."""
    looks = itertools.count()
    monday = MONDAY.replace(hour=23, minute=59, second=59).astimezone(UTC)
    monkeypatch.setattr(clock, "_source", lambda: monday + timedelta(seconds=min(next(looks), 1)))


def start(citizen_id: int, task_code: str = ID_LOST) -> str:
    """A draft, as one begins alone or in a bundle; its number."""
    with unit_of_work() as session:
        case, _ = service.start(session, citizen_id=citizen_id, task_code=task_code, in_bundle=True)
        return case.case_no


def fill(citizen_id: int, case_no: str, **changes: Any) -> None:
    """A form that can be handed in, with changes."""
    with unit_of_work() as session:
        service.save_form(session, citizen_id=citizen_id, case_no=case_no, changes={**FORM, **changes})


def add_photo(citizen_id: int, case_no: str, material_code: str, content: bytes | None = None) -> int:
    """A photo of one material, taken in as the API does; its id."""
    where: dict[str, Any] = {
        "citizen_id": citizen_id,
        "case_no": case_no,
        "material_code": material_code,
    }
    with unit_of_work() as session:
        key = handing_in.expect_photo(session, **where)
    prepared = photos.prepare(content or _page()) if content or scanning._scanner else _prepared_page()
    materials.store(key, prepared)
    with unit_of_work() as session:
        return handing_in.add_photo(session, **where, key=key, prepared=prepared)[0].id


@functools.cache
def _prepared_page() -> photos.PreparedPhoto:
    """To unpack, judge and pack the same page takes longer than all that is done with it."""
    return photos.prepare(_page())


@functools.cache
def _page() -> bytes:
    return jpeg(page((900, 600)))


def mandatory_materials(case_no: str) -> list[str]:
    """The codes of the materials that the case's guide wants photos of, now or later."""
    with unit_of_work() as session:
        version_id = session.scalars(select(Case.guide_version_id).where(Case.case_no == case_no)).one()
        guide = catalogue.guide_by_version(session, version_id=version_id)
    return [
        material["material_code"]
        for material in guide.materials
        if (completeness.is_mandatory(material) or tolerance.may_follow(guide.body, material))
        and completeness.takes_photos(material)
    ]


def ready(citizen_id: int, task_code: str = ID_LOST) -> str:
    """A draft in which nothing is missing; its number."""
    case_no = start(citizen_id, task_code)
    fill(citizen_id, case_no, **what_else_is_asked(task_code))
    for code in mandatory_materials(case_no):
        add_photo(citizen_id, case_no, code)
    return case_no


def what_else_is_asked(task_code: str) -> dict[str, str]:
    """Good answers to what an item must know beyond the usual form."""
    with unit_of_work() as session:
        fields = forms.fields_of(catalogue.guide(session, task_code=task_code).body)
    return {field.key: good_value(field) for field in fields if field.required and field.key not in FORM}


def good_value(field: forms.FormField) -> str:
    """Something that a field takes."""
    return field.choices[0] if field.choices else _GOOD.get(field.kind, "示例")


def submit(citizen_id: int, case_no: str) -> Case:
    """Hand a draft in."""
    with unit_of_work() as session:
        return service.submit(session, citizen_id=citizen_id, case_no=case_no)


def submitted(citizen_id: int, task_code: str = ID_LOST) -> str:
    """A case that waits for acceptance; its number."""
    case_no = ready(citizen_id, task_code)
    submit(citizen_id, case_no)
    return case_no


def accept(case_no: str, officer: Officer = FRONT_DESK, **chosen: Any) -> Case:
    """Accept a case."""
    with unit_of_work() as session:
        return service.accept(session, case_no=case_no, officer=officer, **chosen)


def pay(case_no: str) -> None:
    """Book a payment for every bill of a case."""
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        for bill in fee_queries.of_case(session, case_id=case.id):
            fees.mark_paid(
                session, bill_id=bill.id, payment_no=f"P{bill.id}", channel="wechat", paid_at=MONDAY
            )


def withdraw(citizen_id: int, case_no: str) -> Case:
    """Take a case back."""
    with unit_of_work() as session:
        return service.withdraw(session, citizen_id=citizen_id, case_no=case_no)


def decide(case_no: str, officer: Officer = APPROVER, *, granted: bool = True, **why: Any) -> Case:
    """Decide a case; who refuses and names no ground means that the conditions are not met."""
    why = why if granted else {"refused_code": "not_qualified", **why}
    with unit_of_work() as session:
        return service.decide(session, case_no=case_no, officer=officer, granted=granted, **why)


def accepted(citizen_id: int, task_code: str = ID_LOST) -> str:
    """A case that is accepted and paid; its number."""
    case_no = submitted(citizen_id, task_code)
    accept(case_no)
    pay(case_no)
    return case_no


def kinds(case_no: str) -> list[str]:
    """What the timeline of a case says, by kind."""
    with unit_of_work() as session:
        return list(
            session.scalars(
                select(CaseEvent.kind)
                .join(Case, Case.id == CaseEvent.case_id)
                .where(Case.case_no == case_no)
                .order_by(CaseEvent.id)
            )
        )


def published() -> list[str]:
    """The names of all events that were published, oldest first."""
    with unit_of_work() as session:
        return list(session.scalars(select(OutboxRow.name).order_by(OutboxRow.id)))


def publish_id_lost(**changes: Any) -> None:
    """The item most tests are about: a lost identity card, 40 yuan."""
    publish(item("id-lost", **changes))


def citizen(name: str = "王小明") -> int:
    """A new citizen."""
    return make_citizen(name)
