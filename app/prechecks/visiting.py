"""Who comes to the window with a visit code (凭到窗码来的人): everybody who is shown one has their own.

A code is good as long as whoever it was shown to may handle the case, so that an agent's ends with their
authority, whatever picture of it is left on their phone.
"""

from sqlalchemy.orm import Session

from app import on_behalf
from app.cases.models import Case
from app.cases.precheck_errors import VisitorUnauthorised
from app.delegations import acting, reach
from app.delegations.errors import DelegationNotFound
from app.delegations.models import Act
from app.on_behalf import Agent
from app.organisations import queries as organisations


def target(case: Case, *, precheck_id: int, reader_id: int) -> str:
    """What the code names that a reader is shown: the pre-check, and them unless it is their own case."""
    agent = on_behalf.agent()
    reader = reader_id if agent is None else agent.citizen_id
    own = case.organisation_id is None and reader == case.citizen_id
    return str(precheck_id) if own else f"{precheck_id}:{reader}"


def named(target: str) -> tuple[int, int | None]:
    """The pre-check that a code names, and whom it was shown to; None: the applicant."""
    precheck_id, _, reader = target.partition(":")
    return int(precheck_id), int(reader) if reader else None


def agent_of(session: Session, case: Case, *, visitor_id: int | None, hold: bool = False) -> Agent | None:
    """The agent who comes for the applicant; None for the applicant and for whoever acts for the company.

    `hold`: their authority does not end before this unit of work does; taken before the row of the case.
    Raises VisitorUnauthorised once they may not handle the case any more.
    """
    if visitor_id is None:
        return None
    if case.organisation_id is not None:
        company, codes = case.organisation_id, [case.task_code]
        if visitor_id not in organisations.holders(session, organisation_id=company, task_codes=codes):
            raise VisitorUnauthorised
        return None
    try:
        agent = reach.agent_between(
            session, citizen_id=case.citizen_id, agent_id=visitor_id, act=Act.APPLY, task_code=case.task_code
        )
        acting.held(session, agent, hold=hold)
    except DelegationNotFound as over:
        raise VisitorUnauthorised from over
    return agent
