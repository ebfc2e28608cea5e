"""The push door behind a real server, with the sandbox's push engine in front of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from platforms.errors import BadSignature, Malformed, PlatformError
from platforms.wechat_push import Inbound, PushDoor
from tests.platforms.conftest import Sandbox


@dataclass
class Office:
    """A program with nothing but the door: it repeats what it hears."""

    door: PushDoor
    url: str = ""
    heard: list[Inbound] = field(default_factory=list)
    refused: list[PlatformError] = field(default_factory=list)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        query = dict(parse_qsl(urlsplit(path).query, keep_blank_values=True))
        try:
            if method == "GET":
                return 200, self.door.greet(query)
            inbound = self.door.open(query, body)
        except (BadSignature, Malformed) as error:
            self.refused.append(error)
            return 403, ""
        self.heard.append(inbound)
        return 200, self.door.seal(inbound, f"您说：{inbound.text}" if inbound.text else "")


def handler_of(office: Office) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(b"")

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])))

        def reply(self, body: bytes) -> None:
            status, text = office.answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def office(sandbox: Sandbox) -> Iterator[Office]:
    env = sandbox.env
    door = PushDoor(env["WECHAT_OA_TOKEN"], env["WECHAT_OA_AES_KEY"], env["WECHAT_OA_APPID"], plain=True)
    made = Office(door)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    sandbox.post("/push", app_url=made.url, mode="safe")
    yield made
    sandbox.post("/push", app_url="http://127.0.0.1:9", mode="safe")
    server.shutdown()
    server.server_close()


def say(sandbox: Sandbox, text: str) -> Any:
    return sandbox.post("/people/lin/wechat/text", text=text)


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
@pytest.mark.parametrize("words", ["居住证怎么办", "]]></Content><x>", "😀 & <b>"])
def test_what_a_follower_types_is_heard_and_answered(
    sandbox: Sandbox, office: Office, mode: str, words: str
) -> None:
    sandbox.post("/push", mode=mode)
    outcome = say(sandbox, words)
    assert [attempt["verdict"] for attempt in outcome["attempts"]] == ["ok"]
    assert outcome["reply"] == {"type": "text", "text": f"您说：{words}"}
    (inbound,) = office.heard
    assert (inbound.text, inbound.encrypted) == (words, mode != "plain")
    assert inbound.from_openid == sandbox.get("/people/lin")["oa_openid"]


def test_an_event_is_heard_and_needs_no_answer(sandbox: Sandbox, office: Office) -> None:
    outcome = sandbox.post("/people/lin/wechat/event", event="subscribe", event_key="qrscene_1")
    assert [attempt["verdict"] for attempt in outcome["attempts"]] == ["ok"]
    assert (office.heard[0].kind, office.heard[0].event) == ("event", "subscribe")


def test_the_console_accepts_the_address(sandbox: Sandbox, office: Office) -> None:
    assert sandbox.post("/push/verify")["ok"]


def test_repeated_deliveries_have_one_number(sandbox: Sandbox, office: Office) -> None:
    sandbox.fault("push", "duplicate", copies=5)
    say(sandbox, "在吗")
    assert len(office.heard) == 5
    assert len({inbound.message_id for inbound in office.heard}) == 1


@pytest.mark.parametrize(
    "kind", ["tampered_signature", "old_timestamp", "wrong_appid", "bad_padding", "oversize", "doctype"]
)
def test_the_sandboxs_forgeries_are_refused(sandbox: Sandbox, office: Office, kind: str) -> None:
    sandbox.fault("push", kind)
    say(sandbox, "在吗")
    assert office.heard == []
    assert len(office.refused) == 1
