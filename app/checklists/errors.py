"""What can go wrong with a checklist (办理清单的错误)."""

from app.errors import Invalid, NotFound


class ChecklistNotFound(NotFound):
    """There is no such checklist, or it is over."""

    code = "checklist_not_found"
    message = "没有找到这份办理清单，可能已经过期，请重新回答问题生成一份"


class AnswersIncomplete(Invalid):
    """Questions are open or answered wrongly; `errors` names every one of them."""

    code = "answers_incomplete"
    message = "还有问题没有答完，请答完后再看清单"
