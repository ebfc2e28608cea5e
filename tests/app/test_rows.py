import pytest
from sqlalchemy import Table, select

from app import clock, rows
from app.cases.models import Case
from app.db import unit_of_work
from app.events import OutboxRow

pytestmark = pytest.mark.usefixtures("database")

OUTBOX = OutboxRow.metadata.tables["outbox"]
SAID: list[tuple[str, dict[str, object]]] = [
    ("First", {"case_id": 1}),
    ("Second", {"text": "“是”", "no": None}),
]


def waiting(name: str, payload: dict[str, object]) -> dict[str, object]:
    return {"name": name, "payload": payload, "created_at": clock.now(), "next_attempt_at": clock.now()}


def test_rows_are_added_in_their_order_with_what_they_hold() -> None:
    with unit_of_work() as session:
        rows.add(
            session,
            OUTBOX,
            [waiting("First", {"case_id": 1}), waiting("Second", {"text": "“是”", "no": None})],
        )
        kept = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()

    assert [(row.name, row.payload) for row in kept] == [
        ("First", {"case_id": 1}),
        ("Second", {"text": "“是”", "no": None}),
    ]
    assert [(row.attempts, row.delivered_to) for row in kept] == [(0, []), (0, [])]


def test_a_row_with_other_columns_is_refused_rather_than_left_out() -> None:
    more = {**waiting("Second", {}), "attempts": 3}
    with unit_of_work() as session, pytest.raises(ValueError, match="unpack"):
        rows.add(session, OUTBOX, [waiting("First", {}), more])


@pytest.mark.parametrize(
    ("table", "column"), [(OUTBOX, "delivered_to"), (Case.metadata.tables["cases"], "sealed_form")]
)
def test_an_encrypted_text_is_never_sent_as_it_is_nor_a_list_in_a_list(table: Table, column: str) -> None:
    with unit_of_work() as session, pytest.raises(TypeError, match=column):
        rows.add(session, table, [{column: "林晓明"}])
