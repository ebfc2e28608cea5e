"""What belongs to another department or hall is not there, whichever route is tried.

The routes are those of the program itself: one that names a thing and is not in the table fails the first
test, so that none can be forgotten.
"""

import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import events
from app.cases import head_approvals
from app.cases.models import Case
from app.db import unit_of_work
from app.desk.models import Presence
from app.materials.models import Photo
from app.publishing import service as publishing
from app.publishing.queries import Author
from app.staff.models import Role
from app.transfers import service as transfers
from console.callers import Staff
from tests import (
    archive_fixtures,
    assistance_fixtures,
    call_back_fixtures,
    case_fixtures,
    clock_fixtures,
    credit_fixtures,
    delivery_fixtures,
    document_fixtures,
    opinion_fixtures,
    oversight_fixtures,
    precheck_fixtures,
    promise_fixtures,
    review_fixtures,
    spot_check_fixtures,
    visit_fixtures,
)
from tests import desk_fixtures as desk
from tests.app.queueing import halls
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY, publish_items
from tests.console.money import asked, difference
from tests.correction_fixtures import demand
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import bad_ticket, complain
from tests.staff_fixtures import Browser, browser, make_clerk
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")

Things = dict[str, object]
# All that any form of the console asks for, so that nothing is refused for being incomplete.
FORM = {
    "granted": "yes",
    "checked": "yes",
    "fee_code": "FEE-ID-LOST",
    "reason": "理由",
    "legal_basis": "依据",
    "text": "已经处理并向市民说明",
    "said": "电话有误",
    "note": "已经核对",
    "refused_code": "barred",
    "remark": "字迹清楚",
    "answer": "agrees",
    "approved": "yes",
    "result": "satisfied",
    "why": "不涉及",
    "outcome": "wrong",
    "finding": "年龄不符",
    "met": "no",
    "to": "cleared",
    "evidence": "现场没有该证明",
    "what": "kept",
    "final": "yes",
    "case_state": "accepted",
    "department": desk.CIVIL_AFFAIRS,
    "group": "1",
}


def an_archive() -> int:
    archive_fixtures.archived()
    return archive_fixtures.packages()[-1].id


def a_case() -> Things:
    case_no = desk.submitted()
    with unit_of_work() as session:
        photo_id = session.scalars(select(Photo.id).order_by(Photo.id.desc())).first()
    material = case_fixtures.mandatory_materials(case_no)[0]
    demand_id = demand(case_no)
    case_fixtures.accept(case_no)
    events.deliver()
    return {
        "case_no": case_no,
        "material_code": material,
        "photo_id": photo_id,
        "document_id": document_fixtures.of_case(case_no)[0].id,
        "message_id": 1,
        "demand_id": demand_id,
        "request_id": 1,
    }


def a_guest() -> Things:
    """Somebody who showed their code to another clerk."""
    with unit_of_work() as session:
        presence = Presence(
            clerk_id=make_clerk(Role.FRONT_DESK),
            citizen_id=make_citizen(),
            code_hash=secrets.token_bytes(32),
            opened_at=MONDAY,
        )
        session.add(presence)
        session.flush()
        return {"presence_id": presence.id, "delegation_id": 1}


def an_opinion() -> Things:
    """What the police are asked about a road; a photo of the case is shown to nobody else either."""
    request = opinion_fixtures.requests(opinion_fixtures.accepted())[opinion_fixtures.POLICE]
    with unit_of_work() as session:
        photo_id = session.scalars(select(Photo.id).order_by(Photo.id.desc())).first()
    return {"request_id": request.id, "photo_id": photo_id}


def an_approval() -> int:
    """An extension that the head of another department is asked for."""
    case_no = clock_fixtures.accepted()
    with unit_of_work() as session:
        return head_approvals.ask_extension(
            session, case_no=case_no, officer=case_fixtures.APPROVER, days=5, reason="加工间正在改造"
        ).id


def a_trip() -> Things:
    """A trip of three departments, with a photo."""
    team = visit_fixtures.a_team()
    visit = visit_fixtures.plan(visit_fixtures.accepted(), team)
    with visit_fixtures.on_the_day():
        return {"visit_id": visit.id, "photo_id": visit_fixtures.photograph(visit, team[0])}


def an_over_visit() -> str:
    case_no = desk.submitted()
    desk.over(case_no)
    return case_no


def a_draft() -> int:
    with unit_of_work() as session:
        author = Author(make_clerk(Role.APPROVER), "起草人", None)
        return publishing.begin(session, author=author, task_code=ID_LOST).id


def a_transfer() -> int:
    """A hand-over to a hall in which the stranger does not sit."""
    way = (("C01", "市民服务中心"), ("C06", "长乐区政务服务中心"))
    case_no = desk.submitted()
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()
        clerk_id = make_clerk(Role.FRONT_DESK)
        made = transfers.begin(session, case_id=case_id, clerk_id=clerk_id, come_from=way[0], to=way[1])
        return made.id


def a_check() -> int:
    """A case of another department that the machine decided, drawn to be looked at again."""
    review_fixtures.publish_instant()
    return spot_check_fixtures.drawn()[0].id


def a_refund() -> Things:
    request = asked()
    number = difference("mismatch", request.payment_no)
    return {"payment_no": request.payment_no, "refund_no": request.refund_no, "exception_id": number}


