"""Certificate identifiers (电子证照标识, GB/T 36904).

1.2.156.3005.2.<type 21>.<issuer>.<serial>.<version 3>.<check>, where the check character is ISO 7064
MOD 37,36 over type, issuer, serial and version without the dots.
"""

import re
from dataclasses import dataclass

from sqlalchemy import Sequence, select
from sqlalchemy.orm import Session

from app import clock
from app.certificates.errors import IdentifierWrong
from app.check_characters import mod_37_36, tidy
from app.db import Base

CERTIFICATE_SERIALS = Sequence("certificate_serials", minvalue=1, metadata=Base.metadata)

FIRST_VERSION = "001"
_ROOT = "1.2.156.3005.2"
_WRITTEN = re.compile(
    r"1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{1,32})\.([0-9A-Z]{1,32})\.([0-9A-Z]{3})\.([0-9A-Z])"
)
_NOT_WRITTEN = re.compile(r"[^0-9A-Z]")
_TYPE_OWNER_LENGTH = 18
_ISSUER_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Identifier:
    """The parts of an identifier."""

    type_code: str
    issuer: str
    serial: str
    version: str

    @property
    def check(self) -> str:
        """The check character over the parts."""
        return mod_37_36(f"{self.type_code}{self.issuer}{self.serial}{self.version}")

    def __str__(self) -> str:
        return f"{_ROOT}.{self.type_code}.{self.issuer}.{self.serial}.{self.version}.{self.check}"


def read(text: str) -> Identifier:
    """An identifier from its text; raises IdentifierWrong when form or check character do not fit."""
    found = _WRITTEN.fullmatch(tidy(text))
    if found is None:
        raise IdentifierWrong
    identifier = Identifier(*found.groups()[:4])
    if identifier.check != found[5]:
        raise IdentifierWrong
    return identifier


def type_code(dept_code: str, number: int) -> str:
    """The type's code: the defining department's credit code (18) and three digits."""
    return f"{_written(dept_code)[:_TYPE_OWNER_LENGTH]:0>18}{number:03d}"


def new_identifier(session: Session, *, dept_code: str, type_number: int) -> Identifier:
    """An identifier nobody has: the serial is the year in Shanghai and a running number."""
    serial = session.scalar(select(CERTIFICATE_SERIALS.next_value()))
    return Identifier(
        type_code=type_code(dept_code, type_number),
        issuer=_written(dept_code),
        serial=f"{clock.today().year}{serial:08d}",
        version=FIRST_VERSION,
    )


def _written(code: str) -> str:
    """A department's code in the identifier's alphabet; some real ones hold other characters."""
    return _NOT_WRITTEN.sub("0", tidy(code))[:_ISSUER_LENGTH]
