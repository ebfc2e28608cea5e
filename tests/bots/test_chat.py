import pytest
from flask.testing import FlaskClient

from bots.skills import guides
from tests.people_fixtures import log_in

pytestmark = pytest.mark.usefixtures("city")


def ask(client: FlaskClient, text: str, headers: dict[str, str] | None = None) -> dict[str, object]:
    answer = client.post("/api/v1/chat/messages", json={"text": text}, headers=headers)
    assert answer.status_code == 200, answer.data
    reply: dict[str, object] = answer.get_json()["replies"][0]
    return reply


def test_an_answer_names_the_version_and_field_it_quotes(client: FlaskClient) -> None:
    reply = ask(client, "补办身份证要带什么材料")

    assert reply["sources"] == [
        {"task_code": "11350100MB990001383350790003000", "field": "materials", "version": 1}
    ]


def test_when_not_sure_it_asks_back_instead_of_guessing(client: FlaskClient) -> None:
    reply = ask(client, "sfz")

    assert reply["kind"] == "choices"
    assert reply["sources"] == []


def test_progress_needs_a_login(client: FlaskClient) -> None:
    assert "登录" in str(ask(client, "查进度")["text"])
    assert "还没有办件" in str(ask(client, "查进度", log_in())["text"])


def test_a_button_says_the_same_as_its_words(client: FlaskClient) -> None:
    tapped = client.post("/api/v1/chat/messages", json={"action": "person"}).get_json()

    assert "12345" in tapped["replies"][0]["text"]


@pytest.mark.parametrize("body", [{}, {"text": "a", "action": "menu"}, {"text": ""}, {"text": "长" * 201}])
def test_an_empty_or_endless_message_is_refused(client: FlaskClient, body: dict[str, str]) -> None:
    assert client.post("/api/v1/chat/messages", json=body).status_code == 422


@pytest.mark.parametrize("text", ["]]>", "<a href='x'>", "\u0000\u0007", "😀" * 50, "%s%n{0}", "select 1;--"])
def test_strange_text_gets_an_ordinary_answer(client: FlaskClient, text: str) -> None:
    assert ask(client, text)["text"]


@pytest.mark.parametrize(
    ("fen", "said"), [(4000, "40"), (50, "0.50"), (12_345_67, "12345.67"), (100_000_000_00, "100000000")]
)
def test_an_amount_is_quoted_to_the_fen(fen: int, said: str) -> None:
    assert guides._yuan(fen) == said
