"""What can go wrong with handing over a result (送达的错误)."""

from app.errors import Conflict, Invalid, NotFound, TooMany


class DeliveryNotFound(NotFound):
    """There is no such delivery, or it is another hall's or department's."""

    code = "delivery_not_found"
    message = "没有找到这一件，请刷新列表后再看"


class WayNotOffered(Invalid):
    """The guide does not offer this way."""

    code = "way_not_offered"
    message = "这个事项不能用这种方式领取结果，请选列出的方式"


class AddressIncomplete(Invalid):
    """It does not say where the post goes."""

    code = "address_incomplete"
    message = "收件信息没有填好，请补全收件人、手机号和详细地址"


class HallNeeded(Invalid):
    """It does not say at which hall the result is fetched."""

    code = "hall_needed"
    message = "请选一个领取的大厅"


class ChosenOnForm(Conflict):
    """The way is part of a form that is not handed in yet."""

    code = "chosen_on_form"
    message = "申请还没有提交，请在申请表的“结果领取方式”里改"


class AlreadySent(Conflict):
    """The courier has it."""

    code = "already_sent"
    message = "结果已经寄出，不能再改；请等快递送到，或联系部门"


class AlreadyDelivered(Conflict):
    """It was handed over before."""

    code = "already_delivered"
    message = "结果已经交到申请人手里，不用再送"


class NothingToHandOver(Conflict):
    """The case has ended without a result to hand over."""

    code = "nothing_to_hand_over"
    message = "这个办件已经结束，没有要领取的结果"


class GrantRevoked(Conflict):
    """What the paper says was revoked meanwhile."""

    code = "grant_revoked"
    message = "这项结果已经撤销，纸质件不再发放；撤销的原因在消息和证照里"


class GrantStands(Conflict):
    """What the paper says was not revoked, so its applicant is to have it."""

    code = "grant_stands"
    message = "这项结果没有撤销，请按申请人选的方式送达"


class NotPreparing(Conflict):
    """It does not wait to be sent: it was sent, or the applicant fetches it now."""

    code = "not_preparing"
    message = "这一件不在待出件里，可能已经寄出，或者申请人改成了别的方式，请刷新后再看"


class NotLostYet(Conflict):
    """It is not with the courier for so long that it may be given up."""

    code = "not_lost_yet"
    message = "这一件寄出还不到15天，或者已经不在途中，请先向快递公司查询，再刷新看看"


class LossUnexplained(Invalid):
    """It does not say what the courier answered."""

    code = "loss_unexplained"
    message = "请写明向快递公司查询的情况，不超过200个字"


class PostageUnpaid(Conflict):
    """The applicant has not paid the postage yet."""

    code = "postage_unpaid"
    message = "邮费还没有缴，申请人缴费后才能寄出；也可以请申请人改成窗口领取"


class NotOnItsWay(Conflict):
    """No parcel of it is with the courier."""

    code = "not_on_its_way"
    message = "这一件还没有寄出，收到后再确认"


class PickUpCodeWrong(NotFound):
    """No result waits under this code at this hall."""

    code = "pick_up_code_wrong"
    message = "没有找到这个取件码，请核对8位数字；也可能要到另一个大厅领取"


class PickUpTriedTooOften(TooMany):
    """Too many wrong codes in a while."""

    code = "pick_up_tried_too_often"
    message = "取件码输错次数太多，请15分钟后再试，或请申请人出示手机上的取件码扫一扫"


class NotThePersonNamed(Conflict):
    """Somebody whom the applicant did not name wants to fetch it."""

    code = "not_the_person_named"
    message = "申请人没有授权这个人代领，请申请人在手机上填好代领人姓名后再领"
