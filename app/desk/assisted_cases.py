"""What a clerk does for the citizen beside them (帮办的每一步): draft, form, photos, a visit.

Each step holds the session, is written down twice, for the citizen and for the audit, and is kept whole or
not at all. Signing, handing in, paying and everything else is refused below (`acting.refuse`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.appointments import queries as appointment_queries
from app.appointments import service as appointments
from app.appointments.models import Visit
from app.appointments.queries import OpenSlot
from app.cases import handing_in, overview
from app.cases import queries as case_queries
from app.cases import service as cases
from app.cases.overview import FieldView, MaterialView
from app.cases.states import Party
from app.catalogue import queries as catalogue
from app.catalogue import search
from app.catalogue.search import Hit
from app.desk import assisting, situation_trial
from app.desk.situation_trial import Asked
from app.materials.models import Photo
from app.materials.photos import PreparedPhoto
from app.people.queries import citizen
from app.situations import guide as situations
from app.situations.tables import Refusal
from app.staff.sessions import OnDuty

_CITIZEN = frozenset({Party.CITIZEN})
_MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Item:
    """An item whose questions are asked before a draft is begun; `missing` without an answer yet."""

    task_code: str
    name: str
    asked: list[Asked]
    missing: int
    refusals: Sequence[Refusal]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as the clerk fills it in; `left` names what only the applicant types."""

    case_no: str
    name: str
    citizen: str
    fields: list[FieldView]
    left: list[str]
    materials: list[MaterialView]


@dataclass(frozen=True, slots=True)
class Choice:
    """The free times of the clerk's hall for an item, by day."""

    task_code: str
    name: str
    days: dict[date, list[OpenSlot]]


def found(session: Session, *, clerk: OnDuty, assistance_id: int, text: str) -> list[Hit]:
    """Items by what the citizen says they want (找事项); raises as `assisting.helping` does."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id):
        hits = search.find(session, text=text, limit=_MOST_FOUND, audience="personal").hits
    return [hit for hit in hits if hit.task_code is not None]


def item(
    session: Session, *, clerk: OnDuty, assistance_id: int, task_code: str, typed: Mapping[str, str]
) -> Item:
    """An item with its questions, as far as they are answered; raises as `helping`, GuideNotFound."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id):
        guide = catalogue.guide(session, task_code=task_code)
    today = clock.today()
    table = situations.table_of(guide.body)
    answers = situations.answers_of(table, typed)
    person = situations.for_person(guide.body, answers, today=today)
    return Item(
        task_code=guide.task_code,
        name=guide.name,
        asked=situation_trial.asked(table, answers, typed, today=today),
        missing=len(person.open_questions),
        refusals=person.refusals,
    )


def start(
    session: Session, *, clerk: OnDuty, assistance_id: int, task_code: str, answers: Mapping[str, str]
) -> str:
    """Begin a draft of an item (开始申请), or go on with the one there is; its number.

    Raises as `assisting.helping` and `cases.start` do.
    """
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        case, _ = cases.start(
            session, citizen_id=held.citizen_id, task_code=task_code, answers=answers or None
        )
    assisting.acted(session, clerk, held, kind="started", case=case.case_no)
    return case.case_no


def draft(session: Session, *, clerk: OnDuty, assistance_id: int, case_no: str) -> Draft:
    """A draft with its form and photos; raises as `assisting.helping` does, CaseNotFound for all else."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        case = case_queries.case_of(session, citizen_id=held.citizen_id, case_no=case_no)
        seen = overview.of(session, case, parties=_CITIZEN)
    assisting.viewed(session, clerk, held, case=case.case_no)
    mine = [view for view in seen.fields if view.field.own_hand]
    return Draft(
        case_no=case.case_no,
        name=case.task_name,
        citizen=citizen(session, citizen_id=held.citizen_id).name or "",
        fields=[view for view in seen.fields if view not in mine],
        left=[view.field.label for view in mine],
        materials=seen.materials,
    )


def save_form(
    session: Session, *, clerk: OnDuty, assistance_id: int, case_no: str, changes: Mapping[str, object]
) -> None:
    """Keep what was typed (保存表单); raises as `assisting.helping` and `cases.save_form` do."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        cases.save_form(session, citizen_id=held.citizen_id, case_no=case_no, changes=changes)
    assisting.acted(session, clerk, held, kind="form", case=case_no)


