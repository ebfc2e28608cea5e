"""One licence for one trade: given when every part is granted, and checked by anybody."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app import events, settings
from app.bundles.licences import Listed
from app.bundles.models import BundleLicence
from app.certificates.models import Certificate
from app.db import unit_of_work
from subscriptions import SUBSCRIPTIONS
from tests import case_fixtures
from tests.bundle_fixtures import (
    FOOD,
    RESTAURANT,
    SETUP,
    carry_on,
    case_of,
    grant,
    settle,
    submitted,
    tell,
    whole,
)
from tests.catalogue_fixtures import load_catalogue
from tests.city_fixtures import load_city


@pytest.fixture
def citizen(client: FlaskClient) -> int:
    del client
    events.wire(SUBSCRIPTIONS)
    load_city()
    load_catalogue()
    return case_fixtures.citizen()


@pytest.fixture
def licence_no(citizen: int) -> str:
    number = submitted(citizen, RESTAURANT)
    grant(number, SETUP)
    grant(number, FOOD)
    licence = whole(citizen, number).licence
    assert licence is not None
    return licence.licence_no


def landing(client: FlaskClient, licence_no: str) -> str:
    shown = client.get(f"/api/v1/bundle-licences/{licence_no}").get_json()
    return client.get(shown["content"].removeprefix(settings.current().public_url)).get_data(as_text=True)


def test_anybody_sees_its_licences_and_whether_they_stand(client: FlaskClient, licence_no: str) -> None:
    shown = client.get(f"/api/v1/bundle-licences/{licence_no}").get_json()

    assert (shown["name"], shown["valid"]) == ("餐饮店行业综合许可凭证", True)
    assert [part["name"] for part in shown["parts"]] == [
        "个体工商户设立登记结果凭证",
        "食品经营许可（餐饮服务）结果凭证",
    ]
    assert "王小明" not in str(shown)


def test_its_code_shows_the_same_on_the_public_page(client: FlaskClient, licence_no: str) -> None:
    page = landing(client, licence_no)

    assert "餐饮店行业综合许可凭证" in page
    assert page.count(">有效</p>") == 2
    assert "王小明" not in page


def test_a_licence_revoked_or_over_is_shown_as_such(client: FlaskClient, licence_no: str) -> None:
    with unit_of_work() as session:
        session.execute(update(Certificate).where(Certificate.task_code == FOOD).values(state="revoked"))
        over = {"valid_until": date(2020, 1, 1), "issued_on": date(2019, 1, 1)}
        session.execute(update(Certificate).where(Certificate.task_code == SETUP).values(**over))
    page = landing(client, licence_no)

    assert "已撤销" in page
    assert "已过期" in page
    assert client.get(f"/api/v1/bundle-licences/{licence_no}").get_json()["valid"] is False


def test_a_licence_of_nothing_stands_for_nothing() -> None:
    assert Listed(BundleLicence(), []).whole is False


def test_scanning_its_code_opens_it_for_everybody(client: FlaskClient, licence_no: str) -> None:
    content = client.get(f"/api/v1/bundle-licences/{licence_no}").get_json()["content"]
    meaning = client.post("/api/v1/codes/scan", json={"content": content}).get_json()

    assert (meaning["action"], meaning["page"]) == (
        "open_licence",
        f"/pages/bundles/licence?no={licence_no}",
    )


def test_it_is_given_once_and_only_for_the_whole(citizen: int) -> None:
    number = submitted(citizen, RESTAURANT)
    grant(number, SETUP)
    assert whole(citizen, number).licence is None
    settle(number, FOOD, granted=False)
    tell()
    assert whole(citizen, number).licence is None

    part = submitted(citizen, RESTAURANT, [SETUP])
    grant(part, SETUP)
    carry_on(part, SETUP)
    assert whole(citizen, part).licence is None


def test_a_part_taken_back_before_leaves_no_whole(citizen: int) -> None:
    number = submitted(citizen, RESTAURANT)
    case_fixtures.withdraw(citizen, case_of(number, FOOD))
    grant(number, SETUP)

    assert whole(citizen, number).licence is None


@pytest.mark.parametrize("licence_no", ["20200101ABCDEFGH", "%00"])
def test_what_is_no_licence_is_not_found(client: FlaskClient, citizen: int, licence_no: str) -> None:
    del citizen
    assert client.get(f"/api/v1/bundle-licences/{licence_no}").status_code == 404
