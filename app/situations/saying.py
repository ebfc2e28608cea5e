"""Answers in words (回答的文字说法), as a person would say them and a clerk reads them."""

from dataclasses import dataclass
from datetime import date

from app.situations.engine import YES, Answer, Answers, asked
from app.situations.tables import Kind, Question, Table


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
    if isinstance(answer, date):
        return f"{answer.year}年{answer.month}月{answer.day}日"
    return f"{answer}{question.unit}"
