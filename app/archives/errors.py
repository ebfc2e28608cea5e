"""What can go wrong with archives (电子档案的错误)."""

from app.errors import Conflict, NotFound


class ArchiveNotFound(NotFound):
    """There is no such package, or it is another department's."""

    code = "archive_not_found"
    message = "没有找到这个归档包，请刷新列表后再看"


class NotRefused(Conflict):
    """The package waits to be handed over, or was received."""

    code = "archive_not_refused"
    message = "这个归档包正在移交或已经接收，不用重新移交，请刷新后再看"


class ArchiveDamaged(Conflict):
    """The package is not what it was when it was made."""

    code = "archive_damaged"
    message = "这个归档包缺失或被改动，和归档时不一致，请立即联系系统管理员，不要删除任何文件"
