"""What can go wrong with bundles and applications for them (一件事)."""

from app.errors import Conflict, Invalid, NotFound


class BundleNotFound(NotFound):
    """There is no such bundle."""

    code = "bundle_not_found"
    message = "没有找到这个“一件事”，请返回列表重新选择"


class BundleRefused(Exception):
    """A bundle cannot be stored as it is; the message names the bundle and what is wrong, for operators."""


class ApplicationNotFound(NotFound):
    """There is no such application for a bundle, or it is somebody else's."""

    code = "bundle_application_not_found"
    message = "没有找到这件申请，请返回“我的办件”刷新后再看"


class PartUnknown(Invalid):
    """A chosen item does not belong to the bundle."""

    code = "bundle_part_unknown"
    message = "所选事项不在这个“一件事”里，请返回重新选择"


class NothingToApplyFor(Conflict):
    """No part is left: every item is out of use, or is being applied for in another bundle."""

    code = "bundle_without_parts"
    message = "所选事项现在都不能在这里申请，请返回重新选择，或单独办理"


class BundleIncomplete(Invalid):
    """Fields or materials are missing or wrong; `errors` names each once, with the parts that want it."""

    code = "bundle_incomplete"
    message = "还有内容没有填好，请按提示补全后再提交"


class NoPartOpen(Conflict):
    """Every part has been handed in, so that nothing can be changed any more."""

    code = "bundle_handed_in"
    message = "各事项都已提交，不能再修改，可在进度里查看"


class ApplicationWithdrawn(Conflict):
    """The application was taken back."""

    code = "bundle_application_withdrawn"
    message = "这件申请已经撤回，如需办理请重新申请"


class NothingToWithdraw(Conflict):
    """Every part has been decided."""

    code = "bundle_decided"
    message = "各事项都已作出决定，不能再撤回"


class ListNotFound(NotFound):
    """There is no such list of a bundle, or it is over."""

    code = "bundle_list_not_found"
    message = "没有找到这份办理清单，可能已经过期，请重新回答问题生成一份"


class LicenceNotFound(NotFound):
    """There is no such comprehensive licence."""

    code = "bundle_licence_not_found"
    message = "没有查到这张行业综合许可，请核对编号或重新扫码"


class BundleForPersons(Conflict):
    """A company applies for a bundle of which no item serves companies."""

    code = "bundle_for_persons"
    message = "“{name}”只给个人办，请先切换回个人再申请"
