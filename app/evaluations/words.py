"""What citizens and clerks write about a service (文字): kept readable and within bounds."""

from app.evaluations.errors import WordsMissing
from app.plain_text import readable

SHORTEST, LONGEST = 5, 1000


def worded(text: str) -> str:
    """What a clerk says was done, or why; raises WordsMissing."""
    said = readable(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise WordsMissing
    return said
