"""Requests for an opinion as they are stored (征求意见)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class OpinionState(StrEnum):
    """Where a request stands.

    `silent`: nobody answered in time, which by the published rule is no objection. `taken_back`: the lead
    needs it no more, and says why. `ended`: the case was decided or withdrawn before.
    """

    ASKED = "asked"
    GIVEN = "given"
    SILENT = "silent"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


class Answer(StrEnum):
    """What a department says (意见)."""

    AGREES = "agrees"
    ON_CONDITION = "on_condition"
    OBJECTS = "objects"


ANSWER_TEXTS = {Answer.AGREES: "同意", Answer.ON_CONDITION: "有条件同意", Answer.OBJECTS: "不同意"}
# Still to be heard, and heard.
OPEN = (OpinionState.ASKED.value,)
IN = (OpinionState.GIVEN.value, OpinionState.SILENT.value)


class OpinionRequest(Base):
    """One department asked about one case (征求意见函), with its answer once it is there; answered once.

    What it is asked, until when and what its silence means are those of the guide on the day of the question.
    """

    __tablename__ = "opinion_requests"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'given', 'silent', 'taken_back', 'ended')", name="state_known"),
        CheckConstraint("answer IN ('agrees', 'on_condition', 'objects')", name="answer_known"),
        CheckConstraint(
            "(state = 'given') = (answer IS NOT NULL) AND (answer IS NULL) = (clerk_id IS NULL)"
            " AND (answer IS NULL) = (clerk_name IS NULL)",
            name="given_by_somebody",
        ),
        CheckConstraint(
            "answer IS NULL OR answer = 'agrees' OR said IS NOT NULL", name="more_than_yes_is_said"
        ),
        CheckConstraint(
            "answer IS DISTINCT FROM 'objects' OR legal_basis IS NOT NULL", name="objection_founded"
        ),
        CheckConstraint("state <> 'silent' OR silence_agrees", name="silence_by_rule"),
        CheckConstraint("NOT silence_agrees OR law <> ''", name="rule_has_its_law"),
        CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name="settled_has_its_time"),
        CheckConstraint(
            "(state = 'taken_back') = (taken_back_why IS NOT NULL)", name="taken_back_with_reason"
        ),
        CheckConstraint("due_on >= asked_on", name="days_forward"),
        Index("uq_opinion_requests_one_of_department", "case_id", "dept_name", unique=True),
        Index("ix_opinion_requests_of_department", "dept_name", "id"),
        Index("ix_opinion_requests_open", "due_on", "id", postgresql_where="state = 'asked'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    dept_code: Mapped[str] = mapped_column(String(64))
    dept_name: Mapped[str] = mapped_column(String(100))
    # What the department is to look at, in the guide's words.
    subject: Mapped[str] = mapped_column(Text)
    materials: Mapped[list[str]]
    # What it needs the applicant's whole identity number for, in the guide's words; empty: it sees it masked.
    number_why: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date]
    due_on: Mapped[date]
    silence_agrees: Mapped[bool]
    law: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=OpinionState.ASKED.value)
    answer: Mapped[str | None] = mapped_column(String(16))
    # Its reason or its conditions.
    said: Mapped[str | None] = mapped_column(EncryptedText("opinion_requests.said"))
    legal_basis: Mapped[str | None] = mapped_column(Text)
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    clerk_name: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    taken_back_why: Mapped[str | None] = mapped_column(Text)
    # The trip whose record it was given on (引用的踏勘记录).
    site_visit_id: Mapped[int | None] = mapped_column(ForeignKey("site_visits.id"))

    @property
    def answer_text(self) -> str:
        """What the citizen and the lead read of where it stands."""
        if self.answer is not None:
            return ANSWER_TEXTS[Answer(self.answer)]
        return {
            OpinionState.SILENT: "到期没有回复，视为无异议",
            OpinionState.TAKEN_BACK: "不再征求",
            OpinionState.ENDED: "没有回复，办件已结束",
        }.get(OpinionState(self.state), "等待回复")
