"""Adding clerks, and the four of the demo city."""

import dataclasses
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import settings
from app.db import unit_of_work
from app.settings import Environment
from app.staff import passwords, service
from app.staff.errors import ClerkExists, ClerkInvalid, ClerkNotFound, DemoClerksRefused
from app.staff.models import Clerk, Role
from app.staff.service import NewClerk
from tests.staff_fixtures import make_clerk

pytestmark = pytest.mark.usefixtures("database")

WANG = NewClerk("Wang", "王窗口", (Role.FRONT_DESK,))
PASSWORD = "a long enough one"


def add(clerk: NewClerk = WANG, password: str = PASSWORD, *, second_factor: bool = True) -> Clerk:
    with unit_of_work() as session:
        return service.add(session, clerk=clerk, password=password, second_factor=second_factor)


def load(password: str = "yima-demo-2026") -> int:
    with unit_of_work() as session:
        return service.load_demo_clerks(session, password=password)


def test_a_clerk_is_added_with_a_second_factor() -> None:
    clerk = add()

    assert clerk.username == "wang"
    assert clerk.totp_secret is not None
    assert passwords.fits(clerk.password_hash, PASSWORD)


def test_an_account_name_is_taken_once() -> None:
    add()

    with pytest.raises(ClerkExists):
        add(dataclasses.replace(WANG, username="WANG "))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "  "}, "username"),
        ({"username": "王窗口"}, "username"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"roles": ()}, "roles"),
    ],
)
def test_what_makes_no_clerk_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ClerkInvalid) as refused:
        add(dataclasses.replace(WANG, **changes))

    assert list(refused.value.errors or {}) == [field]


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_has_a_length(password: str) -> None:
    with pytest.raises(ClerkInvalid):
        add(password=password)
    make_clerk(Role.FRONT_DESK, username="li")
    with pytest.raises(ClerkInvalid), unit_of_work() as session:
        service.reset_password(session, username="li", password=password)


def test_a_stranger_gets_no_password() -> None:
    with pytest.raises(ClerkNotFound), unit_of_work() as session:
        service.reset_password(session, username="nobody", password=PASSWORD)


@pytest.mark.parametrize("roles", [[], ["king"], {"front_desk": 1}])
def test_the_database_knows_the_roles(roles: Any) -> None:
    with pytest.raises(IntegrityError, match="roles_known"):
        make_clerk(Role.FRONT_DESK, roles=roles)


def test_the_demo_city_has_one_clerk_for_each_role() -> None:
    assert load() == 5
    with unit_of_work() as session:
        clerks = session.scalars(select(Clerk)).all()

    assert {role for clerk in clerks for role in clerk.roles} == set(Role)
    assert all(clerk.demo for clerk in clerks)


def test_loading_the_demo_clerks_again_changes_nothing_but_a_new_password() -> None:
    load()

    assert load() == 0
    assert load("yima-demo-another") == 5


def test_loading_them_again_checks_one_password_and_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    fits = Mock(wraps=passwords.fits)
    monkeypatch.setattr(passwords, "fits", fits)
    monkeypatch.delattr(passwords, "hashed")

    assert load() == 0
    assert fits.call_count == 1


def test_a_real_clerk_is_not_turned_into_a_demo_one() -> None:
    clerk_id = make_clerk(Role.CASHIER, username="shouli", name="真人")

    assert load() == 4
    with unit_of_work() as session:
        assert not session.get_one(Clerk, clerk_id).demo


def test_production_has_no_demo_clerks(monkeypatch: pytest.MonkeyPatch) -> None:
    live = dataclasses.replace(settings.current(), environment=Environment.PRODUCTION)
    monkeypatch.setattr(settings, "current", lambda: live)

    with pytest.raises(DemoClerksRefused):
        load()
