"""What was decided of a case, as it is shown (决定): why, by which law, and whether it still stands."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.models import Case
from app.cases.not_accepting import GROUND_TEXTS, Ground
from app.cases.refusing import REFUSAL_TEXTS, RefusalGround

REMEDIES = "对决定不服的，可以自收到决定之日起60日内申请行政复议，或者6个月内向人民法院提起行政诉讼"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided (决定), by whom and why; a refusal also says what can be done against it."""

    granted: bool
    reason: str | None
    legal_basis: str | None
    decided_by: str | None
    # Which of the listed grounds a no has (情形).
    ground: str | None
    remedies: str | None
    # Since when a grant stands no more, and why (撤销).
    revoked_at: datetime | None
    revoked_why: str | None


def ground(case: Case) -> str | None:
    """Which of the listed grounds a case was not taken up or refused on (情形), in words."""
    if case.not_accepted_code is not None:
        return GROUND_TEXTS[Ground(case.not_accepted_code)]
    return None if case.refused_code is None else REFUSAL_TEXTS[RefusalGround(case.refused_code)]


def of(case: Case) -> Decision | None:
    """What was decided; not taken up (不予受理) and ended (终止办理) are shown as such a no."""
    if case.granted is None and case.not_accepted_at is None and case.terminated_at is None:
        return None
    return Decision(
        granted=bool(case.granted),
        reason=case.decision_reason,
        legal_basis=case.legal_basis,
        decided_by=case.decided_by,
        ground=ground(case),
        remedies=None if case.granted and not case.grant_revoked_at else case.remedies or REMEDIES,
        revoked_at=case.grant_revoked_at,
        revoked_why=case.grant_revoked_why,
    )
