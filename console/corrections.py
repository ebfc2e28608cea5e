"""The one notice of what to correct, and cases that are not taken up, at the desk (补正告知、不予受理)."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.cases import correction_points, not_accepting
from app.cases.correcting import Ticked
from app.cases.correction_points import Kind, Point
from app.cases.decided import REMEDIES
from app.cases.not_accepting import Refusal
from app.cases.states import Step
from app.db import unit_of_work
from app.desk import correcting, duties
from app.errors import DomainError
from app.materials import queries as materials
from console import callers, oversteps, pages
from console.callers import Staff
from console.forms import PhotoIn
from console.making import console_door

door = console_door("console_corrections")

_WORDS = ("name", "why", "legal_basis")


@door.get("/cases/<case_no>/correction", auth=Staff(duties.READING))
def correction(case_no: str) -> ResponseReturnValue:
    """Show what may be named in the one notice of a case."""
    return _page(case_no)


@door.post("/cases/<case_no>/correction", auth=Staff(duties.CORRECTING))
def ask(case_no: str) -> ResponseReturnValue:
    """Look at the notice as it would be, or give it (一次性告知); what was ticked stays ticked."""
    clerk, points = callers.current_clerk(), ticked()
    act = correcting.ask if request.form.get("do") == "send" else correcting.preview
    try:
        with unit_of_work() as session:
            preview = act(session, clerk=clerk, case_no=case_no, points=points)
    except DomainError as refusal:
        return _mend(case_no, refusal)
    if preview:
        return _page(case_no, preview=preview)
    return pages.see_other("console_cases.case", case_no=case_no, done="correction")


@door.post("/cases/<case_no>/demands", auth=Staff(duties.CORRECTING))
def demand(case_no: str) -> ResponseReturnValue:
    """Want something that the guide does not ask for, by law (清单外要求)."""
    said = {word: request.form.get(word, "") for word in _WORDS}
    try:
        with unit_of_work() as session:
            correcting.demand(session, clerk=callers.current_clerk(), case_no=case_no, said=said)
    except DomainError as refusal:
        return _mend(case_no, refusal)
    return pages.see_other("console_corrections.correction", case_no=case_no)


@door.post("/cases/<case_no>/demands/<int:demand_id>", auth=Staff(duties.CONFIRMING))
def settle(case_no: str, demand_id: int) -> ResponseReturnValue:
    """Say yes or no to what another clerk wants beyond the guide (第二人确认)."""
    try:
        with unit_of_work() as session:
            correcting.settle(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                demand_id=demand_id,
                confirmed=request.form.get("confirmed") == "yes",
            )
    except DomainError as refusal:
        return _mend(case_no, refusal)
    return pages.see_other("console_corrections.correction", case_no=case_no)


@door.post("/cases/<case_no>/not-accept", auth=Staff(duties.NOT_ACCEPTING))
def not_accept(case_no: str) -> ResponseReturnValue:
    """Say that the office does not take a case up, why, and what can be done against it (不予受理)."""
    form = request.form
    refusal = Refusal(*(form.get(word, "") for word in ("code", "reason", "legal_basis", "remedies")))
    try:
        with unit_of_work() as session:
            correcting.not_accept(session, clerk=callers.current_clerk(), case_no=case_no, refusal=refusal)
    except DomainError as error:
        return _mend(case_no, error)
    return pages.see_other("console_cases.case", case_no=case_no, done="not_accepted")


@door.get("/cases/<case_no>/earlier/<int:photo_id>", auth=Staff(duties.READING), query=PhotoIn)
def earlier_photo(case_no: str, photo_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Give a photo that was replaced in a correction (补正前的照片)."""
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        found = correcting.earlier_photo(session, clerk=clerk, case_no=case_no, photo_id=photo_id)
    return Response(materials.content(found, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


def ticked() -> list[Ticked]:
    """What was ticked, as `kind:target`; its reason and how stand under the same name."""
    form = request.form
    return [
        Ticked(kind, target, form.get(f"reason:{named}", ""), form.get(f"how:{named}", ""))
        for named in form.getlist("point")
        for kind, _, target in [named.partition(":")]
    ]


def _mend(case_no: str, refusal: DomainError) -> Response:
    """The form again with what is wrong above it; what oversteps the guide or the law is written down."""
    if not oversteps.written_down(case_no, refusal) and refusal.status not in {409, 422}:
        raise refusal
    return _page(case_no, refusal=refusal)


def _page(
    case_no: str, *, refusal: DomainError | None = None, preview: list[Point] | None = None
) -> Response:
    with unit_of_work() as session:
        asking = correcting.begin(session, clerk=callers.current_clerk(), case_no=case_no)
    return pages.page(
        "correction.html",
        status=200 if refusal is None else refusal.status,
        asking=asking,
        whole=asking.overview,
        case=asking.overview.case,
        may_ask=Step.ASK_CORRECTION in asking.overview.allowed_actions,
        may_refuse=Step.NOT_ACCEPT in asking.overview.allowed_actions,
        may_confirm=bool(callers.current_clerk().roles & duties.CONFIRMING),
        clerk_id=callers.current_clerk().clerk_id,
        reasons=correction_points.REASONS,
        of_passed=correction_points.OF_PASSED,
        passed=asking.askable.passed,
        late=(),
        reason_texts=correction_points.REASON_TEXTS,
        kinds=Kind,
        grounds=not_accepting.GROUND_TEXTS,
        remedies=REMEDIES,
        preview=preview,
        refusal=refusal,
        typed=request.form,
    )
