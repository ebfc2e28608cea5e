"""What can go wrong with a document (公文的错误)."""

from app.errors import Conflict, DomainError, Invalid, NotFound


class DocumentNotFound(NotFound):
    """There is no such document, or it is about somebody else's case."""

    code = "document_not_found"
    message = "没有找到这份文书，请返回办件刷新后再试"


class DocumentNotDrawn(Conflict):
    """The document stands, and its file is still being made."""

    code = "document_not_drawn"
    message = "文书正在生成，请过一会儿再打开"


class DocumentFileMissing(DomainError):
    """The document stands, and the storage does not give its file."""

    status = 503
    code = "document_file_missing"
    message = "文书暂时取不出来，请稍后再试，也可以到窗口领取纸质件"


class DocumentReplaced(Conflict):
    """The document has been corrected before."""

    code = "document_replaced"
    message = "这份文书已经更正过，请刷新后看新的一份"


class CorrectionUnsaid(Invalid):
    """Whoever corrects a document says what was wrong."""

    code = "correction_unsaid"
    message = "请写明更正了什么（1到500字），申请人会看到"


class CheckedInBrowser(Conflict):
    """The code of somebody else's paper: what may be said of it stands on a public page."""

    code = "checked_in_browser"
    message = "这是一份文书的核验码，请用微信“扫一扫”或手机浏览器打开，查看真伪"


class CheckedTooOften(DomainError):
    """One address has checked more papers than a person would."""

    status = 429
    code = "checked_too_often"
    message = "核验得太频繁了，请10分钟后再试"
