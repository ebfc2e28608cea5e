"""Somebody whose identity card was checked at a window (实名夹具)."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

from app import clock
from tests.conftest import ROOT
from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk
from tests.journeys.phone import Phone


def prove(city: RunningCity, citizen: Phone, *, phone: str, name: str, number: str) -> None:
    """Bind a citizen's phone and write down who they are."""
    citizen.post("/api/v1/me/phone", {"platform": "wechat", "code": citizen.sim("wechat/phone")["code"]})
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "citizens", "prove"]
    options = ["--phone", phone, "--name", name, "--number", number]
    environment = city.environment
    subprocess.run([*argv, *options], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


def checked_at_the_window(clerk: Desk, citizen: Phone, number: str) -> None:
    """Have a citizen's identity card checked where they show their code, as most do who are proven."""
    citizen.post("/api/v1/me/phone", {"platform": "wechat", "code": citizen.sim("wechat/phone")["code"]})
    clerk.page("/console/window")
    clerk.send("/console/scan", content=citizen.get("/api/v1/codes/me")["content"])
    typed: dict[str, Any] = {"document": "居民身份证", "name": citizen.person["name"], "number": number}
    assert "已核验身份" in clerk.send(clerk.form_that("/identity"), **typed)


def authorising(citizen: Phone) -> int:
    """An authority that a proven citizen offers to whoever has its code; its id."""
    until = str(clock.today() + timedelta(days=30))
    citizen.post("/api/v1/me/delegations", {"task_codes": [], "acts": ["apply"], "until": until})
    return int(citizen.get("/api/v1/me/delegations")["given"][0]["id"])
