"""Passwords are hashed quickly."""

import pytest

from tests.staff_fixtures import hash_quickly


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)
