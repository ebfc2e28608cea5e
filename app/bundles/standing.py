"""Where an application for a bundle stands (一件事办理状态); it follows from its parts alone."""

from collections.abc import Sequence
from enum import StrEnum

from app.bundles.models import BundleApplication
from app.cases.models import Case
from app.cases.states import State


class Standing(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    RUNNING = "running"
    PARTLY_DONE = "partly_done"
    DONE = "done"
    WITHDRAWN = "withdrawn"


_OVER = {State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED}
TEXTS: dict[Standing, str] = {
    Standing.DRAFT: "草稿",
    Standing.RUNNING: "办理中",
    Standing.PARTLY_DONE: "部分办结",
    Standing.DONE: "全部办结",
    Standing.WITHDRAWN: "已撤回",
}


def of(application: BundleApplication, cases: Sequence[Case]) -> Standing:
    """Where the application stands: done only when every part was granted, partly with the first result."""
    if application.withdrawn_at is not None or (cases and all(map(is_withdrawn, cases))):
        return Standing.WITHDRAWN
    if application.submitted_at is None:
        return Standing.DRAFT
    if all(case.granted for case in cases):
        return Standing.DONE
    settled = any(case.granted is not None or holds_up(case) for case in cases)
    return Standing.PARTLY_DONE if settled else Standing.RUNNING


def is_withdrawn(case: Case) -> bool:
    """Whether the citizen took a part back."""
    return case.state == State.WITHDRAWN


def is_draft(case: Case) -> bool:
    """Whether a part has not been handed in yet."""
    return case.state == State.DRAFT


def holds_up(case: Case) -> bool:
    """Whether a part ended so that what comes after it cannot begin."""
    return case.granted is False or case.state in _OVER
