import logging

import orjson
import pytest

from app import logs


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
        ("GET /x?access_token=SECRET&a=1", "access_token=***"),
    ],
)
def test_personal_numbers_and_secrets_never_reach_a_log(secret: str, shown: str) -> None:
    text = str(line(secret)["event"])

    assert shown in text
    assert secret not in text
