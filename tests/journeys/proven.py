"""Somebody whose identity card was checked at a window (实名夹具)."""

import subprocess
import sys
from datetime import timedelta

from app import clock
from tests.conftest import ROOT
from tests.journeys.conftest import RunningCity
from tests.journeys.phone import Phone


def prove(city: RunningCity, citizen: Phone, *, phone: str, name: str, number: str) -> None:
    """Bind a citizen's phone and write down who they are."""
    citizen.post("/api/v1/me/phone", {"platform": "wechat", "code": citizen.sim("wechat/phone")["code"]})
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "citizens", "prove"]
    options = ["--phone", phone, "--name", name, "--number", number]
    environment = city.environment
    subprocess.run([*argv, *options], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


def authorising(citizen: Phone) -> int:
    """An authority that a proven citizen offers to whoever has its code; its id."""
    until = str(clock.today() + timedelta(days=30))
    citizen.post("/api/v1/me/delegations", {"task_codes": [], "acts": ["apply"], "until": until})
    return int(citizen.get("/api/v1/me/delegations")["given"][0]["id"])
