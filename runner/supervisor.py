"""Keep programs running: one that ends is started again, unless it ends at once every time."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from runner.errors import CannotStart
from runner.places import ROOT
from runner.processes import LOOK_AGAIN, Process, launch, say
from runner.programs import Program

PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before each new start
LONG_ENOUGH = 15.0  # a program that ran so long has started well; its failures are forgotten
GRACE = 10.0


@dataclass
class Kept:
    """A program that is kept running, or a step that is to end by itself."""

    program: Program
    process: Process | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0  # when to start it (again)
    step: bool = False


class Supervisor:
    """Programs that run together and stop together."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """Run every program in this environment, in the project's folder."""
        self._env = env
        self._kept: list[Kept] = []

    def begin(self, program: Program) -> Process:
        """Start a program that ends by itself; `finish` waits for it, `stop` ends it early."""
        process = self._launch(program)
        self._kept.append(Kept(program, process, step=True))
        return process

    def finish(self, process: Process) -> list[str]:
        """Wait for a program's end and return its last lines; may be asked again.

        Raises CannotStart when it has failed.
        """
        while process.running:
            time.sleep(LOOK_AGAIN)
        self._kept = [kept for kept in self._kept if kept.process is not process]
        if process.collect() != 0:
            raise CannotStart(f"{process.name} failed; its lines above say why.")
        return process.last_lines()

    def keep(self, program: Program) -> None:
        """Start a program and look after it from now on."""
        kept = Kept(program)
        self._kept.append(kept)
        self._start(kept)

    def look(self) -> None:
        """Start again what has ended and is due; raises CannotStart when one ends at once repeatedly."""
        for kept in self._kept:
            if kept.process is None:
                if time.monotonic() >= kept.due:
                    self._start(kept)
            elif not kept.step and not kept.process.running:
                self._mourn(kept, kept.process.collect())

    def stop(self) -> None:
        """Stop all, the last started first: doors before what stands behind them."""
        running = [kept.process for kept in reversed(self._kept) if kept.process]
        for process in running:
            process.ask()
        for process in running:
            process.stop()
        self._kept.clear()

    def _mourn(self, kept: Kept, status: int) -> None:
        lived = time.monotonic() - kept.started
        kept.failures = 1 if lived >= LONG_ENOUGH else kept.failures + 1
        if kept.failures > len(PAUSES):
            raise CannotStart(f"{kept.program.name} ends again and again; its lines above say why.")
        pause = PAUSES[kept.failures - 1]
        say(f"{kept.program.name} ended ({_ending(status)}); starting it again in {pause:g} s")
        kept.process, kept.due = None, time.monotonic() + pause

    def _start(self, kept: Kept) -> None:
        kept.process, kept.started = self._launch(kept.program), time.monotonic()

    def _launch(self, program: Program) -> Process:
        return launch(program.argv, name=program.name, env=self._env, grace=GRACE, cwd=ROOT)


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
