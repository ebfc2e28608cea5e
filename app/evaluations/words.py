"""What citizens and clerks write about a service (文字): kept readable and within bounds."""

from app.evaluations.errors import WordsMissing

SHORTEST, LONGEST = 5, 1000


def readable(text: str) -> str:
    """What somebody wrote, with plain line ends and without characters that cannot be shown."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter == "\n" or letter.isprintable()).strip()


def worded(text: str) -> str:
    """What a clerk says was done, or why; raises WordsMissing."""
    said = readable(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise WordsMissing
    return said
