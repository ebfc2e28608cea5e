"""What lies in the database after an application (静态数据)."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import db
from app.complaints import service as complaints
from app.complaints.models import Complaint
from app.db import Base, unit_of_work
from app.evaluations.models import MendingTicket
from tests import case_fixtures
from tests.case_fixtures import FORM
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner
from tests.rating_fixtures import SUPERVISOR, mend

SECRETS = [FORM[key].encode() for key in ("applicant_name", "id_number", "phone", "address")]


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    case_fixtures.publish_id_lost()
    return Owner(client)


def readable(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def found(secrets: list[bytes]) -> list[tuple[str, bytes]]:
    """In which tables which of these lie readable."""
    with db.engine().connect() as connection:
        stored = {
            table.name: b"\n".join(
                readable(value)
                for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
                for value in row
            )
            for table in Base.metadata.sorted_tables
        }
    return [(name, secret) for name, rows in stored.items() for secret in secrets if secret in rows]


def answer(complaint_no: str, words: str) -> None:
    with unit_of_work() as session:
        asked = select(Complaint.id).where(Complaint.complaint_no == complaint_no)
        complaints.answer(
            session, complaint_id=session.scalars(asked).one(), officer=SUPERVISOR, text=words, final=True
        )


def test_nothing_of_an_application_lies_readable_in_any_table(owner: Owner) -> None:
    case_no = owner.start()
    owner.call("PATCH", f"/cases/{case_no}/form", json=FORM)
    for code in case_fixtures.mandatory_materials(case_no):
        case_fixtures.add_photo(owner.id, case_no, code)
    assert owner.call("POST", f"/cases/{case_no}/submit").status_code == 200

    assert found(SECRETS) == []


def test_nothing_of_what_people_think_and_answer_lies_readable_in_any_table(
    owner: Owner, deliver: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    case_no = case_fixtures.submitted(owner.id)
    case_fixtures.withdraw(owner.id, case_no)
    about = {"case_no": case_no, "anonymous": True}
    wish = {"level": 5, "comment": "一句差评的话", **about}
    rated = owner.call("POST", "/evaluations", json=wish).get_json()
    with unit_of_work() as session:
        ticket_id = session.scalars(select(MendingTicket.id)).one()
    mend(ticket_id, text="一句整改的话")
    said = {"satisfied": False, "comment": "一句确认的话"}
    assert owner.call("POST", f"/evaluations/{rated['id']}/confirmation", json=said).status_code == 200
    told = {"kind": "complaint", "case_no": case_no, "text": "一句投诉的话"}
    number = owner.call("POST", "/complaints", json=told).get_json()["complaint_no"]
    answer(number, "一句答复的话")
    deliver()

    words = [f"一句{kind}的话" for kind in ("差评", "整改", "确认", "投诉", "答复")]
    assert found([word.encode() for word in words]) == []
    assert ("complaints", number.encode()) in found([number.encode()])
    assert not any(word in stream for stream in capfd.readouterr() for word in words)
