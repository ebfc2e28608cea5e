import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.bundles.models import Bundle
from app.catalogue.models import Faq, GuideVersion, ReferenceList, ServiceItem
from app.centres.models import Centre
from app.db import unit_of_work
from commands import demo


def _load(app: Any) -> Any:
    return app.test_cli_runner().invoke(args=["demo", "load"])


def _counts() -> dict[str, int]:
    models = (ServiceItem, GuideVersion, Faq, Bundle, ReferenceList, Centre)
    with unit_of_work() as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }


def test_the_demo_city_is_loaded_and_answers(app: Any, client: FlaskClient) -> None:
    result = _load(app)

    assert result.exit_code == 0, result.output
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


def test_a_damaged_file_is_named_and_nothing_is_kept(
    app: Any, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in demo.DEMO.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    items = json.loads((tmp_path / "items.json").read_text(encoding="utf-8"))
    items["items"][0]["promise_day"] = None
    (tmp_path / "items.json").write_text(json.dumps(items), encoding="utf-8")
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    result = _load(app)

    assert result.exit_code == 1
    assert "promise_day: type" in result.output
    assert not any(_counts().values())
