"""What lies in the database after an application (静态数据)."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import db
from app.db import Base
from tests import case_fixtures
from tests.case_fixtures import FORM
from tests.city_fixtures import load_city
from tests.miniprogram_api.owner import Owner

SECRETS = [FORM[key].encode() for key in ("applicant_name", "id_number", "phone", "address")]


@pytest.fixture
def owner(client: FlaskClient) -> Owner:
    load_city()
    case_fixtures.publish_id_lost()
    return Owner(client)


def readable(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def test_nothing_of_an_application_lies_readable_in_any_table(owner: Owner) -> None:
    case_no = owner.start()
    owner.call("PATCH", f"/cases/{case_no}/form", json=FORM)
    for code in case_fixtures.mandatory_materials(case_no):
        case_fixtures.add_photo(owner.id, case_no, code)
    assert owner.call("POST", f"/cases/{case_no}/submit").status_code == 200

    with db.engine().connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
            stored = b"\n".join(readable(value) for row in rows for value in row)
            assert not [secret for secret in SECRETS if secret in stored], table.name
