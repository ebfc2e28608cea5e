"""Refusals in one shape (问题详情): RFC 9457 with a stable code and one plain Chinese sentence."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson
from flask import Flask, Response, current_app, request
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app import logs
from app.crypto import UnreadableError
from app.errors import DomainError

log = logging.getLogger(__name__)

_SENTENCES = {
    400: ("bad_request", "请求的内容无法识别，请返回重试"),
    404: ("not_found", "没有找到您要的内容，请检查后再试"),
    405: ("method_not_allowed", "不支持这样操作，请返回重试"),
    413: ("too_large", "内容太大，请压缩或分次上传"),
    415: ("unsupported_media_type", "内容的格式不支持，请返回重试"),
}
# How marshmallow begins its sentences, and what a person reads instead.
_IN_CHINESE = {
    "Missing data": "请填写这一项",
    "Field may not be null": "请填写这一项",
    "Unknown field": "没有这一项，请升级到最新版本后再试",
    "Must be one of": "请从给出的选项里选择",
    "Length must be": "字数或数量不对，请检查",
    "Longer than": "内容太长，请缩短",
    "Shorter than": "内容太短，请补充",
    "Must be": "数值超出了范围，请检查",
    "Not a valid date": "请填写如 2026-11-20 的日期",
    "Not a valid integer": "请填写整数",
    "Not a valid number": "请填写数字",
}
_WRONG_SOMEHOW = "这一项的格式不对，请检查"
_SORRY = ("internal_error", "系统出了点问题，您填写的内容没有丢失，请稍后再试或拨打12345")
_UNREADABLE = (
    "data_unreadable",
    "这里有一项内容打不开，不是您操作的问题，再试也一样。办件没有丢，请拨打12345，或者带身份证到办理窗口，请工作人员核对",
)
_BUSY = ("unavailable", "系统正忙，您填写的内容没有丢失，请稍后再试")


@dataclass(frozen=True, slots=True)
class Manner:
    """What the callers under one address need besides the one shape (接口各自的说法).

    `challenge` is what a 401 asks for; `details_en` says in English, by status, what is otherwise said in
    Chinese alone; 0 is for every other status.
    """

    under: str = "/"
    challenge: str = 'Bearer realm="yima"'
    details_en: Mapping[int, str] = field(default_factory=dict)

    def members(self, status: int) -> dict[str, object]:
        """What is said in English, if anything is."""
        told = self.details_en.get(status) or self.details_en.get(0)
        return {"detail_en": told} if told else {}


_USUAL = Manner()


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: Mapping[str, Sequence[str]] | None = None,
    retry_after: int | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """One refusal as problem+json; `errors` maps fields to sentences, `retry_after` is in seconds.

    `members` are what one kind of refusal says beside that, such as what replaced a cancelled item.
    """
    manner = _manner()
    body: dict[str, object] = {
        **manner.members(status),
        **(members or {}),
        "type": f"https://yima.example/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": logs.request_id(),
    }
    if errors:
        body["errors"] = errors
    response = Response(orjson.dumps(body), status=status, mimetype="application/problem+json")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = manner.challenge
    return response


def _manner() -> Manner:
    """How callers of this address are spoken to, also where there is no door."""
    manners: Sequence[Manner] = current_app.extensions["manners"]
    return next((one for one in manners if request.path.startswith(one.under)), _USUAL)


def register(flask_app: Flask, manners: Sequence[Manner] = ()) -> None:
    """Have every error of the program answered in the one shape, each address in its manner."""
    flask_app.extensions["manners"] = manners
    flask_app.register_error_handler(DomainError, of_domain_error)
    flask_app.register_error_handler(ValidationError, of_validation_error)
    flask_app.register_error_handler(HTTPException, of_http_error)
    flask_app.register_error_handler(DataError, of_unstorable_text)
    flask_app.register_error_handler(OperationalError, of_database_error)
    flask_app.register_error_handler(PoolTimeoutError, of_database_error)
    flask_app.register_error_handler(UnreadableError, of_unreadable)
    flask_app.register_error_handler(Exception, of_surprise)


def of_domain_error(error: DomainError) -> Response:
    """A rule of the city said no."""
    return problem(
        status=error.status,
        code=error.code,
        detail=error.sentence,
        errors=error.errors,
        retry_after=error.retry_after,
        members={name: error.data[name] for name in error.members},
    )


def of_validation_error(error: ValidationError) -> Response:
    """A schema said no: field → sentences, nested fields joined by dots."""
    return problem(
        status=422,
        code="invalid",
        detail="填写的内容有误，请按提示修改后再提交",
        errors=_flat(error.messages),
    )


def of_http_error(error: HTTPException) -> Response:
    """Flask or Werkzeug said no."""
    status = error.code or 500
    if error.response is not None:
        return Response(status=status, headers=dict(error.response.headers))
    code, detail = _SENTENCES.get(
        status, _SORRY if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _SENTENCES[400]
    )
    refusal = problem(status=status, code=code, detail=detail)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        refusal.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return refusal


def of_unstorable_text(error: DataError) -> Response:
    """No text or number that exists here: a NUL character, or more than 64 bits."""
    log.warning("unstorable_text", extra={"error": type(error.orig).__name__, "path": request.path})
    code, detail = _SENTENCES[400]
    return problem(status=400, code=code, detail=detail)


def of_database_error(error: DBAPIError | PoolTimeoutError) -> Response:
    """The database is away or too busy; nothing was kept, so the phone may simply try again."""
    log.error("database_unavailable", extra={"error": type(error).__name__, "path": request.path})
    code, detail = _BUSY
    return problem(status=503, code=code, detail=detail, retry_after=3)


def of_surprise(error: Exception) -> Response:
    """A fault of ours: logged whole, told plainly."""
    log.error("unhandled_error", exc_info=error, extra={"path": request.path})
    code, detail = _SORRY
    return problem(status=500, code=code, detail=detail)


def of_unreadable(error: UnreadableError) -> Response:
    """What lies encrypted cannot be opened: trying again will not help, so it says who can."""
    log.error("stored_unreadable", exc_info=error, extra={"path": request.path})
    code, detail = _UNREADABLE
    return problem(status=500, code=code, detail=detail)


def _flat(messages: object, prefix: str = "") -> dict[str, list[str]]:
    if isinstance(messages, Mapping):
        flat: dict[str, list[str]] = {}
        for key, inner in messages.items():
            flat.update(_flat(inner, f"{prefix}.{key}" if prefix else str(key)))
        return flat
    sentences = messages if isinstance(messages, list) else [messages]
    return {prefix or "body": [_chinese(str(sentence)) for sentence in sentences]}


def _chinese(sentence: str) -> str:
    """A sentence of ours as it is; one of the library's in the person's own language."""
    if not sentence.isascii():
        return sentence
    return next((ours for begins, ours in _IN_CHINESE.items() if sentence.startswith(begins)), _WRONG_SOMEHOW)
