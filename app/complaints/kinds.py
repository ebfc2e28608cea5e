"""The kinds of complaints and their limits (诉求类型、办理时限)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a citizen comes with."""

    CANNOT_GET_DONE = "cannot_get_done"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    COMPANY_DEMAND = "company_demand"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind is called, within how many working days it is answered, and whether by several (会办)."""

    text: str
    answer_days: int
    joint: bool = False


# Cities set these limits themselves; ours are the usual ones: five working days for what stops somebody
# on their way, fifteen for what has to be looked into, ten for what a company waits for.
RULES: dict[Kind, Rule] = {
    Kind.CANNOT_GET_DONE: Rule("办不成事", 5),
    Kind.COMPLAINT: Rule("投诉", 15),
    Kind.SUGGESTION: Rule("建议", 15),
    Kind.COMPANY_DEMAND: Rule("企业诉求", 10, joint=True),
}
PER_DAY = 5
SHORTEST, LONGEST = 5, 1000
SHORTEST_NAME, LONGEST_NAME = 2, 100
