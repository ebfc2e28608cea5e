"""What a partner system reads, signed as the documentation says."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.conftest import ROOT
from tests.partner_fixtures import PartnerClient, headers

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
GUIDE = f"/guides/{ID_LOST}"


@pytest.fixture
def partner(client: FlaskClient) -> PartnerClient:
    """A partner of a city with two guides."""
    with clock.stopped_at(NOON):
        publish(item(), item("marry"))
    return PartnerClient(client)


def codes(answer: Any) -> list[str]:
    return [one["task_code"] for one in answer["items"]]


def test_a_partner_reads_every_guide_page_by_page(partner: PartnerClient) -> None:
    first = partner.json("/guides?limit=1")
    second = partner.json(f"/guides?limit=1&cursor={first['next_cursor']}")

    assert codes(first) + codes(second) == [ID_LOST, MARRY]
    assert second["next_cursor"] is None
    assert first["items"][0] == {
        "task_code": ID_LOST,
        "name": "居民身份证丢失补领",
        "version": 1,
        "state": "in_use",
        "changed_at": "2026-11-20T12:00:00+08:00",
        "over_at": None,
        "successor": None,
    }


def test_what_changes_while_somebody_pages_comes_at_the_end(partner: PartnerClient) -> None:
    first = partner.json("/guides?limit=1")
    publish(item(promise_day=5))

    rest = partner.json(f"/guides?cursor={first['next_cursor']}")["items"]
    assert [(one["task_code"], one["version"]) for one in rest] == [(MARRY, 1), (ID_LOST, 2)]


def test_since_tells_only_what_has_changed(partner: PartnerClient) -> None:
    with clock.stopped_at(NOON + timedelta(days=1)):
        publish(item(promise_day=5))

    assert codes(partner.json("/guides?since=2026-11-21T00:00:00%2B08:00")) == [ID_LOST]
    assert codes(partner.json("/guides?since=2026-11-20T12:00:00")) == [MARRY, ID_LOST]


def test_who_asks_since_their_last_question_misses_nothing_that_was_on_its_way(
    partner: PartnerClient,
) -> None:
    """The publication began before the question and was committed after it."""
    with clock.stopped_at(NOON + timedelta(minutes=9)):
        publish(item(promise_day=5))
    asked = (NOON + timedelta(minutes=10)).isoformat().replace("+", "%2B")

    assert codes(partner.json(f"/guides?since={asked}"))[-1] == ID_LOST


def test_a_cancelled_item_names_what_replaced_it(partner: PartnerClient) -> None:
    publish(item(task_state="3", successor_code=MARRY))

    told = partner.json("/guides")["items"][-1]
    assert (told["state"], told["successor"]["task_code"]) == ("cancelled", MARRY)
    assert partner.json(GUIDE)["successor"] == {"task_code": MARRY, "name": "结婚登记（内地居民）"}


def test_a_whole_guide_has_all_its_fields_and_none_that_is_ours_alone(partner: PartnerClient) -> None:
    one = item(unified_reasons={"limit": "内部说明"}, clerk_note="不外传")
    one["materials"][0]["remark"] = "内部备注"
    publish(one)
    body = partner.json(GUIDE)["body"]

    expected = {name: value for name, value in item().items() if name not in {"materials", "secret"}}
    assert {name: body[name] for name in expected} == expected
    assert body["materials"][0]["material_code"] == item()["materials"][0]["material_code"]
    assert "内部" not in str(body)
    assert "不外传" not in str(body)


def test_every_version_stays_readable(partner: PartnerClient) -> None:
    publish(item(promise_day=5))
    told = partner.json(f"{GUIDE}/versions")["items"]

    assert [(one["version"], one["over_at"] is None) for one in told] == [(2, True), (1, False)]
    assert partner.json(f"{GUIDE}?version=1")["body"]["promise_day"] == 10


def test_a_secret_item_is_nowhere(partner: PartnerClient) -> None:
    publish(item(secret=True))

    assert codes(partner.json("/guides")) == [MARRY]
    for target in (GUIDE, f"{GUIDE}?version=1", f"{GUIDE}/versions"):
        answer = partner.get(target)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "guide_not_found")


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/guides?since=yesterday", "since"),
        ("/guides?since=0001-01-01T00:00:00%2B14:00", ""),
        ("/guides?limit=0", "limit"),
        ("/guides?cursor=%F0", "cursor"),
        (f"{GUIDE}?version=0", "version"),
    ],
)
def test_a_wrong_parameter_is_named_in_both_languages(partner: PartnerClient, target: str, name: str) -> None:
    answer = partner.get(target)
    if not name:
        assert answer.status_code in {200, 422}
        return
    told = answer.get_json()

    assert (answer.status_code, list(told["errors"])) == (422, [name])
    assert "参数" in told["detail"]
    assert "parameter" in told["detail_en"]


def test_an_unsigned_request_is_told_how_in_both_languages(client: FlaskClient) -> None:
    answer = client.get("/partner/v1/guides")

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.get_json()["code"] == "signature_missing"
    assert "签名" in answer.get_json()["detail"]
    assert "not signed" in answer.get_json()["detail_en"]
    assert answer.headers["WWW-Authenticate"] == 'YIMA-HMAC-SHA256 realm="yima"'


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/partner/v1/nothing", 404, "not_found"),
        ("GET", "/partner/v2", 404, "not_found"),
        ("POST", "/partner/v1/guides", 405, "method_not_allowed"),
    ],
)
def test_an_address_that_is_not_there_says_so_in_both_languages(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.open(path, method=method)
    told = answer.get_json()

    assert (answer.status_code, answer.mimetype, told["code"]) == (status, "application/problem+json", code)
    assert told["detail_en"].isascii()
    assert not told["detail"].isascii()


def test_a_fault_of_ours_is_told_in_both_languages(
    partner: PartnerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("app.catalogue.sharing.changed")
    answer = partner.get("/guides")

    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "our side" in answer.get_json()["detail_en"]


def test_a_signature_is_good_for_its_own_address_only_and_once(partner: PartnerClient) -> None:
    signed = headers(partner.partner, "/partner/v1/guides")

    other = partner.client.get("/partner/v1/guides?limit=9", headers=signed)
    assert other.get_json()["code"] == "signature_wrong"
    assert partner.client.get("/partner/v1/guides", headers=signed).status_code == 200
    again = partner.client.get("/partner/v1/guides", headers=signed)
    assert (again.status_code, again.get_json()["code"]) == (401, "signature_used")


def test_whoever_asks_too_often_is_told_when_to_come_again(client: FlaskClient) -> None:
    partner = PartnerClient(client, minute_rate=1)
    with clock.stopped_at(NOON):
        assert partner.get("/guides").status_code == 200
        answer = partner.get("/guides")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.get_json()["code"] == "rate_exceeded"


def test_a_request_that_came_too_often_is_used_up_all_the_same(client: FlaskClient) -> None:
    partner = PartnerClient(client, minute_rate=1)
    with clock.stopped_at(NOON):
        assert partner.get("/guides").status_code == 200
        signed = headers(partner.partner, "/partner/v1/guides")
        assert client.get("/partner/v1/guides", headers=signed).status_code == 429
    with clock.stopped_at(NOON + timedelta(minutes=1)):
        again = client.get("/partner/v1/guides", headers=signed)

    assert (again.status_code, again.get_json()["code"]) == (401, "signature_used")


def test_a_partner_that_has_the_answer_is_told_so(partner: PartnerClient) -> None:
    first = partner.get(GUIDE)
    again = partner.get(GUIDE, **{"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_the_example_of_the_documentation_works_as_it_is_pasted(
    app: Any, client: FlaskClient, served: str
) -> None:
    told = app.test_cli_runner().invoke(args=["partners", "add", "示例区"]).output
    key, secret = re.findall(r": +(\S+)", told)
    page = (ROOT / "docs" / "partners.md").read_text(encoding="utf-8")
    script = re.search(r"```bash\n(.*?)```", page, re.DOTALL)
    assert script is not None
    pasted = (
        script[1]
        .replace("http://127.0.0.1:8000", served)
        .replace("yp_0000000000000000", key)
        .replace("put-your-secret-here", secret)
    )
    done = subprocess.run(["bash", "-c", pasted], capture_output=True, check=True, cwd=Path("/"))

    assert done.stdout.startswith(b'{"items":')
