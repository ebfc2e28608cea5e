"""Drafts of guides (指南草稿): one at a time, nothing lost, a second person, every rule kept."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.catalogue import queries as catalogue
from app.catalogue.errors import ItemCancelled, ItemReplaced
from app.db import Session, unit_of_work
from app.publishing import jobs, queries, service
from app.publishing.errors import (
    BaseMoved,
    CodeFixed,
    DraftBroken,
    DraftExists,
    DraftMoved,
    DraftNotFound,
    DraftNotThere,
    ItemExists,
    NothingChanged,
    ReasonMissing,
    SecondPersonNeeded,
)
from app.publishing.models import DraftState, GuideDraft
from app.publishing.queries import Author
from tests.app.publishing.conftest import Room
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.city_fixtures import MONDAY
from tests.races import Meeting, refusals, together

NOTE = "先挂失，再补领"
AS_IT_WAS = item()["promise_explain"]


def guide_note() -> str | None:
    with unit_of_work() as session:
        return catalogue.guide(session, task_code=ID_LOST).body.get("promise_explain")


def test_a_released_draft_is_the_next_version(room: Room) -> None:
    draft = room.release(room.hand_in(room.begin(promise_explain=NOTE)))

    assert (draft.state, draft.published_version) == (DraftState.PUBLISHED, 2)
    assert guide_note() == NOTE


def test_nothing_is_public_before_the_second_person_says_so(room: Room) -> None:
    room.hand_in(room.begin(promise_explain=NOTE))

    assert guide_note() != NOTE


def test_whoever_wrote_does_not_release(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))

    with pytest.raises(SecondPersonNeeded):
        room.release(draft, author=room.writer)


def test_the_database_itself_wants_a_second_person(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))

    with pytest.raises(IntegrityError, match="released_by_another"), unit_of_work() as session:
        session.execute(text("UPDATE guide_drafts SET reviewed_by = editors[1]"))
    assert room.now(draft).reviewed_by is None


def test_a_second_writer_may_not_release_either(room: Room) -> None:
    draft = room.save(room.begin(promise_explain=NOTE), author=room.second, keywords=["挂失"])

    with pytest.raises(SecondPersonNeeded):
        room.release(room.hand_in(draft))


def test_an_item_has_one_draft_at_a_time(room: Room) -> None:
    room.begin()

    with pytest.raises(DraftExists):
        room.begin(author=room.second)


def test_two_clerks_who_begin_at_once_get_one_draft(room: Room) -> None:
    results = together(*[room.begin] * 4)

    assert refusals(results, DraftExists) == 3


def test_after_a_publication_the_next_change_can_begin(room: Room) -> None:
    room.release(room.hand_in(room.begin(promise_explain=NOTE)))

    assert room.begin().base_version == 2


def test_the_later_of_two_who_save_learns_of_the_earlier(room: Room) -> None:
    draft = room.begin()
    room.save(draft, promise_explain=NOTE)

    with pytest.raises(DraftMoved):
        room.save(draft, author=room.second, promise_explain="别的")
    assert room.now(draft).body["promise_explain"] == NOTE


def test_of_two_who_save_at_once_one_is_kept(room: Room) -> None:
    draft = room.begin()

    results = together(
        lambda: room.save(draft, promise_explain="甲"),
        lambda: room.save(draft, author=room.second, promise_explain="乙"),
    )
    assert refusals(results, DraftMoved) == 1
    assert room.now(draft).revision == 2


def test_control_without_the_lock_one_of_them_is_lost(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, meeting, locked = room.begin(), Meeting(), queries.draft

    def unlocked(session: Session, *, author: Author, draft_id: int, lock: bool) -> GuideDraft:
        found = locked(session, author=author, draft_id=draft_id, lock=not lock)
        meeting.wait()
        return found

    monkeypatch.setattr(queries, "draft", unlocked)
    results = together(
        lambda: room.save(draft, promise_explain="甲"), lambda: room.save(draft, promise_explain="乙")
    )
    assert refusals(results, DraftMoved) == 0


def test_half_a_guide_can_be_kept_and_not_handed_in(room: Room) -> None:
    draft = room.save(room.begin(), task_name="", legal_basis=[])

    with pytest.raises(DraftBroken) as refused:
        room.hand_in(draft)
    assert {"task_name", "legal_basis"} <= set(refused.value.errors or {})


def test_a_broken_rule_is_named(room: Room) -> None:
    materials = [{**item()["materials"][0], "name": "法律法规规定的其他材料"}]
    draft = room.begin(materials=materials)

    with pytest.raises(DraftBroken) as refused:
        room.hand_in(draft)
    assert "catch_all" in str(refused.value.errors)


def test_a_draft_that_changes_nothing_is_not_handed_in(room: Room) -> None:
    with pytest.raises(NothingChanged):
        room.hand_in(room.begin())


def test_every_change_says_why(room: Room) -> None:
    with pytest.raises(ReasonMissing):
        room.hand_in(room.begin(promise_explain=NOTE), reason=" \u200b")


def test_the_code_of_an_item_stays(room: Room) -> None:
    with pytest.raises(CodeFixed):
        room.save(room.begin(), task_code=MARRY)


def test_a_draft_that_is_looked_through_cannot_be_changed(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))

    with pytest.raises(DraftNotThere):
        room.save(draft, promise_explain="别的")


def test_the_reviewer_sends_it_back_with_a_word(room: Room) -> None:
    draft = room.hand_in(room.begin(promise_explain=NOTE))
    with unit_of_work() as session:
        service.take_back(session, author=room.second, draft_id=draft.id, note="请写明法条")
        steps = queries.steps(session, draft_id=draft.id)

    assert [(step.kind, step.note) for step in steps][-1] == ("returned", "请写明法条")
    assert room.now(draft).state == DraftState.EDITING


def test_another_departments_draft_is_not_there(room: Room) -> None:
    draft = room.begin()
    stranger = Author(room.second.clerk_id, "别的局", "11350100MB990002134")

    with pytest.raises(DraftNotFound), unit_of_work() as session:
        queries.draft(session, author=stranger, draft_id=draft.id)
    with pytest.raises(DraftNotFound):
        room.begin(author=stranger)


def test_a_department_cannot_give_its_item_away(room: Room) -> None:
    own = Author(room.writer.clerk_id, "本局", str(item()["dept_name"]))
    draft = room.begin(author=own)

    with pytest.raises(DraftNotFound):
        room.save(draft, author=own, dept_code="11350100MB990002134", dept_name="别的局")


def test_a_new_item_begins_from_nothing_or_from_another(room: Room) -> None:
    code = item("marry")["task_code"]
    with unit_of_work() as session:
        draft = service.begin_new(session, author=room.writer, task_code=code, copy_of=ID_LOST)

    assert (draft.base_version, draft.body["catalog_code"]) == (None, code[19:])
    assert draft.body["materials"] == item()["materials"]


def test_a_code_that_is_taken_begins_no_new_item(room: Room) -> None:
    with pytest.raises(ItemExists), unit_of_work() as session:
        service.begin_new(session, author=room.writer, task_code=ID_LOST)


def test_a_version_published_meanwhile_is_merged_first(room: Room) -> None:
    draft = room.begin(promise_explain=NOTE)
    publish(item(keywords=["挂失"]))
    with pytest.raises(BaseMoved):
        room.hand_in(draft)

    with unit_of_work() as session:
        merged = service.take_over(session, author=room.writer, draft_id=draft.id)
    assert merged.both == []
    room.release(room.hand_in(merged.draft))
    with unit_of_work() as session:
        assert catalogue.guide(session, task_code=ID_LOST).body["keywords"] == ["挂失"]
    assert guide_note() == NOTE


def test_a_planned_change_waits_for_its_day(room: Room) -> None:
    draft = room.release(room.hand_in(room.begin(promise_explain=NOTE, plan_effective_date="2026-12-01")))

    jobs.publish_due()
    assert (draft.state, guide_note()) == (DraftState.PLANNED, AS_IT_WAS)
    with clock.stopped_at(MONDAY + timedelta(days=40)):
        jobs.publish_due()
    assert (room.now(draft).state, guide_note()) == (DraftState.PUBLISHED, NOTE)


def test_a_planned_change_is_published_once_however_often_the_job_runs(room: Room) -> None:
    draft = room.release(room.hand_in(room.begin(promise_explain=NOTE, plan_effective_date="2026-12-01")))

    with clock.stopped_at(MONDAY + timedelta(days=40)):
        together(*[jobs.publish_due] * 4)
        jobs.publish_due()
    assert room.now(draft).published_version == 2
    with unit_of_work() as session:
        assert session.scalar(text("SELECT count(*) FROM guide_versions")) == 2


def test_a_planned_change_that_was_overtaken_goes_back(room: Room) -> None:
    draft = room.release(room.hand_in(room.begin(promise_explain=NOTE, plan_effective_date="2026-12-01")))
    publish(item(keywords=["挂失"]))

    with clock.stopped_at(MONDAY + timedelta(days=40)):
        jobs.publish_due()
    assert (room.now(draft).state, guide_note()) == (DraftState.EDITING, AS_IT_WAS)


def test_an_item_ends_on_its_planned_day(room: Room) -> None:
    publish(item(plan_cancel_date="2026-12-01"))
    jobs.publish_due()
    assert guide_note() == AS_IT_WAS

    with clock.stopped_at(MONDAY + timedelta(days=40)):
        jobs.publish_due()
        with pytest.raises(ItemCancelled):
            guide_note()


def test_a_cancelled_item_says_what_replaced_it(room: Room) -> None:
    publish(item("marry"))
    room.release(room.hand_in(room.begin(task_state="3", successor_code=MARRY)))

    with pytest.raises(ItemReplaced) as refused:
        guide_note()
    assert refused.value.data["successor"] == {"task_code": MARRY, "name": item("marry")["task_name"]}


def test_what_replaces_an_item_must_be_there(room: Room) -> None:
    with pytest.raises(DraftBroken):
        room.hand_in(room.begin(task_state="3", successor_code=MARRY))


def test_an_old_version_of_a_cancelled_item_can_be_read(room: Room) -> None:
    before = clock.now()
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        room.release(room.hand_in(room.begin(task_state="3")))
        with unit_of_work() as session:
            assert catalogue.guide(session, task_code=ID_LOST, at=before).version == 1


def test_what_becomes_secret_stays_in_no_draft(room: Room) -> None:
    draft = room.release(room.hand_in(room.begin(secret=True)))

    assert room.now(draft).body == {}
