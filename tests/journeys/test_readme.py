"""What the README says works when pasted: its blocks are run as they stand, only at other ports."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk

pytestmark = pytest.mark.xdist_group("journeys")

_BLOCK = re.compile(r"<!-- journey -->\n```sh\n(.*?)```", re.DOTALL)


def paste(script: str, running_city: RunningCity) -> list[str]:
    """Run lines in a shell of their own; what they print."""
    lines = script.replace("http://127.0.0.1:8000", running_city.url)
    lines = lines.replace("http://127.0.0.1:8001", running_city.sandbox.url)
    lines = lines.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        ["bash", "-e", "-c", lines], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout.splitlines()


def test_the_main_job_works_as_pasted(running_city: RunningCity) -> None:
    running_city.sandbox.forget_faults()
    applying, paying = _BLOCK.findall((ROOT / "README.md").read_text())
    printed = paste(applying + '\necho "$CASE $TOKEN"\n', running_city)
    case_no, token = printed[-1].split()
    assert printed[-2] == "已提交，待受理"

    clerk = Desk(running_city, "shouli").sign_in()
    clerk.page(f"/console/cases/{case_no}")
    clerk.send(f"/console/cases/{case_no}/accept")
    helpers = applying.split("# Log in", maxsplit=1)[0]
    told = paste(f"{helpers}\nCASE={case_no}; TOKEN={token}\n{paying}", running_city)

    assert told[1] == "paid"
    assert "bill_paid" in told[2]
