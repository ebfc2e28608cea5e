"""Beginning an application for a bundle (开始一件事申请): which parts it has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.bundles import for_person, numbers, owning, queries
from app.bundles.errors import NothingToApplyFor
from app.bundles.models import Bundle, BundleApplication, BundlePart
from app.bundles.one_questionnaire import Said
from app.bundles.owning import Cards
from app.cases import co_signed, prechecked
from app.cases import service as cases
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.prechecked import Standing
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.errors import Conflict
from app.organisations import queries as organisations
from app.organisations.queries import Acting

Answers = Mapping[str, Mapping[str, str]]

_TRIES_TO_START = 3
_LIVE = "submitted_at IS NULL AND withdrawn_at IS NULL"
_LIVE_OF_PERSON = f"{_LIVE} AND organisation_id IS NULL"
_LIVE_OF_COMPANY = f"{_LIVE} AND organisation_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Started:
    """The live draft, whether it is new, and a sentence for each item that could not be taken in."""

    application: BundleApplication
    new: bool
    left_out: list[str]


def start(
    session: Session,
    *,
    citizen_id: int,
    bundle_key: str,
    chosen: Collection[str] | None = None,
    answers: Answers | None = None,
    said: Said | None = None,
    organisation_id: int | None = None,
) -> Started:
    """The one live draft of this citizen, or of the company they act for, for this bundle (一件事申请草稿).

    `chosen` are task codes, None means every item; chosen anew, the draft gets just these parts, and what is
    no part any more stays a draft of its own. A lone draft of an item is taken in as it is. `answers` are
    those to the items' situation questions, by task code; `said` are those to the questions asked once, by
    their names, and answer every part that asks them.
    Raises BundleNotFound, PartUnknown, NothingToApplyFor; for a company also OrganisationNotFound, OutOfScope
    when the choice or the draft holds what its agent may not handle, and BundleForPersons.
    """
    bundle = queries.stored(session, key=bundle_key)
    for_person.refuse_unknown(bundle, chosen or ())
    acting = _acting(session, citizen_id=citizen_id, organisation_id=organisation_id)
    application, new = _live_draft(session, citizen_id, acting=acting, bundle=bundle)
    _drop_withdrawn(session, application)
    held, public = _codes_of(session, application), catalogue.cards_of(session, task_codes=bundle.task_codes)
    wanted = _wanted(bundle, chosen, acting=acting, held=held, public=public)
    answers = {**_spread(session, bundle_key, said), **(answers or {})}
    left_out = _take_in(
        session, application=application, by=citizen_id, wanted=wanted, public=public, answers=answers
    )
    application.steps = _steps(bundle, _codes_of(session, application))
    if not application.steps:
        raise NothingToApplyFor
    application.licence_name = _licence_name(bundle, application)
    _set_in_order(session, application)
    return Started(application, new, left_out)


def _spread(session: Session, key: str, said: Said | None) -> Answers:
    if said is None:
        return {}
    return for_person.questionnaire(session, key=key).spread(said)


def _acting(session: Session, *, citizen_id: int, organisation_id: int | None) -> Acting | None:
    """The standing for a company, held until the unit of work ends."""
    if organisation_id is None:
        return None
    return organisations.acting(session, citizen_id=citizen_id, organisation_id=organisation_id, hold=True)


def _live_draft(
    session: Session, citizen_id: int, *, acting: Acting | None, bundle: Bundle
) -> tuple[BundleApplication, bool]:
    live = (
        select(BundleApplication)
        .where(
            _mine(citizen_id, acting),
            BundleApplication.bundle_key == bundle.bundle_key,
            BundleApplication.submitted_at.is_(None),
            BundleApplication.withdrawn_at.is_(None),
        )
        .with_for_update()
    )
    for _ in range(_TRIES_TO_START):
        found = session.scalar(live)
        if found is not None:
            return found, False
        begun = session.scalar(_new_draft(citizen_id, acting, bundle))
        if begun is not None:
            return session.get_one(BundleApplication, begun), True
    raise Conflict


def _wanted(
    bundle: Bundle,
    chosen: Collection[str] | None,
    *,
    acting: Acting | None,
    held: Collection[str],
    public: Cards,
) -> list[str]:
    """The items that were chosen, in their order; none chosen: those of the draft, or all one may handle."""
    if chosen is None:
        chosen = held or owning.covered(acting, codes=bundle.task_codes)
    if acting is not None:
        owning.refuse_for_persons(public, name=bundle.name)
        owning.refuse_out_of_scope(acting, codes=sorted({*held, *chosen}), cards=public)
    return [code for code in bundle.task_codes if code in chosen]


def _mine(citizen_id: int, acting: Acting | None) -> ColumnElement[bool]:
    """The drafts of the person, or every draft of the company: of these there is one."""
    if acting is None:
        return (BundleApplication.citizen_id == citizen_id) & BundleApplication.organisation_id.is_(None)
    return BundleApplication.organisation_id == acting.organisation_id


def _take_in(
    session: Session,
    *,
    application: BundleApplication,
    by: int,
    wanted: Collection[str],
    public: Cards,
    answers: Answers,
) -> list[str]:
    """Make the parts just the wanted ones that can be had; what could not be taken in, one sentence each."""
    mine = BundlePart.application_id == application.id
    session.execute(delete(BundlePart).where(mine, BundlePart.task_code.not_in(wanted)))
    left_out, possible = owning.possible(
        wanted, cards=public, for_company=application.organisation_id is not None
    )
    # Everybody takes the drafts of several items in the same order, so nobody waits in a circle.
    for code in sorted(possible):
        case, _ = cases.start(
            session,
            citizen_id=by,
            organisation_id=application.organisation_id,
            task_code=code,
            answers=answers.get(code),
            in_bundle=True,
        )
        alone = _alone(session, case)
        if alone:
            left_out.append(f"“{case.task_name}”{alone}")
            continue
        elsewhere = _adopted(session, application, case)
        if elsewhere is not None:
            left_out.append(f"“{case.task_name}”正在“{elsewhere}”里办理，没有列入")
    return left_out


def _alone(session: Session, case: Case) -> str:
    """Why a draft is applied for by itself; empty when it may be a part.

    A bundle still fills its parts in by itself: two people sign what is handed in as it stands, and a clerk
    looked at it as it stands.
    """
    if co_signed.wanted(case, catalogue.guide_by_version(session, version_id=case.guide_version_id)):
        return "要两个人签名，请在“我的办件”里单独申请"
    looked_at = prechecked.standing(Dossier(session, case))
    if looked_at is Standing.ASKED:
        return "正在请工作人员预审，收回来以后才能一起申请"
    if looked_at is Standing.PASSED:
        return "预审已经通过，请带原件凭到窗码到窗口办"
    return ""


def _adopted(session: Session, application: BundleApplication, case: Case) -> str | None:
    """Make a draft a part; the name of the other application when it is one of that already."""
    session.execute(
        insert(BundlePart)
        .values(application_id=application.id, case_id=case.id, task_code=case.task_code, step=1, place=1)
        .on_conflict_do_nothing(index_elements=[BundlePart.case_id])
    )
    owner = session.execute(
        select(BundleApplication.id, BundleApplication.name)
        .join(BundlePart, BundlePart.application_id == BundleApplication.id)
        .where(BundlePart.case_id == case.id)
    ).one()
    return None if owner.id == application.id else owner.name


def _drop_withdrawn(session: Session, application: BundleApplication) -> None:
    """Let go of parts whose case was taken back."""
    over = select(Case.id).where(Case.state == State.WITHDRAWN.value)
    mine = BundlePart.application_id == application.id
    session.execute(delete(BundlePart).where(mine, BundlePart.case_id.in_(over)))


def _codes_of(session: Session, application: BundleApplication) -> set[str]:
    codes = select(BundlePart.task_code).where(BundlePart.application_id == application.id)
    return set(session.scalars(codes))


def _steps(bundle: Bundle, codes: Collection[str]) -> list[list[str]]:
    """The order of the bundle in task codes, without what is no part; an empty step is none."""
    by_key = dict(zip(bundle.body["items"], bundle.task_codes, strict=True))
    steps = [[by_key[key] for key in step if by_key[key] in codes] for step in bundle.body["parallel"]]
    return [step for step in steps if step]


def _licence_name(bundle: Bundle, application: BundleApplication) -> str | None:
    """What the whole bundle yields beyond its parts (一业一证); a choice of its parts yields nothing more."""
    parts = {code for step in application.steps for code in step}
    licence = bundle.body.get("licence")
    return str(licence["name"]) if licence and parts == set(bundle.task_codes) else None


def _set_in_order(session: Session, application: BundleApplication) -> None:
    where = {
        code: (number, place)
        for number, step in enumerate(application.steps, start=1)
        for place, code in enumerate(step, start=1)
    }
    for part in session.scalars(select(BundlePart).where(BundlePart.application_id == application.id)):
        part.step, part.place = where[part.task_code]
    session.flush()


def _new_draft(citizen_id: int, acting: Acting | None, bundle: Bundle) -> Any:
    return (
        insert(BundleApplication)
        .values(
            application_no=numbers.new_number(),
            citizen_id=citizen_id,
            organisation_id=acting.organisation_id if acting else None,
            bundle_key=bundle.bundle_key,
            name=bundle.name,
            steps=[],
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(
            index_elements=[
                BundleApplication.organisation_id if acting else BundleApplication.citizen_id,
                BundleApplication.bundle_key,
            ],
            # Literal: with a parameter PostgreSQL no longer recognises the index once it plans generically.
            index_where=text(_LIVE_OF_COMPANY if acting else _LIVE_OF_PERSON),
        )
        .returning(BundleApplication.id)
    )
