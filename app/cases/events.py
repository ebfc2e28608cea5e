"""What has happened to a case (办件事件)."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, slots=True)
class CaseSubmitted(Event):
    """A citizen handed a case in (已提交); `quiet`: what follows at once is told instead."""

    case_id: int
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CaseAccepted(Event):
    """A clerk or the machine accepted a case (已受理); `quiet` as above.

    `deemed`: it is accepted by law, for nobody spoke in time (视为受理).
    """

    case_id: int
    quiet: bool = False
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionAsked(Event):
    """A clerk said, once and for all, what is to be corrected (补正告知)."""

    case_id: int
    correction_id: int


@dataclass(frozen=True, slots=True)
class CorrectionNearlyDue(Event):
    """The day until which a correction is best handed in comes near (补正提醒)."""

    case_id: int
    correction_id: int


@dataclass(frozen=True, slots=True)
class CaseCorrected(Event):
    """A citizen handed in what the notice asked for (已补正)."""

    case_id: int
    correction_id: int


@dataclass(frozen=True, slots=True)
class CaseNotAccepted(Event):
    """The approver said that the office does not take a case up (不予受理)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseClockChanged(Event):
    """The limits of a case moved or stopped with its public notice: published, objected or settled."""

    case_id: int
    happening: str
    on: str


@dataclass(frozen=True, slots=True)
class CaseClockPaused(Event):
    """A special procedure began and the clock stands (特别程序告知): to be told in writing."""

    case_id: int
    pause_id: int


@dataclass(frozen=True, slots=True)
class CaseClockResumed(Event):
    """The special procedure is over and both limits were counted anew (恢复计时)."""

    case_id: int
    pause_id: int


@dataclass(frozen=True, slots=True)
class CaseExtended(Event):
    """The limits were extended (延长办理时限): the reason is to be told to the applicant."""

    case_id: int
    extension_id: int


@dataclass(frozen=True, slots=True)
class CaseRecounted(Event):
    """A year's holidays were published and a limit of the case is another day now (重新计算时限)."""

    case_id: int
    event_id: int


@dataclass(frozen=True, slots=True)
class CaseDecided(Event):
    """The approver or the machine decided a case (已决定)."""

    case_id: int
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class CaseLeftToPerson(Event):
    """The machine was to decide a case once it was paid, and leaves it to a person after all (转人工)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case is over (已办结); `quiet` as above."""

    case_id: int
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CaseWithdrawn(Event):
    """A citizen took a case back (已撤回)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class OwedNearlyDue(Event):
    """The day until which something left out is to follow comes near (补交提醒)."""

    case_id: int
    owed_id: int


@dataclass(frozen=True, slots=True)
class OwedDelivered(Event):
    """A citizen brought what was to follow (已补交)."""

    case_id: int
    owed_id: int


@dataclass(frozen=True, slots=True)
class OwedSentBack(Event):
    """A clerk says that what was brought is not right (补交退回); `at` tells one time from another."""

    case_id: int
    owed_id: int
    at: str


@dataclass(frozen=True, slots=True)
class OwedConfirmed(Event):
    """A clerk says that what was brought is right (补交核对符合); `complete`: nothing is owed any more."""

    case_id: int
    owed_id: int
    complete: bool


@dataclass(frozen=True, slots=True)
class OwedOverdue(Event):
    """What was to follow did not come by its day (容缺逾期): nothing follows by itself."""

    case_id: int
    owed_id: int


@dataclass(frozen=True, slots=True)
class PromiseFell(Event):
    """A promise does not count, for its giver is on a list (承诺不算); which one stands with the case."""

    case_id: int
    materials: str
    what_now: str


@dataclass(frozen=True, slots=True)
class GrantRevoked(Event):
    """A grant was revoked (撤销准予决定)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseTerminated(Event):
    """The approver ended a case without a decision, for what was to follow did not come (终止办理)."""

    case_id: int


@dataclass(frozen=True, slots=True)
class PrecheckAnswered(Event):
    """A clerk looked at a draft before its applicant travels: passed, or points to mend (预审答复)."""

    case_id: int
    precheck_id: int


@dataclass(frozen=True, slots=True)
class CoSignMoved(Event):
    """A second person's signature moved (共同签名): signed, declined, asked anew, to be corrected, ended."""

    co_signing_id: int
    happening: str
    # When, as text: each asking and each signature is told.
    at: str
