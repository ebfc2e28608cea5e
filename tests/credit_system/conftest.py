"""The office and the platform that these tests ask for."""

from collections.abc import Iterator

import pytest

from tests import credit_fixtures
from tests.conftest import Sandbox


@pytest.fixture
def office(database: None, sandbox: Sandbox) -> Iterator[Sandbox]:
    """A city with an item that takes promises, and a platform that knows nobody."""
    del database
    yield from credit_fixtures.office_with(sandbox)
