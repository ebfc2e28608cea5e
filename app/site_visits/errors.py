"""What can go wrong with a visit (上门与踏勘的错误)."""

from app.errors import Conflict, Invalid, NotFound


class VisitNotFound(NotFound):
    """There is no such visit, or it is none of the caller's."""

    code = "visit_not_found"
    message = "没有找到这次上门，请返回列表刷新后再看"


class NoChecklist(Conflict):
    """The guide of the case publishes no points to look at, so nobody knows what the trip is for."""

    code = "no_checklist"
    message = "办件依据的办事指南没有公布现场核查要点，不能安排上门，请先补充指南"


class HomeVisitNotOffered(Conflict):
    """The guide offers no visit at home."""

    code = "home_visit_not_offered"
    message = "这个事项没有提供上门服务，需要帮助请拨打办事指南上的咨询电话"


class CaseNotForVisit(Conflict):
    """The case is not at a place in which somebody goes there."""

    code = "case_not_for_visit"
    message = "办件现在不能安排上门：现场踏勘要在受理以后，上门服务要在提交以后、决定以前"


class VisitOpen(Conflict):
    """The case has a visit that is not over."""

    code = "visit_open"
    message = "这个办件已经有一次上门在安排，请先完成或者取消那一次"


class SecondTripUnapproved(Conflict):
    """The place was looked at once; going there again wants a reason and the head's yes."""

    code = "second_trip_unapproved"
    message = "这个办件已经踏勘过一次，要再去的，请写明原因并报请负责人批准"


class VisitTimeUnfit(Invalid):
    """The time is past, no working day, or no stretch of the day."""

    code = "visit_time_unfit"
    message = "请选择明天以后的工作日和时间段"


class VisitAddressUnfit(Invalid):
    """The address is missing or too long."""

    code = "visit_address_unfit"
    message = "请写明上门地址，5到200个字"


class VisitTextTooLong(Invalid):
    """A text is longer than there is room for."""

    code = "visit_text_too_long"
    message = "文字太长了，请缩短到{most}个字以内"


class StaffUnfit(Invalid):
    """Fewer than two go, or a department that has points to look at sends nobody."""

    code = "visit_staff_unfit"
    message = "上门要有两名以上工作人员，有核查要点的部门都要有人去"


class StaffBusy(Conflict):
    """Somebody of the team is elsewhere at that time."""

    code = "visit_staff_busy"
    message = "有工作人员这个时间已经安排了别的上门，请换时间或者换人"


class VisitOver(Conflict):
    """The visit is done or cancelled."""

    code = "visit_over"
    message = "这次上门已经完成或者取消了，请刷新后再看"


class OtherTimeAsked(Conflict):
    """Another time was asked for once."""

    code = "other_time_asked"
    message = "已经申请过一次改时间，工作人员会联系您；还不行请直接打电话联系办理部门"


class TooLateToChangeVisit(Conflict):
    """It is the day of the visit, or the evening before it is over."""

    code = "too_late_to_change_visit"
    message = "最晚在上门前一天20:00以前申请改时间或者取消，现在请直接打电话联系办理部门"


class SiteVisitStays(Conflict):
    """The decision rests on a look at the place: its applicant may move that, and not call it off."""

    code = "site_visit_stays"
    message = (
        "现场踏勘是审查的一部分，不能由申请人取消；时间不合适的，可以申请改一次时间，或者打电话联系办理部门"
    )


class NotOnTheTeam(Conflict):
    """The clerk does not go along."""

    code = "not_on_the_team"
    message = "您不是这次上门的工作人员，不能填写和签字"


class VisitNotBegun(Conflict):
    """The day of the visit has not come."""

    code = "visit_not_begun"
    message = "还没有到上门那一天，到了现场再填写"


class RecordSigned(Conflict):
    """Who has signed changes nothing any more."""

    code = "record_signed"
    message = "您已经签字，核查结果不能再改"


class VisitBegun(Conflict):
    """Something stands in the record: others would sign what they never looked at."""

    code = "visit_begun"
    message = "记录已经开始填写，不能再改时间或者换人；没有办成的，请写明原因取消这一次，再重新安排"


class RecordUnfinished(Conflict):
    """Points are not judged, staff have not signed, or the signed page is not there."""

    code = "record_unfinished"
    message = "记录还没有完成，请看下面列出的内容"


class VisitUncited(Invalid):
    """The place was looked at, and the opinion does not say that it was taken into account."""

    code = "visit_uncited"
    message = "这个办件已经联合踏勘过，意见要引用踏勘记录，请先看记录并勾选“已参考”"
