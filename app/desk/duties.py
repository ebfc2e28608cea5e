"""Which role does what (岗位职责). What concerns a case comes from the one table of its states."""

from app.cases import states
from app.cases.officers import Officer
from app.cases.states import CLERKS, Party, Step
from app.desk.errors import NotYourDuty
from app.staff.models import ROLE_NAMES, Role
from app.staff.sessions import OnDuty

Duty = frozenset[Role]

EVERYBODY: Duty = frozenset(Role)
READING: Duty = frozenset({Role.FRONT_DESK, Role.APPROVER, Role.SUPERVISOR, Role.HEAD})
# The head of a department, or whoever was sent to decide for it (首席事务代表).
HEADING: Duty = frozenset({Role.HEAD})
SEEING_APPROVALS: Duty = HEADING | {Role.SUPERVISOR}
RECEIVING: Duty = frozenset({Role.FRONT_DESK, Role.SUPERVISOR})
# The cashier meets citizens too, and sees what they owe and nothing else.
MEETING: Duty = RECEIVING | {Role.CASHIER}

# Who looks after the others; what they look at is written down like everybody's.
AUDITING: Duty = frozenset({Role.SUPERVISOR})


def taking(*steps: Step) -> Duty:
    """The roles that may take one of these steps of a case."""
    parties = frozenset[Party]().union(*(states.who(step) for step in steps))
    return frozenset(Role(party.value) for party in parties & CLERKS)


ACCEPTING: Duty = taking(Step.ACCEPT)
BILLING: Duty = taking(Step.BILL)
DECIDING: Duty = taking(Step.GRANT, Step.REFUSE)
CLOSING: Duty = taking(Step.CLOSE)
CORRECTING: Duty = taking(Step.ASK_CORRECTION)
NOT_ACCEPTING: Duty = taking(Step.NOT_ACCEPT)
# Who may say that something beyond the guide is asked for by law: never who wants it.
CONFIRMING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
# Whoever handles a case may have its applicant told once more.
TELLING: Duty = ACCEPTING | CLOSING


def refuse_unless(clerk: OnDuty, duty: Duty) -> None:
    """Raises NotYourDuty, which names the roles whose duty it is."""
    if not clerk.roles & duty:
        raise NotYourDuty(who="、".join(name for role, name in ROLE_NAMES.items() if role in duty))


def officer(clerk: OnDuty) -> Officer:
    """The clerk as cases see one."""
    return Officer(
        clerk_id=clerk.clerk_id,
        name=clerk.name,
        roles=frozenset(role.value for role in clerk.roles),
        centre_id=clerk.centre_id,
        department=clerk.department,
    )
