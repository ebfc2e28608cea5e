"""A clerk sees somebody's document and binds it to the account whose code was shown (窗口核验身份)."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock, events
from app.audit.models import AuditEntry
from app.check_characters import mod_11_2
from app.db import engine, unit_of_work
from app.organisations import queries as organisations
from app.organisations import service as standings
from app.organisations.models import Proof
from app.people import proving
from app.people.errors import IdentityOfAnother, NumberOfAnother
from app.people.models import Assurance, Citizen
from app.people.proving import Document, Shown
from app.staff.models import Role
from notifications import queries as messages
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.company_fixtures import CODE, NAME, agent_of
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.review_fixtures import NUMBER
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
OTHER = "11010519491231002X"
CARD = {"name": "王小明", "number": NUMBER, "document": "居民身份证"}


@pytest.fixture
def front_desk(client: FlaskClient) -> Browser:
    return browser(client, Role.FRONT_DESK, centre_id="C01", name="何窗口")


def account() -> int:
    """An account of which nothing is proven."""
    return make_citizen("")


def met(clerk: Browser, citizen_id: int) -> str:
    """The page of somebody who showed their code."""
    answer = clerk.post("/console/scan", content=desk.personal_code(citizen_id))
    return str(answer.headers["Location"])


def prove(clerk: Browser, citizen_id: int, **changed: str) -> tuple[int, str]:
    answer = clerk.post(f"{met(clerk, citizen_id)}/identity", **{**CARD, **changed})
    page = clerk.get(answer.headers["Location"]) if answer.status_code == 303 else answer
    return answer.status_code, page.text


def citizen(citizen_id: int) -> Citizen:
    with unit_of_work() as session:
        return session.get_one(Citizen, citizen_id)


def told(citizen_id: int) -> list[str]:
    while events.deliver():
        pass
    with unit_of_work() as session:
        return [each.title for each in messages.of_citizen(session, citizen_id=citizen_id)]


def test_what_stands_on_the_document_becomes_the_accounts(front_desk: Browser) -> None:
    owner = account()
    status, page = prove(front_desk, owner, number=" 350102 19900307 ００４７ ")

    assert (status, "已核验身份" in page, "王小明" in page) == (303, True, True)
    found = citizen(owner)
    assert (found.name, found.id_number, found.assurance) == ("王小明", NUMBER, Assurance.REAL_NAME)
    assert told(owner) == ["实名核验已完成"]


def test_it_is_audited_with_the_kind_of_document_and_nothing_personal(front_desk: Browser) -> None:
    prove(front_desk, account(), document="居民户口簿")
    with unit_of_work() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "identity_proven")).one()
        assert (line.actor, line.details) == (f"clerk:{front_desk.clerk_id}", {"document": "居民户口簿"})


def test_doing_it_twice_tells_it_once(front_desk: Browser) -> None:
    owner = account()
    page = met(front_desk, owner)

    assert [front_desk.post(f"{page}/identity", **CARD).status_code for _ in range(2)] == [303, 303]
    assert told(owner) == ["实名核验已完成"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": "35010219900307004"}, "身份证号应为18位"),
        ({"number": "350102199003070048"}, "身份证号有一位输错了"),
        ({"number": "350102199002300045"}, "出生日期不对"),
        ({"number": ""}, "请填写公民身份号码"),
        ({"number": "9" * 500}, "身份证号应为18位"),
        ({"name": " \u200b"}, "请照证件填写姓名"),
        ({"name": "王\x00小明"}, "请照证件填写姓名"),
        ({"name": "王小明1"}, "姓名里不能有数字"),
        ({"name": "长" * 51}, "请照证件填写姓名"),
        ({"document": "驾驶证"}, "请选择看的是哪种证件"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    front_desk: Browser, changed: dict[str, str], sentence: str
) -> None:
    owner = account()
    status, page = prove(front_desk, owner, **changed)

    assert (status, sentence in page) == (422, True)
    assert citizen(owner).id_number is None


def test_a_region_of_other_days_is_only_warned_of(front_desk: Browser) -> None:
    status, page = prove(front_desk, account(), number="99010219900307004" + mod_11_2("99010219900307004"))

    assert (status, "地区代码现在不用了" in page) == (303, True)


def test_a_number_of_another_account_is_refused_with_what_to_do(front_desk: Browser) -> None:
    prove(front_desk, account())
    second = account()
    status, page = prove(front_desk, second)

    assert (status, "已经实名在另一个账号上" in page) == (409, True)
    assert citizen(second).name in {"", None}


def test_an_account_of_somebody_else_stays_theirs(front_desk: Browser) -> None:
    owner = account()
    page = met(front_desk, owner)
    front_desk.post(f"{page}/identity", **CARD)
    answer = front_desk.post(f"{page}/identity", **{**CARD, "number": OTHER})

    assert (answer.status_code, "和现在的证件不一致" in answer.text) == (409, True)
    assert citizen(owner).id_number == NUMBER


def test_nobody_proves_themselves(front_desk: Browser) -> None:
    owner = account()

    assert prove(front_desk, owner, name=" 何窗口 ")[0] == 403
    assert citizen(owner).id_number is None


def test_only_a_front_desk_proves_and_only_who_stands_there(client: FlaskClient, front_desk: Browser) -> None:
    owner = account()
    page = met(front_desk, owner)
    cashier = browser(client, Role.CASHIER)
    assert cashier.post(f"{page}/identity", **CARD).status_code == 403

    other = browser(client, Role.FRONT_DESK)
    assert other.post(f"{page}/identity", **CARD).status_code == 404
    with clock.stopped_at(MONDAY + timedelta(minutes=21)):
        late = browser(client, Role.FRONT_DESK)
        assert late.post(f"{page}/identity", **CARD).status_code in {404, 410}
    assert citizen(owner).id_number is None


def test_a_clerk_who_tries_too_often_is_held_up_for_an_hour(
    front_desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "MOST_TRIES", 2)
    owner = account()
    page = met(front_desk, owner)
    wrong = {**CARD, "number": "1"}

    answers = [front_desk.post(f"{page}/identity", **form).status_code for form in (wrong, wrong, CARD, CARD)]
    assert answers == [422, 422, 429, 429]
    with unit_of_work() as session:
        session.execute(
            text("UPDATE identity_tries SET window_began_at = window_began_at - interval '1 hour'")
        )
    assert front_desk.post(f"{page}/identity", **CARD).status_code == 303


def test_a_supervisor_takes_it_back_with_what_rested_on_it(client: FlaskClient, front_desk: Browser) -> None:
    owner = account()
    prove(front_desk, owner)
    company = of_real_name(owner)
    agent = agent_of(owner, company)

    supervisor = browser(client, Role.SUPERVISOR)
    page = met(supervisor, owner)
    assert supervisor.post(f"{page}/identity/withdraw", reason=" ").status_code == 422
    assert supervisor.post(f"{page}/identity/withdraw", reason="证件看错了").status_code == 303
    assert supervisor.post(f"{page}/identity/withdraw", reason="证件看错了").status_code == 409

    found = citizen(owner)
    assert (found.name, found.id_number, found.assurance) == (None, None, Assurance.PLATFORM)
    with unit_of_work() as session:
        assert organisations.of_citizen(session, citizen_id=owner) == []
        assert organisations.of_citizen(session, citizen_id=agent) == []
    assert "实名核验已撤销" in told(owner)
    assert "identity_withdrawn" in desk.actions()
    assert prove(browser(client, Role.FRONT_DESK), account())[0] == 303


def of_real_name(owner: int) -> int:
    with unit_of_work() as session:
        made = standings.represent(session, citizen_id=owner, code=CODE, name=NAME, proof=Proof.REAL_NAME)
        return made.organisation_id


def test_a_front_desk_takes_nothing_back(front_desk: Browser) -> None:
    owner = account()
    prove(front_desk, owner)

    assert front_desk.post(f"{met(front_desk, owner)}/identity/withdraw", reason="x").status_code == 403
    assert citizen(owner).id_number == NUMBER


def show(citizen_id: int, number: str = NUMBER) -> bool:
    with unit_of_work() as session:
        shown = Shown("王小明", number, Document.CARD)
        return proving.prove_shown(session, citizen_id=citizen_id, shown=shown, actor="clerk:1")


def test_of_two_windows_that_prove_one_number_to_two_accounts_one_does() -> None:
    results = together(*[partial(show, each) for each in (account(), account())])

    assert refusals(results, NumberOfAnother) == 1
    assert results.count(True) == 1


def test_of_two_windows_that_prove_two_numbers_to_one_account_one_does() -> None:
    owner = account()
    results = together(partial(show, owner), partial(show, owner, OTHER))

    assert refusals(results, IdentityOfAnother) == 1


@pytest.fixture
def no_index() -> Iterator[None]:
    """The last wall taken down, and put up again."""
    name = "uq_citizens_id_number_index"
    with engine().begin() as connection:
        connection.execute(text(f"ALTER TABLE citizens DROP CONSTRAINT {name}"))
    yield
    with engine().begin() as connection:
        connection.execute(text("UPDATE citizens SET id_number_index = NULL"))
        connection.execute(text(f"ALTER TABLE citizens ADD CONSTRAINT {name} UNIQUE (id_number_index)"))


@pytest.mark.usefixtures("no_index")
def test_control_by_looking_first_the_number_would_be_two_accounts() -> None:
    meeting, owners = Meeting(), [account(), account()]

    def look_first(citizen_id: int) -> bool:
        with unit_of_work() as session:
            taken = session.scalars(select(Citizen.id).where(Citizen.id_number_index.is_not(None))).all()
            meeting.wait()
        return not taken and show(citizen_id)

    assert together(*[partial(look_first, each) for each in owners]) == [True, True]
