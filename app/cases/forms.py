"""The form of a case (申请表单): its fields, what may be kept while typing, what must hold at submit."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.cases import project_codes
from app.cases.errors import FormRefused, FormTooLarge
from app.catalogue import cards
from app.check_characters import (
    CitizenNumberWrong,
    citizen_number,
    organisation_code_is_right,
    tidy,
    visible,
)

# A form is a page, not a book: what all values together may take, in bytes of JSON.
MAX_BYTES = 32 * 1024
USUAL_LENGTH = 200
LONGEST = 2000

_PHONE = re.compile(r"1[3-9][0-9]{9}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_NATURAL_PERSON = "1"


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CITIZEN_NUMBER = "citizen_number"
    ORGANISATION_CODE = "organisation_code"
    PHONE = "phone"
    CHOICE = "choice"
    DATE = "date"
    PROJECT_CODE = "project_code"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field; `max_length` in characters, `choices` only for a choice.

    `known_from` names something the city knows of the citizen besides who they are, such as a reserved name;
    `answered_by` the situation question of the guide whose answer it is.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    max_length: int = USUAL_LENGTH
    choices: tuple[str, ...] = ()
    hint: str = ""
    known_from: str = ""
    answered_by: str = ""

    @property
    def own_hand(self) -> bool:
        """Whether it is the applicant's alone, to read as well: the account into which money goes."""
        return self.key.startswith(cards.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, and for each prefilled field where its value came from."""

    values: dict[str, str]
    sources: dict[str, str]

    def sealed(self) -> str:
        """The form as text for its encrypted column; raises FormTooLarge."""
        text = json.dumps({"values": self.values, "sources": self.sources}, ensure_ascii=False)
        if len(text.encode()) > MAX_BYTES:
            raise FormTooLarge
        return text


def opened(sealed: str) -> Form:
    """A form from its column."""
    kept = json.loads(sealed)
    return Form(values=kept["values"], sources=kept["sources"])


def fields_of(body: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The fields a guide asks for: its own `form`, or what every application needs.

    A guide's own form is a list of {key, label, kind?, required?, max_length?, choices?, hint?,
    known_from?, answered_by?}.
    """
    own = body.get("form")
    if own:
        return tuple(_own_field(raw) for raw in own)
    return (*_organisation_fields(body), *_person_fields(), _delivery_field(body), _note_field())


def merged(
    fields: Sequence[FormField],
    form: Form,
    changes: Mapping[str, object],
    *,
    proven: Collection[str] = (),
) -> Form:
    """The form with some fields changed (autosave); None or an empty text clears a field.

    What is `proven` stays as it is: sent unchanged it is taken, otherwise refused.

    What is half typed is kept; refused with FormRefused is only what is no field, no text, or too long.
    """
    by_key = {field.key: field for field in fields}
    values, sources = dict(form.values), dict(form.sources)
    errors: dict[str, list[str]] = {}
    for key, value in changes.items():
        field = by_key.get(key)
        sentence = "表单里没有这一项" if field is None else _keepable(field, value)
        if field is None or sentence:
            errors[key[:64]] = [sentence]
            continue
        text = _tidied(field.kind, str(value)) if value is not None else ""
        if text == values.get(key, ""):
            continue
        if key in proven:
            errors[key] = [f"{field.label}由登记系统核对，不能修改"]
            continue
        sources.pop(key, None)
        values[key] = text
        if not text:
            del values[key]
    if errors:
        raise FormRefused(errors=errors)
    return Form(values, sources)


def faults(fields: Sequence[FormField], values: Mapping[str, str], *, today: date) -> dict[str, list[str]]:
    """Everything that is missing or wrong, all at once: field → sentences."""
    found: dict[str, list[str]] = {}
    for field in fields:
        text = values.get(field.key, "")
        if not text:
            if field.required:
                verb = "请选择" if field.kind is Kind.CHOICE else "请填写"
                found[field.key] = [f"{verb}{field.label}"]
            continue
        sentence = _CHECKS[field.kind](field, text, today)
        if sentence:
            found[field.key] = [sentence]
    return found


def project_code(fields: Sequence[FormField], values: Mapping[str, str], *, today: date) -> str | None:
    """The project's code among what was filled in, when it is one (投资项目统一代码)."""
    filled = (values.get(field.key, "") for field in fields if field.kind is Kind.PROJECT_CODE)
    return next((code for code in filled if project_codes.is_right(code, today=today)), None)


def _person_fields() -> tuple[FormField, ...]:
    return (
        FormField("applicant_name", "申请人姓名", max_length=50, hint="请与身份证件一致"),
        FormField("id_number", "公民身份号码", Kind.CITIZEN_NUMBER, max_length=32),
        FormField("phone", "手机号", Kind.PHONE, max_length=32, hint="办理进度会发到这个号码"),
        FormField("address", "联系地址"),
    )


def organisation_fields() -> tuple[FormField, ...]:
    """What names the organisation that applies (申请单位)."""
    return (
        FormField("organisation_name", "单位名称", max_length=100),
        FormField("organisation_code", "统一社会信用代码", Kind.ORGANISATION_CODE, max_length=32),
    )


def _organisation_fields(body: Mapping[str, Any]) -> tuple[FormField, ...]:
    """A matter that no natural person applies for also names the organisation."""
    served = body.get("server_type") or [_NATURAL_PERSON]
    return () if _NATURAL_PERSON in served else organisation_fields()


def _delivery_field(body: Mapping[str, Any]) -> FormField:
    result = body.get("result") or {}
    choices = tuple(result.get("delivery") or ("窗口自取",))
    return FormField("delivery", "结果领取方式", Kind.CHOICE, choices=choices)


def _note_field() -> FormField:
    return FormField("note", "补充说明", Kind.LONG_TEXT, required=False, max_length=500)


def _own_field(raw: Mapping[str, Any]) -> FormField:
    return FormField(
        key=str(raw["key"]),
        label=str(raw["label"]),
        kind=Kind(raw.get("kind", Kind.TEXT)),
        required=bool(raw.get("required", True)),
        max_length=min(int(raw.get("max_length", USUAL_LENGTH)), LONGEST),
        choices=tuple(raw.get("choices", ())),
        hint=str(raw.get("hint", "")),
        known_from=str(raw.get("known_from", "")),
        answered_by=str(raw.get("answered_by", "")),
    )


def _keepable(field: FormField, value: object) -> str:
    """Why a value cannot even be kept as half typed; empty when it can."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{field.label}请填写文字"
    if len(value) > field.max_length:
        return f"{field.label}不能超过{field.max_length}个字"
    if _CONTROL.search(value.replace("\r\n", "\n")):
        return f"{field.label}里有无法识别的字符，请重新输入"
    return ""


def _tidied(kind: Kind, text: str) -> str:
    if kind is Kind.PROJECT_CODE:
        return project_codes.written(text)
    if kind in {Kind.CITIZEN_NUMBER, Kind.ORGANISATION_CODE, Kind.DATE}:
        return tidy(text)
    if kind is Kind.PHONE:
        return tidy(text).replace("-", "").removeprefix("+86")
    text = visible(text).replace("\r\n", "\n").strip()
    return text if kind is Kind.LONG_TEXT else text.replace("\n", " ")


def _any_text(field: FormField, text: str, today: date) -> str:
    del field, text, today
    return ""


def _citizen_number(field: FormField, text: str, today: date) -> str:
    del field
    try:
        citizen_number(text, today=today)
    except CitizenNumberWrong as wrong:
        return wrong.fault.value
    return ""


def _organisation_code(field: FormField, text: str, today: date) -> str:
    del field, today
    return "" if organisation_code_is_right(text) else "统一社会信用代码有误，请对照营业执照核对"


def _project_code(field: FormField, text: str, today: date) -> str:
    del field
    if project_codes.is_right(text, today=today):
        return ""
    return "投资项目统一代码是24位，如2026-350102-48-01-000123，请对照项目备案或批复文件核对"


def _phone(field: FormField, text: str, today: date) -> str:
    del field, today
    return "" if _PHONE.fullmatch(text) else "手机号应为11位数字，请核对"


def _choice(field: FormField, text: str, today: date) -> str:
    del today
    return "" if text in field.choices else f"{field.label}请从{'、'.join(field.choices)}中选择"


def _date(field: FormField, text: str, today: date) -> str:
    del today
    try:
        # Python also reads 20260131 and 2026-W05-6; clerks and other systems do not.
        written = date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    return "" if written == text else f"{field.label}请按“2026-01-31”的样子填写日期"


_CHECKS: dict[Kind, Callable[[FormField, str, date], str]] = {
    Kind.TEXT: _any_text,
    Kind.LONG_TEXT: _any_text,
    Kind.CITIZEN_NUMBER: _citizen_number,
    Kind.ORGANISATION_CODE: _organisation_code,
    Kind.PHONE: _phone,
    Kind.CHOICE: _choice,
    Kind.DATE: _date,
    Kind.PROJECT_CODE: _project_code,
}
