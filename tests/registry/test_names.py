from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import db
from app.cases import forms
from app.cases.forms import Form
from app.cases.models import Case
from app.db import unit_of_work
from app.enterprises import reservations, upkeep
from platforms import directory
from registry import names
from tests.case_fixtures import start
from tests.catalogue_fixtures import item, publish
from tests.conftest import Sandbox
from tests.races import together
from tests.registry.conftest import NAME, Founder, later

TAKEN = "示例市榕城餐饮有限公司"


def form_of(case_no: str) -> Form:
    """The draft's form as it was prefilled."""
    with unit_of_work() as session:
        return forms.opened(session.scalars(select(Case.sealed_form).where(Case.case_no == case_no)).one())


def test_a_free_name_is_said_to_be_free(founder: Founder) -> None:
    told = founder.look_up().get_json()

    assert (told["name"], told["standing"], told["refused"]) == (NAME, "free", [])


def test_a_taken_name_and_those_like_it_are_listed(founder: Founder) -> None:
    assert founder.look_up(TAKEN).get_json()["standing"] == "taken"
    assert TAKEN in founder.look_up("示例市榕城茶馆有限公司").get_json()["similar"]


def test_words_that_are_not_allowed_are_listed_with_the_reason_also_while_the_registry_is_away(
    founder: Founder,
) -> None:
    founder.fault("look_up", "http_503", times=-1)

    told = founder.look_up("示例市联合国茶馆有限公司").get_json()

    assert told["standing"] == "not_allowed"
    assert told["refused"][0]["word"] == "联合国"
    assert told["refused"][0]["basis"].endswith("第十一条第四项")


