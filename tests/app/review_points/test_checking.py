"""What review points must keep before a guide may carry them (审查要点校验)."""

from typing import Any

import pytest

from app.catalogue import rules
from app.catalogue.item_shape import Finding
from tests.catalogue_fixtures import item

POINT = {"key": "one", "text": "一条", "law": "某法"}


def found(key: str = "med-remote", **changes: Any) -> list[Finding]:
    return [one for one in rules.check(item(key, **changes)) if one.rule == "review_points"]


def of_point(**point: Any) -> list[str]:
    return [one.field for one in found(review_points=[{**POINT, **point}])]


def test_an_instant_item_without_points_is_refused_and_another_needs_none() -> None:
    (fault,) = found(review_points=[])

    assert (fault.field, fault.refuses) == ("review_points", True)
    assert not found("id-lost")


@pytest.mark.parametrize(
    ("point", "beside"),
    [
        ({"of": "form", "about": "nothing", "test": "filled"}, "about"),
        ({"of": "form", "about": "go_to", "test": "years_below", "values": ["3"]}, "test"),
        ({"of": "form", "about": "delivery", "test": "is", "values": ["托人带"]}, "values"),
        ({"of": "form", "about": "from_on", "test": "days_below", "values": ["many"]}, "values"),
        ({"of": "answer", "about": "nothing", "test": "is", "values": ["yes"]}, "about"),
        ({"of": "answer", "about": "why", "test": "in", "values": ["fun"]}, "values"),
        ({"of": "answer", "about": "why", "test": "in"}, "values"),
        ({"of": "material", "about": "M99"}, "about"),
        ({"of": "certificate", "test": "held"}, "about"),
        ({"of": "certificate", "about": "居住证", "test": "is", "values": ["x"]}, "test"),
        ({"of": "applicant", "about": "income"}, "about"),
        ({"of": "applicant", "about": "sex", "test": "is", "values": ["x"]}, "values"),
        ({"of": "applicant", "about": "region", "test": "in", "values": ["福州"]}, "values"),
        ({"of": "person", "about": "go_to"}, "about"),
        ({"of": "fees", "test": "is"}, "test"),
        ({"of": "magic"}, "of"),
        ({"of": "person", "law": " "}, "law"),
        ({"of": "person", "text": ""}, "text"),
        ({"of": "person", "key": "Ä"}, "key"),
    ],
)
def test_a_point_that_names_what_is_not_there_is_told_beside_its_field(
    point: dict[str, Any], beside: str
) -> None:
    assert of_point(**point) == [f"review_points[0].{beside}"]


def test_two_points_of_one_name_are_told_apart() -> None:
    twice = [{**POINT, "of": "person"}, {**POINT, "of": "fees"}]

    assert [one.field for one in found(review_points=twice)] == ["review_points[1].key"]


@pytest.mark.parametrize("junk", ["text", 5, [5], [{}], [{"of": []}], [{**POINT, "of": "form", "about": 5}]])
def test_junk_is_a_finding_and_never_a_fall(junk: object) -> None:
    assert found(review_points=junk)


def test_a_good_point_of_every_kind_is_taken() -> None:
    good: list[dict[str, Any]] = [
        {"of": "form", "about": "from_on", "test": "within_days", "values": ["30"]},
        {"of": "answer", "about": "why", "test": "is", "values": ["living"]},
        {"of": "material", "about": "MED-REMOTE-M02"},
        {"of": "certificate", "about": "居住证", "test": "held", "values": []},
        {"of": "applicant", "about": "identity"},
        {"of": "fees"},
    ]
    assert not found(review_points=[{**POINT, **one, "key": f"k{n}"} for n, one in enumerate(good)])
