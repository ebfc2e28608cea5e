"""A browser for the tests of screens; without one they are left out, but never on a build server."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.conftest import RunningCity
from tests.journeys.screens.browser import AXE, Desk, Phone, desk_in, phone_in

_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None or not AXE.exists():
        reason = "these tests need chromium with Chinese letters, and `npm ci` in client/"
        if os.environ.get("YIMA_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_QUIET)
        yield started
        started.close()


@pytest.fixture
def phone(running_city: RunningCity, browser: Browser) -> Iterator[Phone]:
    """A phone that nobody has used; in the end nothing strange may have happened in it."""
    running_city.sandbox.forget_faults()
    held = phone_in(running_city, browser)
    yield held
    held.page.context.close()
    assert held.strangers == []
    assert held.troubles == []


@pytest.fixture
def desk(running_city: RunningCity, browser: Browser) -> Iterator[Desk]:
    """A desk where nobody is logged in."""
    held = desk_in(running_city, browser)
    yield held
    held.page.context.close()
    assert held.strangers == []
    assert held.troubles == []
