"""Check characters (校验码): the three that citizens, organisations, cases and certificates are written with.

Only arithmetic and dates are judged. No table of regions is a gate: a number keeps the code of the county of
its year, and a table of today would lock out most people born before 1984.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

_ALPHABET_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHABET_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_CITIZEN_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_CITIZEN_LENGTH = 18
_ORGANISATION_LENGTH = 18


class CitizenNumberFault(StrEnum):
    """What is wrong with a citizen number, as a sentence for the person who typed it."""

    EMPTY = "请填写公民身份号码"
    LENGTH = "身份证号应为18位，请对照证件核对"
    CHARACTERS = "身份证号只能是数字，最后一位可以是X"
    BIRTH_DATE = "身份证号中的出生日期不对，请对照证件核对"
    CHECK = "身份证号有一位输错了，请对照证件核对"


class CitizenNumberWrong(ValueError):
    """A text is no citizen number; `fault` says why."""

    def __init__(self, fault: CitizenNumberFault) -> None:
        super().__init__(fault.name)
        self.fault = fault


def tidy(text: str) -> str:
    """The text as it was meant: full-width characters narrowed, letters upper case, nothing unseen.

    Numbers copied from an address book or a chat carry marks that nobody sees (U+202D, U+200B).
    """
    seen = visible(unicodedata.normalize("NFKC", text))
    return "".join(seen.split()).upper()


def visible(text: str) -> str:
    """The text without formatting characters, which turn or hide what stands beside them."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def citizen_number(text: str, *, today: date) -> str:
    """The citizen number (公民身份号码, GB 11643) in its one written form; raises CitizenNumberWrong.

    Checked are length, characters, a birth date that exists and is not after `today`, and MOD 11-2.
    """
    number = tidy(text)
    if not number:
        raise CitizenNumberWrong(CitizenNumberFault.EMPTY)
    if len(number) != _CITIZEN_LENGTH:
        raise CitizenNumberWrong(CitizenNumberFault.LENGTH)
    if not _CITIZEN_NUMBER.fullmatch(number):
        raise CitizenNumberWrong(CitizenNumberFault.CHARACTERS)
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise CitizenNumberWrong(CitizenNumberFault.BIRTH_DATE) from error
    if not date(1850, 1, 1) <= born <= today:
        raise CitizenNumberWrong(CitizenNumberFault.BIRTH_DATE)
    if number[-1] != mod_11_2(number[:-1]):
        raise CitizenNumberWrong(CitizenNumberFault.CHECK)
    return number


def mod_11_2(digits: str) -> str:
    """The check character of 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _CITIZEN_WEIGHTS, strict=True))
    return _CITIZEN_CHECKS[total % 11]


def mod_31(text: str) -> str:
    """The check character of the first 17 characters of an organisation's code (GB 32100)."""
    total = sum(_ALPHABET_31.index(character) * pow(3, place, 31) for place, character in enumerate(text))
    return _ALPHABET_31[-total % 31]


def organisation_code_is_right(text: str) -> bool:
    """Whether a text is a unified social credit code (统一社会信用代码, GB 32100); expects it tidy."""
    return (
        len(text) == _ORGANISATION_LENGTH
        and all(character in _ALPHABET_31 for character in text)
        and text[-1] == mod_31(text[:-1])
    )


def mod_37_36(text: str) -> str:
    """The check character of digits and capital letters (ISO 7064 MOD 37,36); raises ValueError on others."""
    product = 36
    for character in text:
        product = (product + _ALPHABET_36.index(character)) % 36 or 36
        product = product * 2 % 37
    return _ALPHABET_36[(1 - product) % 36]
