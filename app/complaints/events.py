"""What has happened with complaints (诉求事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class ComplaintFiled(Event):
    """A citizen has told us something (已提交诉求)."""

    complaint_id: int


@dataclass(frozen=True, slots=True)
class ComplaintAnswered(Event):
    """A clerk has answered, for now or for good (已答复)."""

    answer_id: int
