"""The head approves an extension once, and never one's own (负责人批准延期)."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.cases import head_approvals
from app.cases.approval_errors import ApprovalPending, ApprovalSettled, NotYourOwnApproval
from app.cases.approval_models import HeadApproval
from app.cases.clock_errors import ExtendedBefore, ExtensionDaysUnfit
from app.cases.clock_models import CaseExtension
from app.cases.models import Case
from app.cases.officers import Officer
from app.db import unit_of_work
from tests import case_fixtures, clock_fixtures
from tests import head_fixtures as heads
from tests.case_fixtures import APPROVER, OTHER_APPROVER
from tests.city_fixtures import load_city
from tests.races import Meeting, refusals, together


@pytest.fixture(autouse=True)
def on_monday(database: None) -> Iterator[None]:
    del database
    with clock_fixtures.on(date(2026, 11, 16)):
        load_city()
        yield


@pytest.fixture
def case_no() -> str:
    return clock_fixtures.accepted()


def ask(case_no: str, officer: Officer = APPROVER, days: int = 10) -> HeadApproval:
    with unit_of_work() as session:
        return head_approvals.ask_extension(
            session, case_no=case_no, officer=officer, days=days, reason="加工间正在按要求改造"
        )


def test_what_could_not_be_extended_is_not_asked_for(case_no: str) -> None:
    with pytest.raises(ExtensionDaysUnfit):
        ask(case_no, days=11)


def test_the_extension_names_who_approved_and_who_asked(case_no: str) -> None:
    ask(case_no)
    heads.approve(case_no)
    with unit_of_work() as session:
        extension = session.scalars(select(CaseExtension)).one()

    assert (extension.approved_by, extension.clerk_name) == ("周局长", APPROVER.name)
    with pytest.raises(ExtendedBefore):
        ask(case_no)


def test_whoever_asks_does_not_approve(case_no: str) -> None:
    asked = ask(case_no)
    both = Officer(APPROVER.clerk_id, APPROVER.name, frozenset({"approver", "head"}))
    with pytest.raises(NotYourOwnApproval):
        heads.settle(asked, approved=True, head=both)


def test_after_a_no_one_may_ask_again(case_no: str) -> None:
    heads.settle(ask(case_no), approved=False)

    assert ask(case_no).settled_at is None


def test_the_head_and_whoever_has_the_case_do_not_wait_in_a_circle(case_no: str) -> None:
    asked, head, begun = ask(case_no), heads.a_head(), Meeting()

    def has_the_case() -> None:
        with unit_of_work() as session:
            session.get_one(Case, asked.case_id, with_for_update=True)
            begun.wait()
            # Long enough for the head to come as far as the row of the case.
            Meeting().wait()
            session.get_one(HeadApproval, asked.id, with_for_update=True)

    def approves() -> None:
        begun.wait()
        heads.settle(asked, approved=True, head=head)

    assert together(has_the_case, approves) == [None, None]


def test_of_two_who_ask_at_once_one_waits(case_no: str) -> None:
    both: list[Any] = [partial(ask, case_no), partial(ask, case_no, OTHER_APPROVER)]

    assert refusals(together(*both), ApprovalPending) == 1


def test_of_a_yes_and_a_no_at_once_one_counts(case_no: str) -> None:
    asker = Officer(99, "李审批", frozenset({"approver"}))
    asked, first, second = ask(case_no, asker), heads.a_head(), heads.a_head("吴局长")
    calls: list[Any] = [
        partial(heads.settle, asked, approved=True, head=first),
        partial(heads.settle, asked, approved=False, head=second),
    ]
    assert refusals(together(*calls), ApprovalSettled) == 1

    extended = "limit_extended" in case_fixtures.kinds(case_no)
    with unit_of_work() as session:
        assert session.scalars(select(HeadApproval)).one().approved is extended
