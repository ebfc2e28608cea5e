"""Blank forms and filled samples, drawn from what an item asks (空白表、示范样本)."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import reportlab

from app.papers import letters, pdf
from app.papers.pdf import BODY, INNER, SMALL, Cell, Pages

SAMPLE_MARK = "样本"
_LABEL_WIDTH = 128.0
_VALUE_WIDTH = INNER - _LABEL_WIDTH
_BOX = 16.0
_TICK_BOX = 9.0
_NUMBER_LENGTH = 18  # 公民身份号码、统一社会信用代码
_LINES = 14
_NO_DAY = "　　　　年　　月　　日"
_PROMISE = (
    "本人（本单位）承诺：以上填写的内容真实、准确、完整，提交的材料真实有效；"
    "已知晓办理条件和不实承诺的后果，如有不实，愿意承担相应的法律责任。"
)
_NOTES = ("带 * 的必须填写。用黑色墨水笔填写，字迹清楚、不涂改；选择题在□里打勾。",)
_SAMPLE_NOTE = "这是填写样本，姓名、号码、地址都是虚构的，请按自己的实际情况填写。"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a sample is filled in with: answers by key, the free text, and the day beside the signature."""

    answers: Mapping[str, str]
    writing: str
    day: str


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a form: a field of the item's `form`."""

    key: str
    label: str
    kind: str
    required: bool
    hint: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What one form of one material asks; `promises` has a promise to sign, `writes` lines for free text."""

    title: str
    task_name: str
    task_code: str
    dept_name: str
    edition: str
    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()
    promises: bool = False
    writes: bool = False
    phone: str = field(default="")


def form_of(item: Mapping[str, Any], material: Mapping[str, Any]) -> Form:
    """The form of one material of an item, from what the item asks on the phone (表单定义)."""
    name = material["name"]
    writes = not any(word in name for word in ("表", "申请书", "承诺", "授权书"))
    questions = tuple(
        Question(
            key=asked["key"],
            label=asked["label"],
            kind=asked.get("kind", "text"),
            required=asked.get("required", True),
            hint=asked.get("hint") or "",
            choices=tuple(asked.get("choices") or ()),
        )
        for asked in item["form"]
    )
    return Form(
        title=name,
        task_name=item["task_name"],
        task_code=item["task_code"],
        dept_name=item["dept_name"],
        edition=f"第{item.get('task_version') or 1}版　{item.get('last_reviewed') or ''}".strip(),
        questions=questions[:4] if writes else questions,
        notes=tuple(note for note in (material.get("fill_note"), material.get("accept_stand")) if note),
        promises=not writes,
        writes=writes,
        phone=item["consult_phone"],
    )


def recipe(form: Form, filled: Filled | None = None) -> bytes:
    """The digest of all that decides how a form looks: another program draws another form."""
    told = orjson.dumps([asdict(form), filled, reportlab.__version__], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told + _program()).digest()


def draw(form: Form, filled: Filled | None = None) -> bytes:
    """The form as PDF: blank, or filled in and marked 样本."""
    answers = {} if filled is None else filled.answers
    pages = Pages(
        title=form.title if filled is None else f"{form.title}（样本）",
        author=form.dept_name,
        footer=f"{form.dept_name}　{form.edition}",
        watermark="" if filled is None else SAMPLE_MARK,
    )
    pages.heading(form.title)
    pages.paragraph(f"事项：{form.task_name}", size=SMALL, centred=True)
    pages.paragraph(f"实施编码：{form.task_code}", size=SMALL, centred=True)
    pages.gap(8)
    for question in form.questions:
        _draw_question(pages, question, answers.get(question.key, ""))
    if form.writes:
        pages.gap(10)
        pages.paragraph("正文（写不下可以另附纸）")
        pages.writing_lines(_LINES, filled.writing if filled is not None else "")
    if form.promises:
        pages.gap(10)
        pages.paragraph(_PROMISE)
    signed = answers.get(form.questions[0].key) or "＿＿＿＿＿＿＿＿"
    day = filled.day if filled is not None else _NO_DAY
    pages.gap(18)
    pages.paragraph(f"申请人（签名或盖章）：{signed}　　　　日期：{day}")
    _draw_notes(pages, form, sample=filled is not None)
    return pages.finish()


def _draw_question(pages: Pages, question: Question, answer: str) -> None:
    label = Cell(_LABEL_WIDTH, texts=(f"{question.label}{' *' if question.required else ''}",), centred=True)
    hint = (question.hint,) if question.hint and not answer else ()
    value: Cell
    if question.choices:
        value = _choices(question, answer)
    elif question.kind in {"citizen_number", "organisation_code"}:
        value = _drawn(_BOX + 2, functools.partial(_boxes, answer=answer), hint)
    elif question.kind == "date":
        value = Cell(_VALUE_WIDTH, texts=(answer or _NO_DAY,), notes=hint, centred=True)
    elif question.kind == "long_text":
        value = Cell(_VALUE_WIDTH, texts=(answer,) if answer else (), notes=hint, room=0 if answer else 56)
    else:
        value = Cell(
            _VALUE_WIDTH, texts=(answer,) if answer else (), notes=hint, room=0 if answer or hint else 18
        )
    pages.row(label, value, least=30.0)


def _drawn(
    room: float, draw_below: Callable[[Pages, float, float], None], notes: tuple[str, ...] = ()
) -> Cell:
    return Cell(_VALUE_WIDTH, notes=notes, room=room, draw=draw_below, centred=True)


def _boxes(pages: Pages, left: float, top: float, *, answer: str) -> None:
    """A box for each character of a number (公民身份号码、统一社会信用代码)."""
    for place in range(_NUMBER_LENGTH):
        pages.box(left + place * _BOX, top, width=_BOX, height=_BOX)
        letter = answer[place : place + 1]
        if letter:
            pages.text(left + place * _BOX + (_BOX - letters.width_of(letter, BODY)) / 2, top, letter)


def _choices(question: Question, answer: str) -> Cell:
    """The choices side by side, each with a box before it; a long list goes over several lines."""
    room = _VALUE_WIDTH - 2 * 6
    places: list[tuple[float, float, str]] = []
    left = top = 0.0
    for choice in question.choices:
        width = _TICK_BOX + 4 + letters.width_of(choice, BODY) + 14
        if left and left + width > room:
            left, top = 0.0, top + 18
        places.append((left, top, choice))
        left += width

    def draw_all(pages: Pages, start: float, begin: float) -> None:
        for right, down, choice in places:
            pages.box(start + right, begin + down + 3, width=_TICK_BOX, height=_TICK_BOX)
            pages.text(start + right + _TICK_BOX + 4, begin + down, choice)
            if choice == answer:
                pages.tick(start + right, begin + down + 3, _TICK_BOX)

    return _drawn(top + 18, draw_all)


def _draw_notes(pages: Pages, form: Form, *, sample: bool) -> None:
    pages.gap(12)
    pages.paragraph("填写说明", size=SMALL, bold=True)
    notes = [*([_SAMPLE_NOTE] if sample else []), *_NOTES, *form.notes, f"咨询电话：{form.phone}"]
    for number, note in enumerate(notes, start=1):
        pages.paragraph(f"{number}. {note}", size=SMALL)


@functools.cache
def _program() -> bytes:
    """The digest of what draws: this room's pages and their font."""
    sources = (Path(__file__), Path(pdf.__file__), Path(letters.__file__), letters.FONT_FILE)
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).digest()
