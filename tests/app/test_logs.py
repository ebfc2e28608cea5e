import io
import logging

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import logs
from app.db import unit_of_work
from app.logs import LineWriter


def line(message: str, **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"msg": message, "levelno": 20, "levelname": "INFO", **extra})
    found: dict[str, object] = orjson.loads(logs.JsonFormatter().format(record))
    return found


def test_a_record_is_one_json_line_with_its_extras() -> None:
    assert line("booked", slot=3)["slot"] == 3


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("id 11010519491231002X here", "110105************"),
        ("call 13812345678 now", "138****5678"),
        ("Authorization: Bearer abcdef", "Bearer ***"),
        ("call +8613812345678 now", "138****5678"),
        ("GET /x?access_token=SECRET&a=1", "access_token=***"),
        ('{"access_token":"SECRET"} came', '"access_token":"***"'),
        ("{'openid': 'oSECRET'} came", "'openid': '***'"),
        ('refused\nDETAIL:  Key (name)=("林") exists.\nsoon', "DETAIL: ***\nsoon"),
    ],
)
def test_personal_numbers_and_secrets_never_reach_a_log(secret: str, shown: str) -> None:
    told = str(line(secret)["event"])

    assert shown in told
    assert secret not in told


def test_a_number_called_code_stays_a_number() -> None:
    assert line("asked", code=43101)["code"] == 43101


def test_an_error_of_the_database_names_nobody(database: None) -> None:
    del database
    with pytest.raises(SQLAlchemyError) as refused, unit_of_work() as session:
        session.execute(text("INSERT INTO citizens (name) VALUES (:name)"), {"name": "林小明".encode()})
    told = str(line(str(refused.value))["event"])

    assert "林小明" not in str(refused.value).partition("DETAIL")[0]
    assert "小明" not in told
    assert "\\x" not in told


def test_while_nobody_reads_the_pipe_the_log_keeps_to_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LineWriter, "_MOST_LINES", 3)
    monkeypatch.setattr(LineWriter, "_start", lambda self: None)
    pipe = io.StringIO()
    writer = LineWriter(pipe)
    for number in range(5):
        writer.write(str(number))
    writer.flush()

    assert pipe.getvalue() == "2\n3\n4\n"
