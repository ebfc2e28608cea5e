"""The commands of our own programs, as a person would type them."""

import sys
from dataclasses import dataclass

from runner.places import Places


@dataclass(frozen=True)
class Program:
    """One program: its name for the person at the terminal, and what comes after `python -m`."""

    name: str
    command: str
    more: tuple[str, ...] = ()

    @property
    def argv(self) -> list[str]:
        """The whole command, by the Python that runs the launcher."""
        return [sys.executable, *self.command.split(), *self.more]


def sandbox(places: Places, *, prepare: bool = False) -> Program:
    """The stand-ins of the platforms; `prepare` writes their keys and ends."""
    command = f"-m sandbox --host {places.host} --port {places.sandbox_port} --app-url {places.app_url}"
    folder = ("--folder", str(places.data / "sandbox"))
    return Program("sandbox", command, (*folder, "--prepare") if prepare else folder)


def migrate() -> Program:
    """Bring the database to the newest shape."""
    return Program("migrate", "-m alembic upgrade head")


def load_demo_city() -> Program:
    """Fill in the demo city; quick when nothing has changed."""
    return Program("demo", "-m flask --app wsgi demo load")


def web(places: Places) -> Program:
    """The web server.

    One worker for each of two cores. Backpressure counts connections, of which phones keep idle ones open,
    and not requests; what runs at once is limited by the threads. The access log is the program's own.
    """
    return Program(
        "web",
        f"-m granian wsgi:app --interface wsgi --host {places.host} --port {places.port}"
        " --workers 2 --blocking-threads 16 --backlog 2048 --backpressure 1024 --http 1 --no-ws"
        " --respawn-failed-workers --respawn-interval 1 --workers-kill-timeout 8"
        " --no-access-log --log-level error",
    )


def worker() -> Program:
    """The workers of all queues under their own supervisor."""
    return Program("worker", "worker.py")


def scheduler() -> Program:
    """The clockwork that queues periodic jobs."""
    return Program("scheduler", "worker.py schedule")
