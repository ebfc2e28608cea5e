"""A clerk passes a draft, or says all at once what is to be mended; a later round names nothing old."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.cases.correcting import Ticked
from app.cases.correction_errors import BeyondGuide, NothingToAsk, PaperAskedAgain
from app.cases.correction_points import Kind, Reason
from app.cases.officers import Officer
from app.cases.precheck_errors import (
    NamedTooLate,
    PrecheckChanged,
    PrecheckNotFound,
    PrecheckOver,
)
from app.cases.prechecked import Standing
from app.db import unit_of_work
from app.materials import queries as photos
from app.materials import service as materials
from app.prechecks import answering
from app.supervision import watching
from notifications.models import Message
from tests.bundle_fixtures import tell
from tests.city_fixtures import MONDAY
from tests.precheck_fixtures import (
    PICTURE,
    ask,
    change,
    draft,
    mend,
    of_field,
    of_material,
    pass_,
    passed,
    round_of,
    standing,
)


def test_a_pass_says_until_when_it_holds(citizen: int) -> None:
    case_no, _ = passed(citizen)

    row = round_of(case_no)
    assert (row.clerk_name, row.holds_until) == ("林受理", clock.local(MONDAY).date() + timedelta(days=30))
    assert standing(case_no) is Standing.PASSED


def test_all_points_are_said_at_once_and_the_draft_is_free_again(citizen: int) -> None:
    case_no = draft(citizen)

    mend(ask(citizen, case_no), of_material(PICTURE), of_field())

    assert standing(case_no) is Standing.TO_MEND
    change(citizen, case_no, address="示例市示例路2号")
    assert "证件照片" in last_message(citizen)
    assert "联系地址" in last_message(citizen)


def last_message(citizen: int) -> str:
    """What the phone of a citizen says."""
    tell()
    told = select(Message.text).where(Message.citizen_id == citizen).order_by(Message.id.desc())
    with unit_of_work() as session:
        return session.scalars(told.limit(1)).one()


def test_a_pass_is_told(citizen: int) -> None:
    passed(citizen)

    assert "带原件到窗口" in last_message(citizen)


def test_a_later_round_names_only_what_changed_or_was_named(citizen: int) -> None:
    case_no = draft(citizen)
    mend(ask(citizen, case_no), of_material(PICTURE))
    change(citizen, case_no, address="示例市示例路2号")
    second = ask(citizen, case_no)

    with pytest.raises(NamedTooLate) as refused:
        mend(second, of_field("phone"), of_field("address"))
    assert list(refused.value.errors or {}) == ["phone"]

    mend(second, of_field("address"), of_material(PICTURE))
    assert round_of(case_no).late_reason is None


def test_what_is_named_late_has_its_reason_for_the_applicant(citizen: int) -> None:
    case_no = draft(citizen)
    mend(ask(citizen, case_no), of_material(PICTURE))

    mend(ask(citizen, case_no), of_field("phone"), late_reason="派出所刚核实号码已停用")

    assert round_of(case_no).late_reason == "派出所刚核实号码已停用"


def test_what_passed_before_is_not_named_after_another_change(citizen: int) -> None:
    case_no, _ = passed(citizen)
    change(citizen, case_no, address="示例市示例路2号")

    with pytest.raises(NamedTooLate):
        mend(ask(citizen, case_no), of_material(PICTURE))


@pytest.mark.parametrize(
    ("point", "refusal"),
    [
        (None, NothingToAsk),
        (Ticked(Kind.MATERIAL, "OTHER", Reason.UNCLEAR), BeyondGuide),
        (of_material(PICTURE, Reason.MISSING), PaperAskedAgain),
        (of_material(PICTURE, how="请把证件照片的纸质件交到窗口"), PaperAskedAgain),
    ],
)
def test_nothing_is_asked_for_beyond_the_guide(
    citizen: int, point: Ticked | None, refusal: type[Exception]
) -> None:
    found = ask(citizen, draft(citizen))

    with pytest.raises(refusal):
        mend(found, *([] if point is None else [point]))


def test_what_a_virus_check_took_away_meanwhile_cannot_pass(citizen: int) -> None:
    case_no = draft(citizen)
    found = ask(citizen, case_no)
    with unit_of_work() as session:
        row = round_of(case_no)
        pages = photos.of_case(session, case_id=row.case_id)[PICTURE]
        materials.remove(session, case_id=row.case_id, material_code=PICTURE, photo_id=pages[0].id)

    with pytest.raises(PrecheckChanged):
        pass_(found)
    mend(found, of_material(PICTURE, Reason.MISSING))


def test_an_answer_is_given_once(citizen: int) -> None:
    _, found = passed(citizen)

    with pytest.raises(PrecheckOver):
        pass_(found)
    with pytest.raises(PrecheckOver):
        mend(found, of_material(PICTURE))


def test_another_department_does_not_see_it(citizen: int) -> None:
    found = ask(citizen, draft(citizen))
    foreign = Officer(9, "外单位", frozenset({"front_desk"}), department="别的部门")

    with pytest.raises(PrecheckNotFound), unit_of_work() as session:
        answering.pass_(session, precheck_id=found, officer=foreign)


def test_who_lets_an_applicant_wait_is_told_once(citizen: int) -> None:
    ask(citizen, draft(citizen))

    with clock.stopped_at(MONDAY + timedelta(days=1)):
        assert watching.watch() == 0
    with clock.stopped_at(MONDAY + timedelta(days=2)):
        assert watching.watch() > 0
        assert watching.watch() == 0
