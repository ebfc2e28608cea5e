"""A citizen who has something of everything, and how each page of the client is opened (什么都有的市民)."""

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from runner.client import CLIENT
from tests.journeys.company import represented
from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk
from tests.journeys.phone import Phone, eventually
from tests.journeys.proven import authorising, prove
from tests.journeys.screens.errands import HALL, complain, hand_in, pay

# A page is opened with this query.
Pages = Mapping[str, dict[str, str]]
ITEM = "11350100MB990001383350790003000"
# A clerk looks at it before its applicant travels.
LOOKED_AT = "11350100MB990001383350790008000"


@dataclass(frozen=True)
class Story:
    """Who it is for the demo login, every page with what it is opened with, and their other phone."""

    persona: str
    pages: Pages
    citizen: Phone


def listed() -> list[str]:
    """Every page that the client has."""
    return [page["path"] for page in json.loads((CLIENT / "src" / "pages.json").read_text())["pages"]]


def source(path: str) -> str:
    """How a page is written."""
    return (CLIENT / "src" / f"{path}.vue").read_text()


def live(city: RunningCity) -> Story:
    """Let a citizen do everything once: apply, pay, be granted, book, complain, and begin anew."""
    person = city.sandbox.post("/_sim/people", name="何婷", phone="13800007777")
    citizen = Phone(city, "wechat", person)
    citizen.log_in()
    done = granted(city, citizen)
    citizen.post("/api/v1/me/consents", {"purpose": "locker", "version": 1})
    waiting = hand_in(citizen, ITEM, photos=1)
    billed = accepted(city, waiting)
    draft = citizen.post("/api/v1/cases", {"task_code": ITEM})["case_no"]
    material = next(
        each for each in citizen.get(f"/api/v1/cases/{draft}")["materials"] if each["takes_photos"]
    )
    citizen.photograph(draft, material["material_code"])
    with contextlib.suppress(AssertionError):  # a hall that is closed gives no numbers
        citizen.post(f"/api/v1/centres/{HALL}/tickets", {"task_code": ITEM})
    with contextlib.suppress(AssertionError):  # nobody waits when the next half hour is free
        wish = {"centre_id": HALL, "task_code": ITEM, "before": free_places(citizen)[0]["starts_at"]}
        citizen.post("/api/v1/waitlist", wish)
    name = "示例市何婷茶馆有限公司"
    citizen.post("/api/v1/enterprise-names", {"name": name, "promise": True})
    found = pages(citizen, done=done, billed=billed, draft=draft, shop=opened(city, citizen))
    found = {**found, "pages/cases/precheck": {"no": looked_at(city, citizen)}}
    return Story(person["person_id"], found, citizen)


def authorised(citizen: Phone) -> int:
    """An authority for whoever has its code; proven last, since the registry knows her by her phone."""
    prove(citizen.city, citizen, phone="13800007777", name="何婷", number="350102198802140027")
    return authorising(citizen)


def granted(city: RunningCity, citizen: Phone) -> str:
    """A case with everything behind it."""
    case_no = accepted(city, hand_in(citizen, ITEM, photos=2))
    pay(citizen, case_no)
    approver = Desk(city, "shenpi").sign_in()
    approver.page(f"/console/cases/{case_no}")
    approver.send(f"/console/cases/{case_no}/decide", granted="yes", checked="yes")
    clerk = Desk(city, "shouli").sign_in()
    clerk.page(f"/console/cases/{case_no}")
    clerk.send(f"/console/cases/{case_no}/close")
    return case_no


def opened(city: RunningCity, citizen: Phone) -> str:
    """A restaurant with every licence it needs; the number of the application."""
    begun = citizen.post("/api/v1/bundles/restaurant/applications", {})
    number = begun["application_no"]
    citizen.fill_in(begun, "bundle-applications")
    shown = citizen.post(f"/api/v1/bundle-applications/{number}/submit")
    approver = Desk(city, "shenpi").sign_in()
    for part in shown["parts"]:
        eventually(partial(handed_in, citizen, part["case_no"]), what="the next step")
        accepted(city, part["case_no"])
        approver.page(f"/console/cases/{part['case_no']}")
        approver.send(f"/console/cases/{part['case_no']}/decide", granted="yes", checked="yes")
    eventually(lambda: citizen.get(f"/api/v1/bundle-applications/{number}")["licence"], what="the licence")
    return str(number)


