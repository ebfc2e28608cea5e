"""The platform's field types, value by value."""

import pytest

from sandbox.wechat_fields import is_valid

GOOD = [
    ("thing1", "长" * 20),
    ("thing1", "A4 复印件（2份）😀"),
    ("number1", "-12.50"),
    ("letter1", "ABC"),
    ("symbol1", "！@#"),
    ("character_string4", "A-0012/3#x"),
    ("time3", "9:05"),
    ("time3", "2026年3月2日 09:30"),
    ("time3", "2026-03-02 09:30:00"),
    ("time3", "09:00~17:30"),
    ("date1", "2026年12月31日"),
    ("amount2", "¥12.50"),
    ("amount2", "1234567890元"),
    ("phone_number1", "0592-1234567"),
    ("car_number1", "闽D12345"),
    ("name1", "欧阳修"),
    ("name1", "Mary O'Neil"),
    ("phrase3", "办理成功"),
]
BAD = [
    ("thing1", "长" * 21),
    ("thing1", "一\t二"),
    ("number1", "12a"),
    ("number1", "1" * 33),
    ("letter1", "AB1"),
    ("symbol1", "abc"),
    ("character_string4", "预约1"),
    ("character_string4", "x" * 33),
    ("time3", "25:00"),
    ("time3", "2026年3月2日"),
    ("date1", "09:30"),
    ("amount2", "12345678901"),
    ("amount2", "¥¥1"),
    ("amount2", "免费"),
    ("phone_number1", "1" * 18),
    ("car_number1", "闽D12345678"),
    ("name1", "长" * 11),
    ("phrase3", "办理成功了吗"),
    ("phrase3", "OK"),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_good_value_passes(name: str, value: str) -> None:
    assert is_valid(name, value)


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused(name: str, value: str) -> None:
    assert not is_valid(name, value)
