"""All of one case for one screen (办件全貌): what is there, what is due next and from whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.cases import (
    completeness,
    corrections,
    decided,
    forms,
    limits,
    machine,
    opinions,
    organisation,
    organisations,
    owed,
    prechecked,
    promised,
    revoked,
    states,
    telling,
    ways,
)
from app.cases.correction_points import Kind, Point
from app.cases.corrections import Notice
from app.cases.decided import Decision
from app.cases.dossier import Dossier
from app.cases.forms import FormField
from app.cases.machine import Reviewed
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.prechecked import Prechecked, Standing
from app.cases.promise_models import CasePromise
from app.cases.situation import Situation
from app.cases.states import Need, Party, State, Step
from app.cases.upcoming import Next, next_of
from app.catalogue import promises, tolerance
from app.certificates import queries as certificates
from app.certificates.models import Certificate
from app.fees import queries as fee_queries
from app.fees.models import Bill, BillState
from app.materials.models import Photo

_EVERY_NEED = frozenset(Need)
# What is to be mended of one thing, by its kind and key.
ToMend = Callable[[Kind, str], Point | None]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field with what was filled in, where it came from, and what is still wrong with it."""

    field: FormField
    value: str
    source: str | None
    faults: list[str]
    # What the registry says of it since the case was handed in (登记信息已变更).
    changed: str | None = None
    # Proven by the registry: nobody types it otherwise.
    fixed: bool = False
    to_correct: Point | None = None


