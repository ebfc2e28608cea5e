"""The builds for WeChat and Alipay run without a device (小程序): every page opens against the real program.

WeChat's own compiler and simulator draw the pages; of Alipay, which has none outside its tools, the data and
the handlers are seen.
"""

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.appointments import queries as appointments
from app.appointments import service as booking
from app.cases import service as case_service
from app.certificates import queries as certificates
from app.checklists import service as checklists
from app.db import unit_of_work
from app.fees import queries as fees
from app.people.models import Citizen
from runner import client as phone_client
from tests import bundle_fixtures
from tests import case_fixtures as cases
from tests import precheck_fixtures as prechecks
from tests.company_fixtures import company_of
from tests.catalogue_fixtures import ID_LOST
from tests.conftest import Sandbox
from tests.delegation_fixtures import delegated, prove, proven
from tests.phone import Phone

pytestmark = pytest.mark.xdist_group("client")

TARGETS = {"weixin": "wechat", "alipay": "alipay"}
BROKEN = ("undefined", "NaN", "[object Object]")
Said = dict[str, Any]


@pytest.fixture(scope="session", params=TARGETS)
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def run(
    built: dict[str, str],
    served: str,
    sandbox: Sandbox,
    client: FlaskClient,
    city: None,
    target: str,
    tmp_path: Path,
) -> Callable[..., Said]:
    """Opens pages of one build as a citizen who has something of everything."""
    del built, city

    def opened(**order: Any) -> Said:
        phone = Phone(client, sandbox)
        phone.log_in(TARGETS[target])
        login = f"{sandbox.url}/_sim/people/{phone.person['person_id']}/{TARGETS[target]}/login"
        pages = order.pop("pages", everything)
        pages = pages() if callable(pages) else pages
        (tmp_path / "order.json").write_text(json.dumps({"login": login, "pages": pages, **order}))
        script = phone_client.CLIENT / "tests" / "mp" / f"{target}.cjs"
        line = ["node", str(script), str(phone_client.output(target)), served, str(tmp_path / "order.json")]
        done = subprocess.run(line, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
        said: Said = json.loads(done.stdout)
        return said

    return opened


PLAIN = (
    "pages/home/home",
    "pages/code/code",
    "pages/cases/list",
    "pages/me/me",
    "pages/guides/list",
    "pages/booking/list",
    "pages/booking/queue",
    "pages/bills/list",
    "pages/bills/result",
    "pages/bills/receipts",
    "pages/bills/refund",
    "pages/guides/steps",
    "pages/articles/list",
    "pages/figures/figures",
    "pages/cases/track",
    "pages/cases/co-sign",
    "pages/scan/scan",
    "pages/messages/list",
    "pages/chat/chat",
    "pages/me/profile",
    "pages/me/certificates",
    "pages/me/privacy",
    "pages/me/consents",
    "pages/me/locker",
    "pages/me/promises",
    "pages/me/complaints",
    "pages/me/complaint",
    "pages/me/settings",
    "pages/me/about",
    "pages/me/assistance",
    "pages/enterprise/names",
    "pages/organisations/list",
    "pages/organisations/accept",
    "pages/delegations/list",
    "pages/delegations/give",
    "pages/delegations/accept",
    "pages/login/login",
)


def everything() -> dict[str, dict[str, str]]:
    """Every page with what it is opened with, for the citizen who logged in last."""
    with unit_of_work() as session:
        citizen_id = session.scalars(select(func.max(Citizen.id))).one()
    guide = {"task_code": ID_LOST}
    prove(citizen_id)
    done, billed = closed(citizen_id), cases.submitted(citizen_id)
    cases.accept(billed)
    waiting, draft = cases.submitted(citizen_id), cases.start(citizen_id)
    together = bundle_fixtures.begin(citizen_id)
    with unit_of_work() as session:
        certificate = certificates.of_citizen(session, citizen_id=citizen_id, limit=1)[0].id
        bill = fees.of_citizen(session, citizen_id=citizen_id, limit=1)[0].bill_no
    return {
        **{page: {} for page in PLAIN},
        "pages/guides/detail": guide,
        "pages/guides/questions": guide,
        "pages/guides/checklist": {"no": checklist()},
        "pages/guides/bundle": {"key": "newborn"},
        "pages/bundles/questions": {"key": "newborn"},
        "pages/bundles/apply": {"no": together},
        "pages/bundles/progress": {"no": together},
        "pages/articles/detail": {"key": "id-card-anywhere"},
        "pages/bundles/licence": {"no": licence(citizen_id)},
        "pages/apply/form": {"no": draft},
        "pages/apply/materials": {"no": draft},
        "pages/apply/check": {"no": draft},
        "pages/booking/centres": guide,
        "pages/booking/centre": {"id": "C01"},
        "pages/booking/slots": {"centre_id": "C01", **guide},
        "pages/booking/ticket": {"id": str(booked(citizen_id))},
        "pages/bills/pay": {"no": bill},
        "pages/bills/detail": {"no": bill},
        **{f"pages/cases/{each}": {"no": waiting} for each in ("detail", "delivery", "visits")},
        "pages/cases/precheck": {"no": draft},
        "pages/cases/rate": {"no": done},
        "pages/me/certificate": {"id": str(certificate)},
        "pages/organisations/detail": {"id": str(company_of(citizen_id))},
        "pages/delegations/detail": {"id": str(delegated(citizen_id, proven("陈志强")))},
    }


def looked_at(*, passed: bool) -> dict[str, dict[str, str]]:
    """The page about a draft of whoever logged in last, that a clerk is asked to look at or has passed."""
    with unit_of_work() as session:
        citizen_id = session.scalars(select(func.max(Citizen.id))).one()
    case_no = prechecks.draft(citizen_id)
    found = prechecks.ask(citizen_id, case_no)
    if passed:
        prechecks.pass_(found)
    return {"pages/cases/precheck": {"no": case_no}}


def licence(citizen_id: int) -> str:
    """One licence of a restaurant with every licence it needs."""
    number = bundle_fixtures.submitted(citizen_id, bundle_fixtures.RESTAURANT)
    for code in (bundle_fixtures.SETUP, bundle_fixtures.FOOD):
        bundle_fixtures.grant(number, code)
    given = bundle_fixtures.whole(citizen_id, number).licence
    assert given is not None
    return given.licence_no


def checklist() -> str:
    with unit_of_work() as session:
        return checklists.make(
            session, task_code=ID_LOST, answers={"come": "yes", "prints": "no"}
        ).checklist_no


def closed(citizen_id: int) -> str:
    case_no = cases.accepted(citizen_id)
    cases.decide(case_no)
    with unit_of_work() as session:
        case_service.close(session, case_no=case_no, officer=cases.APPROVER)
    return case_no


def booked(citizen_id: int) -> int:
    with unit_of_work() as session:
        choice = appointments.slots(session, centre_id="C01", task_code=ID_LOST)
        free = next(slot for slot in reversed(choice.slots) if slot.free)
        return booking.book(
            session, citizen_id=citizen_id, centre_id="C01", slot_id=free.id, task_code=ID_LOST
        ).id


def test_every_page_opens_and_says_what_the_server_knows(run: Callable[..., Said], target: str) -> None:
    said = run()

    assert set(said["pages"]) == set(said["listed"])
    assert {page: shown["noise"] for page, shown in said["pages"].items() if shown["noise"]} == {}
    text = {page: shown["text"] for page, shown in said["pages"].items()}
    assert [page for page in text if not text[page]] == []
    assert "居民身份证丢失补领" in text["pages/cases/detail"]
    assert "市民服务中心" in text["pages/booking/ticket"]
    assert "非常满意" in text["pages/cases/rate"]
    assert "不用回老家办" in text["pages/articles/detail"]
    assert "一趟不用跑" in text["pages/figures/figures"]
    if target == "weixin":
        assert [page for page in text if any(word in text[page] for word in BROKEN)] == []
    else:
        assert {page: shown["missing"] for page, shown in said["pages"].items() if shown["missing"]} == {}


@pytest.mark.parametrize(("passed", "words"), [(False, "正在预审"), (True, "预审已通过")])
def test_a_draft_that_is_looked_at_opens_and_one_that_passed(
    run: Callable[..., Said], *, passed: bool, words: str
) -> None:
    shown = run(pages=partial(looked_at, passed=passed))["pages"]["pages/cases/precheck"]

    assert not shown["noise"]
    assert words in shown["text"]
    assert not shown.get("missing")


@pytest.mark.parametrize("target", ["weixin"], indirect=True)
def test_a_tap_in_wechat_leads_on(run: Callable[..., Said]) -> None:
    said = run(pages={"pages/me/me": {}}, taps={"pages/me/me": ".who"})

    assert said["pages"]["pages/me/me"]["tapped"]
    assert said["moves"] == ["navigateTo /pages/me/profile"]


@pytest.mark.parametrize("target", ["weixin"], indirect=True)
def test_whoever_has_large_letters_everywhere_starts_with_large_letters(run: Callable[..., Said]) -> None:
    usual = run(pages={"pages/me/about": {}})
    large = run(pages={"pages/me/about": {}}, fontScale=1.4)

    assert "size-standard" in usual["pages"]["pages/me/about"]["html"]
    assert "size-elder" in large["pages"]["pages/me/about"]["html"]
