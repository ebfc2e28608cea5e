"""What can be asked about applications for bundles (查询一件事申请)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.bundles import advancing, applying, figures, licences, one_form, one_list, owning, parts, standing
from app.bundles.figures import Figures
from app.bundles.models import BundleApplication, BundleLicence, BundlePart
from app.bundles.one_form import SharedField
from app.bundles.one_list import SharedMaterial
from app.bundles.parts import WholePart
from app.bundles.standing import Standing
from app.cases import forms
from app.cases.models import Case
from app.catalogue import together

WITHDRAWAL_TOO_LATE = "“{name}”已经作出决定，不能撤回"


@dataclass(frozen=True, slots=True)
class Brief:
    """One application of a list: its parts with their cases, in their order."""

    application: BundleApplication
    standing: Standing
    parts: list[tuple[BundlePart, Case]]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the one form with what was filled in, and what is wrong with that.

    What is `fixed` the registry has proven of the company: nobody types it otherwise.
    """

    shared: SharedField
    value: str
    source: str | None
    fixed: bool
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Whole:
    """One application with one form, one list of materials, its parts and what it saves.

    `hint` says in one sentence what comes next, `actions` what the citizen may try now.
    """

    application: BundleApplication
    standing: Standing
    hint: str
    fields: list[FieldView]
    materials: list[SharedMaterial]
    parts: list[WholePart]
    figures: Figures
    actions: list[str]
    licence: BundleLicence | None


def of_citizen(
    session: Session,
    *,
    citizen_id: int,
    organisation_id: int | None = None,
    cursor: int | None = None,
    limit: int = 20,
) -> list[Brief]:
    """A citizen's applications, or those of the company they act for, newest first: two statements.

    `cursor` is the id below which it goes on. Raises OrganisationNotFound.
    """
    mine = owning.owned(session, citizen_id=citizen_id, organisation_id=organisation_id)
    asked = select(BundleApplication).where(mine)
    if cursor is not None:
        asked = asked.where(BundleApplication.id < cursor)
    found = session.scalars(asked.order_by(BundleApplication.id.desc()).limit(limit)).all()
    of: dict[int, list[tuple[BundlePart, Case]]] = {application.id: [] for application in found}
    rows = session.execute(
        select(BundlePart, Case)
        .join(Case, Case.id == BundlePart.case_id)
        .where(BundlePart.application_id.in_(of))
        .order_by(BundlePart.step, BundlePart.place)
    )
    for part, case in rows:
        of[part.application_id].append((part, case))
    return [Brief(one, standing.of(one, [case for _, case in of[one.id]]), of[one.id]) for one in found]


def whole(
    session: Session, *, citizen_id: int, application_no: str, organisation_id: int | None = None
) -> Whole:
    """One of the citizen's own applications, or of the company they act for.

    Raises ApplicationNotFound, also for somebody else's, and OrganisationNotFound.
    """
    application = owning.one(
        session, citizen_id=citizen_id, organisation_id=organisation_id, application_no=application_no
    )
    return of_application(session, application)


def of_application(session: Session, application: BundleApplication) -> Whole:
    """The whole of an application that its reader may see."""
    found = parts.of(session, application_id=application.id)
    current = together.parts_of(session, task_codes=[part.code for part in found])
    where = standing.of(application, [part.case for part in found])
    return Whole(
        application=application,
        standing=where,
        hint=_hint(where, found),
        fields=_fields(found),
        materials=one_list.merged(found),
        parts=found,
        figures=figures.of(current, application.steps),
        actions=_actions(application, where, found),
        licence=licences.of_application(session, application_id=application.id),
    )


def _fields(found: Sequence[WholePart]) -> list[FieldView]:
    asked = one_form.merged({part.code: part.fields for part in found})
    values = applying.shown_values(asked, found)
    sources = {part.code: forms.opened(part.case.sealed_form).sources for part in found}
    today, proven = clock.today(), applying.proven_fields(found)
    return [
        FieldView(
            shared=shared,
            value=values[shared.name],
            source=next(
                (kept for code in shared.askers if (kept := sources[code].get(shared.field.key))), None
            ),
            fixed=shared.field.key in proven,
            # An empty field is no fault while somebody is still typing; handing in names it.
            faults=forms.faults([shared.field], {shared.field.key: value}, today=today).get(
                shared.field.key, []
            )
            if (value := values[shared.name])
            else [],
        )
        for shared in asked
    ]


def _actions(application: BundleApplication, where: Standing, found: Sequence[WholePart]) -> list[str]:
    """What the citizen may try now: edit_form, submit, withdraw."""
    if where in {Standing.WITHDRAWN, Standing.DONE}:
        return []
    drafts = any(standing.is_draft(part.case) for part in found)
    waits = application.submitted_at is None or bool(advancing.due(found))
    open_ones = any(applying.may_withdraw(part.case) for part in found)
    allowed = (("edit_form", drafts), ("submit", waits and drafts), ("withdraw", open_ones))
    return [name for name, may in allowed if may]


def _hint(where: Standing, found: Sequence[WholePart]) -> str:
    if where is Standing.WITHDRAWN:
        return "已撤回，如需办理请重新申请"
    if where is Standing.DRAFT:
        return "填好一张表、交齐一套材料，各事项一次提交"
    if where is Standing.DONE:
        return "各事项都已办成，结果可在“我的证照”里查看"
    missing = [part.case.task_name for part in advancing.due(found)]
    if missing:
        return f"轮到“{'、'.join(missing)}”了，请补全后再提交"
    blocking = [part.case.task_name for part in advancing.held_up_by(found)]
    if blocking:
        return f"“{'、'.join(blocking)}”没有办成，后面的事项留在草稿里，可以单独提交，也可以撤回"
    waiting = any(standing.is_draft(part.case) for part in found)
    return "各部门正在办理，办成一步会自动提交下一步" if waiting else "各部门正在办理，结果会通知您"
