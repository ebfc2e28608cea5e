"""Three departments look at a place on one trip (联合踏勘) and write one record.

The shop is told who comes and has the time changed once; on the day each department signs, the lead on a
phone's screen; opinions refer to the record, and then it is decided.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app import clock
from app.centres import working_days as working
from app.staff.models import Role
from app.staff.service import NewClerk
from tests.journeys import desk as wire_desk
from tests.journeys import phone as wire
from tests.journeys.company import acting, represented
from tests.journeys.conftest import RunningCity
from tests.journeys.phone import photo_of
from tests.journeys.screens.browser import DESK, Desk, Phone
from tests.journeys.screens.steps import NARROW, employ
from tests.journeys.screens.test_one_case import decide

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "11350100MB990014443350190054000"
SHOP, PLACE = "示例市何记面馆有限公司", "台江区示例路8号门前人行道"
LEAD, POLICE, PLANNING = "市城市管理局", "市公安局", "市自然资源和规划局"
WISH, FOUND = "周三上午，周二要进货", "要加一块警示牌"
# Nobody waits for a working day: the trip is today, as it would be then.
_TODAY = (
    "UPDATE site_visits SET day = :today WHERE id = :id",
    "UPDATE site_visit_staff SET day = :today WHERE visit_id = :id",
)


def test_one_trip_of_three_departments(
    running_city: RunningCity, phone: Phone, desk: Desk, tmp_path: Path
) -> None:
    clerks = (("chengguan", "陈城管", LEAD), ("jiaojing", "吴交警", POLICE), ("guihua", "郑规划", PLANNING))
    employ(running_city, *(NewClerk(user, name, (Role.APPROVER,), None, dept) for user, name, dept in clerks))
    person = running_city.sandbox.post("/_sim/people", name="何店主", phone="13800004441")
    case_no = accepted(running_city, person)
    first, second = working_days(running_city)
    visit = plan(desk.sign_in("chengguan"), case_no, first)
    phone.open("pages/home/home", persona=person["person_id"])
    ask_for_another_time(phone, case_no)
    set_another_time(desk, visit, second)
    see_it_set(phone, second)
    come_today(running_city, visit)
    others = [wire_desk.Desk(running_city, user).sign_in() for user in ("jiaojing", "guihua")]
    for each in others:
        judge(each, visit, met="no" if each.username == "jiaojing" else "yes")
    sign_and_close(desk, visit, tmp_path)
    read_the_record(phone, case_no)
    for each in others:
        answer(each, case_no, visit)
    decide(desk, case_no)
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text("准予办理", exact=True)).to_be_visible()


def accepted(city: RunningCity, person: dict[str, Any]) -> str:
    """The shop's application, handed in by whoever represents it, and accepted."""
    citizen = wire.Phone(city, "wechat", person)
    citizen.log_in()
    shop = acting(citizen, represented(citizen, SHOP))
    case = shop.fill_in(shop.post("/api/v1/cases", {"task_code": ITEM}))
    told = {"from_on": str(clock.today()), "to_on": str(clock.today()), "place_address": PLACE}
    form = {key: value for key, value in case["form"].items() if not key.startswith("organisation_")}
    saved = shop.call("PATCH", f"/api/v1/cases/{case['case_no']}/form", json={**form, **told})
    assert saved.status_code == 200, saved.text
    shop.post(f"/api/v1/cases/{case['case_no']}/submit")
    clerk = wire_desk.Desk(city, "shouli").sign_in()
    clerk.page(f"/console/cases/{case['case_no']}")
    clerk.send(f"/console/cases/{case['case_no']}/accept")
    return str(case["case_no"])


def working_days(city: RunningCity) -> tuple[date, date]:
    """The next two days on which somebody may come, but not tomorrow: that is not changed after 20:00."""
    with database(city) as session:
        calendar = working.calendar(session)
    days = (clock.today() + timedelta(days=more) for more in range(2, 30))
    first, second, *_ = filter(calendar.is_working_day, days)
    return first, second


@contextmanager
def database(city: RunningCity) -> Iterator[Session]:
    engine = create_engine(city.environment["DATABASE_URL"])
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def plan(lead: Desk, case_no: str, day: date) -> str:
    """Whoever is forgotten is named; the place stands there already. Where the record is."""
    lead.open(f"/console/cases/{case_no}/visit")
    expect(lead.page.get_by_label("地址")).to_have_value(PLACE)
    lead.page.get_by_label(re.compile("哪一天")).fill(str(day))
    lead.page.get_by_label("10:30到12:00").check()
    for name in ("陈城管", "吴交警"):
        lead.page.get_by_label(name).check()
    lead.page.get_by_role("button", name="安排，并告知申请人").click()
    expect(lead.page.get_by_text(f"{PLANNING}还没有人去")).to_be_visible()
    lead.page.get_by_label("郑规划").check()
    lead.page.get_by_role("button", name="安排，并告知申请人").click()
    expect(lead.page.get_by_text("时间和上门人员已告知申请人")).to_be_visible()
    return lead.page.url.split("?")[0].removeprefix(lead.city.url)


