from datetime import timedelta

import pytest

from app import clock, settings
from app.appointments import service as appointments
from app.cases import service as cases
from app.catalogue.errors import GuideNotFound
from app.certificates.models import Certificate
from app.codes import queries, service, tokens
from app.codes.errors import CodeExpired, CodeForStaff, CodeUnknown
from app.codes.models import CodeKind
from app.codes.queries import Action, Meaning, Notice
from app.db import unit_of_work
from app.errors import NotFound, Unauthenticated
from app.fees import service as fees
from app.fees.service import FeeLine
from tests import city_fixtures as city
from tests.people_fixtures import make_citizen

pytestmark = pytest.mark.usefixtures("database")

ITEM = "id-renew"


def hang_up(kind: CodeKind, target: str) -> str:
    with unit_of_work() as session:
        return service.static_code(session, kind=kind, target=target)


def start_case(citizen_id: int) -> tuple[int, str]:
    [task_code] = city.publish_items(ITEM)
    with unit_of_work() as session:
        case, _ = cases.start(session, citizen_id=citizen_id, task_code=task_code)
        return case.id, case.case_no


def give_certificate(citizen_id: int) -> int:
    case_id, _ = start_case(citizen_id)
    with unit_of_work() as session:
        given = Certificate(
            identifier="1.2.156.3005.2.test",
            citizen_id=citizen_id,
            case_id=case_id,
            name="居民身份证",
            task_code="T",
            issuer_name="公安局",
            holder_name="林",
            sealed_facts="{}",
            issued_at=clock.now(),
            issued_on=clock.today(),
        )
        session.add(given)
        session.flush()
        return given.id


def scan(content: str, citizen_id: int | None = None) -> Meaning:
    with unit_of_work() as session:
        return queries.scan(session, content=content, citizen_id=citizen_id)


def book(citizen_id: int, task_code: str) -> tuple[int, str]:
    with clock.stopped_at(city.MONDAY), unit_of_work() as session:
        visit = appointments.book(
            session,
            citizen_id=citizen_id,
            centre_id=city.CENTRE,
            slot_id=city.make_slot(),
            task_code=task_code,
        )
        return visit.id, visit.code


def issue_bill(citizen_id: int) -> tuple[int, str]:
    with unit_of_work() as session:
        bill = fees.issue(
            session,
            citizen_id=citizen_id,
            case_id=None,
            task_code="T",
            task_name="身份证工本费",
            lines=[FeeLine("F1", "工本费", 2000, "发改价格")],
        )
        assert bill is not None
        return bill.id, bill.bill_no


def test_the_code_of_a_guide_opens_the_guide_for_anybody() -> None:
    [task_code] = city.publish_items(ITEM)

    meaning = scan(hang_up(CodeKind.GUIDE, task_code))

    assert (meaning.action, meaning.target) == (Action.OPEN_GUIDE, task_code)


def test_the_code_of_a_guide_that_is_gone_says_so() -> None:
    with pytest.raises(GuideNotFound):
        scan(hang_up(CodeKind.GUIDE, "no-such-item"))


def test_the_code_of_a_window_opens_booking_with_the_things_it_handles() -> None:
    city.load_city()
    mine, _other = city.publish_items(ITEM, "marry")

    meaning = scan(hang_up(CodeKind.WINDOW, "C01/A01"))

    assert (meaning.action, meaning.target) == (Action.BOOK, "C01/A01")
    assert [item.task_code for item in meaning.items] == [mine]


@pytest.mark.parametrize("target", ["C01/Z99", "C01", "C01/"])
def test_the_code_of_a_window_that_is_gone_is_unknown(target: str) -> None:
    city.load_city()

    with pytest.raises(CodeUnknown):
        scan(hang_up(CodeKind.WINDOW, target))


def test_the_code_of_a_hall_opens_todays_appointment_there_else_the_hall() -> None:
    city.load_city()
    [task_code] = city.publish_items(ITEM)
    citizen = make_citizen()
    appointment_id, _ = book(citizen, task_code)
    code = hang_up(CodeKind.CENTRE, city.CENTRE)

    with clock.stopped_at(city.MONDAY):
        assert scan(code, citizen).action == Action.OPEN_CENTRE
    with clock.stopped_at(city.MONDAY + timedelta(days=1)):
        assert scan(code, citizen).target == str(appointment_id)
        assert scan(code).action == Action.OPEN_CENTRE


