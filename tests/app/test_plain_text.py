"""What people write, as it is kept."""

import pytest

from app.plain_text import readable, words


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("您好\u3000请问", "您好\u3000请问"),
        ("一\t二\u00a0三\u2028四", "一 二 三 四"),
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("好\x00的\u202e\ud800", "好的"),
        ("很好👍🏻🇨🇳", "很好👍🏻🇨🇳"),
        ("ياخشى مەن", "ياخشى مەن"),
        ("\u3000 \t\u200b\n", ""),
    ],
)
def test_what_can_be_shown_is_kept_and_nothing_else(written: str, kept: str) -> None:
    assert readable(written) == kept


def test_what_is_searched_for_is_one_line_that_can_be_shown() -> None:
    assert words(" 身份证\x00\r\n补领\u202e ") == "身份证补领"
