"""What people write (文字): kept as they wrote it, as far as it can be shown and stored."""


def readable(text: str) -> str:
    """Plain line ends, blanks for every kind of blank, and no characters that cannot be shown."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_shown, plain)).strip()


def words(text: str) -> str:
    """What is searched for (查找用词): one line, and only what can be shown."""
    return "".join(filter(str.isprintable, text)).strip()


def _shown(letter: str) -> str:
    # The wide blank of Chinese keyboards is no control character, though Python does not call it printable.
    if letter in "\n\u3000" or letter.isprintable():
        return letter
    return " " if letter.isspace() else ""