def test_the_code_of_an_appointment_opens_it_for_its_owner_only() -> None:
    city.load_city()
    owner = make_citizen()
    appointment_id, code = book(owner, city.publish_items(ITEM)[0])

    assert scan(code, owner).target == str(appointment_id)
    with pytest.raises(CodeUnknown):
        scan(code, make_citizen("陈"))
    with pytest.raises(Unauthenticated):
        scan(code)


def test_the_code_of_a_bill_opens_it_for_its_owner_only() -> None:
    owner = make_citizen()
    bill_id, bill_no = issue_bill(owner)
    code = hang_up(CodeKind.BILL, str(bill_id))

    assert (scan(code, owner).action, scan(code, owner).target) == (Action.OPEN_BILL, bill_no)
    with pytest.raises(CodeUnknown):
        scan(code, make_citizen("陈"))


def test_the_code_of_a_case_opens_it_for_its_owner_only() -> None:
    city.load_city()
    owner = make_citizen()
    case_id, case_no = start_case(owner)
    code = hang_up(CodeKind.CASE, str(case_id))

    assert (scan(code, owner).action, scan(code, owner).target) == (Action.OPEN_CASE, case_no)
    with pytest.raises(CodeUnknown):
        scan(code, make_citizen("陈"))


def test_the_code_of_a_certificate_opens_it_for_its_owner_only() -> None:
    city.load_city()
    owner = make_citizen()
    certificate_id = give_certificate(owner)
    code = hang_up(CodeKind.CERTIFICATE, str(certificate_id))

    assert scan(code, owner).target == str(certificate_id)
    with pytest.raises(CodeUnknown):
        scan(code, make_citizen("陈"))


@pytest.mark.parametrize("kind", list(CodeKind))
def test_a_code_of_something_that_never_was_is_refused_and_not_a_fault(kind: CodeKind) -> None:
    city.load_city()

    with pytest.raises(NotFound):
        scan(hang_up(kind, "987654321"), make_citizen())


def test_a_personal_code_is_for_the_staff() -> None:
    citizen = make_citizen()
    with unit_of_work() as session:
        content = service.show_personal(session, citizen_id=citizen).content

    with pytest.raises(CodeForStaff):
        scan(content, citizen)


def test_a_retired_code_is_unknown() -> None:
    [task_code] = city.publish_items(ITEM)
    code = hang_up(CodeKind.GUIDE, task_code)
    with unit_of_work() as session:
        service.retire_static(session, kind=CodeKind.GUIDE, target=task_code)

    with pytest.raises(CodeUnknown):
        scan(code)


@pytest.mark.parametrize(
    "content",
    [
        "https://evil.example/q/{token}",
        "{ours}.evil.example/q/{token}",
        "{ours}/q/../../{token}",
        "{token}x",
        "{token}\x00",
        "javascript:alert(1)",
        "%",
        "%00" * 7,
    ],
)
def test_a_link_to_anywhere_else_is_not_ours(content: str) -> None:
    [task_code] = city.publish_items(ITEM)
    token = tokens.token_in(hang_up(CodeKind.GUIDE, task_code))

    with pytest.raises(CodeUnknown):
        scan(content.format(token=token, ours=settings.current().public_url))


def test_the_mini_programs_q_and_scene_are_understood() -> None:
    [task_code] = city.publish_items(ITEM)
    content = hang_up(CodeKind.GUIDE, task_code)

    assert scan(content.replace(":", "%3A").replace("/", "%2F")).target == task_code
    assert scan(tokens.token_in(content)).target == task_code


def test_the_page_behind_a_private_code_names_its_kind_and_no_more() -> None:
    bill_id, _ = issue_bill(make_citizen())
    token = tokens.token_in(hang_up(CodeKind.BILL, str(bill_id)))

    with unit_of_work() as session:
        notice = queries.notice(session, token=token)
    assert notice == Notice(Action.OPEN_BILL)


def test_looking_at_the_page_of_a_personal_code_does_not_use_it() -> None:
    citizen = make_citizen()
    with unit_of_work() as session:
        content = service.show_personal(session, citizen_id=citizen).content
        notice = queries.notice(session, token=tokens.token_in(content))
        assert service.redeem_personal(session, content=content, officer_name="front01") == citizen

    assert notice.action == Action.SHOW_TO_STAFF
    with clock.shifted_by(timedelta(minutes=2)), pytest.raises(CodeExpired), unit_of_work() as session:
        queries.notice(session, token=tokens.token_in(content))
