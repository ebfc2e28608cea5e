"""What can go wrong with a paper (纸质表单的错误)."""

from app.errors import Conflict, DomainError, Invalid, NotFound


class PaperNotFound(NotFound):
    """This material of this guide has no such file."""

    code = "paper_not_found"
    message = "这份材料没有可下载的表格，请看填报须知，或拨打12345咨询"


class PaperTooLarge(DomainError):
    """The file has more bytes than a paper may have."""

    status = 413
    code = "paper_too_large"
    message = "文件超过{most_mb}MB，请压缩后再上传"


class PaperRefused(Invalid):
    """The file cannot be given to citizens."""

    code = "paper_refused"
    message = "这个文件不能使用，请换一个再上传"


class PaperKindUnknown(PaperRefused):
    """The content is none of the kinds that every citizen can open, whatever the file is called."""

    code = "paper_kind_unknown"
    message = "只能上传PDF、Word（docx）、Excel（xlsx）、PNG或JPG文件，请另存后再上传"


class PaperDamaged(PaperRefused):
    """The file is broken, or packed so that nobody can look inside."""

    code = "paper_damaged"
    message = "文件读不完整或加了密，请用办公软件重新导出后再上传"


class PaperActive(PaperRefused):
    """The file can do something by itself: a macro, a script, an attachment, a link to a foreign file."""

    code = "paper_active"
    message = "文件里有{found}，不能给群众下载，请去掉后另存再上传"


class PaperTurned(PaperRefused):
    """The picture lies on its side and only a note in it says so."""

    code = "paper_turned"
    message = "图片方向不对，请转正后另存再上传"


class PaperNameWrong(PaperRefused):
    """The file has no name that could be shown."""

    code = "paper_name_wrong"
    message = "文件名要有1到200个字，请改名后再上传"


class PaperExpired(Conflict):
    """The upload took so long that it was cleared away."""

    code = "paper_expired"
    message = "上传时间太长，文件已清理，请重新上传"


class PaperNotStored(Conflict):
    """A guide names a file that is not there."""

    code = "paper_not_stored"
    message = "有{count}个表格文件还没有上传（如“{material}”的{kind}），请先上传再发布"
