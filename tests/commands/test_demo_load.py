import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import settings
from app.bundles.models import Bundle
from app.catalogue.models import Faq, GuideVersion, ReferenceList, ServiceItem
from app.centres.models import Centre
from app.db import unit_of_work
from app.staff import passwords
from app.staff.models import Clerk
from commands import demo, demo_papers


def _load(app: Any) -> Any:
    loaded = app.test_cli_runner().invoke(args=["demo", "load"])
    assert loaded.exit_code == 0, (loaded.output, loaded.exception)
    return loaded


def _counts() -> dict[str, int]:
    models = (ServiceItem, GuideVersion, Faq, Bundle, ReferenceList, Centre)
    with unit_of_work() as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }


def test_the_demo_city_is_loaded_and_answers(app: Any, client: FlaskClient) -> None:
    _load(app)

    assert _counts() == {
        "service_items": 60,
        "guide_versions": 60,
        "faqs": 118,
        "bundles": 12,
        "reference_lists": 3,
        "centres": 8,
    }
    assert client.get("/api/v1/guides?q=补办身份证").get_json()["items"][0]["item_key"] == "id-lost"


def test_loading_it_again_changes_nothing(app: Any, client: FlaskClient) -> None:
    _load(app)
    before = _counts()
    result = _load(app)

    assert _counts() == before
    assert "0 new, 0 changed, 60 unchanged" in result.output


def test_the_demo_clerks_can_sign_in_with_the_password_of_this_folder(app: Any, client: FlaskClient) -> None:
    result = _load(app)
    password = (settings.current().data_dir / demo.PASSWORD_FILE).read_text(encoding="ascii")

    assert result.output.endswith(f"password  密码    {password}\n")
    assert "sign in: shouli    王窗口  受理\n" in result.output
    with unit_of_work() as session:
        stored = session.scalars(select(Clerk.password_hash)).all()
    assert len(stored) == 5
    assert all(passwords.fits(one, password) for one in stored)


def test_in_production_there_are_no_demo_clerks(
    app: Any, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = replace(settings.current(), environment=settings.Environment.PRODUCTION)
    monkeypatch.setattr(settings, "current", lambda: production)
    result = _load(app)

    assert result.output.endswith("clerks: none in production\n")
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(Clerk)) == 0


def test_the_password_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(demo.clerks_password, [tmp_path / "data"] * 8))

    assert len(made) == 1
    assert (tmp_path / "data" / demo.PASSWORD_FILE).stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_named_and_nothing_is_kept(
    app: Any, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in demo.DEMO.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    items = json.loads((tmp_path / "items.json").read_text(encoding="utf-8"))
    items["items"][0]["promise_day"] = None
    (tmp_path / "items.json").write_text(json.dumps(items), encoding="utf-8")
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    result = app.test_cli_runner().invoke(args=["demo", "load"])

    assert result.exit_code == 1
    assert "promise_day: type" in result.output
    assert not any(_counts().values())


def test_every_form_of_the_demo_city_has_a_blank_and_a_sample(app: Any, client: FlaskClient) -> None:
    _load(app)
    with unit_of_work() as session:
        guides = session.scalars(select(GuideVersion.body)).all()
    forms = [
        (body["task_code"], material)
        for body in guides
        for material in body["materials"]
        if (material["source_type"], material["material_type"]) == ("10", "2")
    ]

    assert len(forms) == 39
    for code, material in forms[::6]:
        for kind in ("blank", "sample"):
            answer = client.get(f"/api/v1/guides/{code}/materials/{material['material_code']}/{kind}")
            assert hashlib.sha256(answer.data).hexdigest() == material[f"{kind}_file"]


def test_loading_again_draws_nothing_again(app: Any, client: FlaskClient, monkeypatch: Any) -> None:
    _load(app)
    monkeypatch.setattr(demo_papers, "_draw", lambda drawing: pytest.fail(drawing.name))

    assert "0 new, 0 changed, 60 unchanged" in _load(app).output
