"""The door for background work: one worker per queue under a supervisor, or the scheduler.

`python worker.py` supervises all queues, `python worker.py schedule` is the clockwork,
`python worker.py <queue> [<parent>]` is one worker, which ends with the process of that number.
"""

import ctypes
import functools
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

import redis
from rq.cron import CronScheduler

from app.queues import Queue
from bootstrap import create_scheduler, create_worker

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_S = 1
# A worker starts afresh now and then, so that a slow leak never becomes a night call.
_JOBS_BEFORE_REST = 5000
_PAUSES_S = (0.5, 1, 2, 5, 10)


def die_with_parent(death_signal: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """Have the kernel stop this process when its parent is gone (Linux; elsewhere nothing happens)."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid() if parent is None else parent
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # an exception would be lost in a child that was just forked


def keep_time(scheduler: CronScheduler, stop: threading.Event) -> None:
    """Queue what is due until told to stop. While Redis is away it waits: nobody else wakes the sweepers."""
    while not stop.is_set():
        try:
            scheduler.enqueue_jobs()
        except redis.RedisError:
            log.warning("queue_unreachable")
        stop.wait(_LOOK_EVERY_S)


def schedule() -> None:
    """The clockwork as a process, ended by a signal."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keep_time(create_scheduler(), stop)


class Supervisor:
    """Keeps one worker process per queue alive, and stops them all with itself."""

    def __init__(self) -> None:
        self._children: dict[Queue, subprocess.Popen[bytes]] = {}
        self._failures: dict[Queue, int] = dict.fromkeys(Queue, 0)
        self._not_before: dict[Queue, float] = dict.fromkeys(Queue, 0.0)
        self._stopping = False

    def run(self) -> None:
        """Start, restart with a growing pause, stop on a signal."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self._stopping:
            for queue in Queue:
                self._look_after(queue)
            time.sleep(0.2)
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()

    def _look_after(self, queue: Queue) -> None:
        child = self._children.get(queue)
        if child is not None and child.poll() is None:
            return
        if child is not None and queue in self._children:
            del self._children[queue]
            failed = child.returncode != 0
            self._failures[queue] = self._failures[queue] + 1 if failed else 0
            pause = _PAUSES_S[min(self._failures[queue], len(_PAUSES_S)) - 1] if failed else 0
            self._not_before[queue] = time.monotonic() + pause
        if time.monotonic() >= self._not_before[queue]:
            command = [sys.executable, __file__, queue.value, str(os.getpid())]
            self._children[queue] = subprocess.Popen(command)  # noqa: S603

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        del signum, frame
        self._stopping = True


def work(queue: Queue) -> None:
    """One worker until it has to rest; without Redis it ends, and its supervisor tries again."""
    try:
        create_worker(queue).work(max_jobs=_JOBS_BEFORE_REST, logging_level="WARNING")
    except redis.RedisError:
        log.warning("queue_unreachable", extra={"queue": queue})
        sys.exit(1)


def main(arguments: list[str]) -> None:
    """Run what the command line asks for."""
    if not arguments:
        die_with_parent()
        Supervisor().run()
    elif arguments == ["schedule"]:
        schedule()
    else:
        # We may be dead before a worker that still begins can ask who its parent is: it is told.
        die_with_parent(parent=int(arguments[1]) if arguments[1:] else None)
        # The child that a job is forked into leads a group of its own and would outlive a killed worker.
        hold = functools.partial(die_with_parent, signal.SIGKILL, os.getpid())
        os.register_at_fork(after_in_child=hold)
        work(Queue(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
