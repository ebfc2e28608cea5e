"""What others say and do for a case has its receipts too: opinions, the courier, who has the result."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from app import clock
from app.case_proof import gathering
from app.db import engine, unit_of_work
from app.deliveries import tracing
from app.deliveries.tracing import Told
from tests import case_fixtures, delivery_fixtures, opinion_fixtures
from tests import proof_fixtures as proof
from tests.city_fixtures import MONDAY, publish_items
from tests.delivery_fixtures import POST, WINDOW, decided


def said(case_no: str, kind: str) -> list[dict[str, Any]]:
    """What the receipts of one kind say in the pack, once the job has followed the calls."""
    assert gathering.follow() > 0
    with unit_of_work() as session:
        case_id = delivery_fixtures.case_of(session, case_no).id
    receipts = proof.record_of(proof.packed(case_id))["payload"]["receipts"]
    return [one["says"]["content"] for one in receipts if one["kind"] == kind]


@pytest.fixture
def results(citizen: int) -> None:
    """An item whose result may come on paper."""
    del citizen
    publish_items("id-lost")


def test_what_a_department_answered_is_in_the_chain(citizen: int) -> None:
    del citizen
    case_no = opinion_fixtures.accepted()
    gathering.follow()
    [request, *_] = opinion_fixtures.requests(case_no).values()
    opinion_fixtures.give(request)
    [opinion] = said(case_no, "opinion")
    assert (opinion["department"], opinion["answer"]) == (request.dept_name, "同意")
    assert proof.faults() == []


def test_who_fetched_a_result_is_in_the_chain(results: None) -> None:
    _, case_no = decided(WINDOW)
    gathering.follow()
    delivery_fixtures.hand_out(case_no)
    [handed] = said(case_no, "delivery")
    assert (handed["outcome"], handed["way"], handed["received_by"]) == ("delivered", "window", "王小明")
    assert proof.faults() == []


def test_what_was_withheld_says_so(results: None) -> None:
    _, case_no = decided(WINDOW)
    delivery_fixtures.revoke(case_no)
    delivery_fixtures.withhold(case_no)
    assert said(case_no, "delivery")[0]["outcome"] == "withheld"


def test_what_the_courier_says_is_in_the_chain_as_it_was_told(results: None) -> None:
    _, case_no = decided(POST)
    reference = delivery_fixtures.send(case_no)
    gathering.follow()
    with unit_of_work() as session:
        tracing.take(session, Told(reference, "SF0000000000001", "KD-1", 1, "signed", MONDAY, "示例市"))
    [parcel] = said(case_no, "parcel")
    assert (parcel["parcel"], parcel["happening"], parcel["place"]) == (reference, "signed", "示例市")
    assert proof.faults() == []
    with unit_of_work() as session:
        session.execute(text("UPDATE parcel_events SET kind = 'returned'"))
    assert "is not as receipt" in " ".join(proof.faults())


def rows_read(case_id: int) -> int:
    """How many rows a download reads."""
    counted: list[int] = []

    def count(connection: Any, cursor: Any, *rest: Any) -> None:
        del connection, rest
        counted.append(max(cursor.rowcount, 0))

    event.listen(engine(), "after_cursor_execute", count)
    try:
        proof.packed(case_id)
    finally:
        event.remove(engine(), "after_cursor_execute", count)
    return sum(counted)


def test_a_download_reads_no_more_on_a_day_of_many_cases(citizen: int) -> None:
    case_id = proof.a_decided_case(citizen)
    proof.tuesday_comes()
    alone = rows_read(case_id)
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        for name in ("李四", "王五", "赵六"):
            case_fixtures.submitted(case_fixtures.citizen(name))
        with unit_of_work() as session:
            session.execute(
                text(
                    "INSERT INTO case_events (case_id, kind, at, actor_kind, actor_name, sentence)"
                    " VALUES (:id, 'note', now(), 'system', '系统', '又一步')"
                ),
                {"id": case_id},
            )
        gathering.follow()
    with clock.stopped_at(MONDAY + timedelta(days=2)):
        proof.tuesday_comes()
    # One more line, receipt, opening and day of its own, each read as often as before; no other case's.
    more = rows_read(case_id) - alone
    assert 0 < more <= 8