def expect_photo(
    session: Session, *, clerk: OnDuty, assistance_id: int, case_no: str, material_code: str
) -> str:
    """A key for a photo on its way in; raises as `assisting.helping` and `handing_in` do."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        return handing_in.expect_photo(
            session, citizen_id=held.citizen_id, case_no=case_no, material_code=material_code
        )


def add_photo(
    session: Session,
    *,
    clerk: OnDuty,
    assistance_id: int,
    case_no: str,
    material_code: str,
    key: str,
    prepared: PreparedPhoto,
) -> Photo:
    """Add a stored photo as the last page (拍材料); raises as `expect_photo` does."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        photo, _ = handing_in.add_photo(
            session,
            citizen_id=held.citizen_id,
            case_no=case_no,
            material_code=material_code,
            key=key,
            prepared=prepared,
        )
    assisting.acted(session, clerk, held, kind="photo_added", case=case_no)
    return photo


def remove_photo(
    session: Session, *, clerk: OnDuty, assistance_id: int, case_no: str, material_code: str, photo_id: int
) -> None:
    """Take a page out (删照片); raises as `expect_photo` does, PhotoNotFound."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        handing_in.remove_photo(
            session,
            citizen_id=held.citizen_id,
            case_no=case_no,
            material_code=material_code,
            photo_id=photo_id,
        )
    assisting.acted(session, clerk, held, kind="photo_removed", case=case_no)


def put_forward(
    session: Session, *, clerk: OnDuty, assistance_id: int, case_no: str, material_code: str, photo_id: int
) -> None:
    """Put a page before the one ahead of it (调整顺序); the first stays first. Raises as `expect_photo`."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        where: dict[str, Any] = {
            "citizen_id": held.citizen_id,
            "case_no": case_no,
            "material_code": material_code,
        }
        pages = handing_in.photos_for_owner(session, **where)
        ids = [page.id for page in pages]
        if photo_id in ids[1:]:
            place = ids.index(photo_id)
            ids[place - 1], ids[place] = ids[place], ids[place - 1]
            handing_in.arrange_photos(session, **where, photo_ids=ids)
    assisting.acted(session, clerk, held, kind="photos_arranged", case=case_no)


def photo(
    session: Session, *, clerk: OnDuty, assistance_id: int, case_no: str, material_code: str, photo_id: int
) -> Photo:
    """One page of a draft; raises as `assisting.helping` does, CaseNotFound, PhotoNotFound."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        return handing_in.photo_for_owner(
            session,
            citizen_id=held.citizen_id,
            case_no=case_no,
            material_code=material_code,
            photo_id=photo_id,
        )


def times(session: Session, *, clerk: OnDuty, assistance_id: int, task_code: str) -> Choice:
    """When the citizen could come to this hall (可约时间); raises as `helping` and `slots` do."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        guide = catalogue.guide(session, task_code=task_code)
        free = appointment_queries.slots(session, centre_id=held.centre_id, task_code=task_code).slots
    days: dict[date, list[OpenSlot]] = {}
    for slot in free:
        if slot.free > 0:
            days.setdefault(slot.day, []).append(slot)
    return Choice(guide.task_code, guide.name, days)


def book(session: Session, *, clerk: OnDuty, assistance_id: int, task_code: str, slot_id: int) -> Visit:
    """Book a visit to this hall (帮约到窗); raises as `assisting.helping` and `appointments.book` do."""
    with assisting.helping(session, clerk=clerk, assistance_id=assistance_id) as held:
        visit = appointments.book(
            session,
            citizen_id=held.citizen_id,
            centre_id=held.centre_id,
            slot_id=slot_id,
            task_code=task_code,
        )
    assisting.acted(session, clerk, held, kind="booked")
    return visit
