"""What a clerk may ask to be corrected, and that it is asked once (一次性告知)."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.cases import correcting
from app.cases.correcting import Ticked
from app.cases.correction_errors import (
    BeyondGuide,
    DemandSettled,
    DemandUnfounded,
    NothingToAsk,
    NotYourOwnDemand,
    PaperAskedAgain,
    PointsUnclear,
    SecondNotice,
    TellingOver,
)
from app.cases.correction_points import Kind, Reason
from app.cases.errors import AlreadyAccepted, NotYourStep, WaitsForCorrection
from app.cases.states import State
from app.clock import stopped_at
from app.db import unit_of_work
from app.errors import DomainError
from tests import case_fixtures
from tests import correction_fixtures as fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK, accept, kinds, submitted
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import ADDRESS, SUPERVISOR, ask, demand, mend, notice_of, settle, stored


def test_one_notice_names_everything_that_is_wrong_and_how_to_mend_it(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    notice = notice_of(case_no)

    assert notice is not None
    assert [(point.kind, point.reason) for point in notice.points] == [
        (Kind.FIELD, Reason.WRONG),
        (Kind.MATERIAL, Reason.UNCLEAR),
    ]
    assert notice.points[0].how == "请写到门牌号"
    assert "重新拍" in notice.points[1].how
    assert (notice.asked_by, notice.answer_by) == ("林受理", date(2026, 12, 16))
    assert stored(case_no).state == State.CORRECTION
    assert kinds(case_no)[-1] == "correction_asked"
    assert case_fixtures.published()[-1] == "CorrectionAsked"


def test_the_same_thing_ticked_twice_is_named_once(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no, points=(ADDRESS, ADDRESS))
    notice = notice_of(case_no)

    assert notice is not None
    assert len(notice.points) == 1


def test_a_second_notice_is_refused_though_the_case_waits_again(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    mend(citizen, case_no)
    fixtures.resubmit(citizen, case_no)

    with pytest.raises(SecondNotice):
        ask(case_no, APPROVER)


def test_the_database_itself_holds_one_notice_for_a_case(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    again = text(
        "INSERT INTO case_corrections (case_id, asked_at, clerk_id, clerk_name, sealed_points, sealed_before)"
        " SELECT case_id, asked_at, clerk_id, clerk_name, sealed_points, sealed_before FROM case_corrections"
    )
    with pytest.raises(IntegrityError, match="case_id"), unit_of_work() as session:
        session.execute(again)


@pytest.mark.parametrize(
    ("points", "refusal"),
    [
        ([Ticked("material", "GUARANTEE-LETTER", "missing")], BeyondGuide),
        ([Ticked("field", "mothers_maiden_name", "missing")], BeyondGuide),
        ([Ticked("outside", "outside-1", "beyond_guide")], BeyondGuide),
        ([Ticked("wish", "address", "wrong")], BeyondGuide),
        ([Ticked("field", "a\x00b", "wrong")], BeyondGuide),
        ([Ticked("field", "address", "because")], PointsUnclear),
        ([Ticked("field", "address", "wrong", "很" * 201)], PointsUnclear),
    ],
)
def test_what_the_guide_does_not_ask_for_is_not_asked_for(
    citizen: int, points: list[Ticked], refusal: type[DomainError]
) -> None:
    case_no = submitted(citizen)
    with pytest.raises(refusal) as refused:
        ask(case_no, points=points)

    assert set(refused.value.errors or {}) == {points[0].target}
    assert stored(case_no).state == State.SUBMITTED


def test_a_notice_without_a_point_is_refused(citizen: int) -> None:
    case_no = submitted(citizen)
    with pytest.raises(NothingToAsk), unit_of_work() as session:
        correcting.ask(session, case_no=case_no, officer=FRONT_DESK, points=())


def test_nothing_is_asked_after_acceptance_nor_twice_at_once(citizen: int) -> None:
    accepted, waiting = submitted(citizen), submitted(case_fixtures.citizen("李雷"))
    accept(accepted)
    ask(waiting)

    with pytest.raises(AlreadyAccepted):
        ask(accepted)
    with pytest.raises(WaitsForCorrection):
        ask(waiting)


def test_after_its_day_nothing_is_asked_any_more(citizen: int) -> None:
    case_no = submitted(citizen)
    with stopped_at(MONDAY.replace(day=20)), pytest.raises(TellingOver):
        ask(case_no)


def test_what_the_law_wants_beyond_the_guide_is_confirmed_by_a_second_person_and_shown_as_such(
    citizen: int,
) -> None:
    case_no = submitted(citizen)
    wanted = demand(case_no)
    settle(case_no, wanted)
    ask(case_no, points=[Ticked("outside", f"outside-{wanted}", "")])
    notice = notice_of(case_no)

    assert notice is not None
    assert [(one.label, one.legal_basis, one.confirmed_by) for one in notice.outside] == [
        ("无犯罪记录证明", "某法第三条", "郑督导")
    ]


def test_a_demand_that_nobody_confirmed_is_none(citizen: int) -> None:
    case_no = submitted(citizen)
    refused, waiting = demand(case_no), demand(case_no, name="单位介绍信")
    settle(case_no, refused, confirmed=False)

    for one in (refused, waiting):
        with pytest.raises(BeyondGuide):
            ask(case_no, points=[Ticked("outside", f"outside-{one}", "")])


def test_nobody_confirms_their_own_demand_and_nobody_settles_one_twice(citizen: int) -> None:
    case_no = submitted(citizen)
    mine = demand(case_no, APPROVER)

    with pytest.raises(NotYourOwnDemand):
        settle(case_no, mine, APPROVER)
    settle(case_no, mine, SUPERVISOR)
    with pytest.raises(DemandSettled):
        settle(case_no, mine, case_fixtures.OTHER_APPROVER)


def test_the_database_itself_wants_two_persons(citizen: int) -> None:
    case_no = submitted(citizen)
    demand(case_no)
    alone = text(
        "UPDATE outside_demands SET settled_by = asked_by, settled_by_name = 'x', settled_at = now(),"
        " confirmed = true"
    )
    with pytest.raises(IntegrityError, match="two_persons"), unit_of_work() as session:
        session.execute(alone)


@pytest.mark.parametrize("name", ["", " \x00 ", "很" * 101])
def test_a_demand_says_what_it_wants(citizen: int, name: str) -> None:
    case_no = submitted(citizen)
    with pytest.raises(DemandUnfounded) as refused:
        demand(case_no, name=name)

    assert set(refused.value.errors or {}) == {"name"}


def test_what_was_handed_in_is_not_asked_for_again_on_paper(citizen: int) -> None:
    case_no = submitted(citizen)
    with unit_of_work() as session:
        name = correcting.askable(session, stored(case_no)).materials[fixtures.papers(case_no).target]

    with pytest.raises(PaperAskedAgain):
        demand(case_no, name=f"{name}纸质原件")


def test_only_clerks_ask(citizen: int) -> None:
    case_no = submitted(citizen)
    with pytest.raises(NotYourStep):
        ask(case_no, SUPERVISOR)
