"""One department decides, others are heard first, in any order (并联审批)."""

from datetime import date

import pytest
from sqlalchemy import select

from app import clock
from app.assistance import service as assistance
from app.assistance.models import AssistAct
from app.cases.approval_errors import ApprovalPending, ApprovalSettled
from app.cases.approval_models import HeadApproval
from app.cases.errors import HelpedBefore, RefusalUnfounded
from app.cases.models import Case
from app.cases.opinion_errors import (
    ObjectionUnanswered,
    ObjectionUnapproved,
    OpinionGiven,
    OpinionNotFound,
    OpinionOver,
    OpinionsMissing,
    OpinionUnsaid,
    TakingBackUnfounded,
)
from app.cases.opinion_models import Answer, OpinionState
from app.catalogue import rules
from app.db import unit_of_work
from tests import case_fixtures, clock_fixtures, document_fixtures
from tests import head_fixtures as heads
from tests import opinion_fixtures as opinions
from tests.catalogue_fixtures import item
from tests.city_fixtures import MONDAY
from tests.opinion_fixtures import HOUSING, PLANNING, POLICE
from tests.people_fixtures import make_citizen


def test_acceptance_asks_every_department_at_once() -> None:
    case_no = opinions.accepted()
    asked = opinions.requests(case_no)

    assert {name: one.due_on for name, one in asked.items()} == {
        POLICE: date(2026, 11, 18),
        PLANNING: date(2026, 11, 18),
    }
    assert (
        "已同时向市公安局、市自然资源和规划局征求意见（征求意见 0/2），最晚2026年11月18日回复"
        in opinions.story(case_no)
    )


@pytest.mark.parametrize("order", [(POLICE, PLANNING, HOUSING), (HOUSING, PLANNING, POLICE)])
def test_three_departments_answer_in_any_order_and_then_it_is_granted(order: tuple[str, ...]) -> None:
    case_no = opinions.accepted(*(opinions.asked(name) for name in (POLICE, PLANNING, HOUSING)))
    asked = opinions.requests(case_no)
    for name in order[:2]:
        opinions.give(asked[name])
    with pytest.raises(OpinionsMissing):
        case_fixtures.decide(case_no)
    opinions.give(asked[order[2]])

    assert f"{order[2]}已回复：同意（征求意见 3/3）" in opinions.story(case_no)
    assert case_fixtures.decide(case_no).granted


def test_an_objection_needs_its_reason_and_its_law() -> None:
    request = opinions.requests(opinions.accepted())[POLICE]
    with pytest.raises(OpinionUnsaid) as refused:
        opinions.give(request, Answer.OBJECTS)

    assert set(refused.value.errors or {}) == {"said", "legal_basis"}


def test_conditions_are_said() -> None:
    request = opinions.requests(opinions.accepted())[POLICE]
    with pytest.raises(OpinionUnsaid):
        opinions.give(request, Answer.ON_CONDITION)
    given = opinions.give(request, Answer.ON_CONDITION, said="夜间十点后不得占用")

    assert (given.answer_text, given.said) == ("有条件同意", "夜间十点后不得占用")


def test_the_lead_grants_against_an_objection_only_with_a_reason() -> None:
    case_no = opinions.accepted()
    asked = opinions.requests(case_no)
    opinions.object_to(asked[POLICE])
    opinions.give(asked[PLANNING])
    with pytest.raises(ObjectionUnanswered):
        case_fixtures.decide(case_no)
    with pytest.raises(ObjectionUnapproved):
        case_fixtures.decide(case_no, reason="已现场核实，另留四米消防通道")


def objected() -> str:
    """A case about which all have answered, and the police said no."""
    case_no = opinions.accepted()
    asked = opinions.requests(case_no)
    opinions.object_to(asked[POLICE])
    opinions.give(asked[PLANNING])
    return case_no


def test_the_head_approves_a_grant_against_an_objection_and_it_is_granted_at_once() -> None:
    case_no = objected()
    with pytest.raises(ObjectionUnanswered):
        heads.ask_grant(case_no, reason="")
    heads.ask_grant(case_no)
    heads.approve(case_no)
    case = clock_fixtures.case_of(case_no)

    assert (case.granted, case.decision_reason) == (True, "已现场核实，另留四米消防通道")
    assert "经审查，有部门不同意，经负责人周局长批准，准予办理，结果已生成" in opinions.story(case_no)