def looked_at(city: RunningCity, citizen: Phone) -> str:
    """A draft that has passed: with its visit code, the originals and the halls (网上预审)."""
    begun = citizen.post("/api/v1/cases", {"task_code": LOOKED_AT})
    case_no = str(citizen.fill_in(begun)["case_no"])
    citizen.post(f"/api/v1/cases/{case_no}/precheck")
    clerk = Desk(city, "shouli").sign_in()
    row = re.search(rf'(/console/prechecks/\d+)">{case_no}', clerk.page("/console/prechecks"))
    assert row is not None
    clerk.page(row[1])
    clerk.send(f"{row[1]}/pass")
    return case_no


def handed_in(citizen: Phone, case_no: str) -> bool:
    return bool(citizen.get(f"/api/v1/cases/{case_no}")["state"] == "submitted")


def accepted(city: RunningCity, case_no: str) -> str:
    clerk = Desk(city, "shouli").sign_in()
    clerk.page(f"/console/cases/{case_no}")
    clerk.send(f"/console/cases/{case_no}/accept")
    return case_no


def pages(citizen: Phone, *, done: str, billed: str, draft: str, shop: str) -> Pages:
    """Every page with its query; those that need none are opened with none."""
    paid = citizen.get(f"/api/v1/cases/{done}")
    bill = citizen.get(f"/api/v1/cases/{billed}")["bills"][0]["bill_no"]
    payment = paid["bills"][0]["payment_no"]
    tickets = citizen.get("/api/v1/tickets")["items"]
    eventually(lambda: citizen.get("/api/v1/messages")["items"], what="a message")
    together = citizen.post("/api/v1/bundles/newborn/applications", {})["application_no"]
    licence = citizen.get(f"/api/v1/bundle-applications/{shop}")["licence"]["licence_no"]
    told: Pages = {
        "pages/guides/detail": {"task_code": ITEM},
        "pages/guides/questions": {"task_code": ITEM},
        "pages/guides/checklist": {"no": checklist(citizen)},
        "pages/guides/bundle": {"key": "newborn"},
        "pages/bundles/questions": {"key": "newborn"},
        "pages/bundles/apply": {"no": together},
        "pages/bundles/progress": {"no": together},
        "pages/articles/detail": {"key": "id-card-anywhere"},
        "pages/bundles/licence": {"no": licence},
        "pages/apply/form": {"no": draft},
        "pages/apply/materials": {"no": draft},
        "pages/apply/check": {"no": draft},
        "pages/booking/centres": {"task_code": ITEM},
        "pages/booking/centre": {"id": HALL},
        "pages/booking/slots": {"centre_id": HALL, "task_code": ITEM},
        "pages/booking/ticket": {"id": str(visit(citizen))},
        "pages/booking/queue": {"id": str(tickets[0]["id"]) if tickets else "1"},
        "pages/organisations/detail": {"id": str(represented(citizen))},
        "pages/delegations/detail": {"id": str(authorised(citizen))},
        "pages/bills/pay": {"no": bill},
        "pages/bills/detail": {"no": paid["bills"][0]["bill_no"]},
        "pages/bills/result": {"payment_no": payment},
        "pages/bills/refund": {"payment_no": payment, "bill_no": paid["bills"][0]["bill_no"]},
        **{f"pages/cases/{each}": {"no": billed} for each in ("detail", "delivery", "visits")},
        "pages/cases/rate": {"no": done},
        "pages/me/certificate": {"id": str(paid["certificate"]["id"])},
        "pages/me/complaint": {"no": complain(citizen, done)},
    }
    return {page: told.get(page, {}) for page in listed()}


def checklist(citizen: Phone) -> str:
    """The list of somebody who cannot come: with everything that a list may say."""
    made = citizen.post(f"/api/v1/guides/{ITEM}/checklist", {"answers": {"come": "no"}})
    return str(made["checklist_no"])


def visit(citizen: Phone) -> int:
    wish = {"centre_id": HALL, "slot_id": free_places(citizen)[-1]["slot_id"], "task_code": ITEM}
    return int(citizen.post("/api/v1/appointments", wish)["id"])


def free_places(citizen: Phone) -> list[dict[str, Any]]:
    slots = citizen.get(f"/api/v1/centres/{HALL}/slots", task_code=ITEM)["items"]
    return [slot for slot in slots if slot["free"]]


def widest_photo(story: Story) -> int:
    """The width of the widest photo of the draft, as it is kept."""
    case_no = story.pages["pages/apply/materials"]["no"]
    materials = story.citizen.get(f"/api/v1/cases/{case_no}")["materials"]
    return max(int(photo["width"]) for material in materials for photo in material["photos"])
