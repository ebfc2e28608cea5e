"""Starting, stopping, keys and app.env."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import requests
from cryptography.hazmat.primitives import serialization

from tests.ports import free_port

from .conftest import ROOT, StandIn

NAMES = [
    "WECHAT_API_URL",
    "WECHAT_MINI_APPID",
    "WECHAT_MINI_SECRET",
    "WECHAT_OA_APPID",
    "WECHAT_OA_SECRET",
    "WECHAT_OA_TOKEN",
    "WECHAT_OA_AES_KEY",
    "WECHAT_PAY_URL",
    "WECHAT_PAY_MCHID",
    "WECHAT_PAY_SERIAL",
    "WECHAT_PAY_PRIVATE_KEY_FILE",
    "WECHAT_PAY_APIV3_KEY",
    "WECHAT_PAY_PUBLIC_KEY_FILE",
    "WECHAT_PAY_PUBLIC_KEY_ID",
    "ALIPAY_GATEWAY_URL",
    "ALIPAY_APP_ID",
    "ALIPAY_PRIVATE_KEY_FILE",
    "ALIPAY_PUBLIC_KEY_FILE",
    "ALIPAY_AES_KEY",
    "ALIPAY_SELLER_ID",
    "SMS_URL",
    "SMS_KEY",
    "REGISTRY_URL",
    "REGISTRY_APP_ID",
    "REGISTRY_KEY",
    "REGISTRY_EVENT_KEY",
    "BUS_URL",
    "BUS_APP_ID",
    "BUS_KEY",
    "COURIER_URL",
    "COURIER_APP_ID",
    "COURIER_KEY",
    "COURIER_EVENT_KEY",
    "ARCHIVE_URL",
    "ARCHIVE_APP_ID",
    "ARCHIVE_KEY",
    "CREDIT_URL",
    "CREDIT_APP_ID",
    "CREDIT_KEY",
    "OVERSIGHT_URL",
    "OVERSIGHT_APP_ID",
    "OVERSIGHT_KEY",
    "OVERSIGHT_EVENT_KEY",
    "WECHAT_TEMPLATES",
    "ALIPAY_TEMPLATES",
]


def _prepare(folder: Path, *, port: int = 8001) -> dict[str, str]:
    command = [sys.executable, "-m", "sandbox", "--folder", str(folder), "--port", str(port), "--prepare"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    lines = (folder / "app.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_app_env_holds_what_the_consoles_would_hand_over(stand_in: StandIn) -> None:
    assert list(stand_in.env) == NAMES
    assert stand_in.env["WECHAT_API_URL"] == stand_in.url
    assert len(stand_in.env["WECHAT_PAY_APIV3_KEY"]) == 32
    assert len(stand_in.env["WECHAT_OA_AES_KEY"]) == 43
    assert set(json.loads(stand_in.env["WECHAT_TEMPLATES"])) == set(
        json.loads(stand_in.env["ALIPAY_TEMPLATES"])
    )


def test_identifiers_are_visibly_those_of_a_sandbox(stand_in: StandIn) -> None:
    assert stand_in.env["WECHAT_MINI_APPID"].startswith("wxsandbox")
    assert stand_in.env["WECHAT_OA_APPID"].startswith("wxsandbox")
    assert stand_in.env["WECHAT_PAY_MCHID"] == "1900000001"
    assert stand_in.env["ALIPAY_APP_ID"] == "2021000000000001"


def test_key_files_can_be_read_by_their_owner_only(stand_in: StandIn) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in stand_in.folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_the_program_gets_private_halves_of_its_own_keys_only(stand_in: StandIn) -> None:
    for name in ("WECHAT_PAY_PRIVATE_KEY_FILE", "ALIPAY_PRIVATE_KEY_FILE"):
        pem = Path(stand_in.env[name]).read_bytes()
        assert pem.startswith(b"-----BEGIN PRIVATE KEY-----"), "PKCS#8"
        assert serialization.load_pem_private_key(pem, None)
    for name in ("WECHAT_PAY_PUBLIC_KEY_FILE", "ALIPAY_PUBLIC_KEY_FILE"):
        assert Path(stand_in.env[name]).read_bytes().startswith(b"-----BEGIN PUBLIC KEY-----")


def test_a_second_start_keeps_the_keys_and_writes_the_new_port(tmp_path: Path) -> None:
    first, second = _prepare(tmp_path, port=8001), _prepare(tmp_path, port=8002)
    assert second["WECHAT_API_URL"] == "http://127.0.0.1:8002"
    same = [name for name in NAMES if not name.endswith("_URL")]
    assert [first[name] for name in same] == [second[name] for name in same]


def test_a_first_start_that_was_cut_short_begins_again(tmp_path: Path) -> None:
    before = _prepare(tmp_path)
    (tmp_path / "secrets.json").unlink()
    after = _prepare(tmp_path)
    assert after["WECHAT_PAY_SERIAL"] != before["WECHAT_PAY_SERIAL"]


def test_it_stops_at_once_even_while_a_request_hangs(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "sandbox", "--folder", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        url = f"http://127.0.0.1:{port}"
        requests.post(f"{url}/_sim/faults", json={"op": "*", "kind": "hang", "seconds": 60}, timeout=5)
        hanging = subprocess.Popen(
            [sys.executable, "-c", f"import urllib.request as u; u.urlopen('{url}/cgi-bin/token')"],
            stderr=subprocess.DEVNULL,
        )
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=5) == 0
        hanging.wait(timeout=10)


def test_the_stand_in_imports_nothing_of_ours() -> None:
    script = "import sys, sandbox.server; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    rooms = {name.split(".")[0] for name in ran.stdout.split()}
    ours = {"app", "platforms", "payments", "notifications", "bots", "console", "web", "bootstrap"}
    sdks = {"wechatpy", "wechatpayv3", "alipay"}
    assert not rooms & (ours | sdks)
