"""Start a program so that it cannot outlive us, and stop it in good order.

The promise is Linux's; elsewhere a launcher that is killed by force leaves its programs behind.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.accounts import Account

CHILD = Path(__file__).with_name("child.py")
LOOK_AGAIN = 0.02  # seconds between two looks at a process
LINES_KEPT = 12

_writing = threading.Lock()

# Set when everything is to stop, and when the person asks a second time: then nothing is waited for.
stopping = threading.Event()
hurry = threading.Event()


class Process:
    """One started program, the leader of its own process group."""

    def __init__(
        self, popen: subprocess.Popen[bytes], name: str, *, stop_signal: signal.Signals, grace: float
    ) -> None:
        """Take charge of a running program; `grace` is how many seconds it gets to stop."""
        self.name = name
        self._popen = popen
        self._stop_signal = stop_signal
        self._grace = grace
        self._asked = False
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._reader = threading.Thread(target=self._forward, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Number of the process and of its group."""
        return self._popen.pid

    @property
    def running(self) -> bool:
        """Whether the program still runs; one that has ended is kept for `collect`."""
        if self._popen.returncode is not None:
            return False
        # WNOWAIT leaves the ended process in place, so that its group's number cannot be given away.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; True when it has ended."""
        deadline = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > deadline or hurry.is_set():
                return not self.running
            time.sleep(LOOK_AGAIN)
        return True

    def ask(self) -> None:
        """Ask the program to stop, once: many take a second asking for impatience."""
        if not self._asked:
            self._asked = True
            self.send(self._stop_signal)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program alone, not to its children; nothing happens after its end."""
        if self.running:
            os.kill(self.pid, number)

    def collect(self) -> int:
        """Kill what is left of the group and return the exit status (negative: a signal)."""
        if self._popen.returncode is None:
            # The group may be empty, or (macOS) hold only what has ended.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self._popen.wait()
            self._reader.join(timeout=1.0)  # a grandchild that has left the group may hold the pipe
        return self._popen.returncode

    def stop(self, *, then: signal.Signals | None = None) -> int:
        """Ask the program to stop, ask by `then` when it does not, and kill it at last."""
        self.ask()
        if not self.wait(self._grace) and then is not None:
            self.send(then)
            self.wait(self._grace)
        return self.collect()

    def last_lines(self) -> list[str]:
        """Return what the program wrote last, when it does not write to a file."""
        return list(self._lines)

    def _forward(self) -> None:
        """Pass the program's lines on until it and its children have closed their end."""
        if self._popen.stdout is None:
            return
        with self._popen.stdout as pipe:
            for line in pipe:
                text = line.decode(errors="replace").rstrip()
                self._lines.append(text)
                say(text, name=self.name)


def launch(
    argv: Sequence[str | Path],
    *,
    name: str,
    env: Mapping[str, str],
    user: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    death_signal: signal.Signals = signal.SIGTERM,
    grace: float = 10.0,
    output: Path | None = None,
    cwd: Path | None = None,
) -> Process:
    """Start a program that gets `death_signal` when this process dies, however it dies.

    Its output goes to the file `output`, or line by line to our own with the name in front. It leads a
    session of its own, so that Ctrl-C reaches the launcher alone. Must be called from the main thread: the
    kernel sends the signal when the *thread* that started the program ends.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("A program dies with the thread that started it: use the main thread.")
    who = (user.uid, user.gid, int(user.reach)) if user else (0, 0, 0)
    orders = (int(death_signal), os.getpid(), *who)
    sink = output.open("wb") if output else None
    try:
        popen = subprocess.Popen(
            [sys.executable, "-I", "-S", CHILD, *map(str, orders), *argv],
            stdin=subprocess.DEVNULL,
            stdout=sink or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
        )
    finally:
        if sink:
            sink.close()
    return Process(popen, name, stop_signal=stop_signal, grace=grace)


def say(text: str, *, name: str = "yima") -> None:
    """Write one line for the person at the terminal."""
    with _writing:
        try:
            sys.stdout.write(f"{name:>9} | {text}\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            pass  # the terminal has gone; the programs must not wait for a reader
