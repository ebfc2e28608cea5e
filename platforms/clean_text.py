"""Text on its way out: what XML, UTF-8 and the platforms' own checks would choke on is taken out first."""

import re

# Everything XML 1.0 cannot hold, lone surrogates (which UTF-8 cannot hold) included.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Take out characters that XML 1.0 or UTF-8 cannot carry; line breaks stay."""
    return _NOT_XML.sub("", text)


def one_line(text: str, *, longest: int) -> str:
    """Clean, with every run of white space one space, and cut to a number of characters."""
    line = _SPACES.sub(" ", clean(text)).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def within_bytes(text: str, limit: int) -> str:
    """Clean, and cut to a number of UTF-8 bytes without splitting a character; a cut text ends with …."""
    kept = clean(text)
    encoded = kept.encode()
    if len(encoded) <= limit:
        return kept
    return encoded[: limit - len("…".encode())].decode(errors="ignore") + "…"
