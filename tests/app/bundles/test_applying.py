"""Applying for a bundle: one form, one list of materials, everything handed in at once."""

import pytest
from sqlalchemy import func, select

from app.bundles import applying, starting
from app.bundles.errors import (
    ApplicationNotFound,
    ApplicationWithdrawn,
    BundleIncomplete,
    NoPartOpen,
    NothingToApplyFor,
    NothingToWithdraw,
    PartUnknown,
)
from app.bundles.standing import Standing
from app.cases.errors import FormRefused
from app.cases.forms import opened
from app.db import unit_of_work
from app.materials.models import Photo
from tests import bundle_fixtures, case_fixtures
from tests.bundle_fixtures import (
    BIRTH,
    CARD,
    FOOD,
    HUKOU,
    INSURANCE,
    NEWBORN,
    RESTAURANT,
    SETUP,
    SUBSIDY,
    begin,
    fill,
    grant,
    photograph,
    settle,
    states,
    submit,
    submitted,
    tell,
    whole,
)
from tests.catalogue_fixtures import ID_LOST, item, publish


def save(citizen: int, number: str, **changes: object) -> None:
    with unit_of_work() as session:
        applying.save_form(session, citizen_id=citizen, application_no=number, changes=changes)


def withdraw(citizen: int, number: str) -> None:
    with unit_of_work() as session:
        applying.withdraw(session, citizen_id=citizen, application_no=number)


def start(citizen: int, **more: object) -> starting.Started:
    with unit_of_work() as session:
        return starting.start(session, citizen_id=citizen, bundle_key=NEWBORN, **more)  # type: ignore[arg-type]


def photos() -> int:
    with unit_of_work() as session:
        return session.scalars(select(func.count()).select_from(Photo)).one()


def test_each_part_is_a_case_of_its_own_department(citizen: int) -> None:
    shown = whole(citizen, begin(citizen))

    assert [(part.code, part.part.step) for part in shown.parts] == [
        (BIRTH, 1),
        (HUKOU, 2),
        (INSURANCE, 3),
        (CARD, 3),
        (SUBSIDY, 4),
    ]
    assert len({part.case.dept_name for part in shown.parts}) == 4
    assert shown.standing is Standing.DRAFT


def test_the_live_draft_is_gone_on_with(citizen: int) -> None:
    first, again = start(citizen), start(citizen)

    assert (first.new, again.new) == (True, False)
    assert first.application.application_no == again.application.application_no


def test_only_what_was_chosen_is_applied_for_and_an_empty_step_is_none(citizen: int) -> None:
    shown = whole(citizen, begin(citizen, chosen=[BIRTH, SUBSIDY]))

    assert [(part.code, part.part.step) for part in shown.parts] == [(BIRTH, 1), (SUBSIDY, 2)]


def test_choosing_again_changes_the_draft_and_keeps_what_was_written(citizen: int) -> None:
    number = begin(citizen, chosen=[BIRTH, CARD])
    save(citizen, number, spouse_name="李四")
    begin(citizen, chosen=[BIRTH, HUKOU])

    assert list(states(citizen, number)) == [BIRTH, HUKOU]
    assert opened(whole(citizen, number).parts[0].case.sealed_form).values["spouse_name"] == "李四"


def test_a_lone_draft_is_taken_in_as_it_is(citizen: int) -> None:
    alone = case_fixtures.start(citizen, BIRTH)
    case_fixtures.fill(citizen, alone, spouse_name="李四")
    shown = whole(citizen, begin(citizen))

    assert shown.parts[0].case.case_no == alone
    assert {view.shared.name: view.value for view in shown.fields}["spouse_name"] == "李四"


def test_an_item_out_of_use_is_left_out_and_said(citizen: int) -> None:
    publish(item("sscard-new", task_state="2"))
    started = start(citizen)

    assert len(started.left_out) == 1
    assert CARD not in states(citizen, started.application.application_no)


def test_an_item_of_another_application_is_left_out_and_said(citizen: int) -> None:
    begin(citizen)
    with unit_of_work() as session:
        started = starting.start(session, citizen_id=citizen, bundle_key="flex-job")

    assert started.left_out == ["“城乡居民基本医疗保险参保登记”正在“新生儿出生一件事”里办理，没有列入"]


def test_nothing_is_begun_without_parts(citizen: int) -> None:
    with pytest.raises(PartUnknown):
        start(citizen, chosen=[ID_LOST])
    publish(item("elder-card", task_state="2"))
    with pytest.raises(NothingToApplyFor):
        begin(citizen, "retire")


def test_answers_to_questions_reach_the_part(citizen: int) -> None:
    started = start(citizen, answers={HUKOU: {"parent": "both", "married": "yes"}})
    part = whole(citizen, started.application.application_no).parts[1]

    assert '"married": "yes"' in part.case.sealed_answers


def test_a_field_is_filled_in_once_for_every_part(citizen: int) -> None:
    number = begin(citizen)
    save(citizen, number, child_name="王小小")
    kept = {part.code: opened(part.case.sealed_form).values for part in whole(citizen, number).parts}

    assert kept[HUKOU]["child_name"] == kept[SUBSIDY]["child_name"] == "王小小"
    assert "child_name" not in kept[BIRTH]


