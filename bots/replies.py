"""Replies (回复): the same for the mini-program's chat and for the official account."""

from collections.abc import Sequence
from dataclasses import dataclass

# WeChat cuts a passive reply at 2,048 bytes; a citizen stops reading earlier.
_MOST_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Source:
    """Which field of which version of a guide an answer quotes."""

    task_code: str
    field: str
    version: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the citizen may say next, or a page to open."""

    text: str
    task_code: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `text` to read, `choices` to go on with, `sources` it quotes."""

    kind: str
    text: str
    choices: Sequence[Choice] = ()
    sources: Sequence[Source] = ()
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody said; `citizen_id` is None while we do not know who it is."""

    text: str
    citizen_id: int | None


def as_plain_text(reply: Reply) -> str:
    """A reply as lines for a chat that shows only text."""
    lines = [reply.text]
    lines += [f"· {choice.text}" for choice in reply.choices]
    if reply.choices:
        lines.append("回复上面任意一项的名称就能继续。")
    if reply.demo:
        lines.append("（演示数据，请勿据此办事）")
    whole = "\n".join(lines)
    return whole if len(whole) <= _MOST_CHARACTERS else whole[: _MOST_CHARACTERS - 1] + "…"