def test_what_only_the_registry_refuses_is_listed_in_our_words(founder: Founder, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.enterprises.name_rules.refused_words", lambda _: [])

    told = founder.look_up("示例市国家级茶馆有限公司").get_json()

    assert (told["standing"], told["refused"][0]["reason"]) == ("not_allowed", "可能使公众受骗或者产生误解")


@pytest.mark.parametrize("kind", ["http_503", "hang", "html"])
def test_a_registry_that_is_away_is_said_in_a_plain_sentence(founder: Founder, kind: str) -> None:
    founder.fault("look_up", kind, seconds=6)

    away = founder.look_up()

    assert (away.status_code, away.get_json()["code"]) == (503, "registry_away")
    assert "市场监管登记系统暂时没有回应" in away.get_json()["detail"]


def test_names_are_not_looked_up_without_end(founder: Founder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reservations, "CHECKS", 2)

    assert [founder.look_up().status_code for _ in range(3)] == [200, 200, 429]
    with later(minutes=11):
        assert founder.look_up().status_code == 200


def test_a_free_name_is_kept_with_number_and_last_day(founder: Founder, deliver: Any) -> None:
    answered = founder.reserve()
    deliver()

    reserved = answered.get_json()
    (kept,) = founder.kept_at_the_registry()
    assert (answered.status_code, reserved["state"]) == (201, "reserved")
    assert (reserved["registry_no"], reserved["expires_on"]) == (kept["number"], kept["expires_on"])
    assert reserved["days_left"] == 61
    assert founder.messages() == ["企业名称已保留"]
    assert founder.look_up().get_json()["standing"] == "mine"


def test_the_promise_must_be_made(founder: Founder) -> None:
    refused = founder.reserve(promise=False)

    assert (refused.status_code, refused.get_json()["errors"]["promise"]) == (422, ["请先阅读并同意申报承诺"])
    assert founder.kept_at_the_registry() == []


def test_the_same_tap_and_a_second_tap_are_one_reservation(founder: Founder) -> None:
    first = founder.reserve(tap="the-same-tap").get_json()

    assert founder.reserve(tap="the-same-tap").get_json() == first
    assert founder.reserve(tap="another-tap").get_json() == first
    assert len(founder.kept_at_the_registry()) == len(founder.mine()) == 1


def test_a_taken_name_is_refused_and_stays_refused_for_that_tap(founder: Founder) -> None:
    for _ in range(2):
        refused = founder.reserve(TAKEN, tap="tap-taken")
        assert (refused.status_code, refused.get_json()["code"]) == (409, "name_taken")
    assert [each["state"] for each in founder.mine()] == ["refused"]


def test_a_word_that_is_not_allowed_reserves_nothing(founder: Founder) -> None:
    refused = founder.reserve("示例市赌场有限公司")

    assert refused.get_json()["code"] == "name_not_allowed"
    assert "赌博" in refused.get_json()["errors"]["name"][0]
    assert founder.mine() == []


def test_nobody_hoards_names(founder: Founder) -> None:
    for letter in "甲乙丙":
        assert founder.reserve(f"示例市{letter}{letter}茶馆有限公司").status_code == 201

    assert founder.reserve().get_json()["code"] == "too_many_names"


def test_two_phones_at_once_are_one_reservation(founder: Founder) -> None:
    def reserve() -> int:
        return founder.reserve().status_code

    assert together(reserve, reserve, reserve) == [201, 201, 201]
    assert len(founder.kept_at_the_registry()) == len(founder.mine()) == 1


def test_control_without_lock_and_index_one_citizen_reserves_one_name_twice(
    founder: Founder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reservations, "_live", lambda *_, **__: None)
    with db.engine().begin() as connection:
        connection.execute(text("DROP INDEX uq_name_reservations_live"))
    try:
        together(founder.reserve, founder.reserve)
        assert len(founder.mine()) == 2
    finally:
        with db.engine().begin() as connection:
            connection.execute(text("TRUNCATE name_reservations"))
            connection.execute(
                text(
                    "CREATE UNIQUE INDEX uq_name_reservations_live ON name_reservations (citizen_id, name)"
                    " WHERE state IN ('sending', 'reserved')"
                )
            )


def test_the_request_and_the_job_write_one_outcome(founder: Founder, deliver: Any) -> None:
    founder.fault("reserve", "reset", after=True)
    founder.reserve()

    def reserve_again() -> int:
        return founder.reserve().status_code

    with later(minutes=2):
        together(names.ask_about_names, names.ask_about_names, reserve_again)
        deliver()

    assert founder.messages() == ["企业名称已保留"]


def test_a_name_that_ends_soon_is_told_once_and_then_ends(founder: Founder, deliver: Any) -> None:
    founder.reserve()

    for days in (30, 54, 55):
        with later(days=days):
            upkeep.watch_retention()
            deliver()
    assert founder.messages() == ["企业名称快到期了", "企业名称已保留"]

    with later(days=61):
        upkeep.watch_retention()
    assert [(each["state"], each["days_left"]) for each in founder.mine()] == [("ended", None)]


def test_on_its_last_day_a_name_is_still_kept(founder: Founder) -> None:
    founder.reserve()

    with later(days=60):
        upkeep.watch_retention()

    assert [each["state"] for each in founder.mine()] == ["reserved"]


def test_a_reserved_name_stands_in_the_form_of_the_item_that_asks_for_one(founder: Founder) -> None:
    publish(item("co-setup"))
    founder.reserve()

    form = form_of(start(founder.id, item("co-setup")["task_code"]))

    assert form.values["company_name"] == NAME
    assert form.sources["company_name"].startswith("已保留的名称")


def test_a_company_s_name_is_not_put_into_the_form_of_who_trades_alone(founder: Founder) -> None:
    publish(item("co-setup"))
    founder.reserve("示例市榕树下茶馆")

    form = form_of(start(founder.id, item("co-setup")["task_code"]))

    assert "company_name" not in form.values


def test_the_items_that_take_a_name_over_are_named(founder: Founder) -> None:
    publish(item("co-setup"), item("id-lost"))

    told = founder.get("/enterprise-names/mine").get_json()

    assert [each["name"] for each in told["usable_for"]] == ["公司设立登记"]


def test_nobody_sees_the_names_of_others(founder: Founder, client: FlaskClient, sandbox: Sandbox) -> None:
    founder.reserve()
    other = Founder(client, sandbox)

    assert other.mine() == []
    assert other.look_up().get_json()["standing"] == "taken"


def test_a_city_without_the_registry_says_so(founder: Founder, monkeypatch: pytest.MonkeyPatch) -> None:
    without = directory.current().__class__(**{**vars(directory.current()), "registry": None})
    monkeypatch.setattr(directory, "_installed", without)

    assert founder.look_up().get_json()["code"] == "registry_not_joined"
    assert names.ask_about_names() == 0


def test_an_account_with_an_unanswered_name_does_not_end(founder: Founder) -> None:
    founder.fault("reserve", "http_503")
    founder.reserve()

    reasons = founder.get("/me/closing").get_json()["reasons"]
    assert any("登记系统答复" in reason for reason in reasons)


def test_what_was_asked_for_is_in_the_citizen_s_own_file(founder: Founder) -> None:
    founder.reserve()

    (told,) = founder.get("/me/export").get_json()["enterprise_names"]

    assert (told["name"], told["state"]) == (NAME, "已保留")
