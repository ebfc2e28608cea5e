"""My certificate on my phone: taking it along, showing it, and the page whoever scans it sees."""

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app import clock
from app.certificates.models import Certificate
from app.certificates.share_models import CertificateShare
from app.codes import qr
from app.db import unit_of_work
from app.own_data import matters
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.case_fixtures import decide
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY
from tests.company_fixtures import Actor, agent_of, company_of, dismiss, handed_in
from tests.document_fixtures import words_of
from tests.miniprogram_api.owner import Owner


@pytest.fixture
def owner(client: FlaskClient, database: None) -> Iterator[Owner]:
    """Somebody with a certificate."""
    with clock.stopped_at(MONDAY):
        desk.open_city()
        found = Owner(client)
        decide(case_fixtures.accepted(found.id))
        yield found


def path(tail: str = "") -> str:
    with unit_of_work() as session:
        found = session.scalars(select(Certificate.id).order_by(Certificate.id.desc())).first()
    return f"/certificates/{found}{tail}"


def scanned(client: FlaskClient, owner: Owner, **chosen: object) -> str:
    content = owner.call("POST", path("/share"), json=chosen).get_json()["content"]
    return client.get(content[content.index("/s/") :]).text


def test_the_paper_says_what_the_certificate_says_without_the_whole_number(owner: Owner) -> None:
    answer = owner.call("GET", path("/pdf"))
    words = words_of(answer.data)

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    for part in ("王小明", "1.2.156.3005.2.", "1****************X", "有效期至"):
        assert part in words
    assert case_fixtures.CITIZEN_NUMBER not in words


def test_a_camera_reads_the_code_that_is_shown(owner: Owner) -> None:
    content = owner.call("POST", path("/share"), json={}).get_json()["content"]
    with Image.open(BytesIO(qr.png(content, scale=4))) as picture:
        [read] = zxingcpp.read_barcodes(picture.convert("L"))

    assert read.text == content
    assert len(content) < 420


def test_whoever_scans_sees_what_was_chosen_and_that_it_is_valid(client: FlaskClient, owner: Owner) -> None:
    least, more = scanned(client, owner), scanned(client, owner, facts=["holder_name"])

    assert "有效" in least
    assert "**明" in least
    assert "王小明" not in least
    assert "王小明" in more


def test_the_page_is_kept_by_nobody_and_found_by_no_search(client: FlaskClient, owner: Owner) -> None:
    content = owner.call("POST", path("/share"), json={}).get_json()["content"]
    page = client.get(content[content.index("/s/") :])

    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_ended_means_ended_at_once(client: FlaskClient, owner: Owner) -> None:
    content = owner.call("POST", path("/share"), json={}).get_json()["content"]
    assert owner.call("DELETE", path("/share")).status_code == 204

    page = client.get(content[content.index("/s/") :])
    assert (page.status_code, "已经结束" in page.text) == (410, True)
    assert client.get("/s/nothing").status_code == 404


def test_the_holder_reads_when_somebody_looked(client: FlaskClient, owner: Owner) -> None:
    scanned(client, owner, facts=["holder_number"])

    [shown] = owner.call("GET", path("/shares")).get_json()["items"]
    assert (shown["is_open"], len(shown["looks"])) == (True, 1)
    assert shown["facts"] == ["证件号码（只留首尾）"]


@pytest.mark.parametrize(
    ("method", "tail"), [("GET", "/pdf"), ("POST", "/share"), ("DELETE", "/share"), ("GET", "/shares")]
)
def test_anothers_certificate_is_404(client: FlaskClient, owner: Owner, method: str, tail: str) -> None:
    other = Owner(client, "李四")
    assert other.call(method, path(tail), json={}).status_code == 404


def test_what_may_be_chosen_is_said_and_nothing_else_is_taken(owner: Owner) -> None:
    told = owner.call("GET", path()).get_json()["can_show"]

    assert [fact["name"] for fact in told] == ["holder_name", "holder_number"]
    assert owner.call("POST", path("/share"), json={"facts": ["case_no"]}).status_code == 422


def test_scanned_with_our_own_app_it_is_said_how_to_look(owner: Owner) -> None:
    content = owner.call("POST", path("/share"), json={}).get_json()["content"]

    answer = owner.call("POST", "/codes/scan", json={"content": content})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "certificate_shown_in_browser")


def test_an_agent_shows_the_companys_certificate_until_dismissed(client: FlaskClient, owner: Owner) -> None:
    publish(item("food-permit"))
    company = company_of(owner.id)
    case_no = handed_in(Actor(client, owner.id, company), company)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)
    decide(case_no)
    agent = Actor(client, agent_of(owner.id, company), company)

    content = agent.ask("POST", path("/share"), {}).get_json()["content"]
    assert "示例市榕城餐饮有限公司" in client.get(content[content.index("/s/") :]).text
    assert owner.call("POST", path("/share"), json={}).status_code == 404
    dismiss(owner.id, company)
    assert agent.ask("POST", path("/share"), {}).status_code in {403, 404}


def test_what_was_shown_is_taken_along_and_goes_with_the_account(client: FlaskClient, owner: Owner) -> None:
    scanned(client, owner, facts=["holder_name"])
    taken = json.loads(owner.call("GET", "/me/export").get_data())

    [shown] = taken["certificate_showings"]
    assert (shown["shown"], len(shown["looked_at"])) == (["持证人全名"], 1)
    with unit_of_work() as session:
        matters.forget(session, owner.id)
        assert session.scalars(select(CertificateShare)).all() == []
