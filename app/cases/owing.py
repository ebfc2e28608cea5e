"""Handing a secondary material in later (容缺后补): chosen with a signed text, brought, or taken back.

温州市行政审批: 对主件已具备、暂缺次要申报材料且不影响审查的，在申请人作出承诺后，先予以受理 (R036).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import owed, prechecked, situation, states, steps, timeline
from app.cases.dossier import Dossier
from app.cases.errors import MaterialNotFound
from app.cases.events import OwedDelivered
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.owed_errors import (
    AlreadyDelivered,
    DeliveredWithoutPages,
    DeliveryOver,
    MayNotFollow,
    OwedNotFound,
)
from app.cases.owed_models import OwedMaterial
from app.cases.states import State, Step
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.centres import working_days
from app.events import publish
from app.materials import queries as materials
from app.undertakings import service as undertakings
from app.undertakings.service import Consent, Signer
from app.undertakings.texts import Text


@dataclass(frozen=True, slots=True)
class Which:
    """One material of one case, as its owner names it; `organisation_id` when they act for a company."""

    case_no: str
    material_code: str
    organisation_id: int | None = None


def words(session: Session, *, citizen_id: int, which: Which) -> Text:
    """The text that is signed so that a material may follow later; raises as `choose` does."""
    case = draft(session, citizen_id, which)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    found = owed.text(case, guide, material(case, guide, which.material_code))
    if found is None:
        raise MayNotFollow
    return found


def choose(session: Session, *, signer: Signer, which: Which, consent: Consent) -> Case:
    """Hand a material in later (稍后补交), by a text that is signed with it; doing it again changes nothing.

    Raises MaterialNotFound, MayNotFollow, NotRead, WordsChanged, or a StepRefused once it was handed in.
    """
    case = draft(session, signer.citizen_id, which)
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    asked = material(case, guide, which.material_code)
    said, days = owed.text(case, guide, asked), guide.body.get("tolerant_days")
    if said is None or days is None:
        raise MayNotFollow
    undertaking_id = undertakings.sign(
        session,
        case_id=case.id,
        material_code=which.material_code,
        text=said,
        signer=signer,
        consent=consent,
    )
    signed = {"undertaking_id": undertaking_id, "digest": said.digest, "chosen_at": clock.now()}
    row = insert(OwedMaterial).values(
        case_id=case.id,
        material_code=which.material_code,
        name=str(asked["name"]),
        days=int(days),
        **signed,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[OwedMaterial.case_id, OwedMaterial.material_code], set_=signed
        )
    )
    return case


def take_back(session: Session, *, citizen_id: int, which: Which) -> Case:
    """Hand the material in now after all; raises OwedNotFound or a StepRefused."""
    case = draft(session, citizen_id, which)
    gone = delete(OwedMaterial).where(
        OwedMaterial.case_id == case.id, OwedMaterial.material_code == which.material_code
    )
    if session.scalar(gone.returning(OwedMaterial.id)) is None:
        raise OwedNotFound
    return case


def deliver(session: Session, *, citizen_id: int, which: Which) -> Case:
    """Say that what was to follow is there (补交); the office looks at it next.

    It counts if it is there on its last day; whoever is first, this or the deadline, has it. Raises
    OwedNotFound, DeliveredWithoutPages, AlreadyDelivered, DeliveryOver, or a StepRefused.
    """
    case = steps.held(
        session, citizen_id=citizen_id, case_no=which.case_no, organisation_id=which.organisation_id
    )
    states.edge(State(case.state), Step.DELIVER)
    row = open_row(session, case, which.material_code)
    if not materials.of_material(session, case_id=case.id, material_code=row.material_code):
        raise DeliveredWithoutPages(name=row.name)
    steps.take(Asked(session, case), Step.DELIVER, actor=timeline.CITIZEN, values={})
    brought = session.scalar(
        update(OwedMaterial)
        .where(OwedMaterial.id == row.id, *_still_open())
        .values(delivered_at=clock.now())
        .returning(OwedMaterial.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if brought is None:
        raise DeliveryOver
    sentence = f"“{row.name}”已补交，等待核对"
    timeline.note(session, case_id=case.id, kind="owed_delivered", actor=timeline.CITIZEN, sentence=sentence)
    publish(session, OwedDelivered(case.id, row.id))
    return case


def open_row(session: Session, case: Case, material_code: str) -> OwedMaterial:
    """What a case that was handed in still owes of one material, its day not over.

    Raises the StepRefused of a case that owes nothing, OwedNotFound, AlreadyDelivered, DeliveryOver.
    """
    rows = {one.material_code: one for one in owed.of_case(session, case_id=case.id)}
    if not rows:
        raise states.refusal(State(case.state), Step.SUBMIT)
    row = rows.get(material_code)
    if row is None:
        raise OwedNotFound
    if row.delivered_at is not None:
        raise AlreadyDelivered
    if row.overdue_at is not None or (row.due_on is not None and row.due_on < clock.today()):
        raise DeliveryOver
    return row


def settle_on_handing_in(dossier: Dossier) -> list[OwedMaterial]:
    """Of what was to follow, what is there already does not follow any more; the rest is owed."""
    if not dossier.owed:
        return []
    asked = {str(one["material_code"]) for one in dossier.listed()}
    follows = asked - dossier.there
    for one in list(dossier.owed):
        if one.material_code not in follows:
            dossier.session.delete(one)
            dossier.owed.remove(one)
    dossier.session.flush()
    return dossier.owed


def begin(session: Session, case: Case, *, start: date) -> list[OwedMaterial]:
    """Say until when each is to follow, counted from the day it is told (补交期限); what is owed."""
    rows = owed.of_case(session, case_id=case.id)
    for one in rows:
        one.due_on = working_days.due_date(session, start=start, days=one.days, unit="WORKDAY")
    session.flush()
    return [one for one in rows if one.delivered_at is None]


def _still_open() -> tuple[Any, ...]:
    today = clock.today()
    return (
        OwedMaterial.delivered_at.is_(None),
        OwedMaterial.overdue_at.is_(None),
        OwedMaterial.due_on.is_(None) | (OwedMaterial.due_on >= today),
    )


def draft(session: Session, citizen_id: int, which: Which) -> Case:
    """A citizen's own draft, held; raises CaseNotFound, PrecheckRunning, or a StepRefused once handed in."""
    case = steps.held(
        session, citizen_id=citizen_id, case_no=which.case_no, organisation_id=which.organisation_id
    )
    states.edge(State(case.state), Step.SUBMIT)
    prechecked.refuse_held(Dossier(session, case))
    return case


def material(case: Case, guide: Guide, material_code: str) -> Mapping[str, Any]:
    """A material as it applies to this citizen; raises MaterialNotFound."""
    for one in situation.materials(case, guide):
        if one["material_code"] == material_code:
            return one
    raise MaterialNotFound