# Where a route's address begins, and how to make a thing of another department or hall for it.
TABLE: dict[str, Callable[[], Things]] = {
    "/console/cases/<case_no>": a_case,
    "/console/guests/<int:presence_id>": a_guest,
    "/console/assistance/<int:assistance_id>": assistance_fixtures.a_helped_citizen,
    "/console/appointments/<int:appointment_id>": lambda: {
        "appointment_id": desk.visit(make_citizen(), centre_id="C01").id
    },
    "/console/ratings/<int:ticket_id>": lambda: {"ticket_id": bad_ticket()[1]},
    "/console/hotline/<complaint_no>": lambda: {"complaint_no": complain(make_citizen()).complaint_no},
    "/console/payments/": a_refund,
    "/console/leads/<int:lead_id>": lambda: {"lead_id": desk.lead()},
    "/console/instant/checks/<int:check_id>": lambda: {"check_id": a_check()},
    "/console/opinions/<int:request_id>": an_opinion,
    "/console/call-backs/<int:call_back_id>": lambda: {"call_back_id": call_back_fixtures.drawn().id},
    "/console/site-visits/<int:visit_id>": a_trip,
    "/console/prechecks/<int:precheck_id>": lambda: precheck_fixtures.things(make_citizen()),
    "/console/approvals/<int:approval_id>": lambda: {"approval_id": an_approval()},
    "/console/promise-checks/<int:check_id>": lambda: {"check_id": promise_fixtures.to_look_into()},
    "/console/credit/pleas/<int:plea_id>": lambda: {"plea_id": credit_fixtures.a_plea()},
    "/console/credit/reports/<int:report_id>": lambda: {"report_id": credit_fixtures.a_report()},
    "/console/credit/cases/<case_no>": lambda: {"case_no": credit_fixtures.a_refused_question()},
    "/console/over-visits/<case_no>": lambda: {"case_no": an_over_visit()},
    "/console/deliveries/<int:delivery_id>": lambda: {
        "delivery_id": delivery_fixtures.delivery_of(delivery_fixtures.decided()[1]).id
    },
    "/console/archives/<int:archive_id>": lambda: {"archive_id": an_archive()},
    "/console/oversight/findings/<int:finding_id>": lambda: {"finding_id": oversight_fixtures.asked()},
    "/console/oversight/<int:event_id>": lambda: {"event_id": oversight_fixtures.an_event()},
    "/console/transfers/<int:transfer_id>": lambda: {"transfer_id": a_transfer()},
    "/console/supervision/<int:ticket_id>": lambda: {"ticket_id": desk.late_ticket()},
    "/console/drafts/<int:draft_id>": lambda: {"draft_id": a_draft(), "sha256": "0" * 64},
    "/console/items/<task_code>/draft": lambda: {"task_code": ID_LOST},
    "/console/queue/tickets/<int:ticket_id>": lambda: {
        "ticket_id": halls.take(publish_items("id-first")[0], minutes=0)
    },
}
# The whole city's: what is published, our own files, and what lies nowhere.
EVERYBODYS = (
    "/console/items/<task_code>",
    "/console/articles/<int:article_id>",
    "/console/static/<path:name>",
    "/console/<path:elsewhere>",
)


def filled(rule: Rule, things: Things) -> str:
    """The address of a route with real things in it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(things[found[1]]), rule.rule)


def tried(clerk: Browser, rule: Rule, things: Things) -> TestResponse:
    path = filled(rule, things)
    return clerk.get(path) if "GET" in (rule.methods or ()) else clerk.post(path, **FORM)


def naming(app: YimaFlask) -> Iterator[Rule]:
    """The routes that name a thing."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/console") and rule.arguments:
            yield rule


def test_no_route_that_names_a_thing_is_forgotten(app: YimaFlask) -> None:
    assert [rule.rule for rule in naming(app) if not rule.rule.startswith((*TABLE, *EVERYBODYS))] == []


@pytest.mark.parametrize("start", list(TABLE))
def test_a_foreign_department_and_hall_finds_nothing(app: YimaFlask, client: FlaskClient, start: str) -> None:
    things = TABLE[start]()
    stranger = browser(
        client,
        *(set(Role) - {Role.SUPERVISOR}),
        department=desk.CIVIL_AFFAIRS,
        centre_id="C03",
    )
    before, answers = desk.actions(), {}
    for rule in naming(app):
        if rule.rule.startswith(start):
            answers[rule.rule] = tried(stranger, rule, things)
    told = {rule: answer.status_code for rule, answer in answers.items()}

    assert told
    # 409: another hall's appointment is said to be there, since the citizen who asks stands in the wrong one.
    assert {rule: status for rule, status in told.items() if status not in {403, 404, 409}} == {}
    assert set(desk.actions()[len(before) :]) <= {"refused"}
    assert not [rule for rule, answer in answers.items() if "王小明" in answer.text]


def test_a_stranger_with_the_duty_is_not_told_that_it_is_there(app: YimaFlask, client: FlaskClient) -> None:
    stranger = browser(client, Role.FRONT_DESK, Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    absent: Things = {
        "case_no": "35010020261116000099999",
        "material_code": "M01",
        "photo_id": 1,
        "document_id": 1,
        "message_id": 1,
        "demand_id": 1,
        "request_id": 1,
    }
    real = a_case()
    for rule in naming(app):
        auth: object = vars(app.view_functions[rule.endpoint])["spec"].auth
        if not rule.rule.startswith("/console/cases/") or not isinstance(auth, Staff):
            continue
        answers = [tried(stranger, rule, things) for things in (real, absent)]
        told = [(answer.status_code, re.findall(r'role="alert">([^<]*)<', answer.text)) for answer in answers]

        assert told[0] == told[1], rule.rule
