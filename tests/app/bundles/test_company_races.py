"""Two people of a company at one bundle at once, and the controls that show why it needs its guards."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app import clock
from app.bundles import applying, numbers, starting
from app.bundles.models import BundleApplication
from app.cases import organisation
from app.db import engine, unit_of_work
from app.organisations import queries as organisations
from tests.bundle_fixtures import RESTAURANT
from tests.company_fixtures import agent_of, company_of, dismiss
from tests.races import Meeting, Overtaking, together

INDEX = "uq_bundle_applications_one_live_draft_of_organisation"


@pytest.fixture
def company(citizen: int) -> int:
    return company_of(citizen)


@pytest.fixture
def no_index(city: None) -> Iterator[None]:
    """The last wall taken down, and put up again."""
    del city
    with engine().begin() as connection:
        connection.execute(text(f"DROP INDEX {INDEX}"))
    yield
    where = "submitted_at IS NULL AND withdrawn_at IS NULL AND organisation_id IS NOT NULL"
    columns = "bundle_applications (organisation_id, bundle_key)"
    with engine().begin() as connection:
        connection.execute(text("TRUNCATE bundle_applications CASCADE"))
        connection.execute(text(f"CREATE UNIQUE INDEX {INDEX} ON {columns} WHERE {where}"))


def begin(company: int, citizen_id: int) -> str:
    with unit_of_work() as session:
        who: dict[str, Any] = {"citizen_id": citizen_id, "organisation_id": company}
        return starting.start(session, **who, bundle_key=RESTAURANT).application.application_no


def applications() -> int:
    with unit_of_work() as session:
        return session.scalars(select(func.count()).select_from(BundleApplication)).one()


def test_two_people_of_a_company_begin_one_application(citizen: int, company: int) -> None:
    agent = agent_of(citizen, company)
    begun = together(partial(begin, company, citizen), partial(begin, company, agent))

    assert len(set(map(str, begun))) == 1
    assert applications() == 1


@pytest.mark.usefixtures("no_index")
def test_control_by_looking_first_there_would_be_two(citizen: int, company: int) -> None:
    meeting, agent = Meeting(), agent_of(citizen, company)

    def look_first(citizen_id: int) -> None:
        with unit_of_work() as session:
            live = BundleApplication.organisation_id == company
            if session.scalar(select(BundleApplication.id).where(live)):
                return
            meeting.wait()
            row = {"citizen_id": citizen_id, "organisation_id": company, "created_at": clock.now()}
            what = {"bundle_key": RESTAURANT, "name": "开办餐饮店", "steps": []}
            session.add(BundleApplication(application_no=numbers.new_number(), **row, **what))

    together(partial(look_first, citizen), partial(look_first, agent))

    assert applications() == 2


class Changing:
    """An agent who fills the one form in while the representative dismisses them."""

    def __init__(self, boss: int, company: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.boss, self.company, self.agent = boss, company, agent_of(boss, company)
        self.number = begin(company, boss)
        self.race = Overtaking()
        self._proven = organisation.proven_fields
        monkeypatch.setattr(organisation, "proven_fields", self.dawdle)

    def dawdle(self, case: Any) -> frozenset[str]:
        """The standing was looked at; now the representative acts, if nothing keeps them from it."""
        self.race.dawdle()
        return self._proven(case)

    def fill_in(self) -> None:
        with unit_of_work() as session:
            who: dict[str, Any] = {"citizen_id": self.agent, "organisation_id": self.company}
            where: dict[str, Any] = {"application_no": self.number, "changes": {"address": "示例路9号"}}
            applying.save_form(session, **who, **where)

    def ended_first(self) -> bool:
        """Whether their standing ends before the form is filled in."""
        return self.race.happens(self.fill_in, partial(dismiss, self.boss, self.company))


def test_what_an_agent_is_at_is_done_before_their_standing_ends(
    citizen: int, company: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not Changing(citizen, company, monkeypatch).ended_first()


def test_control_without_the_hold_a_dismissed_agent_still_gets_it_done(
    citizen: int, company: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = organisations.acting
    monkeypatch.setattr(organisations, "acting", lambda *of, **how: look(*of, **{**how, "hold": False}))

    assert Changing(citizen, company, monkeypatch).ended_first()