@dataclass(frozen=True, slots=True)
class MaterialView:
    """One material of the pinned guide with its photos, or with the certificate that gives it."""

    code: str
    name: str
    mandatory: bool
    one_of: str | None
    takes_photos: bool
    fill_note: str
    photos: Sequence[Photo]
    given_by: Certificate | None
    to_correct: Point | None = None
    # What is signed so that it may follow later, and that it was (容缺).
    may_follow: bool = False
    follows: OwedMaterial | None = None
    # The guide lets a promise stand for it, and that it was signed (告知承诺).
    may_promise: bool = False
    promise: CasePromise | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A case with everything that hangs on it."""

    case: Case
    state_text: str
    guide_version: int
    provenance: str
    common_mistakes: list[str]
    situation: Situation
    next: Next
    fields: list[FieldView]
    materials: list[MaterialView]
    bills: list[Bill]
    decision: Decision | None
    correction: Notice | None
    # How it stands with the look before the way to the window (网上预审); None: the guide offers none.
    precheck: Prechecked | None
    review: Reviewed | None
    certificate: Certificate | None
    # What was left out by promise and follows later (容缺), brought or not.
    to_follow: list[OwedMaterial]
    allowed_actions: list[Step]

    @property
    def form(self) -> dict[str, str]:
        """What was filled in, by field."""
        return {view.field.key: view.value for view in self.fields if view.value}


def of(
    session: Session, case: Case, *, parties: frozenset[Party], dossier: Dossier | None = None
) -> Overview:
    """The overview of a case as these parties may see and move it; `dossier` is what was read of it before.

    What cannot be there yet is not looked for: before it is accepted nothing is billed and nobody asked.
    """
    dossier = dossier or Dossier(session, case)
    guide, to_follow = dossier.guide, dossier.owed
    state, accepted = State(case.state), case.accepted_at is not None
    bills = fee_queries.of_case(session, case_id=case.id) if accepted else []
    awaited = opinions.waiting(session, case_id=case.id) if accepted else ()
    review = machine.latest(session, case_id=case.id) if machine.reviews(guide) else None
    correction = corrections.of_case(session, case)
    precheck = prechecked.seen(dossier)
    named = _named(correction, precheck)
    given = certificates.of_case(session, case_id=case.id) if case.granted else None
    return Overview(
        case=case,
        state_text=revoked.state_text(case.state, revoked_at=case.grant_revoked_at),
        guide_version=guide.version,
        provenance=str(guide.body.get("provenance", "")),
        common_mistakes=list(guide.body.get("common_mistakes", [])),
        situation=dossier.situation,
        next=next_of(
            case, bills, review, to_follow=to_follow, awaited=awaited, given=given, precheck=precheck
        ),
        fields=_fields(dossier, named=named),
        materials=_materials(dossier, named=named, correction=correction),
        bills=bills,
        decision=decided.of(case),
        correction=correction,
        precheck=precheck,
        review=review,
        certificate=given,
        to_follow=to_follow,
        allowed_actions=states.actions(state, parties, _held(dossier, bills, awaited, precheck=precheck)),
    )


def _named(correction: Notice | None, precheck: Prechecked | None) -> ToMend:
    """What is to be mended of one thing, by the notice of the case or the answer to its draft."""
    said = correction or precheck
    return (lambda _kind, _target: None) if said is None else said.of


def _held(
    dossier: Dossier, bills: Sequence[Bill], awaited: Sequence[str], *, precheck: Prechecked | None
) -> frozenset[Need]:
    """The needs by which actions are shown; what is checked on trying is shown as possible."""
    case, to_follow = dossier.case, dossier.owed
    silent, unpaid = telling.is_over(case), any(bill.state == BillState.UNPAID for bill in bills)
    known = {
        Need.NOT_AT_PRECHECK: precheck is None or precheck.standing is not Standing.ASKED,
        Need.BILLS_PAID: not unpaid,
        Need.BILL_UNPAID: unpaid,
        Need.FEE_OPEN: case.fee_open,
        Need.FEE_SETTLED: not case.fee_open,
        Need.NOTICE_OVER: limits.notice_is_over(case, today=clock.today()),
        Need.OPINIONS_IN: not awaited,
        Need.CLOCK_RUNS: case.clock_paused_on is None,
        Need.CLOCK_STANDS: case.clock_paused_on is not None,
        Need.TELLING_IN_TIME: not silent,
        Need.TELLING_TOO_LATE: silent,
        Need.NEVER_ASKED: case.correct_by is None,
        Need.HANDED_OVER: case.delivery_way not in ways.PAPER,
        Need.NOTHING_OWED: all(one.confirmed_at is not None for one in to_follow),
        Need.OWES: any(map(owed.is_open, to_follow)),
        Need.OWED_DELIVERED: any(one.delivered_at and not one.confirmed_at for one in to_follow),
        Need.OWED_OVERDUE: any(map(owed.is_overdue, to_follow)),
    }
    return _EVERY_NEED - {need for need, holds in known.items() if not holds}


def _fields(dossier: Dossier, *, named: ToMend) -> list[FieldView]:
    case, fields = dossier.case, dossier.fields
    form, keys = dossier.form, frozenset(field.key for field in fields)
    changed = organisations.changes(dossier.session, case, form, fields=keys)
    faults = forms.faults(fields, form.values, today=clock.today())
    return [
        FieldView(
            field=field,
            value=form.values.get(field.key, ""),
            source=form.sources.get(field.key),
            # An empty field is no fault while somebody is still typing; submit names it.
            faults=faults.get(field.key, []) if form.values.get(field.key) else [],
            changed=changed.get(field.key),
            fixed=field.key in organisation.proven_fields(case),
            to_correct=named(Kind.FIELD, field.key),
        )
        for field in fields
    ]


def _materials(dossier: Dossier, *, named: ToMend, correction: Notice | None) -> list[MaterialView]:
    """What the guide asks for, and after it what was asked beyond the guide (清单外要求)."""
    case, guide, handed_in, given = dossier.case, dossier.guide, dossier.photos, dossier.given
    listed = dossier.listed(handed_in=handed_in.keys())
    follows = owed.holding(case, guide, listed, rows=dossier.owed)
    signed = promised.holding(case, guide, listed, rows=dossier.promised)
    of_guide = [
        MaterialView(
            code=code,
            name=str(material["name"]),
            mandatory=completeness.is_mandatory(material),
            one_of=material.get("one_of"),
            takes_photos=completeness.takes_photos(material),
            fill_note=str(material.get("fill_note", "")),
            photos=handed_in.get(code, []),
            given_by=given.get(code),
            to_correct=named(Kind.MATERIAL, code),
            may_follow=tolerance.may_follow(guide.body, material),
            follows=follows.get(code),
            may_promise=promises.of_material(guide.body, code) is not None,
            promise=signed.get(code),
        )
        for material in listed
        if (code := str(material["material_code"]))
    ]
    outside = correction.outside if correction is not None else ()
    return of_guide + [_beyond(point, handed_in.get(point.target, [])) for point in outside]


def _beyond(point: Point, photos: Sequence[Photo]) -> MaterialView:
    return MaterialView(
        code=point.target,
        name=point.label,
        mandatory=True,
        one_of=None,
        takes_photos=True,
        fill_note="",
        photos=photos,
        given_by=None,
        to_correct=point,
    )
