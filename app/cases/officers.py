"""Who acts for the office (经办人): what a case needs to know of a clerk, and no more."""

from dataclasses import dataclass

from app.cases.states import CLERKS, Party


@dataclass(frozen=True, slots=True)
class Officer:
    """A clerk as cases see one; `department` is the code or name of a department, None means every one."""

    clerk_id: int
    name: str
    roles: frozenset[str]
    centre_id: str | None = None
    department: str | None = None

    @property
    def parties(self) -> frozenset[Party]:
        """The parties of the states table that the clerk's roles amount to."""
        return frozenset(party for party in Party if party in CLERKS and party.value in self.roles)
