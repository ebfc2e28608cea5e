"""Greeting (问候): says what one can ask."""

import re

from app.db import Session
from bots.replies import Choice, Question, Reply

_GREETING = re.compile(
    r"^(你好|您好|早上好|下午好|在吗|在不在|hi|hello|帮助|菜单|功能|help|\?|？)[。!！~？?\s]*$", re.IGNORECASE
)


def answer(session: Session, question: Question) -> Reply | None:
    """Greet whoever greets."""
    del session
    return greet() if _GREETING.match(question.text.strip()) else None


def greet() -> Reply:
    """What the bot is for, in three lines."""
    return Reply(
        kind="choices",
        text="您好，我是一码办小助手。可以直接问办事的问题，比如：",
        choices=(Choice("身份证丢了怎么办"), Choice("结婚登记要带什么材料"), Choice("查进度")),
    )
