"""Cases as they are stored (办件)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.refusing import RefusalGround
from app.cases.states import State
from app.channels import Channel
from app.crypto import EncryptedText
from app.db import Base
from app.tries import Counted

# By which day what is open in a state is urgent.
_URGENCY = {
    State.SUBMITTED: "notice_due_on",
    State.CORRECTION: "correct_by",
    State.ACCEPTED: "promised_due_on",
    State.DECIDED: "decided_at",
}
_CHANNELS = ", ".join(f"'{channel}'" for channel in Channel)
_CHANNEL_KNOWN = f"channel IN ({_CHANNELS})"
_STATES = ", ".join(f"'{state}'" for state in State)
_REFUSALS = ", ".join(f"'{ground}'" for ground in RefusalGround)


class Case(Base):
    """One application of one citizen for one item (办件); the guide's version is pinned when it starts."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND received_at IS NOT NULL)",
            name="submitted_whole",
        ),
        # Nothing is decided that was not accepted before (体外循环).
        CheckConstraint(
            "state NOT IN ('accepted', 'decided', 'closed') OR accepted_at IS NOT NULL",
            name="accepted_has_its_time",
        ),
        # While somebody objects to the public notice, or a special procedure is open, no limit runs; what was
        # withdrawn or ended then has none any more.
        CheckConstraint(
            "state IN ('withdrawn', 'terminated') OR (accepted_at IS NULL OR notice_objected_on IS NOT NULL"
            " OR clock_paused_on IS NOT NULL) = (promised_due_on IS NULL)",
            name="accepted_has_its_limit",
        ),
        CheckConstraint("clock_paused_on IS NULL OR state = 'accepted'", name="paused_while_examined"),
        CheckConstraint("(accepted_at IS NULL) = (clock_from IS NULL)", name="accepted_has_its_start"),
        CheckConstraint(
            "NOT limit_provisional OR promised_due_on IS NOT NULL", name="provisional_is_a_limit"
        ),
        CheckConstraint(
            "(notice_from IS NULL) = (notice_until IS NULL) AND notice_until >= notice_from"
            " AND (notice_from IS NULL OR accepted_at IS NOT NULL)"
            " AND (notice_objected_on IS NULL OR notice_from IS NOT NULL)",
            name="notice_whole",
        ),
        CheckConstraint("granted IS NOT TRUE OR notice_objected_on IS NULL", name="granted_unopposed"),
        CheckConstraint("granted IS NOT TRUE OR NOT fee_open", name="granted_with_its_fee_settled"),
        # Silence has its day, and after it the case is accepted from the day of receipt (视为受理).
        CheckConstraint("state <> 'submitted' OR notice_due_on IS NOT NULL", name="silence_has_its_day"),
        CheckConstraint(
            "deemed_accepted_at IS NULL OR (accepted_at IS NOT NULL AND accepted_at = received_at)",
            name="deemed_from_receipt",
        ),
        CheckConstraint("state <> 'correction' OR correct_by IS NOT NULL", name="correction_has_its_day"),
        CheckConstraint(
            "(state = 'not_accepted') = (not_accepted_at IS NOT NULL)", name="not_accepted_has_its_time"
        ),
        CheckConstraint(
            "not_accepted_at IS NULL OR (not_accepted_code IS NOT NULL AND decision_reason IS NOT NULL"
            " AND legal_basis IS NOT NULL AND remedies IS NOT NULL AND decided_by IS NOT NULL)",
            name="not_accepted_founded",
        ),
        CheckConstraint("(state = 'terminated') = (terminated_at IS NOT NULL)", name="ended_has_its_time"),
        CheckConstraint(
            "terminated_at IS NULL OR (accepted_at IS NOT NULL AND decision_reason IS NOT NULL"
            " AND legal_basis IS NOT NULL AND decided_by IS NOT NULL)",
            name="ended_founded",
        ),
        CheckConstraint(
            "(state IN ('decided', 'closed')) = (decided_at IS NOT NULL)", name="decided_has_its_time"
        ),
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_has_its_answer"),
        CheckConstraint(
            "granted IS NOT FALSE OR (decision_reason IS NOT NULL AND legal_basis IS NOT NULL)",
            name="refusal_founded",
        ),
        CheckConstraint("(granted IS FALSE) = (refused_code IS NOT NULL)", name="refusal_has_its_ground"),
        CheckConstraint(f"refused_code IN ({_REFUSALS})", name="refused_code_known"),
        CheckConstraint(
            "(grant_revoked_at IS NULL OR granted IS TRUE)"
            " AND (grant_revoked_why IS NULL OR grant_revoked_at IS NOT NULL)",
            name="revoked_what_was_granted",
        ),
        CheckConstraint("delivery_way IN ('electronic', 'window', 'post')", name="delivery_way_known"),
        CheckConstraint(_CHANNEL_KNOWN, name="channel_known"),
        CheckConstraint("delegation_id IS NULL OR organisation_id IS NULL", name="agent_of_a_person"),
        # A paper that nobody has received keeps its case open (送达).
        CheckConstraint(
            "state <> 'closed' OR delivered_at IS NOT NULL OR delivery_way IS NULL"
            " OR delivery_way = 'electronic'",
            name="closed_once_delivered",
        ),
        # One draft of a person, and one of a company, whoever of its people began it.
        Index(
            "uq_cases_one_live_draft",
            "citizen_id",
            "task_code",
            unique=True,
            postgresql_where="state = 'draft' AND organisation_id IS NULL",
        ),
        Index(
            "uq_cases_one_live_draft_of_organisation",
            "organisation_id",
            "task_code",
            unique=True,
            postgresql_where="state = 'draft' AND organisation_id IS NOT NULL",
        ),
        Index("ix_cases_acted_for", "organisation_id", "id", postgresql_where="organisation_id IS NOT NULL"),
        CheckConstraint(
            "project_code ~ '^20[0-9]{2}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$'", name="project_code_written"
        ),
        Index("ix_cases_of_citizen", "citizen_id", "id"),
        Index(
            "ix_cases_of_organisation",
            "organisation_index",
            postgresql_where="organisation_index IS NOT NULL",
        ),
        Index("ix_cases_project_code", "project_code", postgresql_where="project_code IS NOT NULL"),
        # What the desk reads: the newest of a state, and the most urgent of what is open, of all departments
        # or of one, which a clerk has by its code or by its name.
        Index("ix_cases_by_state", "state", "id"),
        Index("ix_cases_work_list", "state", "dept_code", "id"),
        Index("ix_cases_work_list_by_name", "state", "dept_name", "id"),
        Index("ix_cases_to_decide", "promised_due_on", "id", postgresql_where="state = 'accepted'"),
        Index("ix_cases_to_hand_out", "decided_at", "id", postgresql_where="state = 'decided'"),
        *(
            Index(f"ix_cases_{state}_{by}", by, key, "id", postgresql_where=f"state = '{state}'")
            for state, key in _URGENCY.items()
            for by in ("dept_code", "dept_name")
        ),
        Index(
            "ix_cases_decided_of_item", "task_code", "decided_at", postgresql_where="decided_at IS NOT NULL"
        ),
        Index("ix_cases_refused", "decided_at", postgresql_where="granted IS FALSE"),
        Index("ix_cases_not_accepted", "not_accepted_at", postgresql_where="not_accepted_at IS NOT NULL"),
        Index("ix_cases_closed", "closed_at", postgresql_where="closed_at IS NOT NULL"),
        Index("ix_cases_provisional", "statutory_due_on", "id", postgresql_where="limit_provisional"),
        Index("ix_cases_to_tell", "notice_due_on", "id", postgresql_where="state = 'submitted'"),
        Index("ix_cases_to_correct", "correct_by", "id", postgresql_where="state = 'correction'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(String(23), unique=True)
    query_code: Mapped[str] = mapped_column(EncryptedText("cases.query_code"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    # The company whose case it is (代表企业办理); then `citizen_id` is only who began it.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    # The authority under which somebody else handed it in (代办).
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    guide_version_id: Mapped[int] = mapped_column(ForeignKey("guide_versions.id"))
    task_code: Mapped[str] = mapped_column(String(64))
    task_name: Mapped[str] = mapped_column(Text)
    dept_code: Mapped[str] = mapped_column(String(64))
    dept_name: Mapped[str] = mapped_column(Text)
    # The investment project that the case belongs to (投资项目统一代码), as handed in.
    project_code: Mapped[str | None] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT.value)
    # JSON {"values": {field: text}, "sources": {field: where it was prefilled from}}
    sealed_form: Mapped[str] = mapped_column(EncryptedText("cases.form"))
    # A keyed hash of the 统一社会信用代码 on the form, once it was handed in.
    organisation_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    # JSON {question: answer} of the guide's situation questions
    sealed_answers: Mapped[str] = mapped_column(EncryptedText("cases.answers"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    # Until when the office may say what is missing (告知期限), and when its silence accepted the case.
    notice_due_on: Mapped[date | None]
    deemed_accepted_at: Mapped[datetime | None]
    # Set with the one notice of what to correct (补正告知): until when it is best answered.
    correct_by: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    promised_due_on: Mapped[date | None]
    statutory_due_on: Mapped[date | None]
    # Both limits count from the day after this one (起算日).
    clock_from: Mapped[date | None]
    # Since this day a special procedure is open (特别程序).
    clock_paused_on: Mapped[date | None]
    # A limit reaches into a year whose holidays are not published (暂定).
    limit_provisional: Mapped[bool] = mapped_column(default=False, server_default="false")
    # Silence accepted it, and a fee that depends waits to be chosen or waived.
    fee_open: Mapped[bool] = mapped_column(default=False, server_default="false")
    # The public notice that comes before the limits, its last day included (公告期).
    notice_from: Mapped[date | None]
    notice_until: Mapped[date | None]
    notice_objected_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    granted: Mapped[bool | None]
    # Why the answer was no, as one of a list (情形).
    refused_code: Mapped[str | None] = mapped_column(String(32))
    # The grant was revoked since (撤销). Why is not there for what was revoked before this was kept.
    grant_revoked_at: Mapped[datetime | None]
    grant_revoked_why: Mapped[str | None] = mapped_column(EncryptedText("cases.grant_revoked_why"))
    decision_reason: Mapped[str | None] = mapped_column(EncryptedText("cases.decision_reason"))
    legal_basis: Mapped[str | None] = mapped_column(Text)
    # A case that is not taken up (不予受理) has its reason and basis in the columns of a decision.
    not_accepted_at: Mapped[datetime | None]
    not_accepted_code: Mapped[str | None] = mapped_column(String(32))
    remedies: Mapped[str | None] = mapped_column(Text)
    # Through which end it was begun, then handed in (渠道).
    channel: Mapped[str | None] = mapped_column(String(8))
    # How the result reaches the applicant (送达方式), as handed in or changed since; and when a paper did.
    delivery_way: Mapped[str | None] = mapped_column(String(16))
    delivered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    # Ended without a decision (终止办理); its reason and basis stand in the columns of a decision too.
    terminated_at: Mapped[datetime | None]


class CaseEvent(Base):
    """One line of a case's timeline (办件经过); never changed and never removed."""

    __tablename__ = "case_events"
    __table_args__ = (
        CheckConstraint("actor_kind IN ('citizen', 'clerk', 'system')", name="actor_kind_known"),
        CheckConstraint(_CHANNEL_KNOWN, name="channel_known"),
        CheckConstraint("delegation_id IS NULL OR actor_kind = 'citizen'", name="agent_of_a_citizen"),
        Index("ix_case_events_of_case", "case_id", "id"),
        Index("uq_case_events_one_decision", "case_id", unique=True, postgresql_where="kind = 'decided'"),
        Index(
            "uq_case_events_reference",
            "case_id",
            "kind",
            "reference",
            unique=True,
            postgresql_where="reference IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_name: Mapped[str] = mapped_column(Text)
    clerk_id: Mapped[int | None]
    # The authority of the agent who did it in the citizen's place (代办人).
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    # Through which end a person did it; None for what the system does.
    channel: Mapped[str | None] = mapped_column(String(8))
    # What happened, for anybody who follows the case: nothing personal.
    sentence: Mapped[str] = mapped_column(Text)
    # The thing the line is about, such as a bill; the same thing is told once.
    reference: Mapped[str | None] = mapped_column(String(64))


class CaseProof(Base):
    """A material of a case that is given by a certificate of ours instead of photos (电子证照免提交)."""

    __tablename__ = "case_proofs"
    __table_args__ = (UniqueConstraint("case_id", "material_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    taken_at: Mapped[datetime]


class TrackAttempt(Counted, Base):
    """How often a case number was tried with a wrong query code lately (查询尝试)."""

    __tablename__ = "track_attempts"
    __table_args__ = (Index("ix_track_attempts_window", "window_began_at"),)

    case_no: Mapped[str] = mapped_column(String(23), primary_key=True)
