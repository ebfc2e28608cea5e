"""Background work (后台任务): which queues there are, and how a job gets into one.

Everything in Redis may be lost: each queue has a sweeping job that finds in PostgreSQL what was left.
"""

import logging
from collections.abc import Callable
from enum import StrEnum

import redis
from rq import Queue as RqQueue

log = logging.getLogger(__name__)

# A Redis that is dead, or takes connections and says nothing, must cost a request no more than this a time.
# Workers, which wait for jobs, lengthen it for themselves.
_PATIENCE_S = 1.0
_NUDGE_SECONDS = 30


class Queue(StrEnum):
    """The queues; each has a worker (promised by a test)."""

    EVENTS = "events"
    MESSAGES = "messages"
    PAYMENTS = "payments"
    UPKEEP = "upkeep"
    PHOTOS = "photos"


# Risky work on citizens' files runs in a process of its own for each job.
FORKING = frozenset({Queue.PHOTOS})

Job = Callable[..., object]

_redis: redis.Redis | None = None


def connect(url: str) -> redis.Redis:
    """Point this process at its Redis; called once by bootstrap. Does not talk to it yet."""
    global _redis  # noqa: PLW0603 - one Redis for the whole process
    _redis = redis.Redis.from_url(url, socket_connect_timeout=_PATIENCE_S, socket_timeout=_PATIENCE_S)
    return _redis


def connection() -> redis.Redis:
    """The connection of this process; raises RuntimeError before `connect`."""
    if _redis is None:
        raise RuntimeError("Redis is not connected yet")
    return _redis


def enqueue(queue: Queue, job: Job, *arguments: object, timeout_s: int = 120) -> bool:
    """Put a job into a queue; False when Redis is away (the queue's sweeper finds the work later)."""
    try:
        RqQueue(queue, connection=connection()).enqueue(
            job, *arguments, job_timeout=timeout_s, result_ttl=0, failure_ttl=7 * 24 * 3600
        )
    except redis.RedisError:
        log.warning("queue_unreachable", extra={"queue": queue})
        return False
    return True


def nudge(queue: Queue, job: Job) -> None:
    """Ask for one run of a job that takes all there is to do; many nudges before it starts are one run."""
    try:
        first = connection().set(_nudge_key(job), b"1", nx=True, ex=_NUDGE_SECONDS)
    except redis.RedisError:
        log.warning("queue_unreachable", extra={"queue": queue})
        return
    if first:
        enqueue(queue, job)


def nudge_taken(job: Job) -> None:
    """Say at a job's start that later nudges need another run."""
    try:
        connection().delete(_nudge_key(job))
    except redis.RedisError:
        log.warning("queue_unreachable", extra={"job": _name(job)})


def _name(job: Job) -> str:
    return f"{job.__module__}.{getattr(job, '__qualname__', repr(job))}"


def _nudge_key(job: Job) -> str:
    return f"yima:nudge:{_name(job)}"
