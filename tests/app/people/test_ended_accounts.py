"""What the end of an account takes along and what it leaves."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import clock
from app.cases import forms, service
from app.cases.models import Case
from app.complaints.models import Complaint
from app.db import unit_of_work
from app.errors import DomainError
from app.idempotency import KeptAnswer
from app.materials.models import Photo
from app.people import service as people
from app.people import sessions
from app.people.errors import CitizenUnknown
from app.people.models import Citizen, LoginSession, Platform, PlatformIdentity
from app.people.sessions import SessionOver
from notifications import allowances
from notifications.models import Message, SubscriptionCredit
from tests import case_fixtures as cases
from tests import desk_fixtures as desk
from tests.app.people import leaving
from tests.app.people.leaving import BEFORE, ENDS, due, leave, run, wish
from tests.people_fixtures import APP_ID, log_in_as, make_citizen
from tests.rating_fixtures import complain, owner_of

PHONE = "13800000000"


@pytest.fixture(autouse=True)
def open_city(database: None) -> None:
    del database
    desk.open_city()


@pytest.fixture
def tell(deliver: Callable[[], None]) -> Callable[[], None]:
    """Have every event told, on the day of the end."""

    def run_all() -> None:
        with clock.stopped_at(ENDS):
            deliver()

    return run_all


def test_nothing_personal_and_no_way_in_is_left() -> None:
    citizen = make_citizen("王小明")
    with unit_of_work() as session:
        people.bind_phone(session, citizen_id=citizen, phone=PHONE)
        people.change_preferences(session, citizen_id=citizen, changes={"elder_mode": True})
        allowances.add(session, citizen_id=citizen, platform="wechat", template="case_progress")
    log_in_as(citizen)

    leave(citizen)

    row = leaving.found(citizen)
    kept = (row.name, row.id_number, row.id_number_index, row.phone, row.phone_index)
    assert (kept, row.preferences, row.assurance) == ((None,) * 5, {}, 0)
    for model in (LoginSession, PlatformIdentity, SubscriptionCredit, KeptAnswer):
        assert leaving.rows(model) == 0


def test_every_session_ends_at_once() -> None:
    citizen = make_citizen()
    due(citizen)
    with clock.stopped_at(ENDS), unit_of_work() as session:
        tokens = sessions.open_for(session, citizen_id=citizen, platform=Platform.WECHAT)

    run(ENDS)

    with clock.stopped_at(ENDS), unit_of_work() as session:
        with pytest.raises(SessionOver):
            sessions.authenticate(tokens.access_token)
        assert sessions.rotate(session, refresh_token=tokens.refresh_token) is None


def test_the_same_wechat_login_is_a_new_citizen_afterwards() -> None:
    with unit_of_work() as session:
        before = people.enter_by_wechat(session, app_id=APP_ID, open_id="o1", union_id="u1").id
    leave(before)

    with unit_of_work() as session:
        after = people.enter_by_wechat(session, app_id=APP_ID, open_id="o1", union_id="u1").id

    assert after != before


def test_the_phone_can_be_bound_again() -> None:
    first, second = make_citizen(), make_citizen()
    with unit_of_work() as session:
        people.bind_phone(session, citizen_id=first, phone=PHONE)
    leave(first)

    with unit_of_work() as session:
        people.bind_phone(session, citizen_id=second, phone=PHONE)
        assert people.enter_by_phone(session, phone=PHONE).id == second


def test_the_files_of_the_city_stay_whole() -> None:
    case_no = desk.closed()
    citizen = owner_of(case_no)
    with unit_of_work() as session:
        before = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        photos = session.scalar(select(func.count()).select_from(Photo).where(Photo.deleted_at.is_(None)))

    leave(citizen)

    with unit_of_work() as session:
        after = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        left = session.scalar(select(func.count()).select_from(Photo).where(Photo.deleted_at.is_(None)))
    assert (after.state, forms.opened(after.sealed_form)) == ("closed", forms.opened(before.sealed_form))
    assert left == photos


def test_a_draft_is_taken_back_and_emptied() -> None:
    citizen = make_citizen()
    case_no = cases.ready(citizen)

    leave(citizen)

    with unit_of_work() as session:
        draft = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        left = session.scalar(select(func.count()).select_from(Photo).where(Photo.deleted_at.is_(None)))
    assert (draft.state, forms.opened(draft.sealed_form).values, left) == ("withdrawn", {}, 0)


def test_messages_of_a_file_stay_and_others_go(tell: Callable[[], None]) -> None:
    citizen = owner_of(desk.closed())
    wish(citizen)
    run(BEFORE)
    tell()
    run(ENDS)

    with unit_of_work() as session:
        subjects = session.scalars(select(Message.subject).where(Message.citizen_id == citizen)).all()
    assert subjects
    assert {subject.partition(":")[0] for subject in subjects} <= {"case", "bill"}


def test_a_closed_account_begins_nothing_any_more() -> None:
    citizen = make_citizen()
    leave(citizen)

    for begin in (cases.start, complain, log_in_as, wish):
        with pytest.raises((OperationalError, DomainError)):
            begin(citizen)
    with pytest.raises(CitizenUnknown), unit_of_work() as session:
        people.change_preferences(session, citizen_id=citizen, changes={"elder_mode": True})
    assert leaving.rows(Complaint) == leaving.rows(LoginSession) == 0


def test_nobody_else_is_touched() -> None:
    stays, goes = make_citizen("陈留下"), make_citizen("林离开")
    log_in_as(stays)
    case_no = cases.ready(stays)

    leave(goes)

    with unit_of_work() as session:
        draft = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        assert (session.get_one(Citizen, stays).name, draft.state) == ("陈留下", "draft")
    assert leaving.rows(LoginSession) == leaving.rows(PlatformIdentity) == 1
    with unit_of_work() as session:
        service.submit(session, citizen_id=stays, case_no=case_no)