def test_a_head_who_helped_the_applicant_leaves_the_grant_to_another() -> None:
    case_no, head = objected(), heads.a_head()
    asked, case = heads.ask_grant(case_no), clock_fixtures.case_of(case_no)
    with unit_of_work() as session:
        beside = assistance.begin_on_paper(
            session,
            citizen_id=make_citizen("林秀英"),
            clerk_id=head.clerk_id,
            centre_id="C01",
            document="居民身份证",
        )
        act = {"reference": f"case:{case.id}", "kind": "form", "sentence": "填写了申请表", "at": clock.now()}
        session.add(AssistAct(assistance_id=beside.id, **act))

    with pytest.raises(HelpedBefore):
        heads.settle(asked, approved=True, head=head)


def test_what_waits_for_the_head_ends_with_its_case() -> None:
    case_no = objected()
    asked = heads.ask_grant(case_no)
    with pytest.raises(ApprovalPending):
        heads.ask_grant(case_no)
    case_fixtures.decide(case_no, granted=False, reason="不符合规划", legal_basis="《城市道路管理条例》")
    with unit_of_work() as session:
        ended = session.get_one(HeadApproval, asked.id)

    assert (ended.ended_at is not None, ended.approved) == (True, None)
    with pytest.raises(ApprovalSettled):
        heads.settle(asked, approved=True)


def test_the_lead_may_refuse_without_waiting_and_the_others_are_waited_for_no_more() -> None:
    case_no = opinions.accepted()
    with pytest.raises(RefusalUnfounded):
        case_fixtures.decide(case_no, granted=False)
    case_fixtures.decide(case_no, granted=False, reason="不符合规划", legal_basis="《城市道路管理条例》")
    request = opinions.requests(case_no)[POLICE]

    assert request.state == OpinionState.ENDED
    with pytest.raises(OpinionOver):
        opinions.give(request)


def test_another_department_finds_nothing_and_nobody_answers_twice() -> None:
    request = opinions.requests(opinions.accepted())[POLICE]
    with pytest.raises(OpinionNotFound):
        opinions.give(request, officer=opinions.officer_of(PLANNING))
    opinions.give(request)
    with pytest.raises(OpinionGiven):
        opinions.give(request)


def test_a_department_is_asked_no_more_only_with_a_reason() -> None:
    case_no = opinions.accepted()
    asked = opinions.requests(case_no)
    with pytest.raises(TakingBackUnfounded):
        opinions.take_back(asked[PLANNING], why=" ")
    opinions.take_back(asked[PLANNING])
    opinions.give(asked[POLICE])

    assert "不再征求市自然资源和规划局的意见：这次占用不涉及地下管线" in opinions.story(case_no)
    assert case_fixtures.decide(case_no).granted


def test_a_withdrawn_case_waits_for_nobody() -> None:
    case_no = opinions.accepted()
    with unit_of_work() as session:
        citizen_id = session.scalars(select(Case.citizen_id).where(Case.case_no == case_no)).one()
    case_fixtures.withdraw(citizen_id, case_no)

    assert {one.state for one in opinions.requests(case_no).values()} == {OpinionState.ENDED}


def test_drawings_are_reviewed_within_seven_working_days() -> None:
    with clock.stopped_at(MONDAY.replace(month=6, day=15)):
        case_no = opinions.accepted(opinions.asked(POLICE, days=7))

        assert opinions.requests(case_no)[POLICE].due_on == date(2026, 6, 25)


def test_the_opinions_of_four_departments_are_one_notice(deliver: object) -> None:
    departments = (POLICE, PLANNING, HOUSING, "市消防救援支队")
    case_no = opinions.accepted(*(opinions.asked(name, days=7) for name in departments))
    for name, request in opinions.requests(case_no).items():
        opinions.give(request, Answer.ON_CONDITION, said=f"{name}的条件")
    deliver()  # type: ignore[operator]
    (notice,) = [one for one in document_fixtures.of_case(case_no) if one.kind == "opinions"]

    assert notice.title == "并联审批意见汇总通知书"
    assert all(f"{name}的条件" in notice.sealed_content for name in departments)


def test_every_item_of_the_city_that_asks_others_says_so_rightly() -> None:
    asking = [item(key) for key in ("road-occupy", "construct-permit", "public-rent", "dibao")]

    assert all(len(one["joint_opinions"]) > 1 for one in asking)
    assert [fault for one in asking for fault in rules.check(one) if fault.refuses] == []
