"""Which skill answers (对话): the first that has something to say; otherwise a person is named."""

from collections.abc import Callable

from app.db import Session
from bots.replies import Question, Reply
from bots.skills import guides, handover, progress, welcome

Skill = Callable[[Session, Question], Reply | None]

# In this order: what is about the person, what asks for a person, then the guides.
SKILLS: tuple[Skill, ...] = (welcome.answer, progress.answer, handover.answer, guides.answer)


def answer(session: Session, question: Question) -> Reply:
    """The reply to one question; never empty."""
    for skill in SKILLS:
        reply = skill(session, question)
        if reply is not None:
            return reply
    return handover.not_understood()


def needs_to_know_who(text: str) -> bool:
    """Whether the answer is about the person, so that it is worth asking the platform who they are."""
    return progress.is_asked_for(text)
