"""Puts the rooms together: doors, events, jobs and servers into a web program, workers and a clockwork."""

import os

from rq import SimpleWorker, Worker
from rq.cron import CronScheduler
from rq.worker import BaseWorker

import platform_clients
from app import db, events, logs, queues, settings
from app.case_proof import steps as case_steps
from app.catalogue import item_files
from app.consents import service as consents
from app.consents.purposes import Purpose
from app.locker import keeping as locker_keeping
from app.materials import scanning
from app.own_data import matters as city_matters
from app.papers import letters
from app.papers import upkeep as papers_upkeep
from app.people import closing
from app.publishing import queries as publishing_queries
from app.queues import Queue
from bots import chat, wechat
from city_oversight import webhooks as oversight_webhooks
from commands.groups import COMMANDS
from console import doors as console_doors
from couriers import webhooks as courier_webhooks
from miniprogram_api import doors as citizen_doors
from notifications import case_steps as message_steps
from notifications import own_data as own_messages
from partner_api import doors as partner_doors
from payments import own_data as own_payments
from payments import webhooks as payment_webhooks
from platforms import directory
from registry import webhooks as registry_webhooks
from schedule import SCHEDULE
from subscriptions import SUBSCRIPTIONS
from web import openapi, service
from web.door import Door
from web.flask_app import YimaFlask, make

# Who may be called over HTTP.
DOORS: tuple[Door, ...] = (
    service.door,
    openapi.door,
    *citizen_doors.DOORS,
    *partner_doors.DOORS,
    chat.door,
    wechat.door,
    payment_webhooks.door,
    registry_webhooks.door,
    courier_webhooks.door,
    oversight_webhooks.door,
    *console_doors.DOORS,
)


def start() -> settings.Settings:
    """Connect this process to its servers and platforms, and wire the events."""
    found = settings.current()
    logs.configure()
    db.connect(found.database_url)
    queues.connect(found.redis_url)
    directory.install(platform_clients.build(found))
    scanning.wire(platform_clients.scanner(found.clamav_url))
    letters.refuse_unusable()
    events.wire(SUBSCRIPTIONS)
    papers_upkeep.wire((item_files.named_by_versions, publishing_queries.named_files))
    consents.wire({Purpose.LOCKER: locker_keeping.FOLLOWER})
    case_steps.wire((message_steps.of_case,))
    closing.wire((city_matters.ROOM, own_payments.ROOM, own_messages.ROOM))
    return found


def create_app() -> YimaFlask:
    """The web program."""
    start()
    return assemble()


def assemble() -> YimaFlask:
    """The web program without its servers: enough to write its contract down."""
    flask_app = make(partner_doors.MANNERS)
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
            periodic.job,
            queue_name=periodic.queue,
            interval=periodic.every_s,
            job_timeout=120,
            result_ttl=0,
            ttl=2 * periodic.every_s + 60,  # runs that nobody could take do not pile up
        )
    return scheduler
