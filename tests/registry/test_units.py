from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cases import service
from app.certificates.models import Certificate, CertificateChange
from app.db import Session, unit_of_work
from app.enterprises import inbox
from app.enterprises.inbox import Fate, Taken, Told
from app.enterprises.models import NameReservation, RegistryMessage
from tests import case_fixtures, oversight_fixtures
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.people_fixtures import log_in_as
from tests.races import together
from tests.registry.conftest import Founder

CHANGE = item("co-change")["task_code"]
CODE = "11350100MB99000138"
OLD, NEW = "示例市老名字茶业有限公司", "示例市新名字茶业有限公司"


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("co-change"))
        yield


@pytest.fixture
def owner_id() -> int:
    return case_fixtures.citizen()


def apply(owner_id: int, **form: str) -> str:
    """A case of the unit, handed in."""
    case_no = case_fixtures.ready(owner_id, CHANGE)
    changes = {"organisation_name": OLD, "organisation_code": CODE, **form}
    with unit_of_work() as session:
        service.save_form(session, citizen_id=owner_id, case_no=case_no, changes=changes)
    case_fixtures.submit(owner_id, case_no)
    return case_no


@pytest.fixture
def certificate_id(owner_id: int) -> int:
    """A certificate of the unit."""
    case_no = apply(owner_id)
    case_fixtures.accept(case_no)
    case_fixtures.decide(case_no)
    with unit_of_work() as session:
        return session.scalars(select(Certificate.id)).one()


@pytest.fixture
def tell(fresh_sandbox: Sandbox, served: str) -> Callable[..., None]:
    """The registry tells something about the unit, over HTTP."""
    del served

    def run(kind: str, value: str = "", **more: Any) -> None:
        asked = {"kind": f"enterprise.{kind}", "subject": CODE, "values": {"value": value}, **more}
        fresh_sandbox.post("/_sim/registry/events", **asked)

    return run


@pytest.fixture
def phone(client: FlaskClient, owner_id: int) -> Callable[[str], Any]:
    headers = log_in_as(owner_id)
    return lambda path: client.get(f"/api/v1{path}", headers=headers).get_json()


