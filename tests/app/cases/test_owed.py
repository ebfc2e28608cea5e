"""A secondary material follows later by a signed promise (容缺受理)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.cases import clock_log, correcting, handing_in, owed_upkeep
from app.cases.clock_models import Happening
from app.cases.correcting import Ticked
from app.cases.correction_errors import BeyondGuide
from app.cases.errors import (
    AlreadyAccepted,
    AlreadySubmitted,
    MaterialNotFound,
    NotYetSubmitted,
    NotYourStep,
    RefusalUnfounded,
    SubmissionIncomplete,
)
from app.cases.opinion_models import OpinionState
from app.cases.owed_errors import (
    AlreadyDelivered,
    DeliveredWithoutPages,
    DeliveryOver,
    MayNotFollow,
    NotDelivered,
    NotOverdue,
    OwedNotFound,
    SendingBackUnsaid,
    StillOwed,
)
from app.cases.states import State
from app.clock import stopped_at
from app.db import unit_of_work
from app.materials.models import Photo
from app.undertakings.errors import NotRead, WordsChanged
from app.undertakings.models import SignedUndertaking
from tests import case_fixtures, opinion_fixtures, owed_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK, add_photo, decide, fill, kinds, published
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import stored
from tests.owed_fixtures import (
    PHOTO,
    bring,
    check,
    choose,
    deliver,
    draft,
    main_material,
    row,
    shown,
    terminate,
)

# Accepted on Monday, three working days: Thursday is the last one.
DUE = date(2026, 11, 19)
TOO_LATE = MONDAY + timedelta(days=4)


@pytest.fixture
def citizen(city: None) -> int:
    """Somebody who lost a card and has no photograph yet."""
    del city
    publish(owed_fixtures.tolerant_item())
    return case_fixtures.citizen()


def test_the_secondary_material_may_be_missing_once_it_is_promised(citizen: int) -> None:
    case_no = draft(citizen)
    with pytest.raises(SubmissionIncomplete) as refused:
        case_fixtures.submit(citizen, case_no)
    assert list(refused.value.errors or {}) == [f"materials.{PHOTO}"]

    choose(citizen, case_no)
    assert case_fixtures.submit(citizen, case_no).state == State.SUBMITTED


def test_a_main_material_cannot_follow_and_its_absence_is_refused(citizen: int) -> None:
    case_no = case_fixtures.start(citizen)
    fill(citizen, case_no)
    with pytest.raises(MayNotFollow):
        shown(citizen, case_no, main_material())
    with pytest.raises(MaterialNotFound):
        shown(citizen, case_no, "NOBODYS")
    choose(citizen, case_no)

    with pytest.raises(SubmissionIncomplete) as refused:
        case_fixtures.submit(citizen, case_no)
    assert list(refused.value.errors or {}) == [f"materials.{main_material()}"]


def test_the_text_names_the_applicant_the_material_and_the_days(citizen: int) -> None:
    choose(citizen, draft(citizen))
    with unit_of_work() as session:
        kept = session.scalars(select(SignedUndertaking)).one()

    assert all(word in kept.sealed_text for word in ("王小明", "证件照片", "3个工作日", "终止办理", "第2版"))
    assert (kept.citizen_id, kept.login_id, kept.platform, len(kept.digest)) == (citizen, 1, "wechat", 64)


def test_other_words_than_those_shown_and_unread_ones_are_not_signed(citizen: int) -> None:
    case_no = draft(citizen)
    with pytest.raises(WordsChanged):
        choose(citizen, case_no, digest="0" * 64)
    with pytest.raises(NotRead):
        choose(citizen, case_no, read=False)


def test_what_was_not_handed_in_yet_owes_nothing_to_bring(citizen: int) -> None:
    with pytest.raises(NotYetSubmitted):
        deliver(citizen, draft(citizen))


def test_whoever_changes_the_name_afterwards_signs_anew(citizen: int) -> None:
    case_no = draft(citizen)
    choose(citizen, case_no)
    fill(citizen, case_no, applicant_name="王大明")
    with pytest.raises(SubmissionIncomplete):
        case_fixtures.submit(citizen, case_no)

    choose(citizen, case_no)
    assert case_fixtures.submit(citizen, case_no).state == State.SUBMITTED


def test_what_is_there_after_all_does_not_follow(citizen: int) -> None:
    case_no = draft(citizen)
    choose(citizen, case_no)
    add_photo(citizen, case_no, PHOTO)
    case_fixtures.submit(citizen, case_no)
    case_fixtures.accept(case_no)
    case_fixtures.pay(case_no)

    assert decide(case_no).granted


def test_acceptance_names_the_last_day_and_nothing_is_granted_before_it_is_there(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)

    assert row(case_no).due_on == DUE
    with pytest.raises(StillOwed):
        decide(case_no)
    bring(citizen, case_no)
    deliver(citizen, case_no)
    with pytest.raises(StillOwed):
        decide(case_no)
    check(case_no)
    assert decide(case_no).granted
    assert [kind for kind in kinds(case_no) if kind.startswith("owed")] == [
        "owed_delivered",
        "owed_confirmed",
    ]


def test_before_acceptance_it_may_be_brought_too(citizen: int) -> None:
    case_no = owed_fixtures.submitted(citizen)
    bring(citizen, case_no)
    deliver(citizen, case_no)
    case_fixtures.accept(case_no)

    assert row(case_no).delivered_at is not None


def test_only_what_is_owed_takes_photos_then_and_nothing_after_it_was_delivered(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)
    with pytest.raises(OwedNotFound):
        add_photo(citizen, case_no, main_material())
    with pytest.raises(DeliveredWithoutPages):
        deliver(citizen, case_no)
    bring(citizen, case_no)
    deliver(citizen, case_no)

    with pytest.raises(AlreadyDelivered):
        add_photo(citizen, case_no, PHOTO)


def test_a_case_that_owes_nothing_refuses_photos_as_before(citizen: int) -> None:
    case_no = draft(citizen)
    add_photo(citizen, case_no, PHOTO)
    case_fixtures.submit(citizen, case_no)
    with pytest.raises(AlreadySubmitted):
        add_photo(citizen, case_no, PHOTO)
    case_fixtures.accept(case_no)

    with pytest.raises(AlreadyAccepted):
        add_photo(citizen, case_no, PHOTO)


def test_what_is_sent_back_is_owed_again_with_three_working_days(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)
    bring(citizen, case_no)
    with stopped_at(MONDAY.replace(day=19)):
        deliver(citizen, case_no)
        with pytest.raises(SendingBackUnsaid):
            check(case_no, right=False)
        check(case_no, right=False, why="照片不清楚，请重拍")
        again = row(case_no)
        with pytest.raises(NotDelivered):
            check(case_no)

    assert (again.delivered_at, again.due_on) == (None, date(2026, 11, 24))
    assert again.sent_back_why == "照片不清楚，请重拍"


def test_it_is_called_to_mind_once(citizen: int) -> None:
    owed_fixtures.accepted(citizen)
    owed_upkeep.remind_of_owed()
    owed_upkeep.remind_of_owed()

    assert published().count("OwedNearlyDue") == 1


def test_after_its_day_it_is_overdue_once_and_nothing_else_happens_by_itself(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)
    bring(citizen, case_no)
    with stopped_at(TOO_LATE):
        owed_upkeep.note_overdue()
        owed_upkeep.note_overdue()
        with pytest.raises(DeliveryOver):
            deliver(citizen, case_no)

    assert stored(case_no).state == State.ACCEPTED
    assert published().count("OwedOverdue") == 1


def test_the_approver_ends_an_overdue_case_with_reason_and_basis(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)
    with pytest.raises(NotOverdue):
        terminate(case_no)
    with stopped_at(TOO_LATE):
        with pytest.raises(NotYourStep):
            terminate(case_no, FRONT_DESK)
        with pytest.raises(RefusalUnfounded):
            terminate(case_no, legal_basis=" ")
        ended = terminate(case_no)

    assert (ended.state, ended.granted, ended.decided_by) == (State.TERMINATED, None, APPROVER.name)
    assert kinds(case_no)[-1] == "terminated"


def test_who_ends_a_case_is_said_once_and_nobody_is_asked_about_it_any_more(citizen: int) -> None:
    publish(owed_fixtures.tolerant_item(joint_opinions=[opinion_fixtures.asked(opinion_fixtures.POLICE)]))
    case_no = owed_fixtures.accepted(citizen)
    with stopped_at(TOO_LATE):
        ended = terminate(case_no)

    with unit_of_work() as session:
        happened = clock_log.of_cases(session, [ended.id])[ended.id]
    stopped = [(one.cause, one.clerk_id) for one in happened if one.kind == Happening.STOPPED]
    assert stopped == [("终止办理", APPROVER.clerk_id)]
    assert opinion_fixtures.requests(case_no)[opinion_fixtures.POLICE].state == OpinionState.ENDED


def test_a_correction_does_not_ask_for_what_follows_later(citizen: int) -> None:
    case_no = owed_fixtures.submitted(citizen)
    with pytest.raises(BeyondGuide), unit_of_work() as session:
        correcting.ask(
            session, case_no=case_no, officer=FRONT_DESK, points=[Ticked("material", PHOTO, "missing")]
        )


def test_the_database_keeps_signed_words_as_they_are(citizen: int) -> None:
    owed_fixtures.submitted(citizen)
    for change in ("UPDATE signed_undertakings SET platform = 'h5'", "DELETE FROM signed_undertakings"):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.execute(text("DELETE FROM owed_materials"))
            session.execute(text(change))


def test_a_page_that_a_clerk_saw_and_sent_back_is_set_aside_and_kept(citizen: int) -> None:
    case_no = owed_fixtures.accepted(citizen)
    bring(citizen, case_no)
    deliver(citizen, case_no)
    check(case_no, right=False, why="照片不清楚，请重拍")
    with unit_of_work() as session:
        page = session.scalars(select(Photo).where(Photo.material_code == PHOTO)).one().id
        handing_in.remove_photo(
            session, citizen_id=citizen, case_no=case_no, material_code=PHOTO, photo_id=page
        )
    with unit_of_work() as session:
        assert session.get_one(Photo, page).set_aside_at is not None
