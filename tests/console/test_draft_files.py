"""Blank forms and samples of a draft (草稿的空白表和样本)."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from app.staff.models import Role
from tests.catalogue_fixtures import ID_LOST, item
from tests.photo_fixtures import jpeg
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
CODE = item("id-lost")["materials"][0]["material_code"]


@pytest.fixture
def draft(client: FlaskClient) -> tuple[Browser, str]:
    clerk = browser(client, Role.APPROVER)
    return clerk, str(clerk.post(f"/console/items/{ID_LOST}/draft").headers["Location"])


def upload(clerk: Browser, path: str, content: bytes, **form: Any) -> Any:
    file = FileStorage(io.BytesIO(content), filename="补领申请表.jpg")
    return clerk.post(f"{path}/files", file=file, **{"material_code": CODE, "field": "blank_file", **form})


def test_a_file_is_put_into_the_draft_and_read_back(draft: tuple[Browser, str]) -> None:
    clerk, path = draft
    assert upload(clerk, path, jpeg()).status_code == 303

    page = clerk.get(f"{path}/files").text
    link = page.split(f'href="{path}/files/')[1].split('"')[0]
    found = clerk.get(f"{path}/files/{link}")
    assert (found.mimetype, found.headers["Content-Disposition"][:10]) == ("image/jpeg", "attachment")


def test_a_file_is_taken_out_again(draft: tuple[Browser, str]) -> None:
    clerk, path = draft
    upload(clerk, path, jpeg())
    clerk.post(f"{path}/files", material_code=CODE, field="blank_file", take="1")

    assert "补领申请表" not in clerk.get(f"{path}/files").text


@pytest.mark.parametrize("content", [b"<script>", b"MZ\x90", b"%PDF-1.7 /JavaScript (app.alert)"])
def test_what_must_not_reach_citizens_is_refused_in_words(draft: tuple[Browser, str], content: bytes) -> None:
    clerk, path = draft
    refused = upload(clerk, path, content)

    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)


@pytest.mark.parametrize("form", [{"material_code": "none"}, {"field": "task_code"}])
def test_only_a_place_of_the_draft_takes_a_file(draft: tuple[Browser, str], form: dict[str, str]) -> None:
    clerk, path = draft

    assert upload(clerk, path, jpeg(), **form).status_code == 404


def test_a_form_without_a_file_says_so(draft: tuple[Browser, str]) -> None:
    clerk, path = draft
    refused = clerk.post(f"{path}/files", material_code=CODE, field="blank_file")

    assert "请先选择文件" in refused.text


def test_another_departments_files_are_not_there(draft: tuple[Browser, str]) -> None:
    clerk, path = draft
    stranger = browser(clerk.client, Role.APPROVER, department="别的局")

    assert stranger.get(f"{path}/files").status_code == 404
    assert upload(stranger, path, jpeg()).status_code == 404
