"""The clerk's way with a case: accept, decide, close, through the pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cases import service as cases
from app.cases.models import Case
from app.db import unit_of_work
from app.fees import queries as fees
from app.materials import queries as materials
from app.staff.models import Role
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import MARRY
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
ABSENT = "35010020261116000099999"
REFUSAL = {
    "granted": "no",
    "checked": "yes",
    "reason": "材料与登记不符",
    "legal_basis": "《居民身份证法》第十二条",
    "refused_code": "false_papers",
}


@pytest.fixture
def front_desk(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.FRONT_DESK, name="王窗口")


@pytest.fixture
def approver(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.APPROVER, name="李审批")


def case(case_no: str) -> Case:
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def text(clerk: Browser, path: str) -> str:
    answered = clerk.get(path)
    assert answered.status_code == 200, answered.get_data(as_text=True)
    return answered.get_data(as_text=True)


def test_the_whole_way_of_a_case(front_desk: Browser, approver: Browser) -> None:
    case_no = desk.submitted()
    page = f"/console/cases/{case_no}"

    assert front_desk.post(f"{page}/accept", fee_code="FEE-ID-LOST").headers["Location"].startswith(page)
    assert "缴费40.00元" in text(approver, page)
    assert "提交决定" not in text(approver, page)
    case_fixtures.pay(case_no)
    assert "提交决定" in text(approver, page)
    assert approver.post(f"{page}/decide", granted="yes", checked="yes").status_code == 303
    assert "电子证照" in text(front_desk, page)
    assert front_desk.post(f"{page}/close").status_code == 303

    assert case(case_no).state == "closed"
    assert "已办结" in text(front_desk, f"{page}?done=closed")
    changed = [entry.details for entry in desk.audited() if entry.action in {"case_accepted", "case_closed"}]
    assert changed[0] == {"before": "submitted", "after": "accepted", "fees": "FEE-ID-LOST", "waived": False}
    assert changed[1] == {"before": "decided", "after": "closed"}


def test_a_case_shows_what_was_filled_in_and_its_clocks(front_desk: Browser) -> None:
    case_no = desk.accepted()
    shown = text(front_desk, f"/console/cases/{case_no}")
    found = case(case_no)

    for word in ("王小明", "11010519491231002X", "13800000000", "示例市示例路1号", "40.00 元", "已缴"):
        assert word in shown
    assert f"{found.promised_due_on}" in shown
    assert f"{found.statutory_due_on}" in shown
    assert "演示数据" in shown


def test_every_look_at_a_case_is_written_down(front_desk: Browser) -> None:
    case_no = desk.submitted()
    text(front_desk, f"/console/cases/{case_no}")
    text(front_desk, f"/console/cases/{case_no}/materials/{case_fixtures.mandatory_materials(case_no)[0]}")
    looks = [(entry.action, entry.subject, entry.actor, entry.citizen_id) for entry in desk.audited()]

    assert looks == [
        ("case_viewed", f"case:{case_no}", f"clerk:{front_desk.clerk_id}", case(case_no).citizen_id),
        ("material_viewed", f"case:{case_no}", f"clerk:{front_desk.clerk_id}", case(case_no).citizen_id),
    ]


def test_each_role_is_shown_its_own_steps(
    front_desk: Browser, approver: Browser, client: FlaskClient
) -> None:
    supervisor = browser(client, Role.SUPERVISOR)
    waiting, running, decided = desk.submitted(), desk.accepted(), desk.decided()
    steps = {
        clerk.clerk_id: [
            [step for step in ("accept", "decide", "close") if f"{number}/{step}" in page]
            for number in (waiting, running, decided)
            for page in [text(clerk, f"/console/cases/{number}")]
        ]
        for clerk in (front_desk, approver, supervisor)
    }

    assert steps[front_desk.clerk_id] == [["accept"], [], ["close"]]
    assert steps[approver.clerk_id] == [["accept"], ["decide"], ["close"]]
    assert steps[supervisor.clerk_id] == [[], [], []]


def test_the_front_desk_cannot_refuse_and_the_try_is_written_down(front_desk: Browser) -> None:
    case_no = desk.accepted()
    answered = front_desk.post(f"/console/cases/{case_no}/decide", **REFUSAL)

    assert answered.status_code == 403
    assert "审批" in answered.get_data(as_text=True)
    assert case(case_no).state == "accepted"
    assert [(entry.action, entry.details) for entry in desk.audited()] == [
        ("refused", {"code": "not_your_duty"})
    ]


def test_a_refusal_shows_who_decided_why_and_by_which_law(approver: Browser) -> None:
    case_no = desk.accepted()
    approver.post(f"/console/cases/{case_no}/decide", **REFUSAL)
    shown = text(approver, f"/console/cases/{case_no}")

    for word in ("不予", "李审批", "材料与登记不符", "《居民身份证法》第十二条", "行政复议"):
        assert word in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"granted": ""}, "请选择“准予”或“不予”"),
        ({"granted": "perhaps"}, "请选择“准予”或“不予”"),
        ({"checked": ""}, "勾选“已核对”"),
        ({"reason": " "}, "请写明不予办理的原因"),
        ({"legal_basis": ""}, "请写明法律依据"),
        ({"legal_basis": "a\x00b"}, "无法识别的字符"),
        ({"reason": "长" * 1001}, "原因不能超过1000字"),
    ],
)
def test_an_unfounded_decision_comes_back_with_what_was_typed(
    approver: Browser, changes: dict[str, str], sentence: str
) -> None:
    case_no = desk.accepted()
    answered = approver.post(f"/console/cases/{case_no}/decide", **{**REFUSAL, **changes})
    shown = answered.get_data(as_text=True)

    assert answered.status_code == 422
    assert sentence in shown
    assert changes.get("reason", "材料与登记不符").strip() in shown
    assert case(case_no).state == "accepted"


def test_what_a_clerk_types_is_shown_as_text(approver: Browser) -> None:
    case_no = desk.accepted()
    approver.post(f"/console/cases/{case_no}/decide", **{**REFUSAL, "reason": "<script>alert(1)</script>"})

    assert "&lt;script&gt;alert(1)" in text(approver, f"/console/cases/{case_no}")


def test_what_a_citizen_types_is_shown_as_text(front_desk: Browser) -> None:
    citizen_id = make_citizen()
    case_no = case_fixtures.ready(citizen_id)
    case_fixtures.fill(citizen_id, case_no, address="<img src=x onerror=alert(1)>")
    case_fixtures.submit(citizen_id, case_no)

    assert "&lt;img src=x" in text(front_desk, f"/console/cases/{case_no}")


@pytest.mark.parametrize(
    ("step", "form", "action"),
    [
        ("accept", {"fee_code": "FEE-ID-LOST"}, "case_accepted"),
        ("decide", REFUSAL, "case_decided"),
        ("close", {}, "case_closed"),
    ],
)
def test_a_form_that_is_sent_twice_does_its_work_once(
    app: YimaFlask, step: str, form: dict[str, str], action: str
) -> None:
    made = {"accept": desk.submitted, "decide": desk.accepted, "close": desk.decided}
    case_no = made[step]()  # type: ignore[operator]
    clerk = browser(app.test_client(), Role.FRONT_DESK, Role.APPROVER)
    answers = [clerk.post(f"/console/cases/{case_no}/{step}", **form).status_code for _ in range(2)]
    with unit_of_work() as session:
        bills = fees.of_case(session, case_id=case(case_no).id)

    assert (answers, len(bills)) == ([303, 409], 1)
    assert desk.actions().count(action) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"fee_code": "FEE-ID-LOST", "waived": "yes"}, 422),
        ({"fee_code": "FEE-OF-ANOTHER-CITY"}, 422),
        ({"waived": "yes"}, 303),
        ({"fee_code": "FEE-ID-LOST"}, 303),
    ],
)
def test_a_fee_is_chosen_or_waived_and_never_forgotten(
    front_desk: Browser, form: dict[str, str], status: int
) -> None:
    case_no = desk.submitted()

    assert front_desk.post(f"/console/cases/{case_no}/accept", **form).status_code == status
    assert (case(case_no).state == "accepted") == (status == 303)


def test_a_case_without_fees_is_accepted_by_one_button(front_desk: Browser) -> None:
    case_no = desk.submitted(task_code=MARRY)

    assert front_desk.post(f"/console/cases/{case_no}/accept").status_code == 303


def test_a_case_that_was_withdrawn_meanwhile_is_told(front_desk: Browser) -> None:
    citizen_id = make_citizen()
    case_no = case_fixtures.submitted(citizen_id)
    with unit_of_work() as session:
        cases.withdraw(session, citizen_id=citizen_id, case_no=case_no)
    answered = front_desk.post(f"/console/cases/{case_no}/accept", fee_code="FEE-ID-LOST")

    assert answered.status_code == 409
    assert "已经撤回" in answered.get_data(as_text=True)


@pytest.mark.parametrize("case_no", ["x", "a%00b", ABSENT, "3501", "%F0%9F%98%80", "x" * 300])
@pytest.mark.parametrize("path", ["", "/materials/M01", "/photos/1"])
def test_what_is_no_case_is_not_found(front_desk: Browser, case_no: str, path: str) -> None:
    assert front_desk.get(f"/console/cases/{case_no}{path}").status_code == 404


def test_a_draft_and_another_departments_case_are_not_found(app: YimaFlask) -> None:
    draft, foreign = case_fixtures.start(make_citizen()), desk.submitted()
    clerk = browser(app.test_client(), Role.FRONT_DESK, Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    material = case_fixtures.mandatory_materials(foreign)[0]
    answers = [
        clerk.get(f"/console/cases/{draft}"),
        clerk.get(f"/console/cases/{foreign}"),
        clerk.get(f"/console/cases/{foreign}/materials/{material}"),
        clerk.get(f"/console/cases/{foreign}/photos/1"),
        clerk.post(f"/console/cases/{foreign}/accept", fee_code="FEE-ID-LOST"),
        clerk.post(f"/console/cases/{foreign}/decide", **REFUSAL),
        clerk.post(f"/console/cases/{foreign}/close"),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert desk.actions() == []


def test_a_photo_is_a_jpeg_that_nobody_guesses_about_or_keeps(front_desk: Browser) -> None:
    case_no = desk.submitted()
    shown = text(front_desk, f"/console/cases/{case_no}")
    assert f"/console/cases/{case_no}/photos/1?size=thumb" in shown
    for size in ("", "?size=thumb", "?size=large"):
        answered = front_desk.get(f"/console/cases/{case_no}/photos/1{size}")

        assert answered.get_data().startswith(b"\xff\xd8\xff")
        assert answered.headers["Content-Type"] == "image/jpeg"
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        assert answered.headers["Cache-Control"] == "no-store"


def a_photo_of(case_no: str) -> int:
    with unit_of_work() as session:
        pages = materials.of_case(session, case_id=case(case_no).id)
    return next(iter(pages.values()))[0].id


def test_a_photo_of_another_case_is_not_found(front_desk: Browser) -> None:
    first, second = desk.submitted(), desk.submitted()

    assert front_desk.get(f"/console/cases/{first}/photos/{a_photo_of(second)}").status_code == 404
    assert front_desk.get(f"/console/cases/{first}/photos/{2**70}").status_code == 404
    assert front_desk.get(f"/console/cases/{first}/photos/{a_photo_of(first)}?size=huge").status_code == 422
