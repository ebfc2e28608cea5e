"""A real browser: the citizen's phone and the clerk's desk as people see them (浏览器)."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from commands.demo import PASSWORD_FILE
from runner.client import CLIENT
from tests.conftest import ROOT
from tests.journeys.conftest import RunningCity
from tests.patience import PATIENCE_S

PICTURES = ROOT / ".pictures"
AXE = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = ViewportSize(width=390, height=844)
SMALL_PHONE = ViewportSize(width=320, height=640)
DESK = ViewportSize(width=1366, height=900)
_MEASURES = Path(__file__).with_name("measures.js")
# Without what is well: telling that takes most of its time.
_AXE_RUN = "axe.run({resultTypes: ['violations'], iframes: false}).then((told) => told.violations)"
_ENLARGE = """size => {
  localStorage.setItem('size', JSON.stringify({type: 'string', data: size}))
  dispatchEvent(new StorageEvent('storage', {key: 'size'}))
}"""
# Asked again with every frame: expectations look again after a tenth of a second at the earliest.
_READY = """() => {
  const shown = [...document.querySelectorAll('.y-page')].at(-1)
  const visible = shown?.checkVisibility({visibilityProperty: true}) && shown.offsetHeight > 0
  return visible && !document.querySelector('.y-page .loading')
}"""
SERIOUS = {"serious", "critical"}
_CHINA: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
_PATIENCE_MS = PATIENCE_S * 1000
expect.set_options(timeout=_PATIENCE_MS)


@dataclass
class Screen:
    """One browser window, which remembers everything that went wrong in it."""

    city: RunningCity
    page: Page
    strangers: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> Self:
        """Note requests to other hosts, faults of scripts and refusals of the content policy."""
        ours = (self.city.url, self.city.sandbox.url, "data:", "blob:")
        self.page.on(
            "request",
            lambda asked: None if asked.url.startswith(ours) else self.strangers.append(asked.url),
        )
        self.page.on("pageerror", lambda trouble: self.troubles.append(str(trouble)))
        self.page.on(
            "console",
            lambda said: self.troubles.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return self

    def picture(self, name: str) -> None:
        """Keep what is seen now."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def sticks_out(self) -> bool:
        """Whether the page is wider than the screen."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))

    def faults(self) -> list[str]:
        """Serious and critical faults of accessibility on the page that is open (axe)."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found: list[dict[str, Any]] = self.page.evaluate(_AXE_RUN)
        return [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in found
            if fault["impact"] in SERIOUS
            for node in fault["nodes"]
        ]


class Phone(Screen):
    """A citizen's phone with the client open in its browser."""

    def open(self, path: str, **query: str) -> "Phone":
        """Open one of the client's pages and wait until it shows something."""
        address = f"{self.city.url}/m/#/{path}"
        self.page.goto("about:blank")
        self.page.goto(f"{address}?{urlencode(query)}" if query else address)
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until nothing is being loaded."""
        self.page.wait_for_function(_READY)

    def enlarge(self, size: str) -> None:
        """Choose how large everything is, as the switch on the home page of another tab does."""
        self.page.evaluate(_ENLARGE, size)
        expect(self.page.locator(f".y-page.size-{size}").last).to_be_visible()
        self.ready()

    def text(self) -> str:
        """What can be read on the page."""
        return self.page.locator(".y-page").last.inner_text()

    def press(self, words: str | re.Pattern[str], role: Any = "button") -> None:
        """Press what is called so."""
        self.page.get_by_role(role, name=words).first.click()
        self.ready()

    def small_letters(self, least: float) -> list[str]:
        """Words that are smaller than they may be, in px."""
        return self._measured("smallLetters", least)

    def small_targets(self, least: float) -> list[str]:
        """Pressable things that are lower than they may be, in px."""
        return self._measured("smallTargets", least)

    def _measured(self, what: str, least: float) -> list[str]:
        found: list[str] = self.page.evaluate(f"least => {_MEASURES.read_text()}.{what}(least)", least)
        return found


class Desk(Screen):
    """A clerk's browser at the desk."""

    def sign_in(self, username: str, password: str = "") -> "Desk":
        """Log in on the login page, by default as a clerk of the demo city."""
        self.open("/console/login")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password or self.password())
        self.page.locator("main button").click()
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()
        return self

    def password(self) -> str:
        """The password of every clerk of the demo city."""
        return Path(self.city.environment["YIMA_DATA_DIR"], PASSWORD_FILE).read_text()

    def open(self, path: str) -> "Desk":
        """Open a page of the console."""
        self.page.goto(f"{self.city.url}{path}")
        return self


def phone_in(city: RunningCity, browser: Browser, viewport: ViewportSize = PHONE) -> Phone:
    """A fresh phone: small screen, touch, Chinese."""
    context = browser.new_context(viewport=viewport, is_mobile=True, has_touch=True, **_CHINA)
    return Phone(city, _page(context)).watch()


def desk_in(city: RunningCity, browser: Browser, **options: Any) -> Desk:
    """A fresh browser at a desk."""
    return Desk(city, _page(browser.new_context(viewport=DESK, **_CHINA, **options))).watch()


def _page(context: BrowserContext) -> Page:
    context.set_default_timeout(_PATIENCE_MS)
    return context.new_page()
