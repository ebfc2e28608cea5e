"""Handing in photos of a case's materials (提交材料照片): only its owner, while they may be changed.

`organisation_id` is the company for which the citizen acts.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.cases import corrections, owed, owing, prechecked, queries, states, steps
from app.cases.completeness import takes_photos
from app.cases.dossier import Dossier
from app.cases.errors import MaterialNotFound, MaterialTakesNoPhoto
from app.cases.models import Case
from app.cases.states import State, Step
from app.catalogue import queries as catalogue
from app.delegations import acting as delegations
from app.materials import queries as material_queries
from app.materials import service as materials
from app.materials.models import Photo
from app.materials.photos import PreparedPhoto


def expect_photo(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    material_code: str,
    organisation_id: int | None = None,
    instead_of: int | None = None,
) -> str:
    """A key for a photo on its way in; refuses early what `add_photo` would refuse after the decoding.

    Raises CaseNotFound, MaterialNotFound, MaterialTakesNoPhoto, NotToCorrect, TooManyPages, PhotoNotFound, a
    StepRefused, or what `owing.open_row` raises.
    """
    case = queries.case_of(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    _refuse_wrong_material(session, case, material_code)
    return materials.expect(session, case_id=case.id, material_code=material_code, instead_of=instead_of)


def add_photo(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    material_code: str,
    key: str,
    prepared: PreparedPhoto,
    organisation_id: int | None = None,
    instead_of: int | None = None,
) -> tuple[Photo, bool]:
    """Add a stored photo as the material's last page, or in the place of one; the photo, whether it is new.

    Raises as `expect_photo` does, since the case may have moved on meanwhile, PageTwice and UploadExpired.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    _refuse_wrong_material(session, case, material_code)
    _note(session, case)
    if instead_of is None:
        return materials.attach(
            session, case_id=case.id, material_code=material_code, key=key, prepared=prepared
        )
    return materials.replace(
        session,
        case_id=case.id,
        material_code=material_code,
        photo_id=instead_of,
        key=key,
        prepared=prepared,
        was_seen=_was_seen(session, case, material_code=material_code, photo_id=instead_of),
    )


def open_material(session: Session, *, citizen_id: int, case_no: str, material_code: str) -> tuple[Case, str]:
    """A citizen's own case, locked, and the name of a material of its guide that takes photos now.

    What was asked beyond the guide has no name there and is not found. Raises as `add_photo` does.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no)
    _refuse_wrong_material(session, case, material_code)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    for material in guide.materials:
        if material["material_code"] == material_code:
            return case, str(material["name"])
    raise MaterialNotFound


def remove_photo(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    material_code: str,
    photo_id: int,
    organisation_id: int | None = None,
) -> None:
    """Take a page out; what the office has seen is set aside and kept (补正前的材料).

    Raises PhotoNotFound, NotToCorrect or a StepRefused.
    """
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    _refuse_unchangeable(session, case, material_code)
    seen = _was_seen(session, case, material_code=material_code, photo_id=photo_id)
    take = materials.set_aside if seen else materials.remove
    take(session, case_id=case.id, material_code=material_code, photo_id=photo_id)
    _note(session, case)


def arrange_photos(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    material_code: str,
    photo_ids: Sequence[int],
    organisation_id: int | None = None,
) -> list[Photo]:
    """Put the pages of a material into another order; raises as `add_photo` does, and OrderMismatch."""
    case = steps.held(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    _refuse_unchangeable(session, case, material_code)
    _note(session, case)
    return materials.arrange(session, case_id=case.id, material_code=material_code, photo_ids=photo_ids)


def photos_for_owner(
    session: Session, *, citizen_id: int, case_no: str, material_code: str, organisation_id: int | None = None
) -> Sequence[Photo]:
    """The pages of a material of the citizen's own case; raises CaseNotFound."""
    case = queries.case_of(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    return material_queries.of_material(session, case_id=case.id, material_code=material_code)


def photo_for_owner(
    session: Session,
    *,
    citizen_id: int,
    case_no: str,
    material_code: str,
    photo_id: int,
    organisation_id: int | None = None,
) -> Photo:
    """A photo of the citizen's own case; raises CaseNotFound or PhotoNotFound."""
    case = queries.case_of(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    return material_queries.photo(session, case_id=case.id, material_code=material_code, photo_id=photo_id)


def _note(session: Session, case: Case) -> None:
    """Write down that an agent did it, if it was one."""
    delegations.note(session, kind="photos", reference=f"case:{case.id}", sentence="整理了材料照片")


def _was_seen(session: Session, case: Case, *, material_code: str, photo_id: int) -> bool:
    """Whether the office looked at a page: before it asked for a correction, or sent back what was owed."""
    if corrections.was_seen(session, case, photo_id):
        return True
    rows = {one.material_code: one for one in owed.of_case(session, case_id=case.id)}
    row = rows.get(material_code)
    if row is None or row.sent_back_at is None:
        return False
    pages = material_queries.of_material(session, case_id=case.id, material_code=material_code)
    return any(one.id == photo_id and one.created_at <= row.sent_back_at for one in pages)


def _refuse_wrong_material(session: Session, case: Case, material_code: str) -> None:
    _refuse_unchangeable(session, case, material_code)
    if case.state == State.CORRECTION:
        return  # What a notice names takes photos, also where the guide knows nothing of it.
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    named = (material for material in guide.materials if material["material_code"] == material_code)
    material = next(named, None)
    if material is None:
        raise MaterialNotFound
    if not takes_photos(material):
        raise MaterialTakesNoPhoto


def _refuse_unchangeable(session: Session, case: Case, material_code: str) -> None:
    """Photos change in a draft, in a correction those that the notice names, later those that are owed."""
    row = states.edge(State(case.state), Step.CHANGE_PHOTOS)
    if row.source is State.CORRECTION:
        corrections.refuse_other_material(session, case, material_code)
    elif row.source is State.DRAFT:
        prechecked.refuse_held(Dossier(session, case))
    else:
        owing.open_row(session, case, material_code)
