"""What can go wrong with clerks and their logins (工作人员登录的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable


class SignInRefused(Unauthenticated):
    """Name, password and code do not belong together, or the account may not be used here."""

    code = "sign_in_refused"
    message = "账号、密码或动态码不对，请核对后再试；忘记密码请找管理员重置"


class TooManySignIns(TooMany):
    """Too many tries for one account or from one address."""

    code = "too_many_sign_ins"
    message = "试错的次数有点多，请{wait}后再登录，或找管理员帮忙"


class SignInBusy(Unavailable):
    """As many passwords are being checked as memory allows."""

    code = "sign_in_busy"
    message = "同时登录的人较多，请过几秒再试"


class StaffSessionOver(Unauthenticated):
    """No clerk is logged in, or the session has ended."""

    code = "staff_session_over"
    message = "登录已过期，请重新登录"


class DemoClerksRefused(Forbidden):
    """Demo clerks have a published password and no second factor."""

    code = "demo_clerks_refused"
    message = "正式环境不能使用演示账号，请用命令添加工作人员"


class ClerkInvalid(Invalid):
    """What was given does not make a clerk; `errors` names the fields."""

    code = "clerk_invalid"
    message = "工作人员信息有误，请按提示修改"


class ClerkExists(Conflict):
    """The account name is taken."""

    code = "clerk_exists"
    message = "这个账号已经有人使用，请换一个"


class ClerkNotFound(NotFound):
    """There is no such clerk."""

    code = "clerk_not_found"
    message = "没有找到这位工作人员，请核对账号"
