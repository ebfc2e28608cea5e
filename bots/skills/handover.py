"""A person instead of the bot (转人工): always one tap or one call away."""

import re

from app.db import Session
from bots.replies import Choice, Question, Reply

_ASKED = re.compile(r"人工|客服|12345|投诉|举报|找(个)?人|办不成")


def answer(session: Session, question: Question) -> Reply | None:
    """Name the people who can help."""
    del session
    if not _ASKED.search(question.text):
        return None
    return Reply(
        kind="text",
        text="可以拨打12345政务服务热线（24小时），或到就近办事大厅的“办不成事”反映窗口，工作人员会帮您处理。",
    )


def not_understood() -> Reply:
    """Nothing fits: say so, and name the people who can help."""
    return Reply(
        kind="choices",
        text="这个问题我答不上来，怕说错耽误您。您可以换个说法再问，或拨打12345（24小时）由工作人员解答。",
        choices=(Choice("查进度"), Choice("转人工")),
    )
