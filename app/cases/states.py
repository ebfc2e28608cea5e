"""The states of a case as one table (办件状态表): from, step, to, who may, what must hold.

The service, the actions shown to citizen and clerk, and the documents all read this table and nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.cases import errors


class State(StrEnum):
    """Where a case is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    DECIDED = "decided"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class Step(StrEnum):
    """What can be done with a case."""

    EDIT_FORM = "edit_form"
    CHANGE_PHOTOS = "change_photos"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ASK_CORRECTION = "ask_correction"
    RESUBMIT = "resubmit"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    NOT_ACCEPT = "not_accept"
    PAY = "pay"
    BILL = "bill"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"
    CLOSE = "close"
    DELIVER = "deliver"
    CHECK_DELIVERED = "check_delivered"
    TERMINATE = "terminate"


class Party(StrEnum):
    """Who may take a step; the clerks' words are the names of their roles.

    The system carries on what the citizen has begun, the later parts of a bundle they handed in, and writes
    down what follows from the law when nobody speaks (视为受理). The machine says yes where every published
    review point is met, and never says no (秒批).
    """

    CITIZEN = "citizen"
    SYSTEM = "system"
    MACHINE = "machine"
    FRONT_DESK = "front_desk"
    APPROVER = "approver"


CLERKS = frozenset({Party.FRONT_DESK, Party.APPROVER})


