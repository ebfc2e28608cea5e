"""Puts the rooms together; the only module that knows them all."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from rq import SimpleWorker, Worker
from rq.cron import CronScheduler
from rq.worker import BaseWorker

from app import db, events, idempotency, logs, queues, settings
from app.db import unit_of_work
from app.queues import Queue
from web import service
from web.door import Door
from web.flask_app import YimaFlask, make

# Who may be called over HTTP.
DOORS: tuple[Door, ...] = (service.door,)

# Who hears what. Every event is listed, also one that nobody hears yet.
SUBSCRIPTIONS: events.Subscriptions = {}

# Commands of `flask --app wsgi …`.
COMMANDS: tuple[object, ...] = ()


@dataclass(frozen=True)
class Periodic:
    """A job that runs again and again; each may run twice, late and in parallel."""

    job: Callable[[], object]
    queue: Queue
    every_s: int


def forget_old_keys() -> None:
    """Drop idempotency keys nobody will repeat (job)."""
    with unit_of_work() as session:
        idempotency.forget_old(session)


SCHEDULE: tuple[Periodic, ...] = (
    Periodic(events.deliver, Queue.EVENTS, 5),
    Periodic(forget_old_keys, Queue.UPKEEP, 3600),
)


def start() -> settings.Settings:
    """Connect this process to its servers and wire the events."""
    found = settings.current()
    logs.configure()
    db.connect(found.database_url)
    queues.connect(found.redis_url)
    events.wire(SUBSCRIPTIONS)
    return found


def create_app() -> YimaFlask:
    """The web program."""
    start()
    flask_app = make()
    for door in DOORS:
        flask_app.register_blueprint(door)
    for command in COMMANDS:
        flask_app.cli.add_command(command)  # type: ignore[arg-type]
    return flask_app


def create_worker(queue: Queue) -> BaseWorker:
    """The worker of one queue: trusted batches run in its own process, risky files in a child each."""
    start()
    kind: type[BaseWorker] = Worker if queue in queues.FORKING else SimpleWorker
    return kind([queue], connection=queues.connection(), name=f"{queue}-{os.getpid()}")


def create_scheduler() -> CronScheduler:
    """The clockwork that puts periodic jobs into their queues."""
    start()
    scheduler = CronScheduler(queues.connection())
    for periodic in SCHEDULE:
        scheduler.register(
            periodic.job, queue_name=periodic.queue, interval=periodic.every_s, job_timeout=120, result_ttl=0
        )
    return scheduler
