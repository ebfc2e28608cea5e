"""Programs die with us, stop when asked, and are killed when they will not listen."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner.errors import CannotStart
from runner.processes import CHILD, Process, launch
from runner.programs import Program
from runner.supervisor import Supervisor
from tests.patience import until
from tests.runner.conftest import all_gone, clean_environment

STUBBORN = """
import signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def python(code: str, *, grace: float = 10.0) -> Process:
    return launch([sys.executable, "-c", code], name="test", env=clean_environment(), grace=grace)


def first_line(process: Process) -> str:
    return until(process.last_lines)[0]


def test_a_program_that_will_not_stop_is_killed_with_its_children() -> None:
    stubborn = python(STUBBORN, grace=0.2)
    child = int(first_line(stubborn))

    assert stubborn.stop() == -9

    assert all_gone([stubborn.pid, child])


def test_children_that_a_dead_program_left_are_removed() -> None:
    leaver = python(STUBBORN.replace("time.sleep(600)\n", "\n"))
    child = int(first_line(leaver))
    leaver.wait(20)

    leaver.collect()

    assert all_gone([child])


def test_a_polite_program_may_finish_and_its_status_is_known() -> None:
    polite = python(
        "import signal, sys; signal.signal(15, lambda *_: sys.exit(7)); print(1, flush=True); signal.pause()"
    )
    first_line(polite)

    assert polite.stop() == 7
    assert polite.stop() == 7  # asking again changes nothing


def test_a_program_whose_parent_died_too_early_never_begins(tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    someone_else = str(os.getppid())

    step = [sys.executable, "-I", "-S", str(CHILD), "15", someone_else, "0", "0", "0", "touch", str(mark)]

    assert subprocess.run(step, check=False).returncode == 127
    assert not mark.exists()


def test_a_program_that_does_not_exist_is_named() -> None:
    absent = launch(["/no/such/program"], name="absent", env={})
    absent.wait(20)

    assert absent.collect() == 127
    assert absent.last_lines() == ["cannot start /no/such/program: [Errno 2] No such file or directory"]


def test_a_program_is_not_started_from_a_thread_that_may_end_before_us() -> None:
    refused: list[str] = []

    def try_it() -> None:
        try:
            python("")
        except RuntimeError as error:
            refused.append(str(error))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert "main thread" in refused[0]


def test_ignored_signals_are_not_handed_down() -> None:
    asked = "import signal as s; print(s.getsignal(2) is s.default_int_handler, s.pthread_sigmask(0, []))"
    command = f"trap '' INT QUIT; exec {sys.executable} -c \"$0\""
    inner = (
        "import sys; from runner.processes import launch; from pathlib import Path\n"
        "import os; p = launch([sys.executable, '-c', os.environ['ASKED']], name='t', env=dict(os.environ))\n"
        "p.wait(20); p.collect()"
    )
    said = subprocess.run(
        ["/bin/sh", "-c", command, inner],
        env=clean_environment(ASKED=asked),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "True set()" in said.stdout


def test_a_program_that_ends_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.supervisor.PAUSES", (0.01, 60.0))
    log = tmp_path / "log"
    code = "import sys, time; log = open(sys.argv[1], 'ab', 0); log.write(b'x')"
    code += "; time.sleep(600 * (log.tell() == 2))"
    supervisor = Supervisor(clean_environment())
    supervisor.keep(Program("failing", "-c", (code, str(log))))
    try:
        while not log.exists() or log.read_text() != "xx":
            supervisor.look()
    finally:
        supervisor.stop()
    assert log.read_text() == "xx"


def test_a_program_that_ends_at_once_every_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.supervisor.PAUSES", (0.01, 0.01))
    supervisor = Supervisor(clean_environment())
    supervisor.keep(Program("broken", "-c", ("raise SystemExit(3)",)))

    with pytest.raises(CannotStart, match="broken ends again and again"):
        while True:
            supervisor.look()


def test_a_step_that_has_ended_is_not_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    supervisor = Supervisor(clean_environment())
    step = supervisor.begin(
        Program("step", "-c", ("import sys; open(sys.argv[1], 'a').write('x')", str(log)))
    )
    step.wait(20)

    supervisor.look()

    supervisor.finish(step)
    supervisor.finish(step)
    assert log.read_text() == "x"


def test_a_step_that_fails_stops_the_start_and_one_that_works_is_heard() -> None:
    supervisor = Supervisor(clean_environment())

    assert supervisor.finish(supervisor.begin(Program("fine", "-c", ("print('一切就绪')",)))) == ["一切就绪"]
    with pytest.raises(CannotStart, match="bad failed"):
        supervisor.finish(supervisor.begin(Program("bad", "-c", ("raise SystemExit(1)",))))
