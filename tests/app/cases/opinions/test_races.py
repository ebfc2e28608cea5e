"""Two who meet over one opinion, each race with the control that shows the bug when its guard is off."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.cases import opinion_asking as asking
from app.cases import opinion_giving as giving
from app.cases import opinions as queries
from app.cases import queries as case_queries
from app.cases.models import Case
from app.cases.opinion_errors import OpinionGiven
from app.cases.opinion_models import OpinionRequest, OpinionState
from app.cases.opinions import Progress
from app.db import unit_of_work
from app.desk import opinions as desk
from app.staff.models import Role
from tests import case_fixtures
from tests import opinion_fixtures as opinions
from tests.city_fixtures import MONDAY
from tests.opinion_fixtures import PLANNING, POLICE
from tests.races import Meeting, Overtaking, refusals, together
from tests.staff_fixtures import on_duty

THURSDAY = MONDAY.replace(day=19).date()


def refuse_road(case_no: str) -> None:
    case_fixtures.decide(case_no, granted=False, reason="不符合规划", legal_basis="《城市道路管理条例》")


def meet_after_holding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both come to the case before one of them writes; a lock keeps one of them away."""
    meeting, hold = Meeting(), giving.hold

    def held(session: Session, request: OpinionRequest) -> Case:
        found = hold(session, request)
        meeting.wait()
        return found

    monkeypatch.setattr(giving, "hold", held)


def nobody_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The case is only read."""

    def read(session: Session, request: OpinionRequest) -> Case:
        return session.get_one(Case, request.case_id)

    monkeypatch.setattr(giving, "hold", read)


def settle_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is brought to its end whether it is open or not."""

    def settled(session: Session, request_id: int, *, state: OpinionState, **values: object) -> Any:
        change = update(OpinionRequest).where(OpinionRequest.id == request_id)
        cleared = {"answer": None, "clerk_id": None, "clerk_name": None, "said": None, "legal_basis": None}
        whole = {**cleared, "state": state.value, "settled_at": clock.now(), **values}
        return session.scalars(change.values(**whole).returning(OpinionRequest)).one()

    monkeypatch.setattr(asking, "settle", settled)


def meet_before_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both looked at everything before one of them writes."""
    meeting, settle = Meeting(), asking.settle

    def settled(*where: Any, **values: Any) -> OpinionRequest | None:
        meeting.wait()
        return settle(*where, **values)

    monkeypatch.setattr(asking, "settle", settled)


def settlings(case_no: str) -> list[str]:
    return [kind for kind in case_fixtures.kinds(case_no) if kind in {"opinion_given", "opinion_silent"}]


def last_word_and_silence(case_no: str) -> list[Any]:
    request = opinions.requests(case_no)[PLANNING]
    calls: list[Any] = [
        partial(opinions.give, request, officer=opinions.officer_of(PLANNING)),
        partial(opinions.fall_silent, request, today=THURSDAY),
    ]
    return together(*calls)


def test_a_last_word_and_the_job_of_silence_do_not_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    meet_after_holding(monkeypatch)
    last_word_and_silence(case_no)

    assert len(settlings(case_no)) == 1


def test_control_without_the_guards_a_word_is_given_and_silent_too(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    nobody_holds(monkeypatch)
    settle_blindly(monkeypatch)
    meet_before_settling(monkeypatch)
    last_word_and_silence(case_no)

    assert sorted(settlings(case_no)) == ["opinion_given", "opinion_silent"]


def two_of_one_department(case_no: str) -> list[Any]:
    request = opinions.requests(case_no)[POLICE]
    first, second = opinions.officer_of(POLICE), opinions.officer_of(POLICE)
    return together(
        partial(opinions.give, request, officer=first), partial(opinions.give, request, officer=second)
    )


def test_of_two_clerks_of_one_department_one_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    meet_after_holding(monkeypatch)

    assert refusals(two_of_one_department(case_no), OpinionGiven) == 1
    assert settlings(case_no) == ["opinion_given"]


def test_control_without_the_guards_both_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    nobody_holds(monkeypatch)
    settle_blindly(monkeypatch)
    meet_before_settling(monkeypatch)
    two_of_one_department(case_no)

    assert settlings(case_no) == ["opinion_given", "opinion_given"]


def two_last_words(case_no: str) -> None:
    asked = opinions.requests(case_no)
    police, planning = opinions.officer_of(POLICE), opinions.officer_of(PLANNING)
    together(
        partial(opinions.give, asked[POLICE], officer=police),
        partial(opinions.give, asked[PLANNING], officer=planning),
    )


def test_of_two_last_words_at_once_one_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    meet_after_holding(monkeypatch)
    two_last_words(case_no)

    assert case_fixtures.published().count("OpinionsIn") == 1


def test_control_without_the_lock_nobody_notices_that_all_are_in(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    nobody_holds(monkeypatch)
    meeting, count = Meeting(), queries.progress

    def counted(found: Sequence[OpinionRequest]) -> Progress:
        meeting.wait()
        return count(found)

    monkeypatch.setattr(queries, "progress", counted)
    two_last_words(case_no)

    assert case_fixtures.published().count("OpinionsIn") == 0


def take_back_slowly(case_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lead takes a request back and stops to think just before; meanwhile the case is refused."""
    race, settle, request = Overtaking(), asking.settle, opinions.requests(case_no)[PLANNING]

    def settled(*where: Any, **values: Any) -> OpinionRequest | None:
        race.dawdle()
        return settle(*where, **values)

    monkeypatch.setattr(asking, "settle", settled)
    clerk = on_duty(Role.APPROVER)

    def take_back() -> None:
        with unit_of_work() as session:
            desk.take_back(session, clerk=clerk, case_no=case_no, request_id=request.id, why="不涉及规划")

    race.happens(take_back, partial(refuse_road, case_no))


def after_the_decision(case_no: str) -> list[str]:
    kinds = case_fixtures.kinds(case_no)
    return kinds[kinds.index("decided") + 1 :]


def test_no_request_is_taken_back_after_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = opinions.accepted()
    take_back_slowly(case_no, monkeypatch)

    assert after_the_decision(case_no) == []


def test_control_without_the_guards_it_is_taken_back_after_the_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_no = opinions.accepted()
    find = case_queries.for_clerk
    monkeypatch.setattr(
        case_queries, "for_clerk", lambda session, **said: find(session, **{**said, "hold": False})
    )
    settle_blindly(monkeypatch)
    take_back_slowly(case_no, monkeypatch)

    assert after_the_decision(case_no) == ["opinion_taken_back"]


def test_a_refusal_and_an_opinion_leave_no_opinion_of_a_decided_case_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_no = opinions.accepted()
    request = opinions.requests(case_no)[POLICE]
    officer = opinions.officer_of(POLICE)
    meet_after_holding(monkeypatch)
    calls: list[Any] = [partial(opinions.give, request, officer=officer), partial(refuse_road, case_no)]
    together(*calls)

    assert {one.state for one in opinions.requests(case_no).values()} <= {"given", "ended"}
