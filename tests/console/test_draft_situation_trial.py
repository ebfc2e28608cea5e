"""A draft's questions answered on trial, and its data as a file (试答、导入导出)."""

import pytest
from flask.testing import FlaskClient

from app.db import unit_of_work
from app.publishing.models import GuideDraft
from app.staff.models import Role
from tests.catalogue_fixtures import item
from tests.console.situation_pages import begin, kept, now, send, take_in, take_out
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.APPROVER)


def test_the_draft_is_tried_before_it_is_handed_in(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    send(clerk, draft, **{"rows.2.place": "户籍派出所", "rows.2.limit.days": "7", "rows.2.limit.unit": "DAY"})

    page = clerk.get(f"{draft}/try?reason=damaged&photo=yes").text
    assert all(words in page for words in ("能办</span>", "户籍派出所", "7个自然日", "照片沿用上次拍的"))
    refused = clerk.get(f"{draft}/try?reason=expiring&expires=2039-01-01&photo=no").text
    assert all(words in refused for words in ("不能办</span>", "居民身份证法第十一条", "就符合条件了"))


def test_a_question_takes_several_ticks_and_the_trial_goes_by_them(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    send(clerk, draft, questions__0__kind="several")
    ticks = {f"rows.{place}.gone": "1" for place in range(5)}
    send(clerk, draft, **ticks, **{"questions.1.ask_when.0.gone": "1"}, do="rows.add")
    send(clerk, draft, **{"rows.0.when.new": "reason"})
    send(clerk, draft, **{"rows.0.when.0.value": ["damaged", "moved"], "rows.0.place": "户籍派出所"})
    assert kept(draft)["rows"] == [
        {"when": [{"q": "reason", "has": ["damaged", "moved"]}], "place": "户籍派出所"}
    ]

    rest = "expires=2027-01-01&photo=no"
    assert "户籍派出所" in clerk.get(f"{draft}/try?reason=expiring&reason=moved&{rest}").text
    assert "户籍派出所" not in clerk.get(f"{draft}/try?reason=-&{rest}").text


def test_questions_come_one_after_the_other_and_an_unreadable_answer_is_named(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    assert "证件有效期到哪一天？" not in clerk.get(f"{draft}/try").text

    page = clerk.get(f"{draft}/try?reason=expiring&expires=soon").text
    assert "证件有效期到哪一天？" in page
    assert 'value="soon"' in page
    assert "请照问题填写" in page
    assert "2 个问题没答" in page


def test_a_draft_with_faults_says_them_instead_of_a_list(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    send(clerk, draft, **{"rows.0.visits": "两次"})

    assert "第1条规则·到场次数" in clerk.get(f"{draft}/try").text


def test_the_data_go_out_and_come_in_as_a_file(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    file = clerk.get(f"{draft}.json")
    take_out(clerk, draft)

    assert kept(draft) is None
    assert take_in(clerk, draft, file.data).status_code == 303
    assert kept(draft) == item("id-renew")["situations"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"questions": 5}', b'{"questions": [{"text": 5}]}', b'{"rows": [{"when": [7]}]}'],
)
def test_a_file_that_the_form_cannot_hold_changes_nothing(clerk: Browser, content: bytes) -> None:
    draft = begin(clerk, "id-renew")

    refused = take_in(clerk, draft, content)
    assert (refused.status_code, "不是情形问题和规则" in refused.text) == (422, True)
    assert kept(draft) == item("id-renew")["situations"]


def test_data_from_elsewhere_that_the_form_cannot_hold_can_be_cleared(clerk: Browser) -> None:
    draft = begin(clerk)
    with unit_of_work() as session:
        held = session.get_one(GuideDraft, now(draft).id)
        held.body = {**held.body, "situations": "half typed"}
    assert "表单放不下" in clerk.get(draft).text
    clerk.post(draft, revision=str(now(draft).revision), **{"rows.count": "0"})
    assert kept(draft) == "half typed"

    clerk.post(draft, revision=str(now(draft).revision), clear="1")
    assert kept(draft) is None
