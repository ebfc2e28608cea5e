"""What has happened to the right to act for companies (企业办事身份)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class ClaimSettled(Event):
    """The registry answered about a representative after the citizen had stopped waiting."""

    claim_id: int


@dataclass(frozen=True, slots=True)
class StandingTaken(Event):
    """A citizen's right to act for a company was ended by somebody else."""

    standing_id: int


@dataclass(frozen=True, slots=True)
class AgencyAccepted(Event):
    """Somebody accepted to be a company's agent."""

    standing_id: int
