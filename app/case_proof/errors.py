"""What can go wrong with the proof of a case (办事凭据的错误)."""

from app.errors import Conflict, NotFound


class NothingToProve(Conflict):
    """A draft was never handed in, so nothing has happened yet."""

    code = "nothing_to_prove"
    message = "申请还没有提交，提交以后才有办事凭据"


class RootNotFound(NotFound):
    """A day has no root: it is not over, or lies before the first."""

    code = "root_not_found"
    message = "这一天没有公布的根，请从列表里选择一天"
