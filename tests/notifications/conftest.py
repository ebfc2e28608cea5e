"""Somebody who is told things, with a phone in the stand-in of the platforms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import clock, settings
from app.db import unit_of_work
from app.fees import service as fees
from app.fees.models import Bill
from app.fees.service import FeeLine
from app.people import service as people
from app.people.models import Platform, PlatformIdentity
from notifications import service
from notifications.models import Dispatch, Message, SubscriptionCredit
from notifications.wording import CASE_PROGRESS
from sandbox.message_templates import ALIPAY_TEMPLATES, WECHAT_TEMPLATES
from tests.conftest import Sandbox

IDS = {"wechat": WECHAT_TEMPLATES[CASE_PROGRESS], "alipay": ALIPAY_TEMPLATES[CASE_PROGRESS]}


@dataclass(frozen=True)
class Reader:
    """A citizen of the sandbox."""

    citizen_id: int
    person_id: str
    sandbox: Sandbox

    def allow(self, platform: str, *, times: int = 1, there: bool = True) -> None:
        """Accept the prompt for messages about cases; `there`: the platform has counted it too."""
        for _ in range(times):
            if there:
                path = f"/_sim/people/{self.person_id}/{platform}/subscribe"
                self.sandbox.post(path, template_id=IDS[platform], result="accept")
            with unit_of_work() as session:
                service.allow(
                    session,
                    citizen_id=self.citizen_id,
                    platform=platform,
                    template=CASE_PROGRESS,
                    accepted=True,
                )

    def inbox(self) -> list[str]:
        """The channels by which messages have reached the phone, oldest first."""
        items = self.sandbox.get(f"/_sim/people/{self.person_id}/messages")["items"]
        return [item["channel"] for item in items]


@pytest.fixture
def reader(database: None, sandbox: Sandbox) -> Reader:
    """A person with a phone number who has logged in from both platforms."""
    del database
    sandbox.post("/_sim/reset")
    person = sandbox.post("/_sim/people", name="林", phone="13800000001")
    configured = settings.current()
    with unit_of_work() as session:
        citizen = people.enter_by_wechat(
            session, app_id=configured.wechat.mini_appid, open_id=person["mini_openid"], union_id=None
        )
        people.bind_phone(session, citizen_id=citizen.id, phone=person["phone"])
        citizen_id = citizen.id
        alipay = PlatformIdentity(
            citizen_id=citizen_id,
            platform=Platform.ALIPAY,
            app_id=configured.alipay.app_id,
            open_id=person["alipay_open_id"],
            created_at=clock.now(),
        )
        session.add(alipay)
    return Reader(citizen_id, person["person_id"], sandbox)


@pytest.fixture
def happen(reader: Reader, deliver: Callable[[], None]) -> Callable[[], Bill]:
    """Something happens that the reader must hear of: a bill is issued."""

    def issue() -> Bill:
        with unit_of_work() as session:
            bill = fees.issue(
                session,
                citizen_id=reader.citizen_id,
                case_id=None,
                task_code="11350100MB990001383350790003000",
                task_name="居民身份证丢失补领",
                lines=[FeeLine("FEE", "工本费", 4000, "发改价格〔2003〕2322号")],
            )
            assert bill is not None
        deliver()
        return bill

    return issue


def dispatches() -> list[tuple[str, str]]:
    """Way and state of every dispatch, oldest first."""
    with unit_of_work() as session:
        found = session.execute(select(Dispatch.way, Dispatch.state).order_by(Dispatch.id))
        return [(way, state) for way, state in found]


def count(model: type[Any] = Message) -> int:
    """How many rows there are."""
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def credits_left() -> int:
    """How many messages we think we may still send."""
    with unit_of_work() as session:
        return int(session.scalar(select(func.coalesce(func.sum(SubscriptionCredit.remaining), 0))) or 0)


def let_time_pass() -> None:
    """Whatever waits for a later moment is due."""
    with unit_of_work() as session:
        session.execute(update(Dispatch).values(next_attempt_at=clock.now() - timedelta(seconds=1)))
