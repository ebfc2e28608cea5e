import jsonschema
from flask.testing import FlaskClient

from tests.catalogue_fixtures import item


def test_anybody_may_read_the_shape_of_an_item(client: FlaskClient) -> None:
    shape = client.get("/api/v1/guides/schema").get_json()
    reader = jsonschema.Draft202012Validator(shape)

    assert shape["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert reader.is_valid({"items": [item()]})
    assert [fault.json_path for fault in reader.iter_errors({"items": [item(promise_day="十")]})] == [
        "$.items[0].promise_day"
    ]


def test_who_has_the_shape_is_told_that_it_is_the_same(client: FlaskClient) -> None:
    first = client.get("/api/v1/guides/schema")
    again = client.get("/api/v1/guides/schema", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
