"""The questions and rules of a draft as a form (情形表单): written without JSON, and tried."""

import json

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests.catalogue_fixtures import item
from tests.city_fixtures import document
from tests.console.odd_situations import ODD
from tests.console.situation_pages import begin, kept, now, send, take_in, take_out
from tests.sent_forms import fields_of
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")
ASKING = [one["item_key"] for one in document("items.json")["items"] if one.get("situations")]


@pytest.fixture
def clerk(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.APPROVER)


@pytest.fixture
def second(app: YimaFlask, city: None) -> Browser:
    del city
    return browser(app.test_client(), Role.APPROVER)


def test_every_table_of_the_city_goes_through_the_form_unchanged(clerk: Browser) -> None:
    for key in ASKING:
        anybody = browser(clerk.client, Role.SUPERVISOR, department=None)
        draft = begin(anybody, key)

        assert send(anybody, draft).status_code == 303, key
        assert json.dumps(kept(draft), sort_keys=True) == json.dumps(item(key)["situations"], sort_keys=True)


def test_whatever_the_form_can_hold_goes_through_it_unchanged(clerk: Browser) -> None:
    draft = begin(clerk)
    assert take_in(clerk, draft, json.dumps(ODD).encode()).status_code == 303

    assert send(clerk, draft).status_code == 303
    assert json.dumps(kept(draft), sort_keys=True) == json.dumps(ODD, sort_keys=True)


def test_questions_and_rules_are_written_from_nothing(clerk: Browser) -> None:
    draft = begin(clerk)
    take_out(clerk, draft)
    send(clerk, draft, do="questions.add")
    send(clerk, draft, questions__0__text="为什么补？", questions__0__kind="choice")
    send(clerk, draft, **{"questions.0.choices.new": ["丢了", "被偷了"], "do": "rows.add"})
    send(clerk, draft, **{"rows.0.when.new": "q1"})
    send(clerk, draft, **{"rows.0.when.0.value": ["c2"], "rows.0.note": "先报警。"})

    assert kept(draft) == {
        "questions": [
            {
                "key": "q1",
                "text": "为什么补？",
                "kind": "choice",
                "choices": [{"value": "c1", "text": "丢了"}, {"value": "c2", "text": "被偷了"}],
            }
        ],
        "rows": [{"when": [{"q": "q1", "is": "c2"}], "note": "先报警。"}],
    }
    assert "“为什么补？”答“被偷了”：先报警。" in clerk.get(draft).text


def test_what_follows_can_be_chosen_for_every_part_of_the_list(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    send(
        clerk,
        draft,
        **{
            "rows.0.materials.0.way": "need",
            "rows.0.fees.none": "1",
            "rows.0.fees": [],
            "rows.0.limit.days": "3",
            "rows.0.limit.unit": "DAY",
            "rows.0.visits": "0",
            "rows.0.place": "派出所",
            "rows.0.effective_from": "2027-01-01",
        },
    )

    code = item("id-renew")["materials"][0]["material_code"]
    assert kept(draft)["rows"][0] == {
        "when": [{"q": "reason", "is": "expiring"}],
        "need": [code],
        "fees": [],
        "limit": {"days": 3, "unit": "DAY"},
        "visits": 0,
        "place": "派出所",
        "effective_from": "2027-01-01",
    }


def test_each_fault_stands_beside_its_field_and_nothing_typed_is_lost(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    send(
        clerk,
        draft,
        **{
            "rows.0.limit.days": "三天",
            "rows.1.effective_from": "明年",
            "rows.4.when.0.value": "一季",
            "questions.1.text": "",
        },
    )

    page = clerk.get(draft).text
    for field in ("rows-0-limit", "rows-1-effective_from", "rows-4-when-0", "questions-1-text"):
        assert f'id="{field}-fault"' in page
    assert all(f'value="{typed}"' in page for typed in ("三天", "明年", "一季"))
    assert "第1条规则·时限" in page


def test_a_question_is_moved_and_another_taken_out(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    moved = send(clerk, draft, do="questions.2.up")
    assert moved.headers["Location"].endswith("#questions-1")
    assert [one["key"] for one in kept(draft)["questions"]] == ["reason", "photo", "expires"]

    send(clerk, draft, **{"questions.1.gone": "1"})
    assert [one["key"] for one in kept(draft)["questions"]] == ["reason", "expires"]
    assert "这个问题已经没有了" in clerk.get(draft).text


def test_rules_are_moved_and_taken_out(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    first, second_rule, *rest = kept(draft)["rows"]
    send(clerk, draft, do="rows.0.down")
    assert kept(draft)["rows"] == [second_rule, first, *rest]

    send(clerk, draft, **{"rows.0.gone": "1"})
    assert kept(draft)["rows"] == [first, *rest]


def test_a_question_that_becomes_a_number_keeps_its_choices_until_they_are_dropped(clerk: Browser) -> None:
    draft = begin(clerk, "id-renew")
    send(clerk, draft, questions__0__kind="number")
    assert "单选和多选才有选项" in clerk.get(draft).text
    assert len(kept(draft)["questions"][0]["choices"]) == 3

    send(clerk, draft, **{"questions.0.choices.gone": "1"})
    assert "choices" not in kept(draft)["questions"][0]
    assert "请重新选" in clerk.get(draft).text


def test_what_was_typed_over_a_colleagues_work_stays_on_the_page(clerk: Browser, second: Browser) -> None:
    draft = begin(clerk, "id-renew")
    mine = fields_of(clerk.get(draft).text, form="situations") | {"questions.0.text": ["我写的问法"]}
    send(second, draft, **{"questions.0.text": "同事的问法"})

    refused = clerk.post(draft, **{name: value for name, value in mine.items() if name != "csrf"})
    assert (refused.status_code, kept(draft)["questions"][0]["text"]) == (409, "同事的问法")
    assert "我写的问法</textarea>" in refused.text
    assert f'name="revision" value="{now(draft).revision}"' in refused.text


def test_what_is_not_written_in_any_more_is_looked_through(clerk: Browser) -> None:
    draft = begin(clerk)
    clerk.post(draft.replace("/situations", "/discard"))

    assert clerk.get(draft).headers["Location"].endswith("/look")


@pytest.mark.parametrize(
    "odd", ["rows.9.up", "rows.-1.down", "rows", "x.y", "rows.²", "questions.1.choices.7.up"]
)
def test_a_strange_button_does_no_harm(clerk: Browser, odd: str) -> None:
    draft = begin(clerk, "id-renew")

    assert send(clerk, draft, do=odd).status_code == 303
    assert kept(draft) == item("id-renew")["situations"]
