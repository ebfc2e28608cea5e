"""What happens at once to one session, with the controls that show the bug without the lock."""

from functools import partial
from typing import Any

import pytest

from app.assistance import acting, queries
from app.assistance.errors import AssistanceOver, CitizenIsHelped
from app.cases import forms
from app.db import unit_of_work
from app.desk import assisted_cases, assisting
from app.errors import DomainError
from tests import case_fixtures, desk_fixtures
from tests.assistance_fixtures import agree, asked, end, helped, helper
from tests.people_fixtures import make_citizen
from tests.races import Overtaking, refusals, together


class Typing:
    """A clerk who saves a form while the citizen stops it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk_fixtures.open_city()
        self.elder, self.clerk = make_citizen("林秀英"), helper()
        self.case_no = case_fixtures.start(self.elder)
        self.assistance_id = helped(self.elder, self.clerk)
        self.race = Overtaking()
        merged = forms.merged

        def dawdle(*of: Any, **more: Any) -> forms.Form:
            self.race.dawdle()
            return merged(*of, **more)

        monkeypatch.setattr(forms, "merged", dawdle)

    def save(self) -> None:
        with unit_of_work() as session:
            assisted_cases.save_form(
                session,
                clerk=self.clerk,
                assistance_id=self.assistance_id,
                case_no=self.case_no,
                changes={"address": "示例路1号"},
            )

    def stopped_first(self) -> bool:
        """Whether the session is stopped before the form is kept."""
        return self.race.happens(self.save, partial(end, self.elder, self.assistance_id))


def test_what_is_being_typed_is_kept_before_the_end(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del database
    assert not Typing(monkeypatch).stopped_first()


def test_control_without_the_hold_it_is_kept_after_the_end(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    race = Typing(monkeypatch)
    monkeypatch.setattr(
        acting,
        "hold",
        lambda session, *, clerk_id, assistance_id: queries.of_clerk(
            session, clerk_id=clerk_id, assistance_id=assistance_id
        ),
    )

    assert race.stopped_first()


def test_a_yes_and_a_cancelling_clerk_leave_one_end(database: None) -> None:
    del database
    desk_fixtures.open_city()
    elder, clerk = make_citizen("林秀英"), helper()
    assistance_id = asked(elder, clerk)

    def cancel() -> None:
        with unit_of_work() as session:
            assisting.end(session, clerk=clerk, assistance_id=assistance_id)

    together(lambda: agree(elder, assistance_id), cancel)

    with pytest.raises(AssistanceOver), unit_of_work() as session:
        acting.hold(session, clerk_id=clerk.clerk_id, assistance_id=assistance_id)


def test_two_clerks_ask_and_one_is_told(database: None) -> None:
    del database
    desk_fixtures.open_city()
    elder, clerks = make_citizen("林秀英"), [helper("王帮办"), helper("李帮办")]

    results = together(*(lambda one=one: asked(elder, one) for one in clerks))

    assert refusals(results, CitizenIsHelped) == 1


def test_two_taps_on_yes_are_one(database: None) -> None:
    del database
    desk_fixtures.open_city()
    elder, clerk = make_citizen("林秀英"), helper()
    assistance_id = asked(elder, clerk)

    results = together(*[lambda: agree(elder, assistance_id)] * 2)

    assert refusals(results, DomainError) == 0
    assert desk_fixtures.actions().count("assistance_agreed") == 1