def test_a_new_name_stands_on_the_certificate_and_the_old_one_in_its_history(
    certificate_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    tell("name_changed", NEW)

    shown = phone(f"/certificates/{certificate_id}")
    assert shown["holder_name"] == NEW
    assert [each["sentence"] for each in shown["changes"]] == [f"单位名称：由“{OLD}”变更为“{NEW}”"]


def test_address_and_legal_person_stand_on_the_certificate_too(
    certificate_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    tell("address_changed", "示例市新路2号")
    tell("legal_person_changed", "王新")

    said = [each["sentence"] for each in phone(f"/certificates/{certificate_id}")["changes"]]
    assert said == ["住所：示例市新路2号", "法定代表人：王新"]


def test_a_deregistered_unit_has_no_valid_certificate(
    certificate_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    tell("deregistered")

    assert phone(f"/certificates/{certificate_id}")["state"] == "revoked"


@pytest.mark.usefixtures("certificate_id")
def test_who_supervises_a_licence_is_told_what_became_of_its_holder(
    tell: Callable[..., None], deliver: Any
) -> None:
    tell("name_changed", NEW)
    tell("deregistered")
    deliver()

    assert oversight_fixtures.kinds() == ["granted", "changed", "cancelled"]
    assert oversight_fixtures.content(1)["said"] == f"单位名称：由“{OLD}”变更为“{NEW}”"
    assert oversight_fixtures.content()["holder"]["number_kind"] == "organisation"


def test_an_open_case_says_what_is_registered_otherwise(
    owner_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    case_no = apply(owner_id)
    tell("name_changed", NEW)

    fields = {each["key"]: each["changed"] for each in phone(f"/cases/{case_no}")["form_fields"]}
    assert fields["organisation_name"] == f"登记信息已变更，现在登记的名称是“{NEW}”"
    assert fields["phone"] is None
    assert case_fixtures.kinds(case_no)[-1] == "registration_changed"


def test_what_was_registered_before_the_case_is_no_change(
    owner_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    with clock.stopped_at(MONDAY.replace(hour=7)):
        tell("name_changed", NEW)

    fields = phone(f"/cases/{apply(owner_id)}")["form_fields"]
    assert {each["changed"] for each in fields} == {None}


def test_a_holder_of_certificate_and_case_is_told_once(
    owner_id: int, certificate_id: int, tell: Callable[..., None], phone: Callable[[str], Any], deliver: Any
) -> None:
    apply(owner_id)
    for _ in range(3):
        tell("name_changed", NEW, event_id="REG-event-0001", sequence=1)
    deliver()

    titles = [each["title"] for each in phone("/messages")["items"]]
    assert titles.count("单位名称已变更") == 1


def test_an_older_change_that_comes_late_is_kept_and_changes_nothing(
    certificate_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    tell("name_changed", NEW, sequence=9)
    tell("name_changed", "示例市中间名字茶业有限公司", sequence=8)

    assert phone(f"/certificates/{certificate_id}")["holder_name"] == NEW
    with unit_of_work() as session:
        asked = select(RegistryMessage.sequence, RegistryMessage.overtaken).order_by(RegistryMessage.id)
        assert [tuple(row) for row in session.execute(asked)] == [(9, False), (8, True)]


def test_a_late_change_in_another_respect_still_counts(
    certificate_id: int, tell: Callable[..., None], phone: Callable[[str], Any]
) -> None:
    tell("name_changed", NEW, sequence=9)
    tell("address_changed", "示例市新路2号", sequence=8)

    assert len(phone(f"/certificates/{certificate_id}")["changes"]) == 2


def test_many_deliveries_at_once_are_one_change(
    certificate_id: int, tell: Callable[..., None], fresh_sandbox: Sandbox
) -> None:
    fresh_sandbox.post("/_sim/faults", op="registry.event", kind="duplicate", count=5, parallel=True)
    tell("name_changed", NEW)

    with unit_of_work() as session:
        assert len(session.scalars(select(CertificateChange)).all()) == 1


def test_two_changes_at_once_leave_the_newest(certificate_id: int, tell: Callable[..., None]) -> None:
    together(
        lambda: tell("name_changed", NEW, sequence=2),
        lambda: tell("name_changed", "示例市中间名字茶业有限公司", sequence=1),
    )

    with unit_of_work() as session:
        assert session.get_one(Certificate, certificate_id).holder_name == NEW


def test_control_without_the_registry_s_count_the_older_name_wins(
    certificate_id: int, tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = inbox.take

    def careless(session: Session, told: Told) -> Taken:
        return Taken(Fate.NEWEST, counting(session, told).message_id)

    monkeypatch.setattr("registry.webhooks.inbox.take", careless)
    tell("name_changed", NEW, sequence=9)
    tell("name_changed", OLD, sequence=8)

    with unit_of_work() as session:
        assert session.get_one(Certificate, certificate_id).holder_name == OLD


@pytest.mark.parametrize("forged", ["forged_signature", "tampered_body", "stale_timestamp"])
def test_a_forged_change_is_refused(
    certificate_id: int,
    tell: Callable[..., None],
    fresh_sandbox: Sandbox,
    phone: Callable[[str], Any],
    forged: str,
) -> None:
    fresh_sandbox.post("/_sim/faults", op="registry.event", kind=forged, only=True)
    tell("name_changed", NEW)

    assert phone(f"/certificates/{certificate_id}")["holder_name"] == OLD


def test_what_nobody_here_knows_is_kept_and_not_told_again(
    tell: Callable[..., None], fresh_sandbox: Sandbox
) -> None:
    tell("painted_green", "绿色", subject="91350100M000100Y43")

    deliveries = fresh_sandbox.get("/_sim/deliveries")["items"]
    assert [each["verdict"] for each in deliveries if each["op"] == "registry.event"] == ["accepted"]


def test_a_name_that_became_an_enterprise_stands_in_no_further_form(
    client: FlaskClient, tell: Callable[..., None], fresh_sandbox: Sandbox
) -> None:
    founder = Founder(client, fresh_sandbox)
    founder.reserve()
    tell("registered", values={"name": founder.mine()[0]["name"]})

    with unit_of_work() as session:
        assert session.scalars(select(NameReservation.state)).all() == ["used"]
