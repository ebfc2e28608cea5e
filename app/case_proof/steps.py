"""What of a case goes into its chain (入链的步骤), read from the rows in which the rooms keep it.

Only what is never changed afterwards, so that a later look finds the same. Rooms above this one add theirs
through `wire`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.case_proof.models import CaseReceipt
from app.cases import clock_log, forms
from app.cases.models import Case, CaseEvent
from app.cases.opinion_models import OpinionRequest
from app.cases.ways import Way
from app.catalogue import queries as catalogue
from app.deliveries.models import Delivery, DeliveryState, Parcel, ParcelEvent
from app.documents.models import Document
from app.fees import queries as fees
from app.materials.models import Photo
from app.undertakings.models import SignedUndertaking

# Kinds of lines with which the citizen hands a form in; with the last, after which the form may change again;
# and those with which photos come in.
_HANDING_IN = ("submitted", "corrected")
_FORM_MOVES = (*_HANDING_IN, "correction_asked")
_PHOTOS_COME = (*_HANDING_IN, "owed_delivered")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a case: the row it is read from, when, and what it says.

    `content` holds texts, whole numbers, lists and objects with ASCII names. `lasting`: this of
    the row is never changed, so that one that says something else later was forged.
    """

    source: str
    kind: str
    at: datetime
    content: Mapping[str, Any]
    lasting: bool = True


Reader = Callable[[Session, Case], Iterator[Step]]

_readers: list[Reader] = []


def wire(readers: Sequence[Reader]) -> None:
    """Say what rooms above this one have to add; called once by bootstrap."""
    _readers[:] = readers


def of_case(session: Session, case: Case) -> list[Step]:
    """All that has happened to a case that was handed in, in the order of time."""
    found = [step for read in (*_CITY, *_readers) for step in read(session, case)]
    return sorted(found, key=lambda step: (step.at, _ORDER.get(step.kind, len(_ORDER)), step.source))


def _lines(session: Session, case: Case) -> Iterator[Step]:
    lines = session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    ).all()
    for line in lines:
        said = {"kind": line.kind, "who": line.actor_name, "sentence": line.sentence}
        yield Step(f"line:{line.id}", "step", line.at, said)
    moved = next((line for line in reversed(lines) if line.kind in _FORM_MOVES), None)
    if moved is None or moved.kind not in _HANDING_IN or clock.local(moved.at).date() < _beginning(session):
        # The form as it is now is not, or not surely, what was handed in.
        return
    form = forms.opened(case.sealed_form).values
    filled = {"task": case.task_name, "form": [[key, form[key]] for key in sorted(form)]}
    # A later correction changes the form; what was handed in first stays in the chain.
    yield Step(f"form:{moved.id}", "form", moved.at, filled, lasting=False)


def _beginning(session: Session) -> date:
    """The first day on which anything came into a chain; today, when nothing did yet."""
    return session.scalar(select(func.min(CaseReceipt.day))) or clock.today()


def _clock(session: Session, case: Case) -> Iterator[Step]:
    for event in clock_log.of_cases(session, [case.id])[case.id]:
        said = {
            "happening": event.kind,
            "cause": event.cause,
            "reason": event.reason,
            "promised": [_day(event.promised_before), _day(event.promised_after)],
            "statutory": [_day(event.statutory_before), _day(event.statutory_after)],
        }
        yield Step(f"clock:{event.id}", "clock", event.at, said)


def _materials(session: Session, case: Case) -> Iterator[Step]:
    if case.submitted_at is None:
        return
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    names = {str(material["material_code"]): str(material["name"]) for material in guide.materials}
    # What was taken since is not handed in yet, and may still go.
    came = select(func.max(CaseEvent.at)).where(
        CaseEvent.case_id == case.id, CaseEvent.kind.in_(_PHOTOS_COME)
    )
    asked = (
        select(Photo)
        .where(
            Photo.case_id == case.id,
            Photo.deleted_at.is_(None),
            Photo.created_at <= came.scalar_subquery(),
        )
        .order_by(Photo.id)
    )
    for photo in session.scalars(asked):
        said = {
            "material": photo.material_code,
            "name": names.get(photo.material_code, photo.material_code),
            "sha256": photo.sha256.hex(),
            "size": photo.size_bytes,
        }
        yield Step(f"photo:{photo.id}", "material", photo.created_at, said)


