"""Blank forms and samples as citizens fetch them."""

import base64
import hashlib
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.papers import service
from tests.catalogue_fixtures import publish
from tests.paper_fixtures import MATERIAL, blank, docx, form_item, kept, xlsx

CODE = form_item()["task_code"]
GUIDE = f"/api/v1/guides/{CODE}"
MATERIALS = f"{GUIDE}/materials"


@pytest.fixture
def city(client: FlaskClient) -> FlaskClient:
    """A guide whose form has a blank and a sample."""
    publish(form_item(blank=kept(), sample=kept(xlsx(), "样本.xlsx")))
    return client


def declared(city: FlaskClient) -> dict[str, Any]:
    materials = city.get(GUIDE).get_json()["materials"]
    return next(one for one in materials if one["material_code"] == MATERIAL)


def test_the_guide_declares_each_file_and_the_file_is_just_that(city: FlaskClient) -> None:
    for kind in ("blank", "sample"):
        told = declared(city)[kind]
        answer = city.get(told["url"])

        assert answer.status_code == 200
        assert hashlib.sha256(answer.data).hexdigest() == told["sha256"]
        assert (len(answer.data), answer.mimetype) == (told["size"], told["media_type"])


def test_a_file_is_saved_under_its_chinese_name_and_never_run(city: FlaskClient) -> None:
    answer = city.get(f"{MATERIALS}/{MATERIAL}/blank")

    name = quote("户口迁移申请表（空白表）.pdf", safe="")
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=\"blank.pdf\"; filename*=UTF-8''{name}"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_phone_that_has_the_file_is_told_so(city: FlaskClient) -> None:
    first = city.get(f"{MATERIALS}/{MATERIAL}/blank")
    sha256 = hashlib.sha256(first.data).hexdigest()
    again = city.get(f"{MATERIALS}/{MATERIAL}/blank", headers={"If-None-Match": f'"old", "{sha256}"'})

    assert first.headers["ETag"] == f'"{sha256}"'
    assert first.headers["Repr-Digest"] == (f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:")
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", f'"{sha256}"')
    assert "public" in first.headers["Cache-Control"]


def test_an_old_version_keeps_its_own_file(city: FlaskClient) -> None:
    publish(form_item(blank=kept(docx(), "新表.docx")))

    old = city.get(f"{MATERIALS}/{MATERIAL}/blank?version=1")
    new = city.get(f"{MATERIALS}/{MATERIAL}/blank")
    assert (old.data, new.data) == (blank(), docx())
    assert declared(city)["blank"]["url"].endswith("/blank?version=2")
    assert declared(city)["sample"] is None


@pytest.mark.parametrize(
    "path",
    [
        "HUKOU-SPOUSE-M01/blank",
        "nothing/blank",
        f"{MATERIAL}/blank?version=9",
        f"{MATERIAL}/other",
        "%00/sample",
    ],
)
def test_what_is_not_there_is_not_found(city: FlaskClient, path: str) -> None:
    assert city.get(f"{MATERIALS}/{path}").status_code == 404


def test_a_version_is_a_number(city: FlaskClient) -> None:
    assert city.get(f"{MATERIALS}/{MATERIAL}/blank?version=x").status_code == 422


def test_an_item_that_has_become_secret_takes_its_files_away(city: FlaskClient) -> None:
    publish(form_item(blank=kept()) | {"secret": True})

    assert city.get(f"{MATERIALS}/{MATERIAL}/blank").status_code == 404
    assert city.get(f"{MATERIALS}/{MATERIAL}/blank?version=1").status_code == 404


def test_a_cancelled_item_says_so_instead(city: FlaskClient) -> None:
    publish(form_item(blank=kept()) | {"task_state": "3"})

    assert city.get(f"{MATERIALS}/{MATERIAL}/blank").status_code == 410


def test_a_guide_is_exported_and_imported_with_the_files_it_names(city: FlaskClient) -> None:
    again = publish(form_item(blank=kept(), sample=service.keep(xlsx(), "x.xlsx", None).sha256))

    assert (again.unchanged, again.changed) == (1, 0)
