"""What these tests ask for: the sandbox as a process, a Redis, clients, and a host that misbehaves."""

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import redis
import requests

from platforms.alipay import Alipay, AlipayConfig
from platforms.sms import Sms
from platforms.tokens import AccessTokens
from platforms.wechat import MiniProgram, OfficialAccount, WeChatConfig
from platforms.wechat_pay import WeChatPay, WeChatPayConfig
from runner.redis import Redis
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
SHORT = (1.0, 1.0)  # seconds; a hung answer costs a test one second


@dataclass(frozen=True)
class Sandbox:
    """The running stand-in: its address and what its consoles would hand to an operator."""

    url: str
    env: dict[str, str]

    def post(self, path: str, **body: Any) -> Any:
        answer = requests.post(f"{self.url}/_sim{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path: str, **query: str) -> Any:
        answer = requests.get(f"{self.url}/_sim{path}", params=query, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def fault(self, op: str, kind: str, *, times: int = 1, **detail: Any) -> None:
        self.post("/faults", op=op, kind=kind, times=times, detail=detail)

    def calls(self, op: str) -> int:
        return len(self.get("/log", op=op)["items"])

    def file(self, name: str) -> str:
        return Path(self.env[name]).read_text()


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder, port = tmp_path_factory.mktemp("sandbox"), free_port()
    command = [sys.executable, "-m", "sandbox", "--folder", str(folder), "--port", str(port)]
    process = subprocess.Popen([*command, "--app-url", "http://127.0.0.1:9"], cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/_sim/health", process)
        lines = (folder / "app.env").read_text().splitlines()
        yield Sandbox(url, dict(line.split("=", 1) for line in lines if line))
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    pytest.fail("the sandbox did not start")


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """A sandbox that has forgotten everything but its people and keys."""
    requests.delete(f"{running_sandbox.url}/_sim/faults", timeout=10)
    running_sandbox.post("/reset")
    return running_sandbox


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def store(redis_url: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(redis_url, max_connections=64)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def mini_config(sandbox: Sandbox) -> WeChatConfig:
    env = sandbox.env
    return WeChatConfig(env["WECHAT_API_URL"], env["WECHAT_MINI_APPID"], env["WECHAT_MINI_SECRET"], SHORT)


@pytest.fixture
def oa_config(sandbox: Sandbox) -> WeChatConfig:
    env = sandbox.env
    return WeChatConfig(env["WECHAT_API_URL"], env["WECHAT_OA_APPID"], env["WECHAT_OA_SECRET"], SHORT)


@pytest.fixture
def mini(mini_config: WeChatConfig) -> MiniProgram:
    return MiniProgram(mini_config, AccessTokens(None, mini_config))


@pytest.fixture
def account(oa_config: WeChatConfig) -> OfficialAccount:
    return OfficialAccount(oa_config, AccessTokens(None, oa_config))


@pytest.fixture(scope="session")
def pay_config(running_sandbox: Sandbox) -> WeChatPayConfig:
    env = running_sandbox.env
    return WeChatPayConfig(
        base_url=env["WECHAT_PAY_URL"],
        mchid=env["WECHAT_PAY_MCHID"],
        appid=env["WECHAT_MINI_APPID"],
        serial=env["WECHAT_PAY_SERIAL"],
        private_key_pem=running_sandbox.file("WECHAT_PAY_PRIVATE_KEY_FILE"),
        apiv3_key=env["WECHAT_PAY_APIV3_KEY"],
        public_key_pem=running_sandbox.file("WECHAT_PAY_PUBLIC_KEY_FILE"),
        public_key_id=env["WECHAT_PAY_PUBLIC_KEY_ID"],
        timeout=SHORT,
    )


@pytest.fixture(scope="session")
def wechat_pay(pay_config: WeChatPayConfig) -> WeChatPay:
    return WeChatPay(pay_config)


@pytest.fixture(scope="session")
def alipay_config(running_sandbox: Sandbox) -> AlipayConfig:
    env = running_sandbox.env
    return AlipayConfig(
        gateway_url=env["ALIPAY_GATEWAY_URL"],
        app_id=env["ALIPAY_APP_ID"],
        private_key_pem=running_sandbox.file("ALIPAY_PRIVATE_KEY_FILE"),
        alipay_public_key_pem=running_sandbox.file("ALIPAY_PUBLIC_KEY_FILE"),
        aes_key=env["ALIPAY_AES_KEY"],
        seller_id=env["ALIPAY_SELLER_ID"],
        timeout=SHORT,
    )


@pytest.fixture(scope="session")
def alipay(alipay_config: AlipayConfig) -> Alipay:
    return Alipay(alipay_config)


@pytest.fixture
def sms(sandbox: Sandbox) -> Sms:
    return Sms(sandbox.env["SMS_URL"], sandbox.env["SMS_KEY"], SHORT)


@pytest.fixture
def order_no() -> Callable[[], str]:
    return lambda: f"YM{os.urandom(12).hex()}"


@dataclass
class Letter:
    """One delivery as it came in."""

    headers: dict[str, str]
    body: bytes


class PostBox:
    """Our end of a callback: keeps what the sandbox delivers and says that it is content."""

    def __init__(self) -> None:
        self.letters: queue.Queue[Letter] = queue.Queue()
        box = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                box.letters.put(Letter(dict(self.headers.items()), body))
                self.send_response(200)
                self.send_header("Content-Length", "7")
                self.end_headers()
                self.wfile.write(b"success")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self) -> Letter:
        """The next letter, or the test fails."""
        return self.letters.get(timeout=10)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def post_box() -> Iterator[PostBox]:
    box = PostBox()
    yield box
    box.close()


@dataclass
class RawHost:
    """A listener that answers every connection with the given bytes, piece by piece."""

    url: str
    heard: list[bytes]


@pytest.fixture
def raw_host() -> Iterator[Callable[..., RawHost]]:
    """Make a host that says exactly these pieces, with a pause between them, and then hangs up."""
    open_sockets: list[socket.socket] = []

    def make(*pieces: bytes, pause: float = 0.0) -> RawHost:
        listener = socket.create_server(("127.0.0.1", 0))
        open_sockets.append(listener)
        host = RawHost(f"http://127.0.0.1:{listener.getsockname()[1]}", [])
        threading.Thread(target=answer_all, args=(listener, host, pieces, pause), daemon=True).start()
        return host

    yield make
    for each in open_sockets:
        each.close()


def answer_all(listener: socket.socket, host: RawHost, pieces: tuple[bytes, ...], pause: float) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        with line:
            host.heard.append(line.recv(65536))
            try:
                for piece in pieces:
                    line.sendall(piece)
                    time.sleep(pause)
            except OSError:
                continue


def http_answer(body: bytes, *, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
