"""Loading the demo city (演示城市): `flask --app wsgi demo load`; may be repeated at any time."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app import settings
from app.appointments import service as appointments
from app.articles import service as articles
from app.bundles import service as bundles
from app.catalogue import importing, words
from app.catalogue import service as catalogue
from app.centres import service as centres
from app.db import Session, unit_of_work
from app.figures import baselines
from app.papers import service as papers
from app.staff import service as staff
from app.staff.models import ROLE_NAMES
from commands import demo_papers

DEMO = Path(__file__).resolve().parent.parent / "demo"
PASSWORD_FILE = "demo-clerks-password"  # noqa: S105 - the file's name
SIGN_IN = "sign in: "
_SLOT_DAYS = 7

group = AppGroup("demo", help="The demo city (演示城市); everything it shows is marked demo-authored.")

Step = Callable[[Session], str]


class DemoDamaged(click.ClickException):
    """A file of the demo city breaks a rule; the message names file, line, field and rule."""


@group.command("load")
def load_demo() -> None:
    """Load the demo city, all of it or nothing; what is there already and has not changed stays."""
    items = _read_items()
    demo_papers.name_papers(items, samples=_file("samples"))  # before: files are not written in a transaction
    with unit_of_work() as session:
        click.echo(f"items: {_items(session, items)}")
        for name, step in STEPS:
            click.echo(f"{name}: {step(session)}")
    for line in _sign_in_lines():
        click.echo(f"{SIGN_IN}{line}")


def _lists(session: Session) -> str:
    changed = catalogue.load_lists(session, lists={key: _file(key) for key in ("fees", "codes", "divisions")})
    return f"{changed} changed"


def _read_items() -> list[dict[str, Any]]:
    path = DEMO / "items.json"
    reading = importing.read(path)
    if reading.refused:
        raise DemoDamaged("\n".join(f"{path.name}:{placed}" for placed in reading.findings))
    return reading.items


def _items(session: Session, items: list[dict[str, Any]]) -> str:
    """First of all steps: of two loads at once the second waits here, and as long as it takes."""
    catalogue.wait_for_turn(session)
    papers.hold(session, items=items)
    done = catalogue.publish(session, items=items)
    return f"{done.added} new, {done.changed} changed, {done.unchanged} unchanged"


def _faqs(session: Session) -> str:
    return f"{catalogue.load_faqs(session, faqs=_file('faq')['faqs'])} changed"


def _aliases(session: Session) -> str:
    """What people say for an item, by its key in items.json, or for a general question, by its own."""
    file, items = _file("aliases"), _file("items")["items"]
    codes = {item["item_key"]: item["task_code"] for item in items}
    aliases = {codes.get(key, key): said for key, said in file["aliases"].items()}
    changed = words.load_aliases(session, aliases=aliases, provenance=file["meta"]["provenance"])
    return f"{changed} changed"


def _bundles(session: Session) -> str:
    return f"{bundles.load(session, bundles=_file('packages')['packages'])} changed"


def _articles(session: Session) -> str:
    """Articles name their items by the keys of items.json."""
    file = _file("articles")
    codes = {item["item_key"]: item["task_code"] for item in _file("items")["items"]}
    written = [
        {
            **article,
            "task_codes": [codes[key] for key in article["items"]],
            "provenance": file["meta"]["provenance"],
        }
        for article in file["articles"]
    ]
    return f"{articles.load(session, articles=written)} changed"


def _centres(session: Session) -> str:
    return f"{centres.load_city(session, centres=_file('centres'), calendar=_file('calendar'))} halls"


def _slots(session: Session, *, days: int) -> str:
    return f"{appointments.open_slots(session, days=days)} new or changed"


def _baseline(session: Session) -> str:
    made = baselines.freeze_first(session, note="演示数据的基数，不是真实的改革前材料数")
    return "frozen now" if made is not None else "frozen before"


def _clerks(session: Session) -> str:
    """Clerks with known names belong to development only; in production nobody gets in by them."""
    found = settings.current()
    if found.production:
        return "none in production"
    changed = staff.load_demo_clerks(session, password=clerks_password(found.data_dir))
    return f"{changed} changed"


def _sign_in_lines() -> list[str]:
    """Who may sign in at the console; the launcher shows these lines below its address."""
    found = settings.current()
    if found.production:
        return []
    clerks = [
        f"{clerk.username:9} {clerk.name}  {'、'.join(ROLE_NAMES[role] for role in clerk.roles)}"
        for clerk in staff.DEMO_CLERKS
    ]
    return [*clerks, f"password  密码    {clerks_password(found.data_dir)}"]


def clerks_password(folder: Path) -> str:
    """The demo clerks' password: made once for each data folder and kept there, readable by its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / PASSWORD_FILE
    if not kept.exists():
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="ascii") as made:
            made.write(secrets.token_urlsafe(12))
            made.flush()
            with contextlib.suppress(FileExistsError):  # another load was quicker; its password stands
                os.link(made.name, kept)
    return kept.read_text(encoding="ascii")


def _file(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))
    return read


# In the order in which they need each other.
STEPS: tuple[tuple[str, Step], ...] = (
    ("reference lists", _lists),
    ("questions", _faqs),
    ("aliases", _aliases),
    ("bundles", _bundles),
    ("articles", _articles),
    ("centres", _centres),
    ("slots", partial(_slots, days=_SLOT_DAYS)),
    ("baseline", _baseline),
    ("clerks", _clerks),
)
