"""The published shape says what the checks say (数据结构)."""

import copy
import json
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import rules, schema
from app.catalogue.item_fields import FIELDS
from tests.catalogue_fixtures import item
from tests.city_fixtures import document

SHAPE = schema.schema()
READER = jsonschema.Draft202012Validator(SHAPE)
_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.sampled_from(["", "1", "2", "01", "2026-11-20", "self", "许可证照", "x" * 70]),
    st.lists(st.sampled_from(["1", "2", "", "x"]), max_size=2),
    st.lists(st.fixed_dictionaries({}, optional={"name": st.sampled_from(["", "甲"])}), max_size=2),
    st.fixed_dictionaries({}, optional={"text": st.just("话"), "who": st.sampled_from(["self", "x"])}),
)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.document()))


def test_the_demo_city_has_the_published_shape() -> None:
    assert list(READER.iter_errors(document("items.json"))) == []


@given(st.sampled_from([field.name for field in FIELDS]), _ODD)
@settings(max_examples=400, deadline=None)
def test_what_the_checks_take_is_valid_and_what_is_invalid_they_refuse(name: str, value: Any) -> None:
    changed = item(**{name: copy.deepcopy(value)})
    valid = READER.is_valid({"items": [changed]})
    refused = [one for one in rules.check(changed) if one.refuses]

    assert valid or refused


@given(st.sampled_from([part.name for part in next(f for f in FIELDS if f.name == "materials").parts]), _ODD)
@settings(max_examples=200, deadline=None)
def test_the_same_holds_inside_a_material(name: str, value: Any) -> None:
    changed = item()
    changed["materials"][0][name] = value
    valid = READER.is_valid({"items": [changed]})

    assert valid or [one for one in rules.check(changed) if one.refuses]


def test_every_list_of_words_names_its_origin() -> None:
    coded = [field for field in FIELDS if field.words is not None]

    assert coded
    for field in coded:
        told = SHAPE["$defs"]["item"]["properties"][field.name]
        assert told["x-origin"]
        assert told["x-words"] == field.words
