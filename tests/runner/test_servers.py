"""The embedded servers: real, kept apart, and never left behind."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from redis import Redis as Client
from redis.exceptions import AuthenticationError

from runner.__main__ import _start_servers
from runner.accounts import Account
from runner.errors import CannotStart
from runner.folders import FolderLock
from runner.migrations import pending
from runner.places import read_places
from runner.postgres import ADMIN, Postgres, _temporary_folder
from runner.processes import launch
from runner.redis import Redis
from tests.runner.conftest import ROOT, STARTER, Started, alive, all_gone, clean_environment

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
Start = Callable[[Path], Started]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="yima-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def effective_capabilities(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff"))


def test_killing_the_launcher_leaves_no_server(start: Start, tmp_path: Path) -> None:
    started = start(tmp_path)
    assert all(alive(pid) for pid in started.pids)

    started.process.kill()

    assert all_gone(started.pids)


def test_asking_the_launcher_to_stop_leaves_no_server(start: Start, tmp_path: Path) -> None:
    started = start(tmp_path)

    started.process.send_signal(signal.SIGTERM)

    assert started.process.wait(timeout=20) == 0
    assert not any(alive(pid) for pid in started.pids)


def test_what_was_stored_is_there_after_a_kill(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path)
    with psycopg.connect(first.database) as citizen:
        citizen.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    first.process.kill()  # and at once, while the old server may still be leaving
    second = start(tmp_path)

    with psycopg.connect(second.database) as citizen:
        assert citizen.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_second_start_beside_a_running_one_is_told_so(start: Start, tmp_path: Path) -> None:
    started = start(tmp_path)

    with pytest.raises(CannotStart, match=f"in use by process {started.process.pid}"):
        Postgres(tmp_path / "postgres").start()

    with psycopg.connect(started.database) as citizen:
        assert citizen.execute("SELECT 1").fetchone() == (1,)


def test_the_refused_one_does_not_free_the_folder_for_a_third(start: Start, tmp_path: Path) -> None:
    start(tmp_path)
    refused = Redis(tmp_path / "redis")
    with pytest.raises(CannotStart):
        refused.start()

    refused.stop()

    with pytest.raises(CannotStart, match="in use"):
        Redis(tmp_path / "redis").start()


@pytest.mark.parametrize("minded", ["minded", ""])
def test_an_old_number_that_another_program_now_has_does_not_stop_a_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minded: str
) -> None:
    server = Postgres(tmp_path / "postgres", durable=False)
    server.start()
    record = (server.data / "postmaster.pid").read_text().split("\n", 1)[1]
    server.stop()
    other = launch(["/bin/sleep", "600"], name="other", env={}, user=server._account)
    while Path(f"/proc/{other.pid}/exe").readlink() == Path(sys.executable).resolve():
        other.wait(0.01)  # it is still becoming the other program
    (server.data / "postmaster.pid").write_text(f"{other.pid}\n{record}")
    monkeypatch.setattr("runner.postgres.LEAVING", 1.0)
    if not minded:  # the control: this is what would happen
        monkeypatch.setattr(Postgres, "_disown_recycled_pid", lambda self: None)
    try:
        if minded:
            assert server.start() == server.url
        else:
            with pytest.raises(CannotStart, match=r"postmaster\.pid"):
                server.start()
    finally:
        server.stop()
        other.stop()


def test_a_first_start_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("16\n")
    server = Postgres(tmp_path / "postgres", durable=False)
    try:
        with psycopg.connect(server.start().replace("+psycopg", "")) as citizen:
            assert citizen.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_data_of_another_major_version_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")

    with pytest.raises(CannotStart, match="made by PostgreSQL 15"):
        Postgres(tmp_path / "postgres").start()


def test_servers_that_are_given_are_used_and_none_is_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://city", "REDIS_URL": "redis://city"}
    env = dict(given)
    places = read_places({"YIMA_DATA_DIR": str(tmp_path)})

    with contextlib.ExitStack() as stack:
        assert _start_servers(stack, places, env) == []

    assert env == given
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_migrated_only_when_it_is_behind(start: Start, tmp_path: Path) -> None:
    url = start(tmp_path).database.replace("postgresql:", "postgresql+psycopg:")
    heads = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_heads()
    assert pending(url)

    with psycopg.connect(url.replace("+psycopg", "")) as citizen:
        citizen.execute("CREATE TABLE alembic_version (version_num text)")
        citizen.execute("INSERT INTO alembic_version VALUES ('an older one')")
    assert pending(url)

    with psycopg.connect(url.replace("+psycopg", "")) as citizen:
        citizen.execute("DELETE FROM alembic_version")
        citizen.execute("INSERT INTO alembic_version SELECT unnest(%s::text[])", [heads])
    assert not pending(url)


def test_a_database_that_does_not_answer_is_said() -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL cannot be reached"):
        pending("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_the_program_is_no_superuser_and_speaks_utf8_in_utc(start: Start, tmp_path: Path) -> None:
    asked = "SELECT usesuper, current_setting('server_encoding'), current_setting('TimeZone'), current_user"
    with psycopg.connect(start(tmp_path).database) as citizen:
        found = citizen.execute(f"{asked} FROM pg_user WHERE usename = current_user").fetchone()

    assert found == (False, "UTF8", "UTC", "yima")
    assert ADMIN != "yima"


def test_settings_of_the_persons_shell_do_not_lead_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGDATA", "/nowhere")
    server = Postgres(tmp_path / "postgres", durable=False)
    try:
        assert server.start() == server.url
    finally:
        server.stop()


def test_nobody_else_may_enter_the_folder_with_the_socket(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", durable=False)
    server.start()
    try:
        assert server._sockets.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
    assert not server._sockets.exists()


def test_a_folder_too_deep_for_a_socket_works_all_the_same(tmp_path: Path) -> None:
    server = Postgres(tmp_path / ("深" * 40), durable=False)
    try:
        with psycopg.connect(server.start().replace("+psycopg", "")) as citizen:
            assert citizen.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
    assert not server._sockets.exists()


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20)
    made_first = _temporary_folder(deep)
    made_first.symlink_to(tmp_path)
    try:
        with pytest.raises(CannotStart, match="somebody else"):
            Postgres(deep, durable=False).start()
    finally:
        made_first.unlink()


def test_redis_answers_nobody_without_its_password(start: Start, tmp_path: Path) -> None:
    url = start(tmp_path).redis
    with Client.from_url(url) as ours:
        assert ours.ping()
    port = int(url.rpartition(":")[2].split("/")[0])
    with Client(port=port) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()


@needs_root
def test_root_hands_the_server_to_an_account_that_may_do_nothing(open_folder: Path) -> None:
    server = Postgres(open_folder / "postgres", durable=False)
    try:
        server.start()
        assert server._process is not None
        assert Path(f"/proc/{server._process.pid}").stat().st_uid != 0
        helped = server._account is not None and server._account.reach  # when Python lies under /root
        assert bool(effective_capabilities(server._process.pid)) is helped
    finally:
        server.stop()


@needs_root
def test_the_server_works_below_a_folder_that_only_root_may_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = Postgres(tmp_path / "postgres", durable=False)
    try:
        server.start()
        assert server._process is not None
        assert effective_capabilities(server._process.pid) == 1 << 1  # CAP_DAC_OVERRIDE and no other
    finally:
        server.stop()


@needs_root
def test_an_ordinary_user_starts_and_stops_the_servers_as_root_does(open_folder: Path) -> None:
    user = Account(65534, 65534).able_to_use(Path(sys.executable), STARTER, ROOT)
    os.chown(open_folder, user.uid, user.gid)
    command = [sys.executable, str(STARTER), str(open_folder)]
    process = launch(command, name="user", env=clean_environment(), user=user, cwd=ROOT)
    while process.running and not process.last_lines():
        process.wait(0.05)

    assert '"pids"' in "".join(process.last_lines())
    assert (open_folder / "postgres" / "data").stat().st_uid == user.uid
    assert process.stop() == 0


@needs_root
def test_a_folder_of_root_is_refused_to_an_ordinary_user_in_one_sentence(open_folder: Path) -> None:
    made = FolderLock(open_folder / "postgres").take()
    made.give_back()
    os.seteuid(65534)
    try:
        with pytest.raises(CannotStart, match="belongs to another account"):
            made.take()
    finally:
        os.seteuid(0)
