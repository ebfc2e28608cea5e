"""What can go wrong, named for people and programs (错误)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class DomainError(Exception):
    """Something the person can be told; `code` is for programs, `message` says what to do next."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    message: ClassVar[str] = "这次没有办成，请稍后再试或拨打12345"
    # What of `data` a program needs beside the sentence: extension members of RFC 9457.
    members: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        retry_after: int | None = None,
        **data: object,
    ) -> None:
        """`errors`: field → sentences; `retry_after`: seconds; `data` fills the message's {names}."""
        self.errors = errors
        self.retry_after = retry_after
        self.data = data
        super().__init__(f"{self.code} {data}" if data else self.code)

    @property
    def sentence(self) -> str:
        """One plain sentence for the person."""
        return self.message.format_map(self.data)


class Invalid(DomainError):
    """What was handed in cannot be taken as it is."""

    status = 422
    code = "invalid"
    message = "填写的内容有误，请按提示修改后再提交"


class Unauthenticated(DomainError):
    """Nobody is logged in."""

    status = 401
    code = "login_required"
    message = "请先登录"


class Forbidden(DomainError):
    """The person is known and may not do this."""

    status = 403
    code = "forbidden"
    message = "您没有办理这一步的权限"


class NotFound(DomainError):
    """There is no such thing, or it is somebody else's."""

    status = 404
    code = "not_found"
    message = "没有找到您要的内容，请检查后再试"


class Conflict(DomainError):
    """The thing is not in a state in which this can be done."""

    status = 409
    code = "conflict"
    message = "当前状态不能这样操作，请刷新后再试"


class Gone(DomainError):
    """It existed and is over."""

    status = 410
    code = "gone"
    message = "该内容已失效，请重新选择"


class TooMany(DomainError):
    """Asked too often."""

    status = 429
    code = "too_many"
    message = "操作太频繁，请稍后再试"


class Unavailable(DomainError):
    """Something behind us does not answer; what was given is kept."""

    status = 503
    code = "unavailable"
    message = "系统正忙，您填写的内容已保存，请稍后再试"
