"""Every page of the phone client for everybody (适老化、无障碍): small phones, large letters, no network."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import RunningCity
from tests.journeys.screens import stories
from tests.journeys.screens.browser import PHONE, SMALL_PHONE, Phone, phone_in
from tests.journeys.screens.stories import Story

pytestmark = pytest.mark.xdist_group("journeys")

BROKEN = re.compile(r"undefined|\bNaN\b|\[object Object\]|\bnull\b")
# Pages that show something to everybody, logged in or not.
OPEN = (
    *("pages/home/home", "pages/guides/list", "pages/guides/detail", "pages/guides/bundle"),
    *("pages/guides/questions", "pages/guides/checklist", "pages/guides/steps"),
    *("pages/articles/list", "pages/articles/detail", "pages/figures/figures"),
    *("pages/bundles/licence", "pages/bundles/questions"),
    *("pages/booking/centres", "pages/booking/centre", "pages/booking/slots"),
    *("pages/cases/track", "pages/scan/scan", "pages/chat/chat"),
    *("pages/me/settings", "pages/me/about", "pages/login/login"),
)
# Pages that ask the server for nothing until somebody presses something.
QUIET = ("pages/cases/track", "pages/scan/scan")
# A page, its main button, and the page that the button leads to.
LEADS = [
    ("pages/guides/detail", "预约窗口", "选择办事大厅"),
    ("pages/bills/list", "去缴费", "缴费"),
    ("pages/cases/detail", "去缴费", "缴费"),
    ("pages/booking/ticket", "改约", "选择时间"),
    ("pages/apply/materials", "下一步，核对", "核对并提交"),
]
LONG_SIDE = 2560
# The client pauses before it tries once more; no test need wait so long.
QUICKLY = "const later = setTimeout; window.setTimeout = (work, pause) => later(work, pause / 20)"
# How large the picture of an upload is: the browser tells no test what files it sends.
UPLOADS = """() => {
  const send = XMLHttpRequest.prototype.send
  XMLHttpRequest.prototype.send = function (body) {
    if (body instanceof FormData) {
      createImageBitmap(body.get('photo')).then((sent) => (window.sentPicture = [sent.width, sent.height]))
    }
    return send.call(this, body)
  }
}"""
Look = Callable[[Phone], object]


@pytest.fixture(scope="module")
def story(running_city: RunningCity) -> Story:
    running_city.sandbox.forget_faults()
    return stories.live(running_city)


@pytest.fixture(scope="module")
def standard(running_city: RunningCity, browser: Browser, story: Story) -> Iterator[Phone]:
    yield from playing(phone_in(running_city, browser, PHONE), story)


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


def unwell(held: Phone, *, letters: float, targets: float) -> list[str]:
    """What is wrong with the page as it is shown now."""
    small = [*held.small_letters(letters), *held.small_targets(targets)]
    return [*held.faults(), *small, *BROKEN.findall(held.text()), *["too wide"] * held.sticks_out()]


def enlarged(held: Phone, size: str) -> list[str]:
    """What is wrong with the page in large letters, most of all on a small phone."""
    held.enlarge(size)
    found = ["too wide"] * held.sticks_out()
    held.page.set_viewport_size(SMALL_PHONE)
    found += unwell(held, letters=18, targets=60)
    held.page.set_viewport_size(PHONE)
    held.enlarge("standard")
    return [f"{size}: {each}" for each in found]


def name_of(held: Phone) -> str:
    return held.page.url.split("/m/#/")[1].split("?")[0]


def test_every_page_that_needs_to_know_what_to_show_is_told(story: Story) -> None:
    asked = re.compile(r"onLoad\(\(options\)")
    wanting = {path for path in stories.listed() if asked.search(stories.source(path))}
    optional = {"pages/guides/list", "pages/booking/list", "pages/bills/receipts", "pages/cases/track"}
    optional |= {"pages/organisations/accept", "pages/delegations/accept", "pages/cases/co-sign"}

    assert set(story.pages) == set(stories.listed())
    assert {path for path, query in story.pages.items() if query} == wanting - optional - {"pages/scan/scan"}


def test_every_page_is_whole_on_a_usual_phone_and_on_a_small_one_with_large_letters(
    standard: Phone, story: Story
) -> None:
    def look(held: Phone) -> list[str]:
        held.picture(name_of(held).replace("/", "-").replace("pages", "page", 1))
        return [*unwell(held, letters=13, targets=44), *enlarged(held, "elder"), *enlarged(held, "huge")]

    assert everywhere(standard, story, look) == {}


def test_whoever_is_not_logged_in_is_shown_the_way_in_or_what_is_for_all(phone: Phone, story: Story) -> None:
    def look(held: Phone) -> str:
        if name_of(held) in OPEN:
            return "" if len(held.text()) > len("演示登录：还没有登录 · 换一位") + 20 else "blank"
        expect(held.page.get_by_role("button", name="去登录").last).to_be_visible()
        return ""

    assert everywhere(phone, story, look) == {}
    phone.open("pages/bills/list")
    phone.press("去登录")
    expect(phone.page.get_by_text("扮演一位市民")).to_be_visible()


def test_without_network_every_page_says_so_and_offers_to_try_again(phone: Phone, story: Story) -> None:
    def look(held: Phone) -> None:
        expect(held.page.get_by_text("网络不通").first).to_be_visible()
        again = held.page.get_by_role("button", name=re.compile("再试|再问")).first
        expect(again).to_be_visible(visible=name_of(held) not in QUIET)

    phone.open("pages/home/home", persona=story.persona)
    phone.page.add_init_script(QUICKLY)
    phone.page.route("**/api/**", lambda route: route.abort())
    assert everywhere(phone, story, look) == {}


def test_trying_again_works_as_soon_as_the_network_is_back(phone: Phone, story: Story) -> None:
    phone.open("pages/home/home", persona=story.persona)
    phone.page.route("**/api/**", lambda route: route.abort())
    phone.open("pages/bills/list")
    expect(phone.page.get_by_role("alert")).to_contain_text("网络不通")
    phone.page.unroute("**/api/**")

    phone.press("再试一次")

    expect(phone.page.get_by_text("待缴费").first).to_be_visible()


@pytest.mark.parametrize(("path", "button", "target"), LEADS)
def test_the_keyboard_reaches_the_main_button_and_presses_it(
    standard: Phone, story: Story, path: str, button: str, target: str
) -> None:
    standard.open(path, **story.pages[path])
    for _ in range(80):
        standard.page.keyboard.press("Tab")
        if standard.page.evaluate("document.activeElement.textContent.trim()").startswith(button):
            break

    standard.page.keyboard.press("Enter")

    expect(standard.page.get_by_role("main", name=target, exact=True)).to_be_visible()


def test_a_large_photo_is_made_small_before_it_is_sent(standard: Phone, story: Story, tmp_path: Path) -> None:
    paper = tmp_path / "paper.jpg"
    Image.linear_gradient("L").resize((4000, 3000)).save(paper)
    standard.open("pages/apply/materials", **story.pages["pages/apply/materials"])
    standard.page.evaluate(UPLOADS)
    with standard.page.expect_file_chooser() as asked:
        standard.page.get_by_role("button", name="拍照或从相册选").first.click()
    asked.value.set_files(paper)

    expect(standard.page.get_by_text("已交1张")).to_have_count(2)
    assert standard.page.evaluate("window.sentPicture") == [LONG_SIDE, LONG_SIDE * 3 // 4]
    assert stories.widest_photo(story) <= LONG_SIDE