class Need(StrEnum):
    """What must hold before a step is taken."""

    NOT_AT_PRECHECK = "not_at_precheck"
    FORM_COMPLETE = "form_complete"
    MATERIALS_COMPLETE = "materials_complete"
    CO_SIGNED = "co_signed"
    BILLS_PAID = "bills_paid"
    BILL_UNPAID = "bill_unpaid"
    FEE_OPEN = "fee_open"
    FEE_SETTLED = "fee_settled"
    NOTICE_OVER = "notice_over"
    OPINIONS_IN = "opinions_in"
    OBJECTIONS_ANSWERED = "objections_answered"
    OBJECTIONS_APPROVED = "objections_approved"
    CREDIT_KNOWN = "credit_known"
    CLOCK_RUNS = "clock_runs"
    CLOCK_STANDS = "clock_stands"
    TELLING_IN_TIME = "telling_in_time"
    TELLING_TOO_LATE = "telling_too_late"
    NEVER_ASKED = "never_asked"
    CORRECTED = "corrected"
    CHANGED = "changed"
    NOTHING_OWED = "nothing_owed"
    OWES = "owes"
    OWED_DELIVERED = "owed_delivered"
    OWED_OVERDUE = "owed_overdue"
    HANDED_OVER = "handed_over"
    REASON_CODE = "reason_code"
    REASON = "reason"
    LEGAL_BASIS = "legal_basis"
    REMEDIES = "remedies"


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of the table."""

    source: State
    step: Step
    target: State
    who: frozenset[Party]
    needs: tuple[Need, ...] = ()


_CITIZEN = frozenset({Party.CITIZEN})
_CITIZEN_OR_SYSTEM = frozenset({Party.CITIZEN, Party.SYSTEM})
_APPROVER = frozenset({Party.APPROVER})
_MACHINE = frozenset({Party.MACHINE})
_SYSTEM = frozenset({Party.SYSTEM})

# The front desk takes in and hands out; only the approver says yes or no (窗口无否决权).
TABLE: tuple[Edge, ...] = (
    Edge(State.DRAFT, Step.EDIT_FORM, State.DRAFT, _CITIZEN, (Need.NOT_AT_PRECHECK,)),
    Edge(State.DRAFT, Step.CHANGE_PHOTOS, State.DRAFT, _CITIZEN, (Need.NOT_AT_PRECHECK,)),
    Edge(
        State.DRAFT,
        Step.SUBMIT,
        State.SUBMITTED,
        _CITIZEN_OR_SYSTEM,
        (Need.NOT_AT_PRECHECK, Need.FORM_COMPLETE, Need.MATERIALS_COMPLETE, Need.CO_SIGNED),
    ),
    Edge(State.DRAFT, Step.WITHDRAW, State.WITHDRAWN, _CITIZEN),
    Edge(State.SUBMITTED, Step.WITHDRAW, State.WITHDRAWN, _CITIZEN),
    Edge(
        State.SUBMITTED,
        Step.ASK_CORRECTION,
        State.CORRECTION,
        CLERKS,
        (Need.TELLING_IN_TIME, Need.NEVER_ASKED),
    ),
    Edge(State.CORRECTION, Step.EDIT_FORM, State.CORRECTION, _CITIZEN),
    Edge(State.CORRECTION, Step.CHANGE_PHOTOS, State.CORRECTION, _CITIZEN),
    Edge(
        State.CORRECTION,
        Step.RESUBMIT,
        State.SUBMITTED,
        _CITIZEN,
        (Need.CORRECTED, Need.MATERIALS_COMPLETE, Need.CHANGED, Need.CO_SIGNED),
    ),
    Edge(State.CORRECTION, Step.WITHDRAW, State.WITHDRAWN, _CITIZEN),
    Edge(State.SUBMITTED, Step.ACCEPT, State.ACCEPTED, CLERKS | _MACHINE),
    Edge(State.SUBMITTED, Step.DEEM_ACCEPTED, State.ACCEPTED, _SYSTEM, (Need.TELLING_TOO_LATE,)),
    Edge(
        State.SUBMITTED,
        Step.NOT_ACCEPT,
        State.NOT_ACCEPTED,
        _APPROVER,
        (Need.TELLING_IN_TIME, Need.REASON_CODE, Need.REASON, Need.LEGAL_BASIS, Need.REMEDIES),
    ),
    Edge(State.ACCEPTED, Step.WITHDRAW, State.WITHDRAWN, _CITIZEN),
    Edge(State.ACCEPTED, Step.PAY, State.ACCEPTED, _CITIZEN, (Need.BILL_UNPAID,)),
    # Silence accepts and bills what is certain; a fee that depends is settled by a clerk (视为受理后的收费).
    Edge(State.ACCEPTED, Step.BILL, State.ACCEPTED, CLERKS, (Need.FEE_OPEN,)),
    Edge(State.ACCEPTED, Step.PAUSE, State.ACCEPTED, _APPROVER, (Need.CLOCK_RUNS,)),
    Edge(State.ACCEPTED, Step.RESUME, State.ACCEPTED, _APPROVER, (Need.CLOCK_STANDS,)),
    Edge(State.ACCEPTED, Step.EXTEND, State.ACCEPTED, _APPROVER, (Need.CLOCK_RUNS,)),
    Edge(
        State.ACCEPTED,
        Step.GRANT,
        State.DECIDED,
        _APPROVER | _MACHINE,
        (
            Need.FEE_SETTLED,
            Need.BILLS_PAID,
            Need.NOTICE_OVER,
            Need.CLOCK_RUNS,
            Need.NOTHING_OWED,
            Need.OPINIONS_IN,
            Need.OBJECTIONS_ANSWERED,
            Need.OBJECTIONS_APPROVED,
            Need.CREDIT_KNOWN,
        ),
    ),
    Edge(
        State.ACCEPTED,
        Step.REFUSE,
        State.DECIDED,
        _APPROVER,
        (Need.BILLS_PAID, Need.CLOCK_RUNS, Need.REASON_CODE, Need.REASON, Need.LEGAL_BASIS),
    ),
    Edge(State.DECIDED, Step.CLOSE, State.CLOSED, CLERKS | _MACHINE | _SYSTEM, (Need.HANDED_OVER,)),
    # What was left out by promise follows (容缺受理); a case that waits in vain ends without a decision.
    Edge(State.SUBMITTED, Step.CHANGE_PHOTOS, State.SUBMITTED, _CITIZEN, (Need.OWES,)),
    Edge(State.ACCEPTED, Step.CHANGE_PHOTOS, State.ACCEPTED, _CITIZEN, (Need.OWES,)),
    Edge(State.SUBMITTED, Step.DELIVER, State.SUBMITTED, _CITIZEN, (Need.OWES,)),
    Edge(State.ACCEPTED, Step.DELIVER, State.ACCEPTED, _CITIZEN, (Need.OWES,)),
    Edge(State.ACCEPTED, Step.CHECK_DELIVERED, State.ACCEPTED, CLERKS, (Need.OWED_DELIVERED,)),
    Edge(
        State.ACCEPTED,
        Step.TERMINATE,
        State.TERMINATED,
        _APPROVER,
        (Need.OWED_OVERDUE, Need.REASON, Need.LEGAL_BASIS),
    ),
)

# What a clerk beside the applicant does for them; each other step is the applicant's own hand (帮办).
HELPING = frozenset({Step.EDIT_FORM, Step.CHANGE_PHOTOS})
# What nobody does who helped the applicant to prepare the case: all of the office's but closing (帮办回避).
FOUR_EYES = frozenset(row.step for row in TABLE if row.who & CLERKS) - {Step.CLOSE}

TEXTS: dict[State, str] = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "已提交，待受理",
    State.CORRECTION: "待补正",
    State.ACCEPTED: "已受理，办理中",
    State.DECIDED: "已作出决定",
    State.CLOSED: "已办结",
    State.NOT_ACCEPTED: "不予受理",
    State.WITHDRAWN: "已撤回",
    State.TERMINATED: "已终止办理",
}

# What is under way at the office or waits for the citizen to go on with it; a draft is not yet.
UNDER_WAY = frozenset({State.SUBMITTED, State.CORRECTION, State.ACCEPTED})
# What nobody moves any more.
ENDS = frozenset(State) - {row.source for row in TABLE}

_BY_EDGE = {(edge.source, edge.step): edge for edge in TABLE}
# The road, place by place. A refused step is named by whether the case is before the place where it belongs,
# or there already; a case that waits for its correction stands where one that was handed in does.
_ROAD = (
    {State.DRAFT},
    {State.SUBMITTED, State.CORRECTION},
    {State.ACCEPTED},
    {State.DECIDED},
    {State.CLOSED},
    {State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED},
)
_PLACES = {state: place for place, states in enumerate(_ROAD) for state in states}
_ALREADY = {
    State.SUBMITTED: errors.AlreadySubmitted,
    State.CORRECTION: errors.WaitsForCorrection,
    State.ACCEPTED: errors.AlreadyAccepted,
    State.DECIDED: errors.AlreadyDecided,
    State.CLOSED: errors.AlreadyClosed,
    State.NOT_ACCEPTED: errors.AlreadyNotAccepted,
    State.WITHDRAWN: errors.AlreadyWithdrawn,
    State.TERMINATED: errors.AlreadyTerminated,
}
_NOT_YET = {
    State.SUBMITTED: errors.NotYetSubmitted,
    State.CORRECTION: errors.NotYetSubmitted,
    State.ACCEPTED: errors.NotYetAccepted,
    State.DECIDED: errors.NotYetDecided,
}


def edge(state: State, step: Step) -> Edge:
    """The row for a step from a state; raises the named refusal when there is none."""
    found = _BY_EDGE.get((state, step))
    if found is None:
        raise refusal(state, step)
    return found


def who(step: Step) -> frozenset[Party]:
    """Everybody who may take a step from some state."""
    return frozenset[Party]().union(*(row.who for row in TABLE if row.step is step))


def actions(state: State, parties: frozenset[Party], held: frozenset[Need]) -> list[Step]:
    """What these parties may try now, in the order of the table.

    `held` are the needs known to hold or asked on trying; a row is shown when all of its needs are there.
    """
    return [
        row.step
        for row in TABLE
        if row.source is state and row.who & parties and all(need in held for need in row.needs)
    ]


def refusal(state: State, step: Step) -> errors.StepRefused:
    """Why a step cannot be taken from a state, as the error to raise."""
    first_wanted = min((row.source for row in TABLE if row.step is step), key=_PLACES.__getitem__)
    if _PLACES[state] < _PLACES[first_wanted]:
        return _NOT_YET[first_wanted]()
    return _ALREADY[state]()
