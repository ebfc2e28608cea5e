"""A pushed message read with limits: XML or JSON in, plain texts out (消息推送的报文).

wechatpy's own parser takes anything and fails in nine ways; expat is used directly, with no document type, no
entities, few levels, few elements, and each element of the first level once.
"""

from typing import Any, Final
from xml.parsers import expat

from platforms import strict_json
from platforms.clean_text import clean

_DEEPEST: Final = 8
_MOST_ELEMENTS: Final = 500

Fields = dict[str, Any]  # texts; an inner element is Fields again, one that comes twice a list


def read_fields(body: bytes) -> Fields:
    """Read the fields of one message; numbers stay texts. Raises ValueError for everything unusual."""
    if body.lstrip()[:1] == b"{":
        return {key: _as_text(value, 1) for key, value in strict_json.read_object(body).items()}
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")  # whatever the declaration says
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003  # expat takes no names
    except expat.ExpatError:
        raise ValueError("not well-formed") from None
    return reader.fields


class _Reader:
    """Builds the fields while expat walks through the text."""

    def __init__(self) -> None:
        self.fields: Fields = {}
        self._open: list[tuple[str, Fields, list[str]]] = []
        self._elements = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) >= _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise ValueError("too deep or too many elements")
        if not self._open and name != "xml":
            raise ValueError("the root is not xml")
        self._open.append((name, {}, []))

    def end(self, _name: str) -> None:
        name, inner, texts = self._open.pop()
        if not self._open:
            self.fields = inner
            return
        outer = self._open[-1][1]
        value = inner or "".join(texts)
        if name not in outer:
            outer[name] = value
        elif len(self._open) == 1:
            raise ValueError(f"{name} comes twice")
        elif isinstance(outer[name], list):
            outer[name].append(value)
        else:
            outer[name] = [outer[name], value]

    def text(self, text: str) -> None:
        self._open[-1][2].append(text)

    def refuse(self, *_: object) -> None:
        raise ValueError("a document type is not welcome")


def _as_text(value: Any, level: int) -> Any:
    if level > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, dict):
        return {key: _as_text(inner, level + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner, level + 1) for inner in value]
    # JSON can spell a lone surrogate or a NUL, which no database column takes; XML cannot.
    return clean(str(value))
