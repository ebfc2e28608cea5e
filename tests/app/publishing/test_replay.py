"""A planned change tried on past cases (变更推演): who would have been asked for what."""

from typing import Any

import pytest
from sqlalchemy import event

from app import db
from app.cases import service as cases
from app.db import unit_of_work
from app.publishing import replay
from app.publishing.replay import Replay
from tests import case_fixtures
from tests.catalogue_fixtures import item, publish

RENEW = item("id-renew")["task_code"]


@pytest.fixture(autouse=True)
def _cases(room: object) -> None:
    """Two people whose card is damaged and one who moved."""
    del room
    publish(item("id-renew"))
    for reason in ("damaged", "damaged", "moved"):
        hand_in(reason=reason, photo="yes")


def hand_in(**answers: str) -> str:
    citizen = case_fixtures.citizen()
    with unit_of_work() as session:
        cases.start(session, citizen_id=citizen, task_code=RENEW, answers=answers)
    return str(case_fixtures.submit(citizen, case_fixtures.ready(citizen, RENEW)).case_no)


def tried(**changes: Any) -> Replay:
    with unit_of_work() as session:
        return replay.replay(session, task_code=RENEW, planned=item("id-renew", **changes))


def situations(*rows: dict[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = item("id-renew")["situations"]
    return {**table, "rows": [*table["rows"], *rows]}


def test_what_changes_nothing_touches_nobody() -> None:
    found = tried(keywords=["换证"])

    assert (found.cases, found.touched) == (3, 0)


def test_a_new_material_is_counted_by_who_would_have_needed_it() -> None:
    new = {**item("id-renew")["materials"][0], "material_code": "ID-RENEW-M09", "name": "居住地凭证"}
    new |= {"is_need": "2", "one_of": None}
    moved = situations({"when": [{"q": "reason", "is": "moved"}], "need": ["ID-RENEW-M09"]})

    found = tried(materials=[*item("id-renew")["materials"], new], situations=moved)
    assert (found.touched, dict(found.more)) == (1, {"居住地凭证": 1})


def test_a_material_nobody_is_asked_for_any_more_is_counted() -> None:
    found = tried(materials=item("id-renew")["materials"][1:], situations=None)

    assert dict(found.fewer) == {item("id-renew")["materials"][0]["name"]: 3}


def test_a_higher_fee_is_counted_for_those_who_would_have_paid_it() -> None:
    fees = [{**fee, "amount_fen": fee["amount_fen"] + 100} for fee in item("id-renew")["fees"]]

    assert tried(fees=fees).dearer == 3


def test_whoever_would_have_been_refused_is_counted() -> None:
    row = {"when": [{"q": "reason", "is": "damaged"}], "refuse": {"reason": "先挂失", "law": "示例"}}

    assert tried(situations=situations(row)).refused == 2


def test_a_question_that_nobody_was_asked_is_named() -> None:
    table = situations()
    table["questions"] = [*table["questions"], {"key": "abroad", "text": "人在国外吗？", "kind": "yes_no"}]

    assert dict(tried(situations=table).questions) == {"人在国外吗？": 3}


def test_a_longer_limit_says_from_what_to_what() -> None:
    body = item("id-renew")
    limit = int(body["promise_day"]) + 5

    found = tried(promise_day=limit, project_type="2")
    assert sum(found.limits.values()) == 3
    assert all(str(limit) in change for change in found.limits)


def test_old_cases_are_held_against_the_version_they_were_handed_in_under() -> None:
    publish(item("id-renew", promise_day=9, project_type="2"))
    hand_in(reason="moved", photo="no")

    assert tried(promise_day=9, project_type="2").touched == 3


def test_a_thousand_cases_take_two_statements() -> None:
    seen: list[object] = []
    note = lambda *asked: seen.append(asked[2])  # noqa: E731
    event.listen(db.engine(), "before_cursor_execute", note)
    tried(keywords=["换证"])
    event.remove(db.engine(), "before_cursor_execute", note)

    assert sum("FROM cases" in str(one) or "FROM guide_versions" in str(one) for one in seen) == 2
