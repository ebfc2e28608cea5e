"""A draft on a newer version (并入新版本), for any bodies."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.publishing.merging import merged

bodies = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))
Body = dict[str, Any]


@given(bodies, bodies)
def test_what_only_one_side_changed_is_taken_from_it(base: Body, changed: Body) -> None:
    assert merged(base, changed, base) == (changed, [])
    assert merged(base, base, changed) == (changed, [])


@given(bodies, bodies, bodies)
def test_what_both_changed_differently_is_named_and_stays_as_the_draft_has_it(
    base: Body, ours: Body, theirs: Body
) -> None:
    body, both = merged(base, ours, theirs)

    for name in both:
        assert body.get(name) == ours.get(name) != theirs.get(name)


@given(bodies, bodies, bodies)
def test_nothing_comes_from_nowhere(base: Body, ours: Body, theirs: Body) -> None:
    body, _ = merged(base, ours, theirs)

    assert all(body[name] in (ours.get(name), theirs.get(name)) for name in body)


@given(bodies, bodies)
def test_the_same_change_of_both_is_no_conflict(base: Body, ours: Body) -> None:
    assert merged(base, ours, ours) == (ours, [])
