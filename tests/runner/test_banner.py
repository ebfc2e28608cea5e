"""What stands in the terminal once everything runs."""

import pytest

from commands import demo
from runner import banner
from runner.places import read_places


def test_the_clerks_stand_below_the_console_and_the_rest_of_the_load_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    city = [
        "items: 60 new",
        "clerks: 4 changed",
        "sign in: shouli    王窗口  受理",
        "sign in: password  密码    x",
    ]
    banner.show(read_places({}), city=city)
    lines = [line.partition("| ")[2] for line in capsys.readouterr().out.splitlines()]
    place = next(number for number, line in enumerate(lines) if line.startswith("  console"))

    assert [line.strip() for line in lines[place + 1 : place + 4]] == [
        "shouli    王窗口  受理",
        "password  密码    x",
        "",
    ]
    assert not any("items" in line for line in lines)


def test_the_load_and_the_launcher_agree_on_the_mark() -> None:
    assert demo.SIGN_IN == banner.SIGN_IN
