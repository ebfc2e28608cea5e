"""A guide that was changed is shown by every process from the moment at which the change is acknowledged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.catalogue_fixtures import item
from tests.conftest import ROOT
from tests.journeys.conftest import RunningCity

pytestmark = pytest.mark.xdist_group("journeys")

KEY = "boiler-reg"  # a matter that no other journey is about
READS = 60


def import_items(city: RunningCity, file: Path, **changes: object) -> None:
    file.write_text(json.dumps({"items": [item(KEY, **changes)]}, ensure_ascii=False))
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "catalogue", "import", str(file)]
    subprocess.run(argv, cwd=ROOT, env=city.environment, check=True, capture_output=True, timeout=120)


def days_shown(city: RunningCity) -> set[int]:
    """What many fresh connections are told, so that every process is asked."""
    url = f"{city.url}/api/v1/guides/{item(KEY)['task_code']}"
    return {requests.get(url, timeout=10).json()["limits"]["promised"]["days"] for _ in range(READS)}


def test_no_process_shows_the_old_guide_after_the_change_is_acknowledged(
    running_city: RunningCity, tmp_path: Path
) -> None:
    told = item(KEY)["promise_day"]
    for days in (told, told + 1, told + 2, told):
        days_shown(running_city)  # every process has it ready
        import_items(running_city, tmp_path / "items.json", promise_day=days)

        assert days_shown(running_city) == {days}
