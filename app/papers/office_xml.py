"""What a part of a Word or Excel file says (部件内容): links out of it, and fields that fetch something.

It is parsed as an office program parses it. Looked at as text, a part can say anything otherwise: a `>`
inside a value, a letter by its number, a field beside another.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from app.papers.errors import PaperActive, PaperDamaged

# Fields that run or read something when the file is opened, or that spell such a field.
_FETCHES: Final = re.compile(r"\b(?:DDE(?:AUTO)?|INCLUDETEXT|INCLUDEPICTURE|QUOTE)\b", re.IGNORECASE)
_TAPPED: Final = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
_FOREIGN, _FIELD = "指向其他文件的内容", "打开时读取其他文件的域"


def look(text: bytes, *, strictly: bool) -> None:
    """Raises PaperActive with what was found; PaperDamaged when it is no XML and `strictly` it should be."""
    part = _Part()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = part.begin
    parser.EndElementHandler = part.end
    parser.CharacterDataHandler = part.hear
    try:
        parser.Parse(text, True)  # noqa: FBT003 - the library takes it so: this is all
    except expat.ExpatError as error:
        if strictly:
            raise PaperDamaged from error
    part.finish()


class _Part:
    """One part being read: the fields that are open, each with its code so far."""

    def __init__(self) -> None:
        self._open: list[list[str]] = [[]]
        self._is_code = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        said = {_local(key): value for key, value in attributes.items()}
        match _local(name):
            case "Relationship":
                _look_at_relationship(said)
            case "ddeLink":
                raise PaperActive(found=_FIELD)
            case "instrText":
                self._is_code = True
            case "fldSimple":
                _look_at_code(said.get("instr", ""))
            case "fldChar":
                self._turn(said.get("fldCharType", ""))

    def hear(self, text: str) -> None:
        """A piece of text; the code of one field may come in many."""
        if self._is_code:
            self._open[-1].append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if _local(name) == "instrText":
            self._is_code = False

    def finish(self) -> None:
        """The part is over, whether its fields are or not."""
        for code in self._open:
            _look_at_code("".join(code))

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            self._open.append([])
        elif kind == "end" and len(self._open) > 1:
            _look_at_code("".join(self._open.pop()))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _look_at_code(code: str) -> None:
    if _FETCHES.search(code):
        raise PaperActive(found=_FIELD)


def _look_at_relationship(said: Mapping[str, str]) -> None:
    """Only a link that a reader has to tap may lead out of the file."""
    if said.get("TargetMode", "").strip().lower() != "external":
        return
    if not said.get("Type", "").endswith("/hyperlink") or not _TAPPED.match(said.get("Target", "").strip()):
        raise PaperActive(found=_FOREIGN)
