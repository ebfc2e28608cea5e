"""A clerk writes questions and rules of a guide (情形表单): wide and narrow, by keys, without script."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.journeys.conftest import RunningCity
from tests.journeys.screens.browser import Desk, desk_in

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "11350100MB990001383350790002000"
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true })"


def drafting(desk: Desk) -> Desk:
    """The page of questions and rules of the item's draft."""
    desk.open(f"/console/items/{ITEM}")
    desk.page.get_by_role("button", name="修改这个事项").click()
    desk.page.wait_for_url("**/console/drafts/*")
    desk.page.goto(f"{desk.page.url}/situations")
    return desk


@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_and_its_trial_are_for_everybody_s_eyes(
    running_city: RunningCity, browser: Browser, width: int
) -> None:
    desk = drafting(desk_in(running_city, browser).sign_in("dudao"))
    desk.page.set_viewport_size(ViewportSize(width=width, height=900))
    desk.page.evaluate(OPEN_ALL)
    desk.picture(f"situations-{width}")
    assert (desk.faults(), desk.sticks_out()) == ([], False)

    desk.page.get_by_role("link", name="试答一遍").click()
    desk.page.get_by_label("证件坏了、看不清").check()
    desk.page.get_by_role("button", name="看清单").click()
    assert (desk.faults(), desk.sticks_out()) == ([], False)
    assert "居民身份证损坏换领工本费" in desk.page.locator("#list").inner_text()
    desk.page.context.close()


def test_a_question_is_added_by_keys_alone_and_without_script(
    running_city: RunningCity, browser: Browser
) -> None:
    desk = drafting(desk_in(running_city, browser, java_script_enabled=False).sign_in("dudao"))
    page = desk.page
    before = page.locator("details.question").count()
    page.get_by_role("button", name="加一个问题").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#questions-{before}")
    page.keyboard.press("Tab")  # the new question itself
    page.keyboard.press("Tab")
    page.keyboard.type("证件还在身边吗？")
    page.locator(f"#questions-{before}").get_by_role("button", name="保存", exact=True).press("Enter")
    page.wait_for_url("**done=saved**")

    assert "证件还在身边吗？（是或不是）" in page.locator("#said-card").inner_text()
    page.locator(f"#questions-{before} .gone input").last.check()
    page.locator(f"#questions-{before}").get_by_role("button", name="保存", exact=True).press("Enter")
    page.wait_for_load_state()
    assert page.locator("details.question").count() == before
    page.context.close()
