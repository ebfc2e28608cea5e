"""What can go wrong with a certificate (电子证照的错误)."""

from app.errors import Conflict, Invalid, NotFound, TooMany


class CertificateNotFound(NotFound):
    """There is no such certificate, or it is somebody else's."""

    code = "certificate_not_found"
    message = "没有找到这份电子证照，请返回刷新后再试"


class IdentifierWrong(Invalid):
    """A text is no certificate identifier, or its check character does not fit."""

    code = "certificate_identifier_wrong"
    message = "电子证照标识有误，请核对后再试"


class CertificateNotValid(Conflict):
    """A certificate that has expired or was revoked is not shown and not printed."""

    code = "certificate_not_valid"
    message = "这份证照已过期或已撤销，不能再出示；需要时请重新申办"


class CertificateRevokedBefore(Conflict):
    """A certificate ends once."""

    code = "certificate_revoked_before"
    message = "这份证照已经撤销或停用，请刷新后查看"


class RevocationUnsaid(Invalid):
    """Whoever ends a certificate chooses the ground in the law and says what happened."""

    code = "revocation_unsaid"
    message = "请选择法定情形，并写明事实（1到500字），持证人会看到"


class ShownTooOften(TooMany):
    """Nobody shows one certificate so often within ten minutes."""

    code = "certificate_shown_too_often"
    message = "出示得太频繁了，请10分钟后再试"


class LookedTooOften(TooMany):
    """One address has looked at more certificates than a person would."""

    code = "certificate_looked_too_often"
    message = "核验得太频繁了，请10分钟后再试"


class ShownInBrowser(Conflict):
    """The code of somebody's certificate: what is shown of it stands on a public page."""

    code = "certificate_shown_in_browser"
    message = "这是别人出示的证照码，请用微信“扫一扫”或手机浏览器打开，核对是否有效"
