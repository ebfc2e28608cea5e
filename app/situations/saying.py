"""Answers in words (回答的文字说法), as a person would say them and a clerk reads them."""

from dataclasses import dataclass
from datetime import date

from app.situations.engine import YES, Answer, Answers, asked, ticked
from app.situations.tables import Kind, Question, Table
from app.situations.ways import Way


@dataclass(frozen=True, slots=True)
class Said:
    """A question with the answer in words."""

    key: str
    question: str
    answer: str


def said(table: Table, answers: Answers, *, today: date) -> list[Said]:
    """Every answer that counts, in the order of the questions."""
    return [
        Said(question.key, question.text, in_words(question, answers[question.key]))
        for question in asked(table, answers, today=today)
        if question.key in answers
    ]


def in_words(question: Question, answer: Answer) -> str:
    """An answer as a person would say it."""
    if question.kind is Kind.YES_NO:
        return "是" if answer == YES else "不是"
    if question.kind is Kind.CHOICE:
        return next((choice.text for choice in question.choices if choice.value == answer), str(answer))
    if question.kind is Kind.SEVERAL:
        some = ticked(str(answer))
        return "、".join(choice.text for choice in question.choices if choice.value in some) or "都不是"
    if isinstance(answer, date):
        return day_in_words(answer)
    return f"{answer}{question.unit}"


def way_in_words(way: Way) -> str:
    """One sentence about what would make it possible."""
    if way.on is not None:
        return f"等到{day_in_words(way.on)}就符合条件了"
    if way.question is None or way.answer is None:
        return ""
    return f"如果“{way.question.text}”的回答是“{in_words(way.question, way.answer)}”，就符合条件"


def day_in_words(day: date) -> str:
    """A day as people write it."""
    return f"{day.year}年{day.month}月{day.day}日"
