"""A company's demand: several departments answer, one replies (R105)."""

import pytest
from sqlalchemy import text

from app.complaints import joint, queries, service
from app.complaints.errors import (
    AlreadyAnswered,
    DepartmentUnknown,
    HandledJointly,
    NotHandledJointly,
    OrganisationMissing,
    PartAnswered,
    PartsOpen,
)
from app.complaints.kinds import Kind
from app.complaints.models import Complaint, ComplaintPart
from app.complaints.queries import Handler
from app.db import Session, unit_of_work
from tests.desk_fixtures import CIVIL_AFFAIRS, POLICE
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.rating_fixtures import SUPERVISOR, complain

pytestmark = pytest.mark.usefixtures("city")
COMPANY, WORDS = "示例机械有限公司", "厂区门口的路三年没有修好"


def demand() -> Complaint:
    return complain(make_citizen(), Kind.COMPANY_DEMAND, text=WORDS, organisation=COMPANY)


def ask(complaint: Complaint, lead: str = POLICE, *others: str) -> None:
    with unit_of_work() as session:
        joint.ask(session, complaint_id=complaint.id, lead=lead, others=others)


def handlers(complaint: Complaint) -> list[Handler]:
    with unit_of_work() as session:
        return queries.mine(
            session, citizen_id=complaint.citizen_id, complaint_no=complaint.complaint_no
        ).handlers


def code_of(complaint: Complaint) -> str:
    return str(handlers(complaint)[1].dept_code)


def say(complaint: Complaint, code: str, words: str = "下月动工修路") -> None:
    with unit_of_work() as session:
        joint.answer_part(session, complaint_id=complaint.id, dept_code=code, officer=SUPERVISOR, text=words)


def reply(complaint: Complaint) -> None:
    with unit_of_work() as session:
        service.answer(session, complaint_id=complaint.id, officer=SUPERVISOR, text="已安排修路", final=True)


def test_the_company_sees_who_answers_and_until_when() -> None:
    complaint = demand()
    assert handlers(complaint) == []
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    lead, other = handlers(complaint)
    assert (lead.dept_name, lead.lead, lead.due_on) == (POLICE, True, complaint.due_on)
    assert (other.dept_name, other.lead, other.answered_at) == (CIVIL_AFFAIRS, False, None)
    assert other.due_on < complaint.due_on


def test_the_lead_replies_when_everybody_has_answered() -> None:
    complaint = demand()
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    with pytest.raises(PartsOpen, match="parts_open") as refused:
        reply(complaint)
    assert CIVIL_AFFAIRS in refused.value.sentence
    say(complaint, code_of(complaint))
    reply(complaint)
    assert [one.answered_at is None for one in handlers(complaint)] == [False, False]


def test_how_it_goes_on_may_be_told_before_all_have_answered() -> None:
    complaint = demand()
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    with unit_of_work() as session:
        service.answer(
            session, complaint_id=complaint.id, officer=SUPERVISOR, text="正在会商办法", final=False
        )
    assert handlers(complaint)[0].answered_at is None


def test_a_demand_names_its_company_and_no_other_kind_keeps_one() -> None:
    with pytest.raises(OrganisationMissing):
        complain(make_citizen(), Kind.COMPANY_DEMAND, organisation=" ")
    assert complain(make_citizen(), Kind.SUGGESTION, organisation=COMPANY).organisation is None


def test_asking_again_changes_the_lead_and_asks_nobody_twice() -> None:
    complaint = demand()
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    say(complaint, code_of(complaint))
    ask(complaint, POLICE, CIVIL_AFFAIRS, POLICE)
    assert [(one.dept_name, one.text) for one in handlers(complaint)][1:] == [(CIVIL_AFFAIRS, "下月动工修路")]


def test_a_department_that_becomes_the_lead_owes_itself_no_answer() -> None:
    complaint = demand()
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    ask(complaint, CIVIL_AFFAIRS)
    assert [(one.dept_name, one.lead) for one in handlers(complaint)] == [(CIVIL_AFFAIRS, True)]
    reply(complaint)


def test_what_the_new_lead_answered_before_stays_to_be_read() -> None:
    complaint = demand()
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    say(complaint, code_of(complaint))
    ask(complaint, CIVIL_AFFAIRS, POLICE)
    assert [one.text for one in handlers(complaint)] == [None, "下月动工修路", None]


def test_only_known_departments_of_a_demand_are_asked() -> None:
    for unknown in ("市幻想局", "", "a\x00b"):
        with pytest.raises(DepartmentUnknown):
            ask(demand(), unknown)
    with pytest.raises(NotHandledJointly):
        ask(complain(make_citizen(), Kind.SUGGESTION))
    with pytest.raises(HandledJointly), unit_of_work() as session:
        service.pass_on(session, complaint_id=demand().id, department=POLICE)


def test_who_was_not_asked_says_nothing_and_nobody_twice() -> None:
    complaint = demand()
    ask(complaint, POLICE, CIVIL_AFFAIRS)
    code = code_of(complaint)
    with pytest.raises(PartAnswered):
        say(complaint, "nobody")
    assert refusals(together(*[lambda: say(complaint, code)] * 2), PartAnswered) == 1


def ask_while_replying(complaint: Complaint, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One replies for good while another department is being asked; both meet before they write."""
    meeting, check = Meeting(), joint.refuse_while_open

    def check_and_wait(session: Session, *, complaint_id: int) -> None:
        check(session, complaint_id=complaint_id)
        meeting.wait()

    def ask_later() -> None:
        with unit_of_work() as session:
            joint.ask(session, complaint_id=complaint.id, lead=POLICE, others=[CIVIL_AFFAIRS])
            meeting.wait()

    monkeypatch.setattr(joint, "refuse_while_open", check_and_wait)
    return list(together(lambda: reply(complaint), ask_later))


def open_parts_of_answered() -> int:
    with unit_of_work() as session:
        asked = (
            "SELECT count(*) FROM complaint_parts JOIN complaints ON complaints.id = complaint_id"
            " WHERE state = 'answered' AND complaint_parts.answered_at IS NULL"
        )
        return session.scalar(text(asked)) or 0


def test_no_reply_passes_by_a_department_just_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    results = ask_while_replying(demand(), monkeypatch)
    assert refusals(results, AlreadyAnswered) + refusals(results, PartsOpen) == 1
    assert open_parts_of_answered() == 0


def test_control_without_taking_turns_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = demand()

    def unheld(session: Session, complaint_id: int) -> Complaint:
        found = session.get_one(Complaint, complaint_id)
        session.expunge(found)  # its lead is not written, which would take turns again
        return found

    monkeypatch.setattr(joint, "held", unheld)
    ask_while_replying(complaint, monkeypatch)
    assert open_parts_of_answered() == 1
    with unit_of_work() as session:
        assert session.query(ComplaintPart).count() == 1
