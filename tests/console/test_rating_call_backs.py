"""Calling back about a bad rating, and what is kept from whom."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import unit_of_work
from app.evaluations.mending import CallBack
from app.evaluations.models import MendingTicket
from app.people import service as people
from app.people.queries import phone
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.case_fixtures import APPROVER
from tests.desk_fixtures import POLICE
from tests.rating_fixtures import DONE, bad_ticket, mend
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
NUMBER = "13800000001"


@pytest.fixture
def supervisor(client: FlaskClient, city: None) -> Browser:
    # Numbers of clerks that have worked on no case: the fixtures' officers are 1 to 3.
    for _ in range(3):
        browser(client, Role.FRONT_DESK)
    return browser(client, Role.SUPERVISOR)


def read(clerk: Browser, path: str) -> str:
    answered = clerk.get(path)
    assert answered.status_code == 200, answered.get_data(as_text=True)
    return answered.get_data(as_text=True)


def state(ticket_id: int) -> str:
    with unit_of_work() as session:
        return session.scalars(select(MendingTicket.state).where(MendingTicket.id == ticket_id)).one()


def test_a_case_is_shown_to_whoever_has_not_worked_on_it(client: FlaskClient) -> None:
    first, other = (browser(client, Role.APPROVER, department=POLICE) for _ in range(2))
    while other.clerk_id < APPROVER.clerk_id + 2:
        other = browser(client, Role.APPROVER, department=POLICE)
    involved = Browser(client, APPROVER.clerk_id)
    evaluation, ticket_id = bad_ticket()
    seen_by_involved = read(involved, f"/console/ratings/{ticket_id}")
    seen_by_other = read(Browser(client, other.clerk_id), f"/console/ratings/{ticket_id}")

    assert first.clerk_id == 1
    assert "您经办过这个办件" in seen_by_involved
    assert "/console/cases/3" not in seen_by_involved
    assert "/console/cases/3" in seen_by_other
    assert evaluation.case_id is not None


def test_an_anonymous_rating_shows_no_case_no_number_and_leaves_no_name_in_the_log(
    supervisor: Browser,
) -> None:
    evaluation, ticket_id = bad_ticket(anonymous=True)
    with unit_of_work() as session:
        people.bind_phone(session, citizen_id=evaluation.citizen_id, phone=NUMBER)
    mend(ticket_id)
    page = read(supervisor, f"/console/ratings/{ticket_id}")
    asked = supervisor.post(f"/console/ratings/{ticket_id}/telephone").get_data(as_text=True)

    assert "/console/cases/3" not in page + read(supervisor, "/console/ratings?view=mended")
    assert "匿名评价" in page
    assert NUMBER not in asked
    assert {entry.citizen_id for entry in desk.audited()} == {None}


def test_nothing_on_the_pages_names_the_giver(supervisor: Browser) -> None:
    _, ticket_id = bad_ticket()
    pages = read(supervisor, "/console/ratings") + read(supervisor, f"/console/ratings/{ticket_id}")

    assert not [name for name in ("王小明", "**明", "13800000000") if name in pages]


def test_a_number_is_shown_for_a_call_back_alone_and_that_is_written_down(supervisor: Browser) -> None:
    evaluation, ticket_id = bad_ticket()
    with unit_of_work() as session:
        people.bind_phone(session, citizen_id=evaluation.citizen_id, phone=NUMBER)
        assert phone(session, citizen_id=evaluation.citizen_id) == NUMBER
    before = supervisor.post(f"/console/ratings/{ticket_id}/telephone").get_data(as_text=True)
    mend(ticket_id)
    after = supervisor.post(f"/console/ratings/{ticket_id}/telephone").get_data(as_text=True)

    assert (NUMBER in before, NUMBER in after) == (False, True)
    seen = [entry for entry in desk.audited() if entry.action == "rating_telephone_viewed"]
    assert [entry.citizen_id for entry in seen] == [evaluation.citizen_id]


@pytest.mark.parametrize(("result", "after"), [("satisfied", "closed"), ("unsatisfied", "open")])
def test_a_call_back_ends_it_or_opens_it_again(supervisor: Browser, result: str, after: str) -> None:
    _, ticket_id = bad_ticket()
    mend(ticket_id)
    sent = supervisor.post(f"/console/ratings/{ticket_id}/call-back", result=result, text="电话里说明了")

    assert (sent.status_code, state(ticket_id)) == (303, after)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": "电话里说明了"}, "请选择回访结果"),
        ({"text": "电话里说明了", "result": "delighted"}, "请选择回访结果"),
        ({"text": "好", "result": "satisfied"}, "至少五个字"),
    ],
)
def test_a_call_back_without_its_words_is_refused(
    supervisor: Browser, form: dict[str, str], said: str
) -> None:
    _, ticket_id = bad_ticket()
    mend(ticket_id)
    refused = supervisor.post(f"/console/ratings/{ticket_id}/call-back", **form)

    assert (refused.status_code, said in refused.get_data(as_text=True)) == (422, True)
    assert state(ticket_id) == "mended"


def test_nobody_claims_to_have_called_an_anonymous_giver(supervisor: Browser) -> None:
    _, ticket_id = bad_ticket(anonymous=True)
    mend(ticket_id)
    path = f"/console/ratings/{ticket_id}/call-back"
    refused = supervisor.post(path, result=CallBack.SATISFIED.value, text="电话里说明了")
    ended = supervisor.post(path, result=CallBack.UNREACHED.value, text="匿名，没有电话")

    assert (refused.status_code, ended.status_code, state(ticket_id)) == (422, 303, "closed")


def test_whoever_mended_does_not_call_back(supervisor: Browser) -> None:
    _, ticket_id = bad_ticket()
    supervisor.post(f"/console/ratings/{ticket_id}/mend", text=DONE)
    refused = supervisor.post(
        f"/console/ratings/{ticket_id}/call-back", result="satisfied", text="电话里说明了"
    )

    assert 'call-back"' not in read(supervisor, f"/console/ratings/{ticket_id}")
    assert (refused.status_code, state(ticket_id)) == (409, "mended")
