"""At the window with a visit code (凭到窗码办理): the originals are compared, and nothing else once more."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from app import on_behalf
from app.cases import correcting, organisation, submitting, timeline
from app.cases import service as cases
from app.cases.correcting import Ticked
from app.cases.correction_points import Kind, Reason
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.precheck_errors import DifferenceUnsaid, OriginalsUnticked, PassOver, PassUsed
from app.cases.precheck_models import PrecheckState
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.on_behalf import Agent
from app.plain_text import readable
from app.prechecks import queries, visiting


def accept(
    session: Session,
    *,
    precheck_id: int,
    officer: Officer,
    visitor_id: int | None = None,
    compared: Collection[str],
    fee_codes: Sequence[str] | None = None,
) -> Case:
    """Hand a case in at the window and accept it in one go (核对原件并受理); the code is used up with it.

    `compared` are the codes of the originals that were compared; `visitor_id` whoever brings them, if not the
    applicant. Raises PrecheckNotFound, VisitorUnauthorised, PassUsed, PassOver, OriginalsUnticked, and what
    handing in and accepting raise.
    """
    dossier, agent = _holding(session, officer, precheck_id, visitor_id=visitor_id)
    missing = {code: name for code, name in queries.originals(dossier).items() if code not in compared}
    if missing:
        raise OriginalsUnticked(errors={code[:64]: [f"“{name}”"] for code, name in missing.items()})
    case = _hand_in(session, dossier, agent, sentence="预审已通过，原件已在窗口核对，申请已提交")
    if case.state != State.SUBMITTED:
        return case
    return cases.accept(session, case_no=case.case_no, officer=officer, fee_codes=fee_codes)


def differ(
    session: Session,
    *,
    precheck_id: int,
    officer: Officer,
    visitor_id: int | None = None,
    found: Mapping[str, str],
) -> Case:
    """Hand a case in and say, once, which originals are not as photographed and how (原件不一致).

    `found`: how each differs, by material code. Raises as `accept`, DifferenceUnsaid, and what the one notice
    raises.
    """
    dossier, agent = _holding(session, officer, precheck_id, visitor_id=visitor_id)
    wanted = queries.originals(dossier)
    if not found or any(code not in wanted or not readable(how) for code, how in found.items()):
        raise DifferenceUnsaid
    case = _hand_in(session, dossier, agent, sentence="预审已通过，申请人带原件到窗口，申请已提交")
    points = [Ticked(Kind.MATERIAL, code, Reason.ORIGINAL_DIFFERS, how) for code, how in found.items()]
    correcting.ask(session, case_no=case.case_no, officer=officer, points=points)
    return case


def _holding(
    session: Session, officer: Officer, precheck_id: int, *, visitor_id: int | None
) -> tuple[Dossier, Agent | None]:
    """What belongs to a case whose pass holds now, its row held, and before it the authority of who came."""
    case, _ = queries.for_clerk(session, officer=officer, precheck_id=precheck_id)
    agent = visiting.agent_of(session, case, visitor_id=visitor_id, hold=True)
    case, row = queries.for_clerk(session, officer=officer, precheck_id=precheck_id, hold=True)
    if row.state == PrecheckState.USED:
        raise PassUsed
    dossier = Dossier(session, case)
    if not queries.is_shown(dossier, row) or row.state != PrecheckState.PASSED:
        raise PassOver
    catalogue.guide(session, task_code=case.task_code)
    return dossier, agent


def _hand_in(session: Session, dossier: Dossier, agent: Agent | None, *, sentence: str) -> Case:
    """Hand in as the applicant, or as the agent who came for them, whom the case then names (由谁代办)."""
    case = dossier.case
    organisation.renew(session, case)
    on_behalf.act_as(agent)
    try:
        submitting.hand_in(session, case=case, actor=timeline.CITIZEN, sentence=sentence, quiet=True)
    finally:
        on_behalf.act_as(None)
    return case
