"""What a clerk releases in one process, another shows within seconds: guide, search and suggestions."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from app.catalogue.shelf import LARGE
from runner.processes import launch
from tests.catalogue_fixtures import item
from tests.conftest import ROOT, wait_for
from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk, Forms
from tests.patience import until
from tests.ports import free_port

pytestmark = pytest.mark.xdist_group("journeys")

CODE = item("boiler-reg")["task_code"]  # a matter that no other journey is about
SERVE = """
from app.catalogue import shelf
shelf.LARGE = {large}
from bootstrap import create_app
from werkzeug.serving import run_simple
run_simple("127.0.0.1", {port}, create_app(), threaded=True)
"""
Two = tuple[RunningCity, RunningCity]


@pytest.fixture(params=[LARGE, 1], ids=["index in memory", "index on disk"])
def two(running_city: RunningCity, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Two]:
    """Two processes of one city, each with an address of its own."""
    ports = [free_port(), free_port()]
    processes = [
        launch(
            [sys.executable, "-c", SERVE.format(large=request.param, port=port)],
            name=f"web{port}",
            env=running_city.environment,
            output=tmp_path / f"{port}.log",
            cwd=ROOT,
        )
        for port in ports
    ]
    try:
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}/readyz")
        one, other = (replace(running_city, url=f"http://127.0.0.1:{port}") for port in ports)
        yield one, other
    finally:
        for process in processes:
            process.stop()


def action(desk: Desk, pattern: str) -> str:
    """Where the form of the open page goes that looks so."""
    forms = Forms()
    forms.feed(desk.shown)
    return next(found for found in forms.found if re.fullmatch(pattern, found))


def release(city: RunningCity, *, plain_name: str) -> None:
    """One clerk writes, another releases."""
    writer = Desk(city, "shenpi").sign_in()
    writer.page(f"/console/items/{CODE}")
    writer.send(f"/console/items/{CODE}/draft")
    draft = action(writer, r"/console/drafts/\d+")
    writer.send(draft, plain_names=plain_name)
    writer.page(f"{draft}/look")
    writer.send(f"{draft}/hand-in", reason="群众这样叫")
    second = Desk(city, "dudao").sign_in()
    second.page(f"{draft}/look")
    assert "已公开" in second.send(f"{draft}/release")


def found(city: RunningCity, path: str, **query: str) -> Any:
    return requests.get(f"{city.url}/api/v1/guides{path}", params=query, timeout=10).json()


def is_everywhere(city: RunningCity, name: str) -> bool:
    """Whether the guide has the name and is found and proposed by it."""
    hits = [hit["task_code"] for hit in found(city, "", q=name)["items"]]
    proposed = [one["task_code"] for one in found(city, "/suggest", q=name)["items"]]
    return name in found(city, f"/{CODE}")["plain_names"] and hits[:1] == [CODE] and CODE in proposed


def test_what_one_process_releases_the_other_shows(two: Two, request: pytest.FixtureRequest) -> None:
    one, other = two
    name = f"咕噜{'炉' if 'disk' in request.node.name else '锅'}证"
    for city in two:  # both have it ready as it was
        found(city, f"/{CODE}")
        found(city, "", q=name)
        found(city, "/suggest", q=name)
    release(one, plain_name=name)

    assert until(lambda: is_everywhere(other, name), every=0.1)
