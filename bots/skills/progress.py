"""How far my cases are (查进度): only for the citizen, only from the case itself."""

import re

from app.cases import queries as cases
from app.db import Session
from bots.replies import Choice, Question, Reply

_ASKED = re.compile(
    r"查(询)?(一下)?(办理|办件|我的)?(进度|进展|办件)|办到哪|到哪一?步|办好了?(没|吗)|我的(办件|申请)|^进度$"
)
_MOST = 3


def is_asked_for(text: str) -> bool:
    """Whether somebody asks about their own cases."""
    return _ASKED.search(text) is not None


def answer(session: Session, question: Question) -> Reply | None:
    """The citizen's latest cases; whoever we do not know is told how to log in."""
    if not is_asked_for(question.text):
        return None
    if question.citizen_id is None:
        return Reply(
            kind="text",
            text="请先打开“一码办”小程序登录一次，登录后回到这里发送“查进度”，就能看到您的办件。",
        )
    found = cases.of_citizen(session, citizen_id=question.citizen_id, limit=_MOST)
    if not found:
        return Reply(
            kind="choices",
            text="您还没有办件。想办什么事，直接告诉我就行。",
            choices=(Choice("身份证丢了怎么办"),),
        )
    lines = [_line(session, case.id) for case in found]
    return Reply(kind="card", text="您最近的办件：\n" + "\n".join(lines))


def _line(session: Session, case_id: int) -> str:
    facts = cases.facts(session, case_id=case_id)
    return f"【{facts.state_text}】{facts.task_name}\n编号 {facts.case_no}\n{facts.hint}"
