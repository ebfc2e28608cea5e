"""What a clerk wants beyond the guide (清单外要求): by law, looked at by a second person, and shown.

A clerk is bound by the version of the guide that the case is pinned to (M1). What it does not ask for can be
put into the one notice only after somebody of supervision or approval has confirmed its legal basis.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import queries, states, taken_in, telling
from app.cases.correction_errors import (
    DemandNotFound,
    DemandSettled,
    DemandUnfounded,
    NotYourOwnDemand,
    SecondNotice,
    TellingOver,
)
from app.cases.correction_models import OutsideDemand
from app.cases.correction_points import LONGEST_HOW, Kind, Point, Reason
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.states import State, Step
from app.plain_text import readable

LONGEST_NAME, LONGEST_BASIS = 100, 500
# How its photos are filed: no guide calls a material so.
_CODE = "outside-{id}"


def demand(
    session: Session, *, case_no: str, officer: Officer, name: str, why: str, legal_basis: str
) -> OutsideDemand:
    """Ask for something that the guide does not name; it waits for a second person.

    Raises DemandUnfounded, PaperAskedAgain for what was handed in already, and what refuses the notice.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    _refuse_unless_asking(case)
    said = {
        "name": readable(name).replace("\n", " "),
        "why": readable(why),
        "legal_basis": readable(legal_basis),
    }
    longest = {"name": LONGEST_NAME, "why": LONGEST_HOW, "legal_basis": LONGEST_BASIS}
    wrong = {
        key: [f"请写明，不超过{longest[key]}字"]
        for key, text in said.items()
        if not 0 < len(text) <= longest[key]
    }
    if wrong:
        raise DemandUnfounded(errors=wrong)
    taken_in.refuse_once_more(session, case, said["name"])
    taken_in.refuse_paper_again(session, case, said["why"])
    asked = OutsideDemand(
        case_id=case.id, **said, asked_by=officer.clerk_id, asked_by_name=officer.name, asked_at=clock.now()
    )
    session.add(asked)
    session.flush()
    return asked


def settle(
    session: Session, *, case_no: str, officer: Officer, demand_id: int, confirmed: bool
) -> OutsideDemand:
    """Confirm a demand of somebody else, or say no to it; of two at once, one does.

    Raises DemandNotFound, NotYourOwnDemand, DemandSettled.
    """
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    asked = next((one for one in of_case(session, case_id=case.id) if one.id == demand_id), None)
    if asked is None:
        raise DemandNotFound
    if asked.asked_by == officer.clerk_id:
        raise NotYourOwnDemand
    settled = session.scalars(
        update(OutsideDemand)
        .where(OutsideDemand.id == demand_id, OutsideDemand.settled_at.is_(None))
        .values(
            settled_by=officer.clerk_id,
            settled_by_name=officer.name,
            settled_at=clock.now(),
            confirmed=confirmed,
        )
        .returning(OutsideDemand)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if settled is None:
        raise DemandSettled
    return settled


def of_case(session: Session, *, case_id: int) -> Sequence[OutsideDemand]:
    """What was asked beyond the guide in one case, oldest first."""
    asked = select(OutsideDemand).where(OutsideDemand.case_id == case_id).order_by(OutsideDemand.id)
    return session.scalars(asked).all()


def confirmed_points(session: Session, *, case_id: int) -> list[Point]:
    """The confirmed demands of a case as points of its notice."""
    return [
        Point(
            Kind.OUTSIDE,
            _CODE.format(id=one.id),
            one.name,
            Reason.BEYOND_GUIDE,
            one.why,
            legal_basis=one.legal_basis,
            confirmed_by=one.settled_by_name or "",
        )
        for one in of_case(session, case_id=case_id)
        if one.confirmed
    ]


def _refuse_unless_asking(case: Case) -> None:
    """A demand is made where the notice is: before it, and in time."""
    states.edge(State(case.state), Step.ASK_CORRECTION)
    if case.correct_by is not None:
        raise SecondNotice
    if telling.is_over(case):
        raise TellingOver
