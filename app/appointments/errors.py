"""What can go wrong with an appointment (预约)."""

from app.errors import Conflict, Invalid, NotFound


class SlotNotFound(NotFound):
    """There is no such slot."""

    code = "slot_not_found"
    message = "没有找到这个时段，请重新选择时间"


class AppointmentNotFound(NotFound):
    """There is no such appointment, or it is somebody else's."""

    code = "appointment_not_found"
    message = "没有找到这个预约，请在“我的预约”里查看"


class SlotFull(Conflict):
    """Every place in the slot is taken."""

    code = "slot_full"
    message = "该时段已约满，请换一个时段，或直接到大厅现场取号"


class TooLateToBook(Conflict):
    """The slot begins too soon, or has begun."""

    code = "too_late_to_book"
    message = "该时段马上开始，来不及预约了，请换一个时段，或直接到大厅现场取号"


class AlreadyBookedThatDay(Conflict):
    """The citizen has a live appointment for the same item on that day."""

    code = "already_booked_that_day"
    message = "您当天已经预约过这件事，可在“我的预约”里改时间"


class TooManyThatDay(Conflict):
    """The citizen has as many live appointments on that day as one person may have."""

    code = "too_many_that_day"
    message = "您当天的预约已达上限，请换一天，或先取消不需要的预约"


class BookedElsewhereJustNow(Conflict):
    """Two taps of the same citizen met; nothing was done by this one."""

    code = "booked_elsewhere_just_now"
    message = "您刚刚有另一个预约正在办理，请稍候几秒再试"


class NotAtThisCentre(Invalid):
    """The centre, or the windows of this slot, do not take this item."""

    code = "not_at_this_centre"
    message = "这个大厅的该时段不办理此事项，请换一个大厅或时段"


class NotTakenInThisHall(NotAtThisCentre):
    """The hall does not take this item at all; `instead` names those nearby that do."""

    message = "这个大厅不办这件事，请改到{instead}办理"


class NotInYourDistrict(NotAtThisCentre):
    """Only the applicant's own district handles this item; `instead` names its halls."""

    code = "not_in_your_district"
    message = "这件事只能在申请人所在的区（县）办理，请改到{instead}办理"


class NotBookable(Invalid):
    """The item needs no appointment or takes none."""

    code = "not_bookable"
    message = "这件事不用预约，可以直接网上办理或到大厅现场取号"


class TooLateToChange(Conflict):
    """The visit is too near to be cancelled or moved."""

    code = "too_late_to_change"
    message = "离预约时间太近，不能再取消或改约了；来不了也没关系，可以之后重新预约"


class AppointmentOver(Conflict):
    """The appointment is cancelled or the citizen has already come."""

    code = "appointment_over"
    message = "这个预约已经取消或已到场签到，不能再更改"


class TooEarlyToCheckIn(Conflict):
    """The visit is on another day."""

    code = "too_early_to_check_in"
    message = "还没到预约的日期，请在预约当天到大厅签到"


class TooLateToCheckIn(Conflict):
    """The place was kept as long as the city keeps it."""

    code = "too_late_to_check_in"
    message = "已超过预约的保留时间，请直接在大厅现场取号"


class WrongCode(Invalid):
    """The code does not belong to this appointment."""

    code = "wrong_code"
    message = "预约码不对，请出示“我的预约”里的二维码"


class DaysInvalid(Invalid):
    """The days asked for are in the wrong order or too many."""

    code = "days_invalid"
    message = "日期范围有误，请选择31天以内的日期"
