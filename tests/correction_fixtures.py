"""Corrections for tests: asked for and answered, by the services themselves (补正夹具)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import correcting, corrections, not_accepting, outside_demands
from app.cases.correcting import Ticked
from app.cases.corrections import Notice
from app.cases.models import Case
from app.cases.not_accepting import Ground, Refusal
from app.cases.officers import Officer
from app.db import unit_of_work
from tests.case_fixtures import APPROVER, FRONT_DESK, add_photo, fill, mandatory_materials
from tests.photo_fixtures import jpeg, page

ADDRESS = Ticked("field", "address", "wrong", "请写到门牌号")
SUPERVISOR = Officer(9, "郑督导", frozenset({"supervisor"}))


def papers(case_no: str) -> Ticked:
    """The first material of a case, which cannot be read."""
    return Ticked("material", mandatory_materials(case_no)[0], "unclear")


def ask(case_no: str, officer: Officer = FRONT_DESK, *, points: Sequence[Ticked] = ()) -> int:
    """Ask for a correction, by default of the address and the first material; the id of the notice."""
    wanted = points or (ADDRESS, papers(case_no))
    with unit_of_work() as session:
        return correcting.ask(session, case_no=case_no, officer=officer, points=wanted).id


def mend(citizen_id: int, case_no: str) -> None:
    """Change what `ask` asks for: another address, one more page."""
    fill(citizen_id, case_no, address="示例市示例路1号2栋301")
    add_photo(citizen_id, case_no, papers(case_no).target, jpeg(page((901, 600))))


def resubmit(citizen_id: int, case_no: str, **how: Any) -> Case:
    """Hand a correction in."""
    with unit_of_work() as session:
        return correcting.resubmit(session, citizen_id=citizen_id, case_no=case_no, **how)


def notice_of(case_no: str) -> Notice | None:
    """The notice of a case."""
    with unit_of_work() as session:
        return corrections.of_case(session, stored(case_no))


def stored(case_no: str) -> Case:
    """A case as it is stored now."""
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def refuse_to_take(case_no: str, officer: Officer = APPROVER, **changes: str) -> Case:
    """Say that a case is not taken up, with everything that belongs to it."""
    said = {
        "code": Ground.NOT_OURS.value,
        "reason": "不归本部门办理",
        "legal_basis": "行政许可法第三十二条",
        "remedies": "可以申请行政复议",
        **changes,
    }
    with unit_of_work() as session:
        return not_accepting.not_accept(session, case_no=case_no, officer=officer, refusal=Refusal(**said))


def demand(case_no: str, officer: Officer = FRONT_DESK, *, name: str = "无犯罪记录证明") -> int:
    """Ask for something beyond the guide; its id."""
    with unit_of_work() as session:
        return outside_demands.demand(
            session,
            case_no=case_no,
            officer=officer,
            name=name,
            why="请到派出所开具",
            legal_basis="某法第三条",
        ).id


def settle(case_no: str, demand_id: int, officer: Officer = SUPERVISOR, *, confirmed: bool = True) -> None:
    """Say yes or no to a demand beyond the guide."""
    with unit_of_work() as session:
        outside_demands.settle(
            session, case_no=case_no, officer=officer, demand_id=demand_id, confirmed=confirmed
        )


def label(session: Session, case_no: str) -> str:
    """What the guide calls the first material of a case."""
    return correcting.askable(session, stored(case_no)).materials[papers(case_no).target]
