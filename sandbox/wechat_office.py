"""What WeChat remembers of two accounts (mini-program and official account): codes, windows, chats."""

import base64
import secrets
import string
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .wechat_errors import Refusal
from .wechat_tokens import Tokens
from .world import Person, World

CODE_LIFE = timedelta(minutes=5)
LOGINS_A_MINUTE = 100
PICTURES_A_MINUTE = 5_000
CODES_KEPT = 100_000
LETTERS = string.ascii_letters + string.digits


@dataclass
class Code:
    """A code that a phone was given, good once and for five minutes."""

    person: Person
    appid: str
    expires_at: datetime
    used: bool = False


@dataclass(frozen=True)
class Window:
    """How long and how often an account may write to somebody who has just done something."""

    ends_at: datetime
    messages: int


# Official account since 2023-06-12: a message opens 48 h for 5, a menu click, follow or scan 1 min for 3.
# Windows are not cumulative: the newest one counts.
AFTER_TEXT = (timedelta(hours=48), 5)
AFTER_CLICK = (timedelta(minutes=1), 3)


@dataclass
class PushSettings:
    """How the account's console is set: the mode, and the path of the program's door."""

    mode: str = "safe"
    path: str = "/webhooks/wechat/message"


@dataclass
class Conversation:
    """A chat window: what the person wrote and what came back."""

    lines: list[dict[str, Any]] = field(default_factory=list)


class Office:
    """The state behind WeChat's API, apart from tokens, which keep themselves."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lock = threading.RLock()
        world.on_reset.append(self._forget)
        self._forget()

    def _forget(self) -> None:
        with self.lock:
            self.tokens = Tokens(self.world.clock)
            self.settings = PushSettings()
            self.session_keys: dict[str, str] = {}
            self.scenes: dict[str, str] = {}
            self.pages: set[str] = set()
            self._login_codes: dict[str, Code] = {}
            self._phone_codes: dict[str, Code] = {}
            self._logins: dict[str, deque[datetime]] = {}
            self._pictures: deque[datetime] = deque(maxlen=PICTURES_A_MINUTE)
            self._windows: dict[str, Window] = {}
            self._sent: Counter[str] = Counter()
            self._chats: dict[str, Conversation] = {}

    def mint_login_code(self, person: Person) -> str:
        """Do what wx.login does on the phone."""
        return self._mint(self._login_codes, person, length=32)

    def mint_phone_code(self, person: Person) -> str:
        """Do what the phone-number button does; this code is no login code."""
        return self._mint(self._phone_codes, person, length=64)

    def log_in(self, code: str, appid: str) -> tuple[Person, str]:
        """Redeem a login code; returns (person, new session_key). Raises Refusal 40029, 40163, 45011."""
        with self.lock:
            person = self._redeem(self._login_codes, code, appid=appid, used=40163)
            now = self.world.clock.now()
            recent = self._logins.setdefault(person.person_id, deque(maxlen=LOGINS_A_MINUTE))
            if len(recent) == LOGINS_A_MINUTE and now - recent[0] < timedelta(minutes=1):
                raise Refusal(45011)
            recent.append(now)
            session_key = base64.b64encode(secrets.token_bytes(16)).decode()
            self.session_keys[person.person_id] = session_key
            return person, session_key

    def phone_of(self, code: str, appid: str) -> Person:
        """Redeem a phone code: it stands for whoever pressed the button. Raises Refusal 40029."""
        with self.lock:
            return self._redeem(self._phone_codes, code, appid=appid, used=40029)

    def keep_scene(self, scene: str, page: str) -> None:
        """Remember where a code leads; raises Refusal 45009 beyond 5,000 codes a minute."""
        with self.lock:
            now = self.world.clock.now()
            if len(self._pictures) == PICTURES_A_MINUTE and now - self._pictures[0] < timedelta(minutes=1):
                raise Refusal(45009)
            self._pictures.append(now)
            self.scenes[scene] = page

    def spend_credit(self, person: Person, template_id: str) -> None:
        """Take one accepted prompt; raises Refusal 43101 when there is none."""
        with self.world.lock:
            if person.credits.get(template_id, 0) < 1:
                raise Refusal(43101)
            person.credits[template_id] -= 1

    def open_window(self, openid: str, *, spoke: bool) -> None:
        """Let the account write back, for long when the person spoke, shortly when they only clicked."""
        length, messages = AFTER_TEXT if spoke else AFTER_CLICK
        with self.lock:
            self._windows[openid] = Window(self.world.clock.now() + length, messages)
            self._sent[openid] = 0

    def use_window(self, openid: str) -> None:
        """Count one customer-service message; raises Refusal 45015 or 45047."""
        with self.lock:
            window = self._windows.get(openid)
            if window is None or window.ends_at <= self.world.clock.now():
                raise Refusal(45015)
            if self._sent[openid] >= window.messages:
                raise Refusal(45047)
            self._sent[openid] += 1

    def close_window(self, openid: str) -> None:
        """Forget that the person ever spoke (they unfollowed)."""
        with self.lock:
            self._windows.pop(openid, None)

    def say(self, person: Person, *, who: str, text: str) -> None:
        """Add a line to the chat window; `who` is person, account or notice."""
        line = {"who": who, "text": text, "at": self.world.clock.now().isoformat()}
        with self.lock:
            self._chats.setdefault(person.person_id, Conversation()).lines.append(line)

    def chat(self, person: Person) -> list[dict[str, Any]]:
        """Show the chat window, oldest first."""
        with self.lock:
            return list(self._chats.setdefault(person.person_id, Conversation()).lines)

    def _mint(self, codes: dict[str, Code], person: Person, *, length: int) -> str:
        code = "".join(secrets.choice(LETTERS) for _ in range(length))
        with self.lock:
            while len(codes) >= CODES_KEPT:
                codes.pop(next(iter(codes)))
            appid = self.world.keys.mini_appid
            codes[code] = Code(person, appid, self.world.clock.now() + CODE_LIFE)
        return code

    def _redeem(self, codes: dict[str, Code], code: str, *, appid: str, used: int) -> Person:
        known = codes.get(code)
        if known is None or known.appid != appid or known.expires_at <= self.world.clock.now():
            raise Refusal(40029)
        if known.used:
            raise Refusal(used)
        known.used = True
        return known.person
