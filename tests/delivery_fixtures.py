"""Results on paper for tests: decided, waiting at a hall or to be sent (送达夹具)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases import timeline
from app.cases.models import Case, CaseEvent
from app.cases.ways import Way
from app.certificates import queries as certificates
from app.certificates import revoking
from app.certificates.models import RevocationGround
from app.db import unit_of_work
from app.deliveries import holding, parcels, pickup, queries, service, withholding
from app.deliveries.choice import Choice
from app.deliveries.models import Delivery, Parcel
from app.deliveries.queries import Shown
from app.staff.models import Role
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import make_clerk

WINDOW, POST = "窗口自取", "快递送达"
ADDRESS = Choice(Way.POST, recipient="王小明", phone="13800000000", address="示例市示例区示例路1号2室")


def decided(delivery: str = POST, *, granted: bool = True, task_code: str = ID_LOST) -> tuple[int, str]:
    """A case that is decided and whose delivery has begun; its citizen and its number."""
    citizen_id = make_citizen()
    case_no = case_fixtures.ready(citizen_id, task_code)
    case_fixtures.fill(citizen_id, case_no, delivery=delivery)
    case_fixtures.submit(citizen_id, case_no)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    why: dict[str, Any] = {} if granted else {"reason": "材料不实", "legal_basis": "《示例条例》第一条"}
    case_fixtures.decide(case_no, granted=granted, **why)
    begin(case_no)
    return citizen_id, case_no


def begin(case_no: str) -> None:
    """What follows the decision by itself."""
    with unit_of_work() as session:
        service.begin(session, case_id=case_of(session, case_no).id)


def case_of(session: Any, case_no: str) -> Case:
    """A case by its number."""
    found: Case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
    return found


def choose(citizen_id: int, case_no: str, choice: Choice) -> None:
    """Choose another way."""
    with unit_of_work() as session:
        service.choose(session, citizen_id=citizen_id, case_no=case_no, choice=choice)


def shown(case_no: str) -> Shown:
    """What the applicant sees."""
    with unit_of_work() as session:
        found = queries.shown(session, case_of(session, case_no))
        session.expunge_all()
        return found


def delivery_of(case_no: str) -> Delivery:
    """The delivery of a case."""
    with unit_of_work() as session:
        found = session.scalars(
            select(Delivery).where(Delivery.case_id == case_of(session, case_no).id)
        ).one()
        session.expunge(found)
        return found


def standing(case_no: str) -> tuple[str, str]:
    """The state of a case and that of its delivery."""
    with unit_of_work() as session:
        return case_of(session, case_no).state, delivery_of(case_no).state


def send(case_no: str) -> str:
    """Have it sent; the parcel's reference."""
    clerk_id = make_clerk(Role.FRONT_DESK)
    with unit_of_work() as session:
        case = case_of(session, case_no)
        delivery = session.scalars(select(Delivery).where(Delivery.case_id == case.id)).one()
        return parcels.send(session, delivery, case=case, clerk_id=clerk_id).reference


def parcel_row(session: Session, case_no: str) -> Parcel:
    """The last parcel of a case, as it is stored."""
    mine = select(Parcel).join(Delivery, Delivery.id == Parcel.delivery_id)
    mine = mine.where(Delivery.case_id == case_of(session, case_no).id)
    return session.scalars(mine.order_by(Parcel.id.desc()).limit(1)).one()


def parcel(case_no: str) -> Mapping[str, str | None]:
    """The last parcel of a case."""
    with unit_of_work() as session:
        found = parcel_row(session, case_no)
        return {"state": found.state, "waybill": found.waybill, "refusal": found.refusal}


def hand_out(case_no: str, *, received_by: str = "") -> None:
    """Hand it out at the hall, to whoever shows its code."""
    with unit_of_work() as session:
        case = case_of(session, case_no)
        delivery = session.scalars(select(Delivery).where(Delivery.case_id == case.id)).one()
        actor = timeline.clerk(case_fixtures.FRONT_DESK)
        service.hand_out(
            session,
            delivery,
            actor=timeline.Actor(actor.kind, actor.name, actor.parties),
            received_by=received_by,
        )


def revoke(case_no: str) -> None:
    """End what the case gave, as an approver does."""
    with unit_of_work() as session:
        revoke_in(session, case_no)


def revoke_in(session: Session, case_no: str) -> None:
    """End what the case gave, within somebody's unit of work."""
    given = certificates.of_case(session, case_id=case_of(session, case_no).id)
    assert given is not None
    revoking.revoke(
        session,
        certificate_id=given.id,
        ground=RevocationGround.DECEIT,
        said="材料是伪造的",
        clerk_id=2,
        clerk_name="陈审批",
    )


def withhold(case_no: str) -> None:
    """Say at the desk that nobody gets the paper."""
    with unit_of_work() as session:
        case = holding.case(session, case_id=case_of(session, case_no).id)
        actor = timeline.clerk(case_fixtures.FRONT_DESK)
        mine = holding.delivery(session, case_id=case.id)
        withholding.withhold(session, case, mine, actor=timeline.Actor(actor.kind, actor.name, actor.parties))


def code(case_no: str) -> str:
    """The code of a pick-up."""
    return pickup.code(delivery_of(case_no))


def told(case_no: str) -> list[str]:
    """The timeline since the decision."""
    with unit_of_work() as session:
        asked = select(CaseEvent.kind, CaseEvent.sentence).where(
            CaseEvent.case_id == case_of(session, case_no).id
        )
        lines = session.execute(asked.order_by(CaseEvent.id)).all()
    kinds = [kind for kind, _ in lines]
    return [sentence for _, sentence in lines[kinds.index("decided") + 1 :]]


def close(case_no: str) -> None:
    """Close it at the desk, as what is there online is closed."""
    with unit_of_work() as session:
        cases.close(session, case_no=case_no, officer=case_fixtures.FRONT_DESK)
