"""Telling the city what goes wrong, from the phone (投诉建议)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.complaints import joint, service
from app.complaints.models import Complaint
from app.db import unit_of_work
from notifications import queries as messages
from tests import desk_fixtures as desk
from tests.case_fixtures import submitted
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE
from tests.miniprogram_api.owner import Owner
from tests.rating_fixtures import SUPERVISOR

BODY = {"kind": "complaint", "text": "窗口让我跑了三次"}


@pytest.fixture
def owner(client: FlaskClient) -> Iterator[Owner]:
    with clock.stopped_at(MONDAY):
        desk.open_city()
        yield Owner(client)


def file(owner: Owner, **changes: Any) -> dict[str, Any]:
    answered = owner.call("POST", "/complaints", json={**BODY, **changes})
    assert answered.status_code == 201, answered.get_data(as_text=True)
    return dict(answered.get_json())


def answer(words: str, *, final: bool) -> None:
    with unit_of_work() as session:
        complaint_id = session.query(Complaint.id).scalar()
        service.answer(session, complaint_id=complaint_id, officer=SUPERVISOR, text=words, final=final)


def test_what_was_told_comes_back_with_its_number_and_day(owner: Owner) -> None:
    case_no = submitted(owner.id)
    filed = file(owner, kind="cannot_get_done", case_no=case_no)

    assert filed["complaint_no"].startswith("TS20261116")
    assert (filed["kind_text"], filed["state"], filed["state_text"]) == ("办不成事", "received", "办理中")
    assert (filed["case_no"], filed["due_on"], filed["answers"]) == (case_no, "2026-11-23", [])
    assert owner.call("GET", f"/complaints/{filed['complaint_no']}").get_json() == filed


def test_a_tap_that_is_repeated_tells_once(owner: Owner) -> None:
    first, again = (owner.call("POST", "/complaints", json=BODY, tap="the same tap") for _ in range(2))

    assert first.get_json() == again.get_json()
    assert len(owner.call("GET", "/complaints").get_json()["items"]) == 1


@pytest.mark.parametrize(
    "changes",
    [{"kind": "praise"}, {"text": "短"}, {"text": "长" * 1001}, {"text": None}, {"case_no": "x" * 41}],
)
def test_what_cannot_be_acted_on_is_refused_by_field(owner: Owner, changes: dict[str, Any]) -> None:
    refused = owner.call("POST", "/complaints", json={**BODY, **changes})

    assert refused.status_code == 422
    assert refused.get_json()["errors"].keys() == changes.keys()


def test_a_text_of_signs_nobody_sees_is_refused(owner: Owner) -> None:
    refused = owner.call("POST", "/complaints", json={**BODY, "text": "\u200b" * 9})

    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["text"])


def test_somebody_elses_case_and_complaint_are_not_there(owner: Owner, client: FlaskClient) -> None:
    other, filed = Owner(client), file(owner)
    case_no = submitted(owner.id)
    answers = [
        other.call("GET", f"/complaints/{filed['complaint_no']}"),
        other.call("POST", "/complaints", json={**BODY, "case_no": case_no}),
    ]

    assert [found.get_json()["code"] for found in answers] == ["complaint_not_found", "case_not_found"]
    assert other.call("GET", "/complaints").get_json()["items"] == []


def test_the_sixth_of_a_day_is_told_to_come_tomorrow(owner: Owner) -> None:
    for _ in range(5):
        file(owner)
    refused = owner.call("POST", "/complaints", json=BODY)

    assert (refused.status_code, refused.get_json()["code"]) == (429, "complaints_too_many")
    assert refused.headers["Retry-After"] == str(16 * 3600 + 1)


def test_every_answer_reaches_the_phone(owner: Owner, deliver: Callable[[], None]) -> None:
    number = file(owner)["complaint_no"]
    answer("已转给窗口核实", final=False)
    answer("已经联系窗口改正", final=True)
    deliver()
    shown = owner.call("GET", f"/complaints/{number}").get_json()
    with unit_of_work() as session:
        told = messages.of_citizen(session, citizen_id=owner.id)

    assert [(each["text"], each["final"]) for each in shown["answers"]] == [
        ("已转给窗口核实", False),
        ("已经联系窗口改正", True),
    ]
    assert (shown["state"], shown["answered_at"]) == ("answered", "2026-11-16T08:00:00+08:00")
    assert [message.title for message in told] == ["您的诉求已答复", "您的诉求有新进展"]
    assert told[0].page == f"pages/me/complaint?no={number}"


def test_my_complaints_are_listed_page_by_page_and_by_state(owner: Owner) -> None:
    first_one = file(owner)["complaint_no"]
    answer("已经联系窗口改正", final=True)
    others = [file(owner)["complaint_no"] for _ in range(2)]
    first = owner.call("GET", "/complaints?limit=2").get_json()
    second = owner.call("GET", f"/complaints?limit=2&cursor={first['next_cursor']}").get_json()
    answered = owner.call("GET", "/complaints?state=answered").get_json()["items"]

    assert [item["complaint_no"] for item in first["items"]] == others[::-1]
    assert [item["complaint_no"] for item in second["items"]] == [first_one]
    assert [item["complaint_no"] for item in answered] == [first_one]
    assert owner.call("GET", "/complaints?state=lost").status_code == 422


def test_a_company_tells_what_it_needs_and_sees_who_answers(owner: Owner) -> None:
    filed = file(owner, kind="company_demand", organisation="示例机械有限公司")
    with unit_of_work() as session:
        complaint_id = session.query(Complaint.id).scalar()
        joint.ask(session, complaint_id=complaint_id, lead=POLICE, others=[CIVIL_AFFAIRS])
    shown = owner.call("GET", f"/complaints/{filed['complaint_no']}").get_json()
    assert (shown["kind_text"], shown["organisation"]) == ("企业诉求", "示例机械有限公司")
    assert [(one["dept_name"], one["lead"]) for one in shown["handlers"]] == [
        (POLICE, True),
        (CIVIL_AFFAIRS, False),
    ]
    refused = owner.call("POST", "/complaints", json={**BODY, "kind": "company_demand"}, tap="another tap")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "organisation_missing")
