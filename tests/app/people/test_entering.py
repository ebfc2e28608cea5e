import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.db import unit_of_work
from app.events import OutboxRow
from app.people import phones, queries, service
from app.people.errors import PhoneTaken, PhoneUnreadable
from app.people.models import Assurance, Citizen, Platform, PlatformIdentity
from tests.races import Meeting, together

pytestmark = pytest.mark.usefixtures("database")


def enter(open_id: str = "o1", union_id: str | None = None, app_id: str = "wx1") -> int:
    with unit_of_work() as session:
        return service.enter_by_wechat(session, app_id=app_id, open_id=open_id, union_id=union_id).id


def enter_by_alipay(open_id: str = "a1") -> int:
    with unit_of_work() as session:
        return service.enter_by_alipay(session, app_id="2021", open_id=open_id).id


def enter_by_phone(phone: str) -> int:
    with unit_of_work() as session:
        return service.enter_by_phone(session, phone=phone).id


def bind(citizen_id: int, phone: str) -> None:
    with unit_of_work() as session:
        service.bind_phone(session, citizen_id=citizen_id, phone=phone)


def follower(open_id: str, union_id: str | None) -> int | None:
    with unit_of_work() as session:
        return service.link_official_account(session, app_id="gh1", open_id=open_id, union_id=union_id)


def count(model: type[Citizen] | type[PlatformIdentity] | type[OutboxRow]) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_first_login_makes_the_citizen_and_later_ones_find_them() -> None:
    first, second = enter("o1"), enter("o1")

    assert first == second
    assert count(Citizen) == 1
    assert count(OutboxRow) == 1


def test_alipay_knows_its_citizen_again() -> None:
    assert enter_by_alipay("a1") == enter_by_alipay("a1")
    assert enter_by_alipay("a2") != enter_by_alipay("a1")


def test_an_app_that_moves_from_user_ids_to_open_ids_keeps_its_citizens() -> None:
    with unit_of_work() as session:
        before = service.enter_by_alipay(session, app_id="2021", open_id="2088", user_id="2088").id
    with unit_of_work() as session:
        during = service.enter_by_alipay(session, app_id="2021", open_id="a1", user_id="2088").id

    assert during == before == enter_by_alipay("a1")


def test_the_same_open_id_under_another_app_is_somebody_else() -> None:
    assert enter("o1", app_id="wx1") != enter("o1", app_id="wx2")


def test_the_same_union_id_is_the_same_citizen() -> None:
    assert enter("o1", "u1", app_id="wx1") == enter("o2", "u1", app_id="wx2")


def test_a_union_id_that_comes_later_is_kept() -> None:
    first = enter("o1", None)
    enter("o1", "u1")

    assert enter("o9", "u1", app_id="wx2") == first


def test_two_first_logins_at_once_make_one_citizen(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_joining(monkeypatch)

    results = together(lambda: enter("o1"), lambda: enter("o1"))

    assert results[0] == results[1]
    assert count(Citizen) == 1


def test_control_without_the_lock_the_second_first_login_is_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meet_before_joining(monkeypatch)
    monkeypatch.setattr(service, "_one_at_a_time", lambda session, account: None)

    with pytest.raises(IntegrityError):
        together(lambda: enter("o1"), lambda: enter("o1"))


def test_one_person_entering_two_apps_at_once_is_one_citizen(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_joining(monkeypatch)

    results = together(lambda: enter("o1", "u1", "wx1"), lambda: enter("o2", "u1", "wx2"))

    assert results[0] == results[1]


def test_control_without_the_lock_one_person_becomes_two(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_before_joining(monkeypatch)
    monkeypatch.setattr(service, "_one_at_a_time", lambda session, account: None)

    results = together(lambda: enter("o1", "u1", "wx1"), lambda: enter("o2", "u1", "wx2"))

    assert results[0] != results[1]


def test_a_follower_is_known_by_the_union_id_and_then_without_it() -> None:
    citizen = enter("o1", "u1")

    assert follower("f1", "u1") == citizen
    assert follower("f1", None) == citizen


def test_a_follower_who_never_logged_in_is_nobody_yet() -> None:
    assert follower("f1", "u1") is None
    assert follower("f1", None) is None


def test_a_phone_bound_in_wechat_opens_the_same_citizen() -> None:
    citizen = enter("o1")
    bind(citizen, "138 0013 8000")

    assert enter_by_phone("+8613800138000") == citizen


def test_an_old_number_stops_being_a_way_in() -> None:
    citizen = enter("o1")
    bind(citizen, "13800138000")
    bind(citizen, "13900139000")

    assert enter_by_phone("13800138000") != citizen
    assert enter_by_phone("13900139000") == citizen


def test_a_number_of_somebody_else_never_opens_their_account_to_a_second_citizen() -> None:
    first, second = enter("o1"), enter("o2")
    bind(first, "13800138000")
    bind(second, "13800138000")

    assert enter_by_phone("13800138000") == first


def test_a_citizen_is_not_locked_out_by_changing_to_a_taken_number() -> None:
    bind(enter("o1"), "13800138000")
    by_phone = enter_by_phone("13900139000")

    with pytest.raises(PhoneTaken):
        bind(by_phone, "13800138000")

    assert enter_by_phone("13900139000") == by_phone


def test_a_proven_phone_raises_the_assurance_and_is_encrypted_at_rest() -> None:
    citizen = enter("o1")
    bind(citizen, "13800138000")

    with unit_of_work() as session:
        found = queries.citizen(session, citizen_id=citizen)
        stored = session.connection().exec_driver_sql("SELECT phone FROM citizens").scalar_one()
    assert found.assurance == Assurance.PHONE
    assert b"13800138000" not in bytes(stored)


def test_a_number_copied_from_an_address_book_is_taken() -> None:
    assert phones.normal("\u202d+86 138-0013-8000\u202c") == "13800138000"


@pytest.mark.parametrize("typed", ["", "1234", "12800138000", "138001380001", "abc", "1" * 5000])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneUnreadable):
        enter_by_phone(typed)


def test_the_profile_shows_nothing_that_a_neighbour_could_use() -> None:
    citizen = enter("o1")
    bind(citizen, "13800138000")
    with unit_of_work() as session:
        queries.citizen(session, citizen_id=citizen).name = "王小明"
        queries.citizen(session, citizen_id=citizen).id_number = "11010519491231002X"
        session.flush()
        shown = queries.profile(session, citizen_id=citizen)

    assert (shown.name, shown.id_number, shown.phone) == ("**明", "1****************X", "138****8000")
    assert shown.platforms == [Platform.H5, Platform.WECHAT]


def test_two_phones_that_save_preferences_at_once_lose_nothing() -> None:
    citizen = enter("o1")

    def save(changes: dict[str, object]) -> None:
        with unit_of_work() as session:
            service.change_preferences(session, citizen_id=citizen, changes=changes)

    together(lambda: save({"elder_mode": True}), lambda: save({"language": "zh-CN"}))

    with unit_of_work() as session:
        kept = queries.citizen(session, citizen_id=citizen).preferences
    assert kept == {"elder_mode": True, "language": "zh-CN"}


def meet_before_joining(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both threads have seen that nobody is there before either of them makes a citizen."""
    meeting, join = Meeting(), service._join

    def join_after_meeting(session: object) -> Citizen:
        meeting.wait()
        return join(session)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "_join", join_after_meeting)
