"""Whether a PDF can do anything by itself (PDF安全检查): scripts, programs, attachments, sending data away.

Readers differ in how they mend and read a PDF, so no table of its objects is believed. Every name in the file
and in everything that is packed in it is looked at, wherever it stands; what cannot be unpacked is refused.
"""

import base64
import binascii
import contextlib
import re
import zlib
from collections.abc import Iterator, Mapping

from app.papers.errors import PaperActive, PaperDamaged

# ISO 32000-1: 12.6.4 actions, 7.11.4 embedded files, 12.7.8 XFA, 13 multimedia. Every script action must say
# /JavaScript, so the short /JS, which pictures may hold by chance, need not be looked for.
_HARMFUL: Mapping[bytes, str] = {
    b"JavaScript": "脚本",
    b"Launch": "启动程序的动作",
    b"EmbeddedFile": "附件",
    b"EmbeddedFiles": "附件",
    b"FileAttachment": "附件",
    b"Filespec": "指向其他文件的内容",
    b"GoToR": "指向其他文件的内容",
    b"GoToE": "指向其他文件的内容",
    b"SubmitForm": "对外发送的动作",
    b"ImportData": "读取其他文件的动作",
    b"RichMedia": "多媒体",
    b"Rendition": "多媒体",
    b"XFA": "动态表单",
}
# A file whose names, filters or streams cannot be seen through is not given out.
_SEALED = frozenset({b"Encrypt", b"LZWDecode", b"RunLengthDecode", b"Crypt"})
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,64})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# What may stand between a name and its value, never given back: else a file could keep us busy for hours.
_GAP = rb"(?>\s++|%[^\r\n]{0,200}+[\r\n]){0,16}+"
# Filters by their short names, told by another object, or behind a gap that nobody writes.
_ODD_FILTER = re.compile(
    rb"/Filter" + _GAP + rb"(?:[%\s]|(?:\[[^\]]{0,300}?)?(?:/(?:LZW|RL)\b|\d+\s+\d+\s+R\b))"
)
_HEAD = re.compile(rb"\bobj\b|stream")
_PACKED, _PREDICTED = re.compile(rb"/First\b"), re.compile(rb"/Predictor\b")
_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_STREAMS = 20_000
_CHUNK = 64 * 1024
_ASCII85, _END_OF_ASCII85 = re.compile(rb"[!-uz\s]{4,}+"), b"~>"
_HEXADECIMAL, _END_OF_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f\s]{4,}+"), b">"


class _Patience:
    """How much may be gone through: every “stream” in a file may begin what reaches to its end."""

    def __init__(self) -> None:
        self._left = 2 * _MOST_UNPACKED

    def spend(self, count: int) -> None:
        """Go through so many bytes more; raises PaperDamaged when it has been too many."""
        self._left -= count
        if self._left < 0:
            raise PaperDamaged


def look(content: bytes) -> None:
    """Raises PaperActive with what was found, or PaperDamaged when the file cannot be looked through."""
    if b"%%EOF" not in content[-2048:] or b"endobj" not in content:
        raise PaperDamaged
    plain = _ESCAPED.sub(_meant, content)
    if _ODD_FILTER.search(plain) or _is_scrambled(plain):
        raise PaperDamaged
    _refuse_names(content)
    room, patience = _MOST_UNPACKED, _Patience()
    for number, found in enumerate(_STREAM.finditer(content)):
        if number > _MOST_STREAMS:
            raise PaperDamaged
        for unpacked in _unpacked(content, found.end(), patience):
            room -= len(unpacked)
            if room < 0:
                raise PaperDamaged
            _refuse_names(unpacked)


def _is_scrambled(plain: bytes) -> bool:
    """Objects packed behind a predictor: nobody writes such, and their names would be scrambled."""
    heads = list(_HEAD.finditer(plain))
    ends = [*(head.start() for head in heads[1:]), len(plain)]
    return any(
        head[0] == b"obj"
        and _PACKED.search(plain, head.end(), end)
        and _PREDICTED.search(plain, head.end(), end)
        for head, end in zip(heads, ends, strict=True)
    )


def _refuse_names(text: bytes) -> None:
    for found in _NAME.finditer(text):
        name = _ESCAPED.sub(_meant, found[1])
        if name in _SEALED:
            raise PaperDamaged
        if name in _HARMFUL:
            raise PaperActive(found=_HARMFUL[name])


def _meant(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _unpacked(content: bytes, start: int, patience: _Patience) -> Iterator[bytes]:
    """A stream in every way in which a reader may unpack it, whatever its dictionary says."""
    yield from _inflated(content, start, patience)
    for coded, end, decode in (
        (_ASCII85, _END_OF_ASCII85, _from_ascii85),
        (_HEXADECIMAL, _END_OF_HEXADECIMAL, _from_hexadecimal),
    ):
        found = coded.match(content, start)
        if found is not None:
            patience.spend(found.end() - start)
            if content.startswith(end, found.end()):
                text = decode(found[0])
                yield text
                yield from _inflated(text, 0, patience)


def _inflated(content: bytes, start: int, patience: _Patience) -> Iterator[bytes]:
    """What a deflated stream holds, up to the first fault; also what was deflated twice.

    Where it ends is told by the stream itself: a false “endstream” inside would hide the rest.
    """
    for once in _inflate(content, start, patience):
        yield once
        yield from _inflate(once, 0, patience)


def _inflate(content: bytes, start: int, patience: _Patience) -> Iterator[bytes]:
    while content[start : start + 1] in {b"\r", b"\n"}:
        start += 1
    began = start
    unpacker, text, view = zlib.decompressobj(), bytearray(), memoryview(content)
    with contextlib.suppress(zlib.error):
        while start < len(content) and not unpacker.eof:
            if start > began:
                patience.spend(_CHUNK)
            waiting: bytes | memoryview = view[start : start + _CHUNK]
            start += _CHUNK
            while waiting and not unpacker.eof:
                text += unpacker.decompress(waiting, _CHUNK)
                if len(text) > _MOST_UNPACKED:
                    raise PaperDamaged
                waiting = unpacker.unconsumed_tail
    if text:
        yield bytes(text)


def _from_ascii85(coded: bytes) -> bytes:
    try:
        return base64.a85decode(b"".join(coded.split()))
    except ValueError as error:
        raise PaperDamaged from error


def _from_hexadecimal(coded: bytes) -> bytes:
    digits = b"".join(coded.split())
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
