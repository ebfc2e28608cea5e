"""What a clerk beside a citizen may not do, then and later."""

from dataclasses import replace

import pytest

from app.assistance.errors import (
    AssistanceNotFound,
    AssistanceOver,
    OwnHandOnly,
)
from app.cases import correcting, extending, head_approvals, states
from app.cases import service as cases
from app.cases.correcting import Ticked
from app.cases.correction_points import Kind, Reason
from app.cases.errors import CaseNotFound, FormRefused, HelpedBefore
from app.cases.officers import Officer
from app.cases.states import Step
from app.db import unit_of_work
from app.desk import assisted_cases, assisting, identities, window
from app.fees.models import Bill
from app.organisations.queries import owned
from app.people.models import Citizen
from app.prechecks import answering
from app.staff.models import Role
from app.staff.sessions import OnDuty
from tests import case_fixtures, precheck_fixtures
from tests.assistance_fixtures import begun, beside, helped, helper, typed
from tests.catalogue_fixtures import item, publish
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import on_duty


def handed_in(elder: int, clerk: OnDuty) -> str:
    """A case that the clerk began and the citizen handed in."""
    case_no = begun(clerk, helped(elder, clerk))
    case_fixtures.fill(elder, case_no)
    for code in case_fixtures.mandatory_materials(case_no):
        case_fixtures.add_photo(elder, case_no, code)
    case_fixtures.submit(elder, case_no)
    return case_no


def test_the_clerk_takes_no_step_for_the_citizen(elder: int, clerk: OnDuty) -> None:
    case_no = case_fixtures.ready(elder)
    assistance_id = helped(elder, clerk)

    for step in (cases.submit, cases.withdraw):
        with pytest.raises(OwnHandOnly), beside(clerk, assistance_id) as session:
            step(session, citizen_id=elder, case_no=case_no)
    with pytest.raises(OwnHandOnly), beside(clerk, assistance_id) as session:
        owned(session, Bill, citizen_id=elder, organisation_id=None)


def test_the_account_into_which_money_goes_is_neither_seen_nor_typed(elder: int, clerk: OnDuty) -> None:
    elder_card = item("elder-card")
    publish(elder_card)
    case_no = case_fixtures.start(elder, elder_card["task_code"])
    assistance_id = helped(elder, clerk)

    with unit_of_work() as session:
        shown = assisted_cases.draft(session, clerk=clerk, assistance_id=assistance_id, case_no=case_no)
    keys = {view.field.key for view in shown.fields}
    assert not any(key.startswith("account_") for key in keys)
    with pytest.raises(FormRefused):
        typed(clerk, assistance_id, case_no, delivery="邮寄", applicant_name="别人")


def test_only_drafts_of_the_citizen_are_opened(elder: int, clerk: OnDuty) -> None:
    others, running = case_fixtures.start(make_citizen("陈")), case_fixtures.submitted(elder)
    assistance_id = helped(elder, clerk)

    for case_no in (others, running):
        with pytest.raises(CaseNotFound):
            typed(clerk, assistance_id, case_no, address="示例路1号")
    with unit_of_work() as session:
        table = assisting.table(session, clerk=clerk, assistance_id=assistance_id)
    assert [one.case_no for one in table.under_way] == [running]


def test_another_clerk_has_no_part_in_it(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)

    with pytest.raises(AssistanceNotFound):
        begun(helper("李帮办"), assistance_id)


def test_who_helped_neither_accepts_nor_decides(elder: int, clerk: OnDuty) -> None:
    case_no = handed_in(elder, clerk)
    both = frozenset({"front_desk", "approver"})
    who_helped = Officer(clerk.clerk_id, clerk.name, both)
    colleague = Officer(clerk.clerk_id + 1, "林受理", both)

    with pytest.raises(HelpedBefore), unit_of_work() as session:
        cases.accept(session, case_no=case_no, officer=who_helped)
    with unit_of_work() as session:
        cases.accept(session, case_no=case_no, officer=colleague)
    case_fixtures.pay(case_no)
    with pytest.raises(HelpedBefore), unit_of_work() as session:
        cases.decide(session, case_no=case_no, officer=who_helped, granted=True)


def test_who_helped_takes_no_step_of_the_office_but_closing() -> None:
    offices = {row.step for row in states.TABLE if row.who & states.CLERKS}

    assert offices - states.FOUR_EYES == {Step.CLOSE}
    assert {Step.ASK_CORRECTION, Step.EXTEND, Step.PAUSE, Step.TERMINATE} <= states.FOUR_EYES


def test_who_helped_neither_asks_for_corrections_nor_for_more_time(elder: int, clerk: OnDuty) -> None:
    case_no = handed_in(elder, clerk)
    both = frozenset({"front_desk", "approver"})
    who_helped = Officer(clerk.clerk_id, clerk.name, both)
    points = [Ticked(Kind.FIELD, "address", Reason.UNCLEAR)]

    with pytest.raises(HelpedBefore), unit_of_work() as session:
        correcting.ask(session, case_no=case_no, officer=who_helped, points=points)
    case_fixtures.accept(case_no, replace(who_helped, clerk_id=clerk.clerk_id + 1))
    with pytest.raises(HelpedBefore), unit_of_work() as session:
        head_approvals.ask_extension(session, case_no=case_no, officer=who_helped, days=5, reason="补充核查")
    with pytest.raises(HelpedBefore), unit_of_work() as session:
        extending.extend(
            session, case_no=case_no, officer=who_helped, days=5, reason="补充核查", approved_by="周局长"
        )


def test_who_helped_does_not_say_what_is_to_be_mended_before_the_window(elder: int, clerk: OnDuty) -> None:
    case_no = precheck_fixtures.draft(elder)
    typed(clerk, helped(elder, clerk), case_no, note="腿脚不便")
    precheck_id = precheck_fixtures.ask(elder, case_no)
    who_helped = Officer(clerk.clerk_id, clerk.name, frozenset({"front_desk"}))

    with pytest.raises(HelpedBefore), unit_of_work() as session:
        answering.mend(
            session,
            precheck_id=precheck_id,
            officer=who_helped,
            points=[Ticked(Kind.FIELD, "address", Reason.UNCLEAR)],
        )


def test_who_helped_does_not_say_that_it_is_complete(elder: int, clerk: OnDuty) -> None:
    case_no = precheck_fixtures.draft(elder)
    typed(clerk, helped(elder, clerk), case_no, note="腿脚不便")
    precheck_id = precheck_fixtures.ask(elder, case_no)
    who_helped = Officer(clerk.clerk_id, clerk.name, frozenset({"front_desk"}))

    with pytest.raises(HelpedBefore), unit_of_work() as session:
        answering.pass_(session, precheck_id=precheck_id, officer=who_helped)
    with unit_of_work() as session:
        colleague = Officer(clerk.clerk_id + 1, "林受理", frozenset({"front_desk"}))
        answering.pass_(session, precheck_id=precheck_id, officer=colleague)


def test_it_ends_with_an_identity_that_is_taken_back(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)
    supervisor = on_duty(Role.SUPERVISOR, name="周督查")
    with unit_of_work() as session:
        session.get_one(Citizen, elder).id_number = case_fixtures.CITIZEN_NUMBER
        met = window.meet(session, clerk=supervisor, citizen_id=elder, document="居民身份证")
        identities.withdraw(session, clerk=supervisor, presence_id=met, reason="认错了人")

    with pytest.raises(AssistanceOver):
        begun(clerk, assistance_id)
