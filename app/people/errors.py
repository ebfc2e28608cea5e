"""What can go wrong between us and a citizen (市民相关错误)."""

from app.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated


class CitizenUnknown(NotFound):
    """There is no such citizen."""

    code = "citizen_unknown"
    message = "没有找到该用户，请重新登录"


class PhoneUnreadable(Invalid):
    """What was typed is not a mainland mobile number."""

    code = "phone_invalid"
    message = "手机号不正确，请填写11位手机号"


class PhoneTaken(Conflict):
    """The number is the only way into somebody else's account, or would become it."""

    code = "phone_taken"
    message = "该手机号已用于另一个账号，请用它直接登录，或到窗口核实后更换"


class AlreadyProven(Conflict):
    """The identity number is another account's, or the account has another number."""

    code = "already_proven"
    message = "这个身份证号或这个账号已经实名，请到窗口核对"


class IdentityOfAnother(Conflict):
    """The account has been proven to be somebody else, or the same person under another name."""

    code = "identity_of_another"
    message = "这个账号已经实名，和现在的证件不一致。请核对是不是本人出示的码；登记错了的，请督导撤销后再核验"


class HasAccount(Conflict):
    """Who has an account is met by their own code, not by a document."""

    code = "has_account"
    message = "这位市民有实名的账号，请他打开一码办出示个人码，再扫码接待"


class NumberOfAnother(Conflict):
    """The number has been proven for another account."""

    code = "number_of_another"
    message = "这个证件号码已经实名在另一个账号上。请市民用原来的账号；原账号不用的，注销后再来核验"


class NothingProven(Conflict):
    """There is no proven identity that could be taken back."""

    code = "nothing_proven"
    message = "这个账号没有实名，不用撤销，请刷新后再看"


class ProvenTooOften(TooMany):
    """A clerk has entered more identities than come to one window."""

    code = "proven_too_often"
    message = "这一小时核验的次数太多，请过一会儿再试，急的请换一位同事核验"


class SmsCodeWrong(Unauthenticated):
    """The code does not fit, was used, is too old or was guessed too often."""

    code = "sms_code_wrong"
    message = "验证码不正确或已过期，请核对，或重新获取"


class TooManySmsCodes(TooMany):
    """The number or the place the call comes from has asked for too many codes."""

    code = "too_many_sms_codes"
    message = "验证码获取太频繁，请{wait}后再试"


class AccountHasOpenMatters(Conflict):
    """Something of the citizen's is still on its way; `errors` lists what must be finished first."""

    code = "account_has_open_matters"
    message = "还有事情没有办完，请按列出的办完后再注销账号"
