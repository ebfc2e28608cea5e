"""What somebody hears of their record and of the lists, and what nobody else reads (信用消息)."""

import pytest
from sqlalchemy import select

from app import events
from app.cases import credit_marks
from app.cases.models import CaseEvent
from app.clock import stopped_at
from app.db import unit_of_work
from app.events import OutboxRow
from app.promise_checks.plea_models import PleaKind
from credit_system import lists as job
from notifications.models import Message
from tests import case_fixtures
from tests.case_fixtures import CITIZEN_NUMBER
from tests.conftest import Sandbox
from tests.correction_fixtures import stored
from tests.credit_fixtures import SETTLED, ask, broken, decide, proven_citizen
from tests.promise_fixtures import draft, sign

LIST_OWNER = "示例市税务局"


def told(title: str) -> Message:
    """The one message of this title."""
    with stopped_at(SETTLED):
        events.deliver()
    with unit_of_work() as session:
        return session.scalars(select(Message).where(Message.title == title)).one()


def fallen(office: Sandbox) -> str:
    """A case whose promise does not count, for its giver turned out to be listed; its number."""
    entry = {"list": "black", "authority": LIST_OWNER, "reason": "欠税", "since": "2026-01-02"}
    office.post("/_sim/credit/entries", number=CITIZEN_NUMBER, entries=[{**entry, "until": "2027-06-30"}])
    citizen = proven_citizen()
    case_no = draft(citizen)
    sign(citizen, case_no)
    case_fixtures.submit(citizen, case_no)
    case_fixtures.accept(case_no)
    job.follow()
    events.deliver()
    return case_no


def test_who_objected_rightly_hears_that_the_record_is_withdrawn_and_why(office: Sandbox) -> None:
    del office
    decide(ask(broken(proven_citizen()), PleaKind.OBJECTION))
    message = told("记录异议已处理")

    assert "的记录异议已同意，这条失信记录已经结束。理由：情况属实。办件编号" in message.text
    assert "复议" not in message.text


@pytest.mark.parametrize(
    ("kind", "title", "next_step"),
    [
        (PleaKind.OBJECTION, "记录异议已处理", "不服的，可以申请行政复议或者提起行政诉讼"),
        (PleaKind.REPAIR, "信用修复已处理", "改正以后，可以在办件里再申请"),
    ],
)
def test_who_is_refused_hears_why_and_what_to_do_next(
    office: Sandbox, kind: PleaKind, title: str, next_step: str
) -> None:
    del office
    decide(ask(broken(proven_citizen()), kind), granted=False)
    message = told(title)

    assert "没有同意。理由：情况属实。" in message.text
    assert next_step in message.text


def test_who_is_listed_hears_by_whom_until_when_and_what_to_bring(office: Sandbox) -> None:
    fallen(office)
    message = told("需要补交材料")

    assert f"严重失信主体名单（{LIST_OWNER}，到2027年06月30日）" in message.text
    assert "请在2026年11月27日前补交" in message.text
    assert "对名单有异议的，请向列入您的部门提出" in message.text


def test_who_listed_somebody_stands_in_no_plain_column(office: Sandbox) -> None:
    case_no = fallen(office)
    with unit_of_work() as session:
        case_id = stored(case_no).id
        lines = session.scalars(select(CaseEvent.sentence).where(CaseEvent.case_id == case_id)).all()
        (fell,) = session.scalars(select(OutboxRow.payload).where(OutboxRow.name == "PromiseFell")).all()

    assert any("告知承诺不算" in line for line in lines)
    assert LIST_OWNER not in f"{lines}{fell}"


def test_nobody_who_waits_for_no_answer_is_asked_about_again(office: Sandbox) -> None:
    fallen(office)

    assert credit_marks.ask_again() == 0
