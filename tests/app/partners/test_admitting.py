"""Who is let in, how often, and that no request comes in twice."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.db import unit_of_work
from app.partners import service, signing
from app.partners.errors import (
    PartnerNotFound,
    QuotaSpent,
    RateExceeded,
    SignatureMissing,
    SignatureOld,
    SignatureUsed,
    SignatureWrong,
)
from app.partners.models import Partner, PartnerNonce, PartnerUse
from app.partners.signing import SignedRequest
from tests.partner_fixtures import make_partner
from tests.races import Meeting, refusals, together

MORNING = datetime(2026, 11, 20, 1, 0, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _database(database: None) -> None:
    return database


def signed(partner: Partner, number: int = 0) -> SignedRequest:
    request = SignedRequest(
        method="GET",
        target="/partner/v1/guides",
        body=b"",
        key=partner.key,
        timestamp=str(int(clock.now().timestamp())),
        nonce=f"{number:020}",
        signature="",
    )
    return replace(request, signature=signing.sign(request.text.encode(), partner.secret.encode()))


def admit(request: SignedRequest) -> int:
    with unit_of_work() as session:
        partner_id = service.recognise(session, request=request)
    with unit_of_work() as session:
        service.count(session, partner_id=partner_id)
    return partner_id


def used(partner: Partner) -> int:
    with unit_of_work() as session:
        return service.everyone(session)[0].day_used


def test_a_rightly_signed_request_comes_in_once() -> None:
    partner = make_partner()
    request = signed(partner)

    assert admit(request) == partner.id
    with pytest.raises(SignatureUsed):
        admit(request)
    assert used(partner) == 1


def test_a_forged_request_is_neither_let_in_nor_counted() -> None:
    partner = make_partner()
    for refusal, forged in (
        (SignatureMissing, replace(signed(partner), signature="")),
        (SignatureWrong, replace(signed(partner), target="/partner/v1/guides?limit=9")),
        (SignatureWrong, replace(signed(partner), key="yp_unknown")),
    ):
        with pytest.raises(refusal):
            admit(forged)

    assert used(partner) == 0
    assert admit(signed(partner)) == partner.id  # the nonce was not used up either


def test_a_request_of_another_time_is_refused() -> None:
    request = signed(make_partner())
    with clock.stopped_at(clock.now() + timedelta(minutes=6)), pytest.raises(SignatureOld):
        admit(request)


def test_an_ended_key_is_refused_like_a_wrong_signature() -> None:
    partner = make_partner()
    with unit_of_work() as session:
        service.end(session, key=partner.key)

    with pytest.raises(SignatureWrong):
        admit(signed(partner))
    with pytest.raises(PartnerNotFound), unit_of_work() as session:
        service.end(session, key=partner.key)


def test_the_secret_does_not_lie_in_the_database_as_it_is() -> None:
    partner = make_partner()
    with unit_of_work() as session:
        raw = session.connection().exec_driver_sql("SELECT secret FROM partners").scalar_one()

    assert partner.secret.encode() not in bytes(raw)


def test_a_minute_has_its_rate_and_the_next_its_own() -> None:
    partner = make_partner(minute_rate=2)
    with clock.stopped_at(MORNING):
        admit(signed(partner, 1))
        admit(signed(partner, 2))
        with pytest.raises(RateExceeded) as refused:
            admit(signed(partner, 3))
    assert refused.value.retry_after == 40

    with clock.stopped_at(MORNING + timedelta(seconds=40)):
        admit(signed(partner, 4))
        assert used(partner) == 3


def test_a_day_of_the_city_has_its_quota() -> None:
    partner = make_partner(day_quota=1)
    with clock.stopped_at(MORNING):
        admit(signed(partner, 1))
        with pytest.raises(QuotaSpent) as refused:
            admit(signed(partner, 2))
    assert refused.value.retry_after == 14 * 3600 + 59 * 60 + 41  # 09:00:20 in Shanghai until midnight

    with clock.stopped_at(MORNING + timedelta(hours=15)):
        admit(signed(partner, 3))
        assert used(partner) == 1


def test_of_one_request_sent_many_times_at_once_one_comes_in() -> None:
    request = signed(make_partner())

    assert refusals(together(*[partial(admit, request)] * 6), SignatureUsed) == 5


def test_looking_first_would_let_a_request_in_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting(3)

    def looks_first(session: Any, partner: Partner, nonce: str, *, now: datetime) -> None:
        if session.scalar(select(func.count()).select_from(PartnerNonce)):
            raise SignatureUsed
        meeting.wait()
        session.merge(PartnerNonce(partner_id=partner.id, nonce=f"{nonce[:-1]}{time.time_ns()}", seen_at=now))

    monkeypatch.setattr(service, "_remember", looks_first)
    request = signed(make_partner())

    assert refusals(together(*[partial(admit, request)] * 3), SignatureUsed) < 2


def _ask_together(partner: Partner) -> int:
    """How many of eight at once are let in."""
    calls: list[Callable[[], int]] = [partial(admit, signed(partner, number)) for number in range(8)]
    return 8 - refusals(together(*calls), QuotaSpent)


def test_many_at_once_get_no_more_than_the_quota() -> None:
    partner = make_partner(day_quota=3)

    assert (_ask_together(partner), used(partner)) == (3, 3)


def test_counting_by_looking_first_would_let_more_in(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting(4)  # as many as there are connections

    def looks_first(session: Any, partner: Partner, *, now: datetime) -> None:
        found = session.scalar(select(PartnerUse.day_used)) or 0
        if found >= partner.day_quota:
            raise QuotaSpent
        meeting.wait()
        use = {"day": clock.today(), "day_used": found + 1, "minute": now, "minute_used": 1}
        if not found:
            use["day_used"] = 1
        session.merge(PartnerUse(partner_id=partner.id, **use))

    partner = make_partner(day_quota=3)
    admit(signed(partner, 99))
    monkeypatch.setattr(service, "_count", looks_first)

    assert _ask_together(partner) > 2


def test_a_nonce_is_remembered_as_long_as_its_time_is_taken() -> None:
    partner = make_partner()
    with clock.stopped_at(MORNING):
        admit(signed(partner))
    for minutes, forgotten in ((9, 0), (11, 1)):
        with clock.stopped_at(MORNING + timedelta(minutes=minutes)), unit_of_work() as session:
            assert service.forget_nonces(session) == forgotten
