"""A clerk's desk (窗口人员的电脑): the console's own pages, read and sent as a browser does."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import requests

from commands.demo import PASSWORD_FILE
from tests.journeys.conftest import RunningCity

Fields = list[tuple[str, str]]


class Forms(HTMLParser):
    """The forms of a page with what a browser would send of them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Fields] = {}
        self._open: Fields | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or a field of the open form."""
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._open = self.found.setdefault(given.get("action", ""), [])
        elif tag == "input" and self._open is not None and "name" in given:
            chosen = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            if chosen:
                self._open.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a form."""
        if tag == "form":
            self._open = None


@dataclass
class Desk:
    """One clerk in one browser."""

    city: RunningCity
    username: str
    browser: requests.Session = field(default_factory=requests.Session)
    shown: str = ""

    def sign_in(self) -> "Desk":
        """Log in on the login page."""
        password = Path(self.city.environment["YIMA_DATA_DIR"], PASSWORD_FILE).read_text()
        self.page("/console/login")
        assert "退出" in self.send("/console/login", username=self.username, password=password)
        return self

    def page(self, path: str) -> str:
        """Open a page; its text."""
        return self._show(self.browser.get(f"{self.city.url}{path}", timeout=30), (200,))

    def send(self, action: str, *, statuses: Sequence[int] = (200,), **typed: str) -> str:
        """Send a form of the page that is open; the page that follows."""
        forms = Forms()
        forms.feed(self.shown)
        kept = [(name, value) for name, value in forms.found[action] if name not in typed]
        sent = [*kept, *typed.items()]
        return self._show(self.browser.post(f"{self.city.url}{action}", data=sent, timeout=30), statuses)

    def line_of(self, case_no: str, listed: str) -> str:
        """Where the line of a case leads in the list at an address, such as /console/opinions."""
        before = self.page(listed).partition(case_no)[0]
        return str(re.findall(rf'href="({listed}/\d+)"', before)[-1])

    def form_that(self, ends: str) -> str:
        """Where the form of the open page goes whose address ends so."""
        forms = Forms()
        forms.feed(self.shown)
        return next(action for action in forms.found if action.endswith(ends))

    def _show(self, answer: requests.Response, statuses: Sequence[int]) -> str:
        assert answer.status_code in statuses, (answer.status_code, answer.text)
        self.shown = answer.text
        return html.unescape(answer.text)
