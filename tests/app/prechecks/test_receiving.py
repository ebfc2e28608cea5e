"""At the window with the visit code: originals are compared, and what has passed is not asked for again."""

import contextlib
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.cases import correcting, corrections
from app.cases.correction_points import Reason
from app.cases.dossier import Dossier
from app.cases.errors import HelpedBefore
from app.cases.models import Case
from app.cases.precheck_errors import (
    DifferenceUnsaid,
    OriginalsUnticked,
    PassedBefore,
    PassOver,
    PassUsed,
)
from app.cases.precheck_models import PrecheckState
from app.cases.prechecked import Standing
from app.cases.states import State
from app.centres.models import CalendarDay, DayKind
from app.db import unit_of_work
from app.desk import duties
from app.fees import queries as fees
from app.prechecks import queries
from tests import case_fixtures
from tests.assistance_fixtures import helped, helper, typed
from tests.case_fixtures import FRONT_DESK
from tests.catalogue_fixtures import item
from tests.city_fixtures import MONDAY
from tests.precheck_fixtures import (
    PICTURE,
    ask,
    change,
    differ,
    draft,
    of_field,
    of_material,
    originals,
    pass_,
    passed,
    receive,
    round_of,
    standing,
)


def test_who_brings_the_originals_is_accepted_at_once(citizen: int) -> None:
    case_no, found = passed(citizen)

    case = receive(found)

    assert (case.state, case.submitted_at is not None) == (State.ACCEPTED, True)
    assert round_of(case_no).state == PrecheckState.USED
    assert case_fixtures.kinds(case_no)[-2:] == ["submitted", "accepted"]


def test_every_original_is_compared(citizen: int) -> None:
    _, found = passed(citizen)
    assert PICTURE in originals(found)

    with pytest.raises(OriginalsUnticked):
        receive(found, compared=[])


def test_a_code_is_used_once(citizen: int) -> None:
    _, found = passed(citizen)
    receive(found)

    with pytest.raises(PassUsed):
        receive(found)


def test_what_was_changed_after_the_pass_is_not_taken_for_it(citizen: int) -> None:
    case_no, found = passed(citizen)
    change(citizen, case_no, address="别处")

    with pytest.raises(PassOver):
        receive(found)


def test_an_old_pass_is_none(citizen: int) -> None:
    _, found = passed(citizen)

    with clock.stopped_at(MONDAY + timedelta(days=31)), pytest.raises(PassOver):
        receive(found)


def test_a_round_that_nobody_passed_opens_nothing(citizen: int) -> None:
    found = ask(citizen, draft(citizen))

    with pytest.raises(PassOver):
        receive(found)


def test_who_passed_and_hands_in_from_home_uses_the_pass_too(citizen: int) -> None:
    case_no, found = passed(citizen)

    case_fixtures.submit(citizen, case_no)

    assert round_of(case_no).state == PrecheckState.USED
    with pytest.raises(PassUsed):
        receive(found)


@pytest.mark.parametrize("point", [of_field(), of_material(PICTURE)])
def test_what_has_passed_is_not_asked_for_again(citizen: int, point: correcting.Ticked) -> None:
    case_no, _ = passed(citizen)
    case_fixtures.submit(citizen, case_no)

    with pytest.raises(PassedBefore), unit_of_work() as session:
        correcting.ask(session, case_no=case_no, officer=FRONT_DESK, points=[point])


def test_an_original_that_differs_is_said_in_the_one_notice(citizen: int) -> None:
    _, found = passed(citizen)

    case = differ(found, **{PICTURE: "原件上的人不是申请人"})

    with unit_of_work() as session:
        notice = corrections.of_case(session, case)
    assert notice is not None
    assert case.state == State.CORRECTION
    assert [(one.target, one.reason, one.how) for one in notice.points] == [
        (PICTURE, Reason.ORIGINAL_DIFFERS, "原件上的人不是申请人。请按原件重新拍照上传")
    ]


@pytest.mark.parametrize("found", [{}, {PICTURE: " "}, {"OTHER": "不一样"}])
def test_a_difference_is_said_in_words(citizen: int, found: dict[str, str]) -> None:
    _, precheck = passed(citizen)

    with pytest.raises(DifferenceUnsaid):
        differ(precheck, **found)


