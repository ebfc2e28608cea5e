"""Trips to the place of a case: a road that three departments look at together (踏勘夹具)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.cases.officers import Officer
from app.db import unit_of_work
from app.materials import photos
from app.materials import service as materials
from app.site_visits import planning, queries, recording
from app.site_visits.models import SiteVisit, VisitKind, VisitPoint
from app.site_visits.planning import Plan
from app.site_visits.recording import Finding, Presence
from app.staff.models import Role
from notifications.models import Message
from tests import case_fixtures
from tests import opinion_fixtures as opinions
from tests.catalogue_fixtures import item, publish
from tests.photo_fixtures import jpeg, page
from tests.staff_fixtures import make_clerk

LEAD = "市城市管理局"
TUESDAY = date(2026, 11, 17)
ADDRESS = "示例区示例路1号门前"
ELDER = item("elder-allow")["task_code"]


def accepted() -> str:
    """A road that the police and planning are asked about, just accepted; its number."""
    return opinions.accepted()


def officer(department: str | None = LEAD, name: str = "陈踏勘") -> Officer:
    """Somebody of a department who may go along."""
    clerk_id = make_clerk(Role.APPROVER, department=department, name=name)
    return Officer(clerk_id, name, frozenset({"approver"}), department=department)


def a_team() -> list[Officer]:
    """One of each department that has points to look at."""
    return [officer(LEAD), officer(opinions.POLICE, "吴交警"), officer(opinions.PLANNING, "郑规划")]


def wanted(team: list[Officer], **changes: Any) -> Plan:
    """Tomorrow at nine."""
    said: dict[str, Any] = {
        "day": TUESDAY,
        "part": 1,
        "clerk_ids": [one.clerk_id for one in team],
        "address": ADDRESS,
        **changes,
    }
    return Plan(**said)


def plan(case_no: str, team: list[Officer], kind: VisitKind = VisitKind.SITE, **changes: Any) -> SiteVisit:
    """The lead sets a trip."""
    with unit_of_work() as session:
        return planning.plan(
            session, case_no=case_no, officer=team[0], kind=kind, wanted=wanted(team, **changes)
        )


def replan(visit: SiteVisit, team: list[Officer], **changes: Any) -> SiteVisit:
    """The lead sets another time, or sends others."""
    with unit_of_work() as session:
        return planning.replan(session, visit_id=visit.id, officer=team[0], wanted=wanted(team, **changes))


def points(visit: SiteVisit) -> list[VisitPoint]:
    """The points of a trip."""
    with unit_of_work() as session:
        return queries.points(session, visit_ids=[visit.id])[visit.id]


def again(visit: SiteVisit) -> SiteVisit:
    """The trip as it is stored now."""
    with unit_of_work() as session:
        return session.get_one(SiteVisit, visit.id)


def on_the_day(hour: int = 9) -> Any:
    """The clock stands still on the day of the trip."""
    return clock.stopped_at(datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, hour, tzinfo=clock.SHANGHAI))


def judge(visit: SiteVisit, by: Officer, *, met: bool = True, note: str = "") -> None:
    """Somebody judges the points of their department."""
    findings = {point.id: Finding(met, note) for point in points(visit)}
    with unit_of_work() as session:
        recording.mark(session, officer=by, visit_id=visit.id, findings=findings)


def sign(visit: SiteVisit, by: Officer) -> None:
    """Somebody signs."""
    with unit_of_work() as session:
        recording.sign(session, officer=by, visit_id=visit.id)


def photograph(visit: SiteVisit, by: Officer, what: str = recording.SIGNED_PAGE) -> int:
    """Somebody adds a photo; its id."""
    with unit_of_work() as session:
        key = recording.expect_photo(session, officer=by, visit_id=visit.id, what=what)
    prepared = photos.prepare(jpeg(page()))
    materials.store(key, prepared)
    with unit_of_work() as session:
        return recording.add_photo(
            session, officer=by, visit_id=visit.id, what=what, key=key, prepared=prepared
        ).id


def close(visit: SiteVisit, by: Officer, *, applicant: str = "", absent: Any = ()) -> SiteVisit:
    """The lead closes the record."""
    with unit_of_work() as session:
        return recording.close(
            session,
            officer=by,
            visit_id=visit.id,
            presence=Presence(absent_staff=absent, applicant_name=applicant),
        )


def done(case_no: str, team: list[Officer] | None = None, **changes: Any) -> SiteVisit:
    """A trip whose record is closed; everything was as it should be."""
    going = team or a_team()
    visit = plan(case_no, going, **changes)
    with on_the_day():
        for one in going:
            judge(visit, one)
            sign(visit, one)
        return close(visit, going[0])


def an_elder() -> tuple[int, str]:
    """Somebody who cannot come and has handed in; their id and the number of the case."""
    publish(item("elder-allow"))
    citizen_id = case_fixtures.citizen()
    return citizen_id, case_fixtures.submitted(citizen_id, ELDER)


def call_off(visit: SiteVisit, by: Officer) -> None:
    """The lead calls a trip off."""
    with unit_of_work() as session:
        planning.cancel(session, visit_id=visit.id, officer=by, why="路口封闭施工")


def refuse(case_no: str) -> None:
    """The case is decided: no."""
    case_fixtures.decide(case_no, granted=False, reason="不符合规划", legal_basis="《城市道路管理条例》")


def told(case_no: str, title: str = "现场踏勘时间已定") -> list[str]:
    """What was said of a case under a title, in order."""
    with unit_of_work() as session:
        asked = select(Message.text).where(Message.title == title).order_by(Message.id)
        return [text for text in session.scalars(asked) if case_no in text]
