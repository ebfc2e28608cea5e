"""Every page of the phone client for everybody (适老化、无障碍): small phones, large letters, no network."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import RunningCity
from tests.journeys.screens import stories
from tests.journeys.screens.browser import PHONE, SMALL_PHONE, Phone, phone_in
from tests.journeys.screens.stories import Story

pytestmark = pytest.mark.xdist_group("journeys")

BROKEN = ("undefined", "NaN", "[object Object]", "null")
Look = Callable[[Phone], object]


@pytest.fixture(scope="module")
def story(running_city: RunningCity) -> Story:
    running_city.sandbox.forget_faults()
    return stories.live(running_city)


@pytest.fixture(scope="module")
def standard(running_city: RunningCity, browser: Browser, story: Story) -> Iterator[Phone]:
    yield from playing(phone_in(running_city, browser, PHONE), story)


@pytest.fixture(scope="module", params=["elder", "huge"])
def large(
    request: pytest.FixtureRequest, running_city: RunningCity, browser: Browser, story: Story
) -> Iterator[Phone]:
    """A small phone with large letters."""
    for held in playing(phone_in(running_city, browser, SMALL_PHONE), story):
        held.enlarge(request.param)
        yield held


def playing(held: Phone, story: Story) -> Iterator[Phone]:
    """A phone of the citizen of the story; in the end nothing strange may have happened in it."""
    held.open("pages/home/home", persona=story.persona)
    yield held
    held.page.context.close()
    assert (held.strangers, held.troubles) == ([], [])


def everywhere(held: Phone, story: Story, look: Look) -> dict[str, object]:
    """What was found on each page, where anything was."""
    found = {}
    for path, query in story.pages.items():
        held.open(path, **query)
        if seen := look(held):
            found[path] = seen
    return found


def test_a_usual_phone_shows_every_page_whole(standard: Phone, story: Story) -> None:
    def look(held: Phone) -> list[str]:
        held.picture(f"page-{held.page.url.split('pages/')[1].split('?')[0].replace('/', '-')}")
        text = held.page.locator(".y-page").last.inner_text()
        odd = [word for word in BROKEN if word in text]
        return [*held.faults(), *held.small_targets(44), *odd, *["too wide"] * held.sticks_out()]

    assert everywhere(standard, story, look) == {}


def test_large_letters_fit_a_small_phone(large: Phone, story: Story) -> None:
    def look(held: Phone) -> list[str]:
        small = [*held.small_letters(18), *held.small_targets(60)]
        return [*held.faults(), *small, *["too wide"] * held.sticks_out()]

    assert everywhere(large, story, look) == {}


def test_whoever_is_not_logged_in_is_shown_the_way_in(phone: Phone, story: Story) -> None:
    def look(held: Phone) -> str:
        text = held.page.locator(".y-page").last.inner_text()
        return "" if len(text) > len("演示登录：还没有登录 · 换一位") else "blank"

    assert everywhere(phone, story, look) == {}
    phone.open("pages/bills/list")
    phone.press("去登录")
    expect(phone.page.get_by_text("扮演一位市民")).to_be_visible()


def test_a_page_without_network_says_so_and_tries_again(phone: Phone, story: Story) -> None:
    phone.open("pages/home/home", persona=story.persona)
    phone.page.route("**/api/**", lambda route: route.abort())
    phone.open("pages/bills/list")
    expect(phone.page.get_by_role("alert")).to_contain_text("网络不通")
    phone.page.unroute("**/api/**")

    phone.press("再试一次")

    expect(phone.page.get_by_text("待缴费").first).to_be_visible()


def test_the_keyboard_reaches_and_presses(phone: Phone, story: Story) -> None:
    phone.open("pages/guides/detail", **story.pages["pages/guides/detail"])
    for _ in range(80):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("document.activeElement.textContent.trim()") == "预约窗口":
            break

    phone.page.keyboard.press("Enter")

    expect(phone.page.get_by_role("main", name="选择办事大厅")).to_be_visible()
