"""Which documents a case gets, with which numbers, and that none is ever changed."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import events
from app.cases import service as cases
from app.cases.events import CaseAccepted
from app.cases.models import Case
from app.db import unit_of_work
from app.documents import issuing, numbers, subscribers
from app.documents.errors import CorrectionUnsaid, DocumentNotFound, DocumentReplaced
from app.documents.kinds import Kind
from app.documents.models import Document, DocumentNumber
from tests import case_fixtures, document_fixtures
from tests.case_fixtures import APPROVER
from tests.document_fixtures import BASIS, REASON, of_case, of_kind, words
from tests.races import Meeting, refusals, together

DEPARTMENT = "11350100MB99000138"
EIGHT = 8


def take(_: int = 0) -> str:
    with unit_of_work() as session:
        return numbers.take(session, dept_code=DEPARTMENT, year=2026, kind=Kind.ACCEPTANCE)


def case_of(case_no: str) -> Case:
    with unit_of_work() as session:
        return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def correct(document: Document, said: str = "监督电话写错了，现已改正") -> Document:
    with unit_of_work() as session:
        case = session.get_one(Case, document.case_id)
        return issuing.correct(session, case=case, document_id=document.id, said=said)


def test_an_accepted_case_gets_one_numbered_notice(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    (notice,) = of_case(case_no)

    assert (notice.title, notice.number) == ("业务受理通知书", "〔2026〕受字第000001号")
    assert notice.sha256 is None  # nobody waited for its file


def test_an_event_that_is_heard_twice_makes_one_document(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    with unit_of_work() as session:
        events.publish(session, CaseAccepted(case_of(case_no).id))
    deliver()

    assert len(of_case(case_no)) == 1


def test_an_event_that_two_hear_at_once_makes_one_document(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    event = CaseAccepted(case_of(case_no).id)

    def hear() -> None:
        with unit_of_work() as session:
            subscribers.issue_acceptance(session, event)

    together(*[hear] * 4)

    assert len(of_case(case_no)) == 1


def test_no_number_is_given_twice(city: None) -> None:
    del city
    taken = together(*[take] * EIGHT)

    assert sorted(map(str, taken)) == [numbers.written(2026, "受", serial) for serial in range(1, EIGHT + 1)]


def test_numbers_that_are_looked_up_first_are_given_twice(city: None) -> None:
    """The control: read, then write."""
    del city
    take()
    meeting = Meeting()

    def look_first() -> int:
        with unit_of_work() as session:
            asked = select(DocumentNumber.last).where(DocumentNumber.dept_code == DEPARTMENT)
            last = session.scalars(asked).one()
            meeting.wait()
            session.execute(
                text("UPDATE document_numbers SET last = :last WHERE dept_code = :dept"),
                {"last": last + 1, "dept": DEPARTMENT},
            )
            return last + 1

    assert together(look_first, look_first) == [2, 2]


def test_each_department_year_and_kind_counts_for_itself(city: None) -> None:
    del city
    with unit_of_work() as session:
        taken = [
            numbers.take(session, dept_code=dept, year=year, kind=kind)
            for dept, year, kind in (
                ("A", 2026, Kind.ACCEPTANCE),
                ("B", 2026, Kind.ACCEPTANCE),
                ("A", 2027, Kind.ACCEPTANCE),
                ("A", 2026, Kind.REFUSAL),
                ("A", 2026, Kind.ACCEPTANCE),
            )
        ]

    assert taken == [
        "〔2026〕受字第000001号",
        "〔2026〕受字第000001号",
        "〔2027〕受字第000001号",
        "〔2026〕不准字第000001号",
        "〔2026〕受字第000002号",
    ]


def test_a_whole_case_leaves_its_papers(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    case_fixtures.decide(case_no)
    with unit_of_work() as session:
        cases.close(session, case_no=case_no, officer=APPROVER)
    deliver()

    assert [document.kind for document in of_case(case_no)] == ["acceptance", "grant", "delivery"]
    handed = words(of_kind(case_no, Kind.DELIVERY))
    assert "〔2026〕受字第000001号" in handed
    assert "〔2026〕准字第000001号" in handed


def test_a_refusal_says_why_by_which_law_by_whom_and_what_can_be_done(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    case_fixtures.decide(case_no, granted=False, reason=REASON, legal_basis=BASIS)
    deliver()
    said = words(of_kind(case_no, Kind.REFUSAL))

    for part in (REASON, BASIS, "陈审批", "60日内", "第二十条", "6个月内", "第四十六条", "人民法院"):
        assert part in said


def test_remedies_name_the_organs_of_the_guide(citizen: int, deliver: Any) -> None:
    case_fixtures.publish_id_lost(
        task_version=2,
        reconsideration={"name": "示例市人民政府", "address": "示例路1号", "phone": "0591-00000000"},
        litigation={"name": "示例区人民法院"},
    )
    case_no = case_fixtures.accepted(citizen)
    case_fixtures.decide(case_no, granted=False, reason=REASON, legal_basis=BASIS)
    deliver()
    said = words(of_kind(case_no, Kind.REFUSAL))

    assert "向示例市人民政府（示例路1号，0591-00000000）申请行政复议" in said
    assert "向示例区人民法院提起诉讼" in said


@pytest.mark.parametrize(
    "change",
    ["UPDATE documents SET number = 'x'", "UPDATE documents SET sha256 = 'x'", "DELETE FROM documents"],
)
def test_no_document_is_changed_or_removed(citizen: int, deliver: Any, change: str) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    of_kind(case_no, Kind.ACCEPTANCE)

    with pytest.raises(DBAPIError), unit_of_work() as session:
        session.execute(text(change))


def test_a_mistake_is_mended_by_a_new_document_that_names_the_old(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    old = of_kind(case_no, Kind.ACCEPTANCE)
    new = correct(old)
    said = words(of_kind(case_no, Kind.ACCEPTANCE))

    assert new.replaces_id == old.id
    assert "更正并取代业务受理通知书〔2026〕受字第000001号" in said
    assert "监督电话写错了，现已改正" in said


def test_of_two_who_correct_a_document_at_once_one_is_told(citizen: int, deliver: Any) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()
    old = of_kind(case_no, Kind.ACCEPTANCE)

    assert refusals(together(lambda: correct(old), lambda: correct(old)), DocumentReplaced) == 1
    assert len(of_case(case_no)) == 2


@pytest.mark.parametrize("said", ["", " \n", "\x00", "字" * 501])
def test_a_correction_says_what_was_wrong(citizen: int, deliver: Any, said: str) -> None:
    case_no = case_fixtures.accepted(citizen)
    deliver()

    with pytest.raises(CorrectionUnsaid):
        correct(of_kind(case_no, Kind.ACCEPTANCE), said)


def test_another_cases_document_cannot_be_corrected(citizen: int, deliver: Any) -> None:
    first, second = (case_fixtures.accepted(who) for who in (citizen, case_fixtures.citizen("李四")))
    deliver()
    (theirs,) = document_fixtures.of_case(second)

    def foreign(session: Session) -> None:
        issuing.correct(session, case=case_of(first), document_id=theirs.id, said="改")

    with pytest.raises(DocumentNotFound), unit_of_work() as session:
        foreign(session)
