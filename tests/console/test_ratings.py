"""Bad ratings at the desk: who sees and mends what."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from app import clock, db
from app.appointments import service as appointments
from app.db import unit_of_work
from app.desk import ratings
from app.desk.errors import NotYourDuty
from app.desk.ratings import View
from app.evaluations import published, service
from app.evaluations.models import Evaluation, MendingTicket
from app.evaluations.service import Words
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.city_fixtures import MONDAY
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import BAD, DONE, GOOD, bad_ticket, mend, owner_of, rate, ticket_of
from tests.staff_fixtures import Browser, browser, on_duty

pytestmark = pytest.mark.usefixtures("city")


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


def bad_visit(centre_id: str = "C01") -> int:
    citizen_id = make_citizen()
    visit = desk.visit(citizen_id, centre_id=centre_id, in_hours=0)
    with unit_of_work() as session:
        appointments.check_in(session, code=visit.code)
        rated = service.rate_visit(session, citizen_id=citizen_id, appointment_id=visit.id, words=Words(BAD))
    return ticket_of(rated).id


def taken_back() -> int:
    """The ticket of a case that somebody took back, displeased: the quickest there is."""
    case_no = desk.submitted(task_code=MARRY)
    case_fixtures.withdraw(owner_of(case_no), case_no)
    return ticket_of(rate(case_no)).id


def test_the_list_shows_what_is_due_first(supervisor: Browser) -> None:
    with clock.stopped_at(MONDAY - timedelta(days=10)):
        _, late = bad_ticket(tags=["efficiency_poor"], comment="等了两个小时<b>")
    _, fresh = bad_ticket()
    page = read(supervisor, "/console/ratings")

    assert page.index(f"/console/ratings/{late}") < page.index(f"/console/ratings/{fresh}")
    assert "等了两个小时&lt;b&gt;" in page
    assert all(words in page for words in ("办得太慢", "非常不满意", "1 件超期", "超3天"))


def test_the_numbers_of_the_city_stand_beside_it(supervisor: Browser) -> None:
    assert "data-chart" not in read(supervisor, "/console/ratings")
    rate(desk.closed(), GOOD)
    bad_ticket()
    published.numbers.forget()
    page = read(supervisor, "/console/ratings")

    assert "data-chart" in page
    assert "50.0%（1/2）" in page


def test_what_was_done_is_told_and_the_ticket_waits_for_its_call_back(supervisor: Browser) -> None:
    _, ticket_id = bad_ticket()
    sent = supervisor.post(f"/console/ratings/{ticket_id}/mend", text=DONE)

    assert sent.headers["Location"] == f"/console/ratings/{ticket_id}?done=mended"
    assert DONE in read(supervisor, sent.headers["Location"])
    assert f"/console/ratings/{ticket_id}" in read(supervisor, "/console/ratings?view=mended")
    assert desk.actions() == ["rating_mended", "rating_viewed", "ratings_listed"]


@pytest.mark.parametrize(
    ("action", "after"), [("dismiss", "unfounded"), ("extend", "open"), ("mend", "mended")]
)
def test_a_supervisor_does_each_step(supervisor: Browser, action: str, after: str) -> None:
    _, ticket_id = bad_ticket()
    sent = supervisor.post(f"/console/ratings/{ticket_id}/{action}", text="核实了当天的情况")

    assert (sent.status_code, state(ticket_id)) == (303, after)


@pytest.mark.parametrize("action", ["mend", "dismiss", "extend"])
def test_what_was_typed_is_kept_when_it_is_refused(supervisor: Browser, action: str) -> None:
    _, ticket_id = bad_ticket()
    refused = supervisor.post(f"/console/ratings/{ticket_id}/{action}", text="太短")

    assert refused.status_code == 422
    assert "至少五个字" in refused.get_data(as_text=True)
    assert ">太短</textarea>" in refused.get_data(as_text=True)


def test_a_ticket_that_somebody_else_has_answered_is_shown_as_it_is(supervisor: Browser) -> None:
    _, ticket_id = bad_ticket()
    mend(ticket_id)
    refused = supervisor.post(f"/console/ratings/{ticket_id}/mend", text="我也来整改一下")

    assert (refused.status_code, "状态已经变了" in refused.get_data(as_text=True)) == (409, True)


def test_an_approver_mends_and_reviews_nothing(client: FlaskClient) -> None:
    clerk, (_, ticket_id) = browser(client, Role.APPROVER, department=POLICE), bad_ticket()
    page = read(clerk, f"/console/ratings/{ticket_id}")

    assert f"/console/ratings/{ticket_id}/mend" in page
    assert not re.search(r"/(dismiss|extend|call-back|telephone)", page)
    for action in ("dismiss", "extend", "call-back", "telephone"):
        sent = clerk.post(f"/console/ratings/{ticket_id}/{action}", text=DONE, result="satisfied")
        assert sent.status_code == 403
    assert state(ticket_id) == "open"


@pytest.mark.parametrize(
    "act",
    [ratings.dismiss, ratings.extend],
)
def test_the_desk_itself_asks_for_the_duty(act: object) -> None:
    clerk, (_, ticket_id) = on_duty(Role.APPROVER), bad_ticket()
    assert callable(act)

    with pytest.raises(NotYourDuty), unit_of_work() as session:
        act(session, clerk=clerk, ticket_id=ticket_id, text=DONE)
    with pytest.raises(NotYourDuty), unit_of_work() as session:
        ratings.telephone(session, clerk=clerk, ticket_id=ticket_id)


def test_a_foreign_department_and_a_foreign_hall_see_nothing(client: FlaskClient) -> None:
    _, ticket_id = bad_ticket()
    visit_id = bad_visit()
    elsewhere = browser(client, Role.APPROVER, department=CIVIL_AFFAIRS)
    for found in (ticket_id, visit_id):
        assert elsewhere.get(f"/console/ratings/{found}").status_code == 404
        assert elsewhere.post(f"/console/ratings/{found}/mend", text=DONE).status_code == 404
    assert "没有等着整改" in read(elsewhere, "/console/ratings")
    hall = browser(client, Role.SUPERVISOR, centre_id="C02")

    assert hall.get(f"/console/ratings/{visit_id}").status_code == 404
    assert hall.get(f"/console/ratings/{ticket_id}").status_code == 200


@pytest.mark.parametrize("number", ["0", "999", str(2**63), str(2**64)])
def test_a_ticket_that_is_not_there_is_not_there(supervisor: Browser, number: str) -> None:
    assert supervisor.get(f"/console/ratings/{number}").status_code == 404
    assert supervisor.post(f"/console/ratings/{number}/mend", text=DONE).status_code == 404


def tickets_of(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'/console/ratings/(\d+)"', page)]


@pytest.mark.parametrize("view", ["open", "done"])
def test_a_long_list_goes_on_and_loses_none(supervisor: Browser, view: str) -> None:
    made = [taken_back() for _ in range(22)]
    if view == "done":
        for ticket_id in made:
            supervisor.post(f"/console/ratings/{ticket_id}/dismiss", text="核实了当天的情况")
    first = read(supervisor, f"/console/ratings?view={view}")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    shown = tickets_of(first) + tickets_of(read(supervisor, following))

    assert shown == (made if view == "open" else made[::-1])


@pytest.mark.parametrize("query", ["view=everything", "after=!!!", "after=AAAA", "after=gAAAAAAAAAA"])
def test_a_page_that_cannot_be_found_is_told(supervisor: Browser, query: str) -> None:
    assert supervisor.get(f"/console/ratings?{query}").status_code == 422


@pytest.fixture
def statements(city: None) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*asked: object) -> None:
        seen.append(str(asked[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_a_longer_list_takes_no_more_statements(statements: list[str]) -> None:
    clerk = on_duty(Role.SUPERVISOR)

    def asked() -> int:
        statements.clear()
        with unit_of_work() as session:
            ratings.counts(session, clerk=clerk)
            ratings.page(session, clerk=clerk, view=View.OPEN)
        return len(statements)

    bad_ticket()
    one = asked()
    for _ in range(3):
        bad_ticket()

    assert asked() == one <= 5


def test_a_department_finds_its_own_without_reading_the_whole_citys(city: None) -> None:
    own = select(Evaluation.id).where(ratings.visible_to(on_duty(Role.APPROVER, department=POLICE)))
    with unit_of_work() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        asked = own.compile(db.engine(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {asked}")))

    assert "ix_evaluations_of_dept_code" in plan
    assert "ix_evaluations_of_dept_name" in plan