def ask_for_another_time(phone: Phone, case_no: str) -> None:
    """The shop reads who comes and what they look at, and asks once for another time."""
    phone.open("pages/organisations/list")
    phone.page.get_by_text(f"企业：{SHOP}").click()
    phone.open("pages/cases/detail", no=case_no)
    phone.press(re.compile("现场踏勘"), "link")
    for words in ("陈城管", "吴交警", "郑规划", "留有车辆和行人通行的宽度", PLACE):
        expect(phone.page.get_by_text(words).first).to_be_visible()
    phone.press("这个时间不行，换一个")
    phone.page.get_by_role("textbox", name=re.compile("什么时间方便")).fill(WISH)
    phone.press("申请换时间")
    expect(phone.page.get_by_text("等办理部门重新安排")).to_be_visible()
    assert not phone.sticks_out()
    phone.picture("80-other-time")


def set_another_time(lead: Desk, visit: str, day: date) -> None:
    """Found among what waits, with its day; moved, it waits no more."""
    lead.open("/console/site-visits")
    waiting = lead.page.locator("section.next tr").filter(has_text=WISH)
    expect(waiting).to_contain_text("10:30到12:00")
    expect(waiting).to_contain_text("年")
    lead.open(visit)
    lead.page.get_by_text("改时间、换人").click()
    lead.page.get_by_label(re.compile("哪一天")).fill(str(day))
    lead.page.get_by_label("09:00到10:30").check()
    lead.page.get_by_role("button", name="改好，并告知申请人").click()
    expect(lead.page.get_by_text("时间和上门人员已告知申请人")).to_be_visible()
    expect(lead.page.get_by_text(WISH)).to_have_count(0)


def see_it_set(phone: Phone, day: date) -> None:
    phone.page.reload()
    phone.ready()
    expect(phone.page.get_by_text(f"{day:%Y年%m月%d日}").first).to_be_visible()
    expect(phone.page.get_by_text("等办理部门重新安排")).to_have_count(0)


def come_today(city: RunningCity, visit: str) -> None:
    with database(city) as session:
        for statement in _TODAY:
            session.execute(text(statement), {"today": clock.today(), "id": int(number_of(visit))})


def number_of(visit: str) -> str:
    return visit.rsplit("/", maxsplit=1)[-1]


def judge(clerk: wire_desk.Desk, visit: str, *, met: str) -> None:
    """One department's own points and no others, signed under its own login."""
    shown = clerk.page(visit)
    (point,) = set(re.findall(r'name="met-(\d+)"', shown))
    said: dict[str, Any] = {f"met-{point}": met, f"note-{point}": FOUND if met == "no" else ""}
    assert "已签字" in clerk.send(f"{visit}/findings", **said, do="sign")


def sign_and_close(lead: Desk, visit: str, folder: Path) -> None:
    """On the spot, on a phone: the lead's own points, then who was there and their signed sheet."""
    lead.page.set_viewport_size(NARROW)
    lead.open(visit)
    for point in lead.page.locator("[name^=met-][value=yes]").all():
        point.check()
    lead.page.get_by_role("button", name="我在场，保存并签字").click()
    sheet = folder / "sheet.jpg"
    sheet.write_bytes(photo_of("signed"))
    lead.page.get_by_label("签字页的照片").set_input_files(sheet)
    lead.page.get_by_role("button", name="上传照片").last.click()
    expect(lead.page.get_by_text("照片已加进记录")).to_be_visible()
    lead.page.get_by_label(re.compile("在场，已在记录表上签字")).check()
    lead.page.get_by_label(re.compile("在场的是谁")).fill("何店主")
    assert (lead.faults(), lead.sticks_out()) == ([], False)
    lead.picture("81-on-the-spot")
    lead.page.get_by_role("button", name="办结记录").click()
    expect(lead.page.get_by_text("记录已办结，申请人可以看到结果")).to_be_visible()
    lead.page.set_viewport_size(DESK)


def read_the_record(phone: Phone, case_no: str) -> None:
    phone.open("pages/cases/visits", no=case_no)
    for words in (FOUND, "不符合", "有人在场并签了字"):
        expect(phone.page.get_by_text(words).first).to_be_visible()
    phone.picture("82-record")


def answer(clerk: wire_desk.Desk, case_no: str, visit: str) -> None:
    """An opinion after a trip refers to its record."""
    asked = clerk.line_of(case_no, "/console/opinions")
    clerk.page(asked)
    assert "意见已回复" in clerk.send(asked, answer="agrees", cited=number_of(visit))