def test_a_choice_offers_what_all_parts_accept(citizen: int) -> None:
    fields = {view.shared.name: view.shared for view in whole(citizen, begin(citizen)).fields}

    assert fields["delivery"].field.choices == ("电子推送", "窗口自取")
    assert len(fields["delivery"].askers) == 5


def test_what_is_no_field_is_refused_by_its_name(citizen: int) -> None:
    with pytest.raises(FormRefused) as refused:
        save(citizen, begin(citizen), nonsense="1", phone=5)

    assert set(refused.value.errors or {}) == {"nonsense", "phone"}


def test_a_thing_is_asked_once_with_its_home_and_its_parts(citizen: int) -> None:
    listed = {wanted.name: wanted for wanted in whole(citizen, begin(citizen)).materials}

    assert [part.code for part, _ in listed["居民身份证"].codes] == [BIRTH, INSURANCE, CARD]
    assert listed["居民身份证"].home.code == BIRTH
    assert listed["父母居民身份证"].home.code == HUKOU


def test_what_an_earlier_part_yields_is_not_asked(citizen: int) -> None:
    listed = {wanted.name: wanted for wanted in whole(citizen, begin(citizen, RESTAURANT)).materials}

    assert listed["营业执照"].giver is not None
    assert listed["营业执照"].giver.code == SETUP
    assert begin(citizen, RESTAURANT, [FOOD])
    alone = {wanted.name: wanted for wanted in whole(citizen, begin(citizen, RESTAURANT)).materials}
    assert alone["营业执照"].giver is None


def test_every_gap_is_named_once_with_its_parts(citizen: int) -> None:
    with pytest.raises(BundleIncomplete) as refused:
        submit(citizen, begin(citizen))
    said = refused.value.errors or {}

    assert "用于：出生登记（新生儿落户）、育儿补贴申领" in said["form.child_name"][0]
    cards = [sentences for key, sentences in said.items() if key.endswith("BIRTH-REG-M01")]
    assert len(cards[0]) == 1
    assert "社会保障卡申领" in cards[0][0]


def test_photos_given_once_reach_every_part_without_a_copy(citizen: int) -> None:
    number = begin(citizen)
    fill(citizen, number)
    photograph(citizen, number)
    given = photos()
    submit(citizen, number)

    cards = [part.photos["SSCARD-NEW-M01"] for part in whole(citizen, number).parts if part.code == CARD]
    home = whole(citizen, number).parts[0].photos["BIRTH-REG-M01"]
    assert [photo.storage_key for photo in cards[0]] == [photo.storage_key for photo in home]
    assert photos() > given


def test_the_first_step_is_handed_in_and_the_rest_waits(citizen: int) -> None:
    number = submitted(citizen)

    assert list(states(citizen, number).values()) == ["submitted", "draft", "draft", "draft", "draft"]
    assert whole(citizen, number).standing is Standing.RUNNING


def test_handing_in_again_changes_nothing(citizen: int) -> None:
    number = submitted(citizen)
    before = case_fixtures.published()
    submit(citizen, number)

    assert case_fixtures.published() == before


def test_a_part_taken_back_before_is_none_of_it(citizen: int) -> None:
    number = begin(citizen)
    fill(citizen, number)
    photograph(citizen, number)
    case_fixtures.withdraw(citizen, bundle_fixtures.case_of(number, SUBSIDY))
    submit(citizen, number)

    assert SUBSIDY not in states(citizen, number)


def test_taking_back_ends_what_is_not_decided(citizen: int) -> None:
    number = submitted(citizen)
    grant(number, BIRTH)
    withdraw(citizen, number)
    tell()

    assert list(states(citizen, number).values()) == ["decided", *["withdrawn"] * 4]
    assert whole(citizen, number).standing is Standing.WITHDRAWN
    withdraw(citizen, number)
    with pytest.raises(ApplicationWithdrawn):
        submit(citizen, number)


def test_what_is_all_decided_is_not_taken_back(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH])
    grant(number, BIRTH)

    with pytest.raises(NothingToWithdraw):
        withdraw(citizen, number)
    with pytest.raises(NoPartOpen):
        save(citizen, number, phone="13900000000")


def test_a_new_one_may_be_begun_after_the_old_was_handed_in(citizen: int) -> None:
    number = submitted(citizen, chosen=[BIRTH])
    settle(number, BIRTH)

    assert begin(citizen, chosen=[BIRTH]) != number


def test_nobody_sees_anothers_application(citizen: int) -> None:
    number = begin(citizen)
    other = case_fixtures.citizen("李四")

    with pytest.raises(ApplicationNotFound):
        whole(other, number)
    with pytest.raises(ApplicationNotFound):
        withdraw(other, number)
    with pytest.raises(ApplicationNotFound):
        whole(citizen, "NO\x00PE")
    with pytest.raises(ApplicationNotFound):
        withdraw(citizen, "NO\x00PE")
