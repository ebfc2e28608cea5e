from flask.testing import FlaskClient

from app.bundles import one_form
from tests.app.bundles.test_figures import part
from tests.catalogue_fixtures import item, load_catalogue


def asking(*fields: tuple[str, str]) -> dict[str, object]:
    return {"form": [{"key": key, "label": label} for key, label in fields]}


def test_a_field_of_two_parts_is_asked_once() -> None:
    first = part("a", form_body=asking(("phone", "手机号"), ("child_name", "孩子姓名")))
    second = part("b", form_body=asking(("phone", "手机号"), ("bank", "银行")))

    assert one_form.labels([first, second]) == ["手机号", "孩子姓名", "银行"]


def test_the_same_key_with_other_words_is_another_field() -> None:
    parts = [part(code, form_body=asking(("kind", words))) for code, words in ("a参", "b残")]

    assert one_form.labels(parts) == ["参", "残"]


def test_a_bundle_shows_every_field_of_its_parts_once(client: FlaskClient) -> None:
    load_catalogue()
    shown = client.get("/api/v1/bundles/restaurant").get_json()["form_fields"]

    asked = {field["label"] for key in ("solo-setup", "food-permit") for field in item(key)["form"]}
    assert set(shown) == asked
    assert len(shown) == len(asked)
