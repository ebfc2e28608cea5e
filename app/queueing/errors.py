"""What can go wrong in the queue and on the waiting list (排队、候补的错误)."""

from app.errors import Conflict, Gone, Invalid, NotFound


class TicketNotFound(NotFound):
    """There is no such number, or it is somebody else's."""

    code = "ticket_not_found"
    message = "没有找到这个排队号，请在“我的排队”里查看"


class NotHandledHere(Invalid):
    """No window of this hall takes the item today."""

    code = "not_handled_here"
    message = "这个大厅今天不办理这件事，请换一个大厅，或先预约"


class HallNotOpen(Conflict):
    """It is too early, too late, or the hall is closed today; `when` says which."""

    code = "hall_not_open"
    message = "{when}"


class AlreadyWaiting(Conflict):
    """The citizen has a live number in this hall."""

    code = "already_waiting"
    message = "您在这个大厅已经有排队号了，请在“我的排队”里查看"


class TooManyTickets(Conflict):
    """The citizen has taken as many numbers in this hall today as one person may."""

    code = "too_many_tickets"
    message = "您今天在这个大厅取号次数较多，请直接到大厅服务台取号"


class NotElder(Invalid):
    """By their real-name number the citizen is too young for this priority."""

    code = "not_elder"
    message = "按您的实名信息还不到60周岁，请取普通号"


class TicketOver(Conflict):
    """The number is being served or is over."""

    code = "ticket_over"
    message = "这个号正在办理或已经结束，不用再取消了"


class NoWindow(Conflict):
    """The clerk has chosen no window today."""

    code = "no_window"
    message = "请先选择您今天所在的窗口，再叫号"


class WindowUnknown(NotFound):
    """The hall has no such window."""

    code = "window_unknown"
    message = "本大厅没有这个窗口，请从列表里选择"


class WindowTaken(Conflict):
    """Another clerk has somebody in front of them at this window."""

    code = "window_taken"
    message = "{window}窗口的同事正在为{number}号办理，请换一个窗口，或等这个号办结"


class SomebodyThere(Conflict):
    """The window has somebody in front of it."""

    code = "somebody_there"
    message = "您的窗口还有{number}号，请先办结、过号或转窗口"


class NobodyWaits(Conflict):
    """No number waits for this window."""

    code = "nobody_waits"
    message = "现在没有人在等您的窗口，有人取号后再叫"


class TicketMoved(Conflict):
    """The number is not in a state in which this can be done."""

    code = "ticket_moved"
    message = "{number}号的情况变了（现在是“{state}”），请看一下最新的排队情况"


class CalledEnough(Conflict):
    """The number was called as often as numbers are called."""

    code = "called_enough"
    message = "{number}号已叫满{most}次，没有人来请按“过号”"


class CalledTooLittle(Conflict):
    """The number was not called often enough to pass over it."""

    code = "called_too_little"
    message = "{number}号才叫了{calls}次，叫满{most}次没有人来再过号"


class PutBackAlready(Conflict):
    """A number comes back into the line once."""

    code = "put_back_already"
    message = "{number}号已经恢复过一次，请市民重新取号"


class HasAnotherTicket(Conflict):
    """The citizen has taken a new number since."""

    code = "has_another_ticket"
    message = "这位市民已经取了新号，不用再恢复{number}号"


class ReasonMissing(Invalid):
    """A transfer without a reason or with one that is too long."""

    code = "reason_missing"
    message = "请写明为什么要转窗口，100字以内"


class SameGroup(Invalid):
    """The number waits for these windows already, or the hall has no such windows."""

    code = "same_group"
    message = "请选择要转去的另一类窗口"


class WaitNotFound(NotFound):
    """There is no such wish, or it is somebody else's."""

    code = "wait_not_found"
    message = "没有找到这条候补，请在“我的候补”里查看"


class PlaceIsFree(Conflict):
    """There is a free place already."""

    code = "place_is_free"
    message = "{when}就有空位，不用候补，直接预约就好"


class AlreadyOnWaitlist(Conflict):
    """The citizen waits for the same item in the same hall."""

    code = "already_on_waitlist"
    message = "您已经在候补这件事了，有号会马上通知您"


class TooManyWishes(Conflict):
    """The citizen waits for as many places as one person may."""

    code = "too_many_wishes"
    message = "同时最多候补{most}件事，请先取消不需要的候补"


class BeforeInvalid(Invalid):
    """The moment is too near or too far."""

    code = "before_invalid"
    message = "请选择之后{days}天以内的日期"


class NothingOffered(Conflict):
    """No place is held for this wish."""

    code = "nothing_offered"
    message = "现在还没有空出来的号，有号会马上通知您"


class OfferOver(Gone):
    """The place was held as long as places are held."""

    code = "offer_over"
    message = "这个号保留的时间已过，已经让给下一位；您仍在候补，有号会再通知您"


class WaitOver(Gone):
    """The wish was cancelled or its time is over: no place will be offered any more."""

    code = "wait_over"
    message = "这条候补已经结束，还需要的话请重新候补，或直接预约"
