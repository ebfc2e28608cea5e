"""Drafts of guides as pages (指南草稿): write, look through, release by a second clerk, Excel."""

import io
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from app.catalogue import generation, sheet_writing
from app.catalogue import queries as catalogue
from app.db import unit_of_work
from app.publishing import queries
from app.publishing.errors import OrganisationForeign, PatternNotFound
from app.publishing.models import GuideDraft
from app.publishing.queries import Author
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.catalogue_fixtures import ID_LOST, MARRY, impatient, item, publish, turn_taken
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
NEW_CODE = item("id-renew")["task_code"]


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process alone has nothing to wait for."""
    monkeypatch.setattr(generation, "settle", lambda: None)


@pytest.fixture
def approver(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.APPROVER)


@pytest.fixture
def second(app: YimaFlask, city: None) -> Browser:
    del city
    return browser(app.test_client(), Role.SUPERVISOR)


def begin(clerk: Browser, task_code: str = ID_LOST) -> str:
    return str(clerk.post(f"/console/items/{task_code}/draft").headers["Location"])


def write(clerk: Browser, draft: str, **fields: str) -> int:
    named = {name.replace("__", "."): text for name, text in fields.items()}
    return clerk.post(draft, revision=str(now(draft).revision), **named).status_code


def hand_in(clerk: Browser, draft: str) -> Any:
    revision = str(now(draft).revision)
    return clerk.post(f"{draft}/hand-in", revision=revision, reason="多等一天，先核对照片")


def now(draft: str) -> GuideDraft:
    anybody = Author(0, "", None)
    with unit_of_work() as session:
        return queries.draft(session, author=anybody, draft_id=int(draft.rsplit("/", 1)[1]))


def upload(clerk: Browser, content: bytes) -> str:
    file = FileStorage(io.BytesIO(content), filename="事项.xlsx")
    return clerk.post("/console/drafts/import", file=file).text


def test_a_change_is_written_handed_in_and_released_by_another(approver: Browser, second: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="13")
    hand_in(approver, draft)
    assert "待审核" in second.get("/console/drafts").text

    page = second.get(f"{draft}/look").text
    assert "<del>" in page
    assert "多等一天" in page
    second.post(f"{draft}/release", revision=str(now(draft).revision))
    with unit_of_work() as session:
        assert catalogue.guide(session, task_code=ID_LOST).promise_day == 13


def test_who_releases_during_an_import_is_asked_to_try_again(approver: Browser, second: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="13")
    hand_in(approver, draft)
    with turn_taken(), impatient():
        busy = second.post(f"{draft}/release", revision=str(now(draft).revision))

    assert (busy.status_code, "系统正忙" in busy.text, f'href="{draft}' in busy.text) == (503, True, True)
    assert "审核通过" in second.get(f"{draft}/look").text


def test_whoever_wrote_is_not_offered_the_release_and_may_not_send_it(approver: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="13")
    hand_in(approver, draft)

    assert "审核通过" not in approver.get(f"{draft}/look").text
    refused = approver.post(f"{draft}/release", revision=str(now(draft).revision))
    assert (refused.status_code, "要由另一位同事审核" in refused.text) == (403, True)


def test_going_on_with_an_item_opens_its_one_draft(approver: Browser, second: Browser) -> None:
    assert begin(approver) == begin(second)


def test_a_fault_stands_beside_its_field_and_holds_the_draft_back(approver: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="三天", task_name="")

    page = approver.get(draft).text
    assert page.count('aria-invalid="true"') == 2
    assert "要填整数" in approver.get(f"{draft}/look").text
    assert hand_in(approver, draft).status_code == 422


def test_what_was_typed_over_a_colleagues_work_stays_on_the_page(approver: Browser, second: Browser) -> None:
    draft = begin(approver)
    write(second, draft, promise_explain="同事写的")

    refused = approver.post(draft, revision="1", promise_explain="我写的")
    assert refused.status_code == 409
    assert "我写的" in refused.text
    assert "同事写的" in refused.text
    assert f'name="revision" value="{now(draft).revision}"' in refused.text


def test_a_row_is_added_and_filled_in(approver: Browser) -> None:
    draft = begin(approver)
    count = str(len(item("id-lost")["faqs"]))
    write(approver, draft, faqs__rows=count, add="faqs")

    path = f"faqs.{count}"
    approver.post(
        draft,
        revision=str(now(draft).revision),
        **{
            "faqs.rows": str(int(count) + 1),
            f"{path}.question": "要带户口簿吗？",
            f"{path}.answer": "不用。",
        },
    )
    assert now(draft).body["faqs"][-1] == {"question": "要带户口簿吗？", "answer": "不用。"}


def test_a_new_item_begins_as_a_copy(approver: Browser) -> None:
    begun = approver.post("/console/drafts", task_code=NEW_CODE, copy_of=ID_LOST)

    assert now(begun.headers["Location"]).body["materials"] == item("id-lost")["materials"]


def test_a_copy_of_nothing_is_said_and_begins_nothing(approver: Browser) -> None:
    refused = approver.post("/console/drafts", task_code=NEW_CODE, copy_of=f"{MARRY[:-1]}9")

    assert (refused.status_code, PatternNotFound.message in refused.text) == (422, True)
    with unit_of_work() as session:
        assert queries.live_draft(session, author=Author(0, "", None), task_code=NEW_CODE) is None


def test_another_departments_code_is_refused_in_the_form(app: YimaFlask, approver: Browser) -> None:
    del approver
    foreign = browser(app.test_client(), Role.APPROVER, department=desk.CIVIL_AFFAIRS)
    refused = foreign.post("/console/drafts", task_code=NEW_CODE)

    assert (refused.status_code, OrganisationForeign.message in refused.text) == (403, True)


@pytest.mark.parametrize("code", ["x", ID_LOST, "１" * 31, "' OR 1=1 --" * 3])
def test_a_new_item_needs_a_code_that_is_free(approver: Browser, code: str) -> None:
    refused = approver.post("/console/drafts", task_code=code)

    assert refused.status_code in {409, 422}
    assert 'role="alert"' in refused.text


def test_a_reviewer_sends_it_back_and_the_writer_reads_why(approver: Browser, second: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="13")
    hand_in(approver, draft)
    second.post(f"{draft}/take-back", note="法条写到款")

    assert "法条写到款" in approver.get(draft).text


def test_a_draft_can_be_thrown_away_and_begun_anew(approver: Browser) -> None:
    draft = begin(approver)
    approver.post(f"{draft}/discard")

    assert "已作废" in approver.get(f"{draft}/look").text
    assert begin(approver) != draft


def test_a_version_published_meanwhile_is_offered_and_merged(approver: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="13")
    publish(item("id-lost", keywords=["挂失"]))

    assert "并入第 2 版" in approver.get(draft).text
    approver.post(f"{draft}/take-over")
    assert (now(draft).body["keywords"], now(draft).body["promise_day"]) == (["挂失"], 13)


def test_the_change_is_tried_on_past_cases(approver: Browser) -> None:
    case_no = desk.submitted()
    draft = begin(approver)
    write(approver, draft, promise_day="13")

    page = approver.get(f"{draft}/try").text
    assert "承诺时限变化" in page
    assert case_no in page


def test_what_breaks_the_rules_cannot_be_tried(approver: Browser) -> None:
    draft = begin(approver)
    write(approver, draft, promise_day="三天")

    refused = approver.get(f"{draft}/try")
    assert (refused.status_code, "要填整数" in refused.text) == (422, True)


@pytest.mark.parametrize("path", ["", "/look", "/try"])
def test_another_departments_draft_is_not_there(approver: Browser, second: Browser, path: str) -> None:
    draft = begin(approver)
    stranger = browser(second.client, Role.APPROVER, department="别的局")

    assert stranger.get(f"{draft}{path}").status_code == 404


def test_an_uploaded_sheet_becomes_drafts_of_what_it_changes(approver: Browser) -> None:
    sheet = sheet_writing.export([item("id-lost", promise_day=13), item("marry")])

    page = upload(approver, sheet)
    assert "1 份新草稿" in page
    assert "1 个事项没有变化" in page
    assert now(begin(approver)).body["promise_day"] == 13
    with unit_of_work() as session:
        assert catalogue.guide(session, task_code=ID_LOST).promise_day != 13


def test_a_sheet_with_a_fault_changes_nothing_and_names_it(approver: Browser) -> None:
    sheet = sheet_writing.export([item("id-lost", promise_day=13), item("marry", task_name="")])

    page = upload(approver, sheet)
    assert "整份都没有导入" in page
    assert "事项名称" in page
    assert "没有正在办的草稿" in approver.get("/console/drafts").text


def test_an_item_with_a_draft_is_left_alone_by_a_sheet(approver: Browser) -> None:
    begin(approver)

    assert "没有动它们" in upload(approver, sheet_writing.export([item("id-lost", promise_day=13)]))


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04" + b"\x00" * 50])
def test_what_is_no_workbook_is_refused_in_words(approver: Browser, content: bytes) -> None:
    assert 'role="status"' in upload(approver, content) or "选择" in upload(approver, content)


def test_the_department_takes_its_own_guides_home(approver: Browser) -> None:
    own = browser(approver.client, Role.APPROVER, department=item("marry")["dept_name"])
    book = openpyxl.load_workbook(io.BytesIO(own.get("/console/drafts/items.xlsx").data))

    codes = [row[0] for row in book["事项"].iter_rows(values_only=True)]
    assert MARRY in codes
    assert ID_LOST not in codes


def test_the_template_opens(approver: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(approver.get("/console/drafts/template.xlsx").data))

    assert "事项" in book.sheetnames