def test_who_helped_to_fill_it_in_neither_passes_nor_accepts_it(citizen: int) -> None:
    case_no, clerk, colleague = draft(citizen), helper(), replace(FRONT_DESK, clerk_id=helper("李").clerk_id)
    typed(clerk, helped(citizen, clerk), case_no, address="示例市示例路3号")
    found = ask(citizen, case_no)

    with pytest.raises(HelpedBefore):
        pass_(found, duties.officer(clerk))
    pass_(found, colleague)
    with pytest.raises(HelpedBefore):
        receive(found, officer=duties.officer(clerk))
    assert receive(found, officer=colleague).state == State.ACCEPTED


def test_a_later_guide_takes_nothing_of_a_pass_away(citizen: int) -> None:
    case_no, found = passed(citizen)
    brought = originals(found)
    more = [
        *item()["materials"],
        {**item()["materials"][1], "material_code": "ID-LOST-M09", "name": "新材料"},
    ]
    case_fixtures.publish_id_lost(task_version=2, materials=more, fees=[], precheck_days=2)

    assert standing(case_no) is Standing.PASSED
    assert originals(found) == brought
    case = receive(found)

    assert case.state == State.ACCEPTED
    with unit_of_work() as session:
        assert [bill.amount_fen for bill in fees.of_case(session, case_id=case.id)] == [4000]


def test_where_to_bring_it_is_said_as_of_today(citizen: int) -> None:
    case_no, _ = passed(citizen)
    case_fixtures.publish_id_lost(task_version=2, transact_centers=["C02"])

    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        visit = queries.visit(session, Dossier(session, case))

    assert visit is not None
    assert [hall.id for hall in visit.halls] == ["C02"]


def test_a_pass_whose_last_day_is_a_holiday_holds_until_the_office_works_again(citizen: int) -> None:
    # 30 days from 4 September 2026 end within the holidays of October, of which the 8th is worked.
    with clock.stopped_at(datetime(2026, 9, 4, 9, tzinfo=clock.SHANGHAI)):
        case_no, found = passed(citizen)
        assert round_of(case_no).holds_until == date(2026, 10, 8)

    with clock.stopped_at(datetime(2026, 10, 9, 9, tzinfo=clock.SHANGHAI)), pytest.raises(PassOver):
        receive(found)
    with clock.stopped_at(datetime(2026, 10, 8, 9, tzinfo=clock.SHANGHAI)):
        assert receive(found).state == State.ACCEPTED


def test_a_holiday_that_is_made_known_later_lets_it_hold_longer(citizen: int) -> None:
    case_no, found = passed(citizen)
    last = round_of(case_no).holds_until
    assert last == date(2026, 12, 16)
    with unit_of_work() as session:
        session.add(CalendarDay(day=last, kind=DayKind.OFF.value, name="停电", provisional=False))

    with clock.stopped_at(datetime(2026, 12, 17, 9, tzinfo=clock.SHANGHAI)):
        assert receive(found).state == State.ACCEPTED


@pytest.mark.parametrize(("point", "asked"), [(of_field("address"), True), (of_material(PICTURE), False)])
def test_an_own_later_edit_costs_only_what_was_edited(
    citizen: int, point: correcting.Ticked, *, asked: bool
) -> None:
    case_no, _ = passed(citizen)
    change(citizen, case_no, address="示例市示例路9号")
    case_fixtures.submit(citizen, case_no)

    with contextlib.nullcontext() if asked else pytest.raises(PassedBefore), unit_of_work() as session:
        correcting.ask(session, case_no=case_no, officer=FRONT_DESK, points=[point])


def test_a_pass_that_had_run_out_before_handing_in_covers_nothing(citizen: int) -> None:
    case_no, _ = passed(citizen)

    with clock.stopped_at(MONDAY + timedelta(days=31)):
        change(citizen, case_no, address="示例市示例路9号")
        case_fixtures.submit(citizen, case_no)
        with unit_of_work() as session:
            correcting.ask(session, case_no=case_no, officer=FRONT_DESK, points=[of_material(PICTURE)])


def test_what_was_changed_back_can_be_brought(citizen: int) -> None:
    case_no, found = passed(citizen)
    change(citizen, case_no, address="别处")
    change(citizen, case_no, address=case_fixtures.FORM["address"])

    assert receive(found).state == State.ACCEPTED
