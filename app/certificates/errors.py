"""What can go wrong with a certificate (电子证照的错误)."""

from app.errors import Invalid, NotFound


class CertificateNotFound(NotFound):
    """There is no such certificate, or it is somebody else's."""

    code = "certificate_not_found"
    message = "没有找到这份电子证照，请返回刷新后再试"


class IdentifierWrong(Invalid):
    """A text is no certificate identifier, or its check character does not fit."""

    code = "certificate_identifier_wrong"
    message = "电子证照标识有误，请核对后再试"
