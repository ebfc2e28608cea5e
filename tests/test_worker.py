"""The clockwork and the background queues when Redis is away or says nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from rq import Queue as RqQueue
from rq.cron import CronScheduler

import worker
from app import idempotency, queues
from app.queues import Queue
from tests.patience import until
from tests.runner.conftest import ROOT, all_gone

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def silent_redis() -> Iterator[redis.Redis]:
    """Takes connections and never answers; the program's own Redis comes back afterwards."""
    before = queues.connection()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield queues.connect(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
    queues._redis = before


def test_the_clockwork_outlives_a_redis_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, real = threading.Event(), queues.connection()
    monkeypatch.setattr(worker, "_LOOK_EVERY_S", 0.05)
    scheduler = CronScheduler(redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2))
    scheduler.register(idempotency.forget_old_keys, queue_name=Queue.UPKEEP, interval=3600)
    clockwork = threading.Thread(target=worker.keep_time, args=(scheduler, stop))
    clockwork.start()
    stop.wait(0.3)
    assert clockwork.is_alive()

    scheduler.connection = real
    assert until(lambda: len(RqQueue(Queue.UPKEEP, connection=real)))
    stop.set()
    clockwork.join()

    assert len(RqQueue(Queue.UPKEEP, connection=real)) == 1


def test_a_redis_that_says_nothing_does_not_keep_a_citizen_waiting(silent_redis: redis.Redis) -> None:
    del silent_redis
    nudge = threading.Thread(
        target=queues.nudge, args=(Queue.UPKEEP, idempotency.forget_old_keys), daemon=True
    )
    nudge.start()
    nudge.join(8)

    assert not nudge.is_alive()


def test_a_worker_that_finds_no_redis_says_so_in_one_line() -> None:
    environment = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    ended = subprocess.run(
        [sys.executable, "worker.py", Queue.EVENTS.value],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert "queue_unreachable" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def children_of(pid: int) -> list[int]:
    """The children of a process's main thread."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def the_children_of(pid: int, *, number: int) -> list[int]:
    """The children of a process, once it has so many."""
    assert until(lambda: len(children_of(pid)) >= number)
    return children_of(pid)


def _begin_and_sleep(mark: str) -> None:
    Path(mark).touch()
    time.sleep(600)


def test_a_killed_worker_takes_the_child_that_does_its_job_with_it(tmp_path: Path) -> None:
    queues.enqueue(Queue.PHOTOS, _begin_and_sleep, str(tmp_path / "begun"))
    process = subprocess.Popen([sys.executable, "worker.py", Queue.PHOTOS.value], cwd=ROOT)
    try:
        children = the_children_of(process.pid, number=1)
        assert until((tmp_path / "begun").exists)
    finally:
        process.kill()
        process.wait()

    assert all_gone(children)


def test_a_killed_supervisor_leaves_no_worker_not_even_one_that_only_begins() -> None:
    supervisor = subprocess.Popen([sys.executable, "worker.py"], cwd=ROOT)
    try:
        workers = the_children_of(supervisor.pid, number=len(Queue))
    finally:
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait()

    assert all_gone(workers)
