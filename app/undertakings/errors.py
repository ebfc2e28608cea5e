"""What can go wrong with what an applicant promises (承诺的错误)."""

from app.errors import Conflict, Invalid


class NotRead(Invalid):
    """Nobody said that the text was read."""

    code = "undertaking_not_read"
    message = "请先读完全文，再勾选“我已读完并同意”"


class WordsChanged(Conflict):
    """The text is not the one that was shown: the form or the guide has changed meanwhile."""

    code = "undertaking_changed"
    message = "承诺书的内容有变动，请重新阅读后再签"
