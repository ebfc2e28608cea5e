"""The kinds of complaints and their limits (诉求类型、办理时限)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a citizen comes with."""

    CANNOT_GET_DONE = "cannot_get_done"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind is called, and within how many working days it is answered."""

    text: str
    answer_days: int


# Cities set these limits themselves; ours are the usual ones: five working days for what stops somebody
# on their way, fifteen for what has to be looked into.
RULES: dict[Kind, Rule] = {
    Kind.CANNOT_GET_DONE: Rule("办不成事", 5),
    Kind.COMPLAINT: Rule("投诉", 15),
    Kind.SUGGESTION: Rule("建议", 15),
}
PER_DAY = 5
SHORTEST, LONGEST = 5, 1000