def _undertakings(session: Session, case: Case) -> Iterator[Step]:
    if case.submitted_at is None:
        return
    asked = select(SignedUndertaking).where(SignedUndertaking.case_id == case.id)
    for signed in session.scalars(asked.order_by(SignedUndertaking.id)):
        said = {"kind": signed.kind, "sha256": signed.digest, "text": signed.sealed_text}
        yield Step(f"undertaking:{signed.id}", "undertaking", signed.signed_at, said)


def _documents(session: Session, case: Case) -> Iterator[Step]:
    asked = select(Document).where(Document.case_id == case.id).order_by(Document.id)
    for document in session.scalars(asked):
        said = {"title": document.title, "number": document.number, "department": document.dept_name}
        yield Step(f"document:{document.id}", "document", document.issued_at, said)
        if document.sha256 is not None and document.drawn_at is not None:
            file = {"number": document.number, "sha256": document.sha256, "size": document.size_bytes}
            yield Step(f"file:{document.id}", "file", document.drawn_at, file)


def _decision(session: Session, case: Case) -> Iterator[Step]:
    del session
    at = case.decided_at or case.not_accepted_at
    if at is None:
        return
    said = {
        "granted": bool(case.granted),
        "accepted": case.not_accepted_at is None,
        "by": case.decided_by,
        "reason": case.decision_reason,
        "legal_basis": case.legal_basis,
    }
    yield Step(f"decision:{case.id}", "decision", at, said)


def _bills(session: Session, case: Case) -> Iterator[Step]:
    for bill in fees.of_case(session, case_id=case.id):
        said: dict[str, Any] = {"bill_no": bill.bill_no, "title": bill.title, "amount_fen": bill.amount_fen}
        yield Step(f"bill:{bill.id}", "bill", bill.issued_at, said)
        if bill.paid_at is not None:
            paid = {**said, "payment_no": bill.payment_no, "channel": bill.channel}
            yield Step(f"payment:{bill.id}", "payment", bill.paid_at, paid)


def _opinions(session: Session, case: Case) -> Iterator[Step]:
    """What other departments said, or that they said nothing in time."""
    asked = select(OpinionRequest).where(OpinionRequest.case_id == case.id)
    for one in session.scalars(asked.order_by(OpinionRequest.id)):
        if one.settled_at is None:
            continue
        said = {
            "department": one.dept_name,
            "subject": one.subject,
            "asked_on": one.asked_on.isoformat(),
            "due_on": one.due_on.isoformat(),
            "answer": one.answer_text,
            "said": one.said,
            "legal_basis": one.legal_basis,
        }
        yield Step(f"opinion:{one.id}", "opinion", one.settled_at, said)


def _parcels(session: Session, case: Case) -> Iterator[Step]:
    """What the courier said of each parcel, by its own number and time."""
    asked = (
        select(ParcelEvent, Parcel.reference)
        .join(Parcel, Parcel.id == ParcelEvent.parcel_id)
        .join(Delivery, Delivery.id == Parcel.delivery_id)
        .where(Delivery.case_id == case.id)
        .order_by(ParcelEvent.id)
    )
    for event, reference in session.execute(asked):
        said = {
            "parcel": reference,
            "number": event.event_no,
            "happening": event.kind,
            "place": event.place,
        }
        yield Step(f"parcel:{event.id}", "parcel", event.at, said)


def _delivery(session: Session, case: Case) -> Iterator[Step]:
    """Who took the result in hand and by which way, or that nobody gets it."""
    asked = select(Delivery).where(
        Delivery.case_id == case.id,
        Delivery.state.in_((DeliveryState.DELIVERED.value, DeliveryState.WITHHELD.value)),
    )
    for one in session.scalars(asked):
        said = {
            "outcome": one.state,
            "way": case.delivery_way,
            "hall": one.centre_id if case.delivery_way == Way.WINDOW else None,
            "received_by": one.received_by,
        }
        yield Step(f"delivery:{one.id}", "delivery", one.delivered_at or one.changed_at, said)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


_CITY: Sequence[Reader] = (
    *(_lines, _clock, _materials, _undertakings, _documents, _decision, _bills),
    *(_opinions, _parcels, _delivery),
)
# Of one moment: first what was handed in, then what was done with it, last what was said of it.
_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            *("material", "undertaking", "form", "step", "opinion", "decision", "clock"),
            *("parcel", "delivery", "bill", "payment", "document", "file", "message"),
        )
    )
}
