from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import unit_of_work
from app.people import sms_codes
from app.people.errors import TooManySmsCodes
from app.people.models import SmsCode
from tests.races import Meeting, refusals, together

pytestmark = pytest.mark.usefixtures("database")

PHONE = "13800138000"


def order(phone: str = PHONE, address: str = "203.0.113.7") -> sms_codes.Ordered:
    with unit_of_work() as session:
        return sms_codes.order(session, phone=phone, caller_address=address)


def redeem(code: str, phone: str = PHONE) -> bool:
    with unit_of_work() as session:
        return sms_codes.redeem(session, phone=phone, code=code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_works_once() -> None:
    code = order().code

    assert len(code) == 6
    assert [redeem(code), redeem(code)] == [True, False]


def test_a_code_may_be_typed_in_full_width() -> None:
    code = order().code

    assert redeem(f" {code} ".translate({ord("0") + digit: ord("０") + digit for digit in range(10)}))


def test_a_code_of_another_phone_opens_nothing() -> None:
    assert not redeem(order(PHONE).code, "13900139000")


def test_the_fifth_wrong_try_ends_a_code() -> None:
    code = order().code
    for _ in range(5):
        assert not redeem(wrong(code))

    assert not redeem(code)


def test_four_wrong_tries_leave_a_fifth() -> None:
    code = order().code
    for _ in range(4):
        assert not redeem(wrong(code))

    assert redeem(code)


def test_a_code_lives_five_minutes() -> None:
    code = order().code

    with clock.shifted_by(timedelta(minutes=5, seconds=1)):
        assert not redeem(code)


def test_the_code_that_was_late_is_still_good_and_ends_the_newer_one() -> None:
    first = order().code
    with clock.shifted_by(timedelta(seconds=61)):
        second = order().code
        assert redeem(first)
        assert not redeem(second)


def test_the_code_is_not_in_the_database() -> None:
    ordered = order()

    with unit_of_work() as session:
        stored = str(session.connection().exec_driver_sql("SELECT * FROM sms_codes").mappings().one())
    assert ordered.code not in stored
    assert PHONE not in stored
    assert ordered.code not in repr(ordered)


def test_a_phone_gets_one_code_a_minute_and_is_told_when_to_come_back() -> None:
    order()

    with pytest.raises(TooManySmsCodes) as refusal:
        order()
    assert refusal.value.sentence == f"验证码获取太频繁，请{refusal.value.retry_after}秒后再试"


def test_a_phone_gets_ten_codes_a_day() -> None:
    for hour in range(10):
        with clock.shifted_by(timedelta(hours=hour)):
            order()

    with clock.shifted_by(timedelta(hours=12)), pytest.raises(TooManySmsCodes):
        order()
    with clock.shifted_by(timedelta(hours=25)):
        assert order().code


def test_an_address_cannot_call_one_phone_after_the_other() -> None:
    for number in range(20):
        order(f"138001380{number:02d}")

    with pytest.raises(TooManySmsCodes):
        order("13900139000")
    assert order("13900139000", "203.0.113.8").code


def test_the_addresses_of_one_ipv6_household_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_codes, "PER_CALLER", (sms_codes.Limit(1, timedelta(minutes=1)),))
    order("13800138000", "2001:db8:1:2::1")

    with pytest.raises(TooManySmsCodes):
        order("13900139000", "2001:db8:1:2::2")


def test_a_code_that_was_certainly_not_sent_does_not_count_and_does_not_work() -> None:
    ordered = order()
    with unit_of_work() as session:
        sms_codes.failed(session, code_id=ordered.id, reason="template_missing")

    assert not redeem(ordered.code)
    assert order().code


def test_what_the_provider_said_is_kept() -> None:
    ordered = order()
    with unit_of_work() as session:
        sms_codes.sent(session, code_id=ordered.id, message_id="m1")
        assert session.get_one(SmsCode, ordered.id).message_id == "m1"


def test_two_requests_at_once_send_one_code(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after_counting(monkeypatch)

    results = together(order, order)

    assert refusals(results, TooManySmsCodes) == 1
    assert rows() == 1


def test_control_without_the_lock_two_codes_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after_counting(monkeypatch)
    monkeypatch.setattr(sms_codes, "_one_at_a_time", lambda session, who: None)

    results = together(order, order)

    assert refusals(results, TooManySmsCodes) == 0
    assert rows() == 2


def test_of_two_logins_with_one_code_one_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    code = order().code
    meet_while_comparing(monkeypatch)

    assert sorted(map(bool, together(lambda: redeem(code), lambda: redeem(code)))) == [False, True]


def test_control_without_the_row_lock_one_code_logs_in_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    code = order().code
    meet_while_comparing(monkeypatch)

    def unlocked(session: Session, number: str) -> list[SmsCode]:
        del number
        return list(session.scalars(select(SmsCode)))

    monkeypatch.setattr(sms_codes, "_live_codes", unlocked)

    assert together(lambda: redeem(code), lambda: redeem(code)) == [True, True]


def test_old_codes_are_forgotten_once_no_limit_counts_them() -> None:
    order()

    with clock.shifted_by(timedelta(days=1)), unit_of_work() as session:
        assert sms_codes.forget_old(session) == 0
    with clock.shifted_by(timedelta(days=3)), unit_of_work() as session:
        assert sms_codes.forget_old(session) == 1


def rows() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(SmsCode)) or 0


def meet_after_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, refuse_too_many = Meeting(), sms_codes._refuse_too_many

    def count_and_meet(*given: object) -> None:
        refuse_too_many(*given)  # type: ignore[arg-type]
        meeting.wait()

    monkeypatch.setattr(sms_codes, "_refuse_too_many", count_and_meet)


def meet_while_comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, code_hash = Meeting(), sms_codes._code_hash

    def hash_and_meet(number: str, code: str) -> bytes:
        meeting.wait()
        return code_hash(number, code)

    monkeypatch.setattr(sms_codes, "_code_hash", hash_and_meet)
