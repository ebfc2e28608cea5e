"""All that is kept about me as one file: whole, readable, and mine alone."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from app import clock
from app.cases.models import Case
from app.cases.officers import Officer
from app.catalogue import service as catalogue
from app.db import unit_of_work
from app.figures import explaining
from app.figures.models import CaseVisits
from app.own_data import export
from app.people import service as people
from app.people.models import Citizen
from app.queueing import service as queueing
from app.staff.models import Role
from miniprogram_api import my_data
from notifications.models import Message
from tests import bundle_fixtures, case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import ID_LOST, load_catalogue
from tests.city_fixtures import MONDAY
from tests.miniprogram_api.owner import Owner
from tests.miniprogram_api.paid import counted, paid_case
from tests.people_fixtures import log_in_as
from tests.races import together
from tests.rating_fixtures import complain, rate
from tests.staff_fixtures import make_clerk

NUMBER, TELEPHONE = case_fixtures.CITIZEN_NUMBER, "13900000000"


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield Owner(client)


def take_along(owner: Owner) -> dict[str, Any]:
    answered = owner.call("GET", "/me/export")
    assert answered.status_code == 200, answered.get_data(as_text=True)
    return dict(json.loads(answered.get_data()))


def live(owner: Owner, deliver: Callable[[], None], *, telephone: str = TELEPHONE, in_hours: int = 2) -> str:
    """A citizen's life in the city: something of every kind; the number of the case."""
    with unit_of_work() as session:
        people.bind_phone(session, citizen_id=owner.id, phone=telephone)
        session.get_one(Citizen, owner.id).id_number = NUMBER
        catalogue.give_feedback(
            session, citizen_id=owner.id, task_code=ID_LOST, useful=True, comment="写得清楚"
        )
    owner.call("POST", "/me/consents", json={"purpose": "prefill", "version": 1})
    case_no, _ = paid_case(owner)
    case_fixtures.decide(case_no)
    rate(case_no, level=5, comment="窗口排队太久")
    complain(owner.id, case_no=case_no)
    visit = desk.visit(owner.id, in_hours=in_hours)
    with unit_of_work() as session:
        queueing.check_in(session, code=visit.code)
    deliver()
    return case_no


def test_the_file_holds_something_of_every_kind_in_full(owner: Owner, deliver: Callable[[], None]) -> None:
    case_no = live(owner, deliver)

    whole = take_along(owner)

    me = whole["citizen"]
    assert (me["name"], me["id_number"], me["phone"]) == ("王小明", NUMBER, TELEPHONE)
    (case,) = whole["cases"]
    form = {line["field"]: line["value"] for line in case["form"]}
    assert (case["case_no"], form["申请人姓名"], form["公民身份号码"]) == (case_no, "王小明", NUMBER)
    assert [line["what"] for line in case["timeline"]][:2] == ["已开始填写申请", "申请已提交，等待受理"]
    assert case["materials"][0]["material"]
    empty = {name for name, things in whole.items() if things == []}
    nothing_of = {
        "archives",
        "deliveries",
        "site_visits",
        "hall_visits",
        "waiting_list",
        "refunds",
        "reminder_allowances",
        "account_closings",
    }
    of_firms = {"enterprise_names", "organisations", "organisation_claims"}
    seldom = {
        "bundle_applications",
        "call_backs",
        "certificate_showings",
        "delegations",
        "assistances",
        "licence_hints",
        "locker_items",
        "locker_uses",
        "co_signings",
        "prechecks",
    }
    assert empty == nothing_of | of_firms | seldom
    assert whole["payments"][0]["bills"][0]["bill_no"] == whole["bills"][0]["bill_no"]
    assert whole["access_log"][0]["who"] == "您本人"


def test_the_file_says_how_often_one_came_and_why(owner: Owner) -> None:
    case_no, _ = paid_case(owner)
    with unit_of_work() as session:
        case_id = session.scalars(select(Case.id).where(Case.case_no == case_no)).one()
        days = [MONDAY.date(), MONDAY.date() + timedelta(days=1)]
        session.add(CaseVisits(case_id=case_id, task_code=ID_LOST, promised=1, days=days, over_at=MONDAY))
        session.flush()
        officer = Officer(make_clerk(Role.FRONT_DESK), "林受理", frozenset())
        explaining.explain(session, case_id=case_id, officer=officer, text="证件照片不合格，重拍了。")
    (line,) = take_along(owner)["hall_visits"]

    assert (line["case_no"], line["promised"], len(line["days"])) == (case_no, 1, 2)
    assert line["explained"][0]["what"] == "证件照片不合格，重拍了。"


