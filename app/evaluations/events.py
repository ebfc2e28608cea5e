"""What has happened with ratings (评价事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class EvaluationGiven(Event):
    """A citizen has rated a case or a visit (已评价)."""

    evaluation_id: int


@dataclass(frozen=True, slots=True)
class BadRatingAnswered(Event):
    """A bad rating was mended, or found to be unfounded (差评已答复); `step_id` is the answer."""

    step_id: int
