"""Commands run in the one process of the tests: there is nobody else to wait for."""

import pytest

from app.catalogue import generation


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "LEASE_S", 0.0)