def test_the_file_says_what_was_applied_for_together(owner: Owner) -> None:
    load_catalogue()
    number = bundle_fixtures.begin(owner.id, chosen=[bundle_fixtures.BIRTH, bundle_fixtures.CARD])
    (line,) = take_along(owner)["bundle_applications"]

    assert (line["application_no"], line["name"], line["state"]) == (number, "新生儿出生一件事", "草稿")
    assert [part["task_name"] for part in line["parts"]] == ["生育登记", "社会保障卡申领"]


def test_nothing_of_another_citizen_is_in_the_file(
    owner: Owner, client: FlaskClient, deliver: Callable[[], None]
) -> None:
    other = Owner(client, "欧阳别人")
    foreign = live(other, deliver)

    answered = owner.call("GET", "/me/export")

    text = answered.get_data(as_text=True)
    whole = json.loads(text)
    assert {name for name, things in whole.items() if isinstance(things, list) and things} == {
        "logins",
        "access_log",
    }
    for theirs in (foreign, TELEPHONE, NUMBER, "欧阳别人", "写得清楚", "窗口排队太久"):
        assert theirs not in text


def test_two_lives_stay_apart(owner: Owner, client: FlaskClient, deliver: Callable[[], None]) -> None:
    other = Owner(client, "欧阳别人")
    mine = live(owner, deliver)
    theirs = live(other, deliver, telephone="13900000001", in_hours=3)

    texts = [each.call("GET", "/me/export").get_data(as_text=True) for each in (owner, other)]

    assert [(mine in text, theirs in text) for text in texts] == [(True, False), (False, True)]


def test_it_comes_as_a_file(owner: Owner) -> None:
    answered = owner.call("GET", "/me/export")

    assert answered.headers["Content-Disposition"] == 'attachment; filename="yima-my-data-20261116.json"'
    assert (answered.mimetype, answered.headers["Cache-Control"]) == ("application/json", "no-store")


def test_taking_it_along_is_written_down_as_done_by_the_citizen(owner: Owner) -> None:
    take_along(owner)

    (entry,) = desk.audited()
    assert (entry.actor, entry.action, entry.citizen_id) == (f"citizen:{owner.id}", "data_exported", owner.id)


def test_five_files_a_day_are_given(owner: Owner, client: FlaskClient) -> None:
    for _ in range(export.PER_DAY):
        take_along(owner)

    refused = owner.call("GET", "/me/export")

    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_exports")
    assert refused.get_json()["detail"] == "一天最多下载5次，请24小时后再试"
    assert refused.headers["Retry-After"] == "86400"
    assert Owner(client).call("GET", "/me/export").status_code == 200


def test_a_day_later_it_is_given_again(owner: Owner) -> None:
    for _ in range(export.PER_DAY):
        take_along(owner)

    with clock.stopped_at(MONDAY + timedelta(days=1)):
        owner.headers = log_in_as(owner.id)
        assert owner.call("GET", "/me/export").status_code == 200


def test_taps_of_one_moment_share_the_limit(owner: Owner) -> None:
    def tap() -> TestResponse:
        return owner.call("GET", "/me/export")

    answers = [answer.status_code for answer in together(*(tap for _ in range(8)))]  # type: ignore[union-attr]

    assert sorted(answers) == [200] * 5 + [429] * 3


def test_a_long_life_is_read_in_pages_and_none_is_lost_or_told_twice(owner: Owner) -> None:
    told(owner, 350)
    with counted() as sent:
        titles = [message["title"] for message in take_along(owner)["messages"]]

    assert titles == [f"第{number}条" for number in reversed(range(350))]
    assert len([statement for statement in sent if "FROM messages" in statement]) == 4


def told(owner: Owner, many: int) -> None:
    with unit_of_work() as session:
        session.execute(
            insert(Message),
            [
                {
                    "citizen_id": owner.id,
                    "subject": f"case:{number}:told",
                    "title": f"第{number}条",
                    "text": "内容",
                    "page": "pages/me/privacy",
                    "created_at": MONDAY,
                }
                for number in range(many)
            ],
        )


def test_the_file_is_sent_while_it_is_read(owner: Owner) -> None:
    told(owner, 350)
    with unit_of_work() as session:
        head = export.begin(session, citizen_id=owner.id)
    pieces = list(export.written(head, citizen_id=owner.id, sections=my_data._WHOLE))

    assert max(len(piece) for piece in pieces) < len(b"".join(pieces)) / 2
    assert len(json.loads(b"".join(pieces))["messages"]) == 350


def test_the_file_is_as_the_document_says(
    owner: Owner, client: FlaskClient, deliver: Callable[[], None]
) -> None:
    live(owner, deliver)
    document = client.get("/api/v1/openapi.json").get_json()
    answers = document["paths"]["/api/v1/me/export"]["get"]["responses"]
    shape = answers["200"]["content"]["application/json"]["schema"]
    whole = take_along(owner)

    jsonschema.validate(whole, {**shape, "components": document["components"]})
    assert set(whole) == set(document["components"]["schemas"]["my_data.WholeOut"]["properties"])
