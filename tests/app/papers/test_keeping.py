"""Papers are stored once, named by guides, and cleared when nobody names them."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.catalogue import service as catalogue
from app.catalogue.models import GuideVersion
from app.db import unit_of_work
from app.papers import forms, queries, service, upkeep
from app.papers.errors import PaperNameWrong, PaperNotFound, PaperNotStored
from app.papers.models import Paper
from app.publishing import service as drafts
from app.publishing.errors import DraftBroken
from app.publishing.queries import Author
from app.staff.models import Role
from app.storage import storage
from tests.paper_fixtures import blank, form_item, kept, xlsx
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import make_clerk


@pytest.fixture(autouse=True)
def _database(database: None) -> None:
    return database


def paper(sha256: str) -> Paper | None:
    with unit_of_work() as session:
        return queries.by_digest(session, sha256s=[sha256]).get(sha256)


def publish(one: dict[str, Any]) -> None:
    with unit_of_work() as session:
        service.hold(session, items=[one])
        catalogue.publish(session, items=[one])


def after(days: int) -> int:
    with clock.stopped_at(clock.now() + timedelta(days=days)):
        return upkeep.clear()


def test_a_paper_is_named_by_the_digest_of_exactly_its_bytes() -> None:
    found = service.keep(blank(), " 申请表.pdf\x07", make_clerk(Role.SUPERVISOR))

    assert found.sha256 == hashlib.sha256(blank()).hexdigest()
    assert (found.file_name, found.media_type) == ("申请表.pdf", "application/pdf")
    assert found.size_bytes == len(blank())
    assert queries.content(found) == blank()


def test_the_same_bytes_are_one_paper_also_when_two_put_them_there_at_once() -> None:
    found = together(*[partial(kept, blank())] * 4)

    assert len(set(found)) == 1
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).where(*queries.live())) == 1
    assert after(days=1) <= 3  # what the others had noted goes
    assert paper(kept()) is not None


def test_bytes_that_the_storage_has_lost_come_back_with_the_next_upload() -> None:
    found = service.keep(blank(), "a.pdf", None)
    storage().delete(found.storage_key)
    with pytest.raises(PaperNotFound):
        queries.content(found)

    kept()
    assert queries.content(found) == blank()


def test_a_file_needs_a_name() -> None:
    with pytest.raises(PaperNameWrong):
        service.keep(blank(), "\u200b \n", None)


def test_a_guide_that_names_a_file_which_is_not_there_is_not_published() -> None:
    with pytest.raises(PaperNotStored) as refused:
        publish(form_item(blank=kept(), sample="0" * 64))

    assert "“户口迁移申请表”的样本" in refused.value.sentence
    assert refused.value.errors == {"materials[3].sample_file": ["“户口迁移申请表”的样本还没有上传"]}


def test_what_nobody_names_goes_after_a_week_with_its_bytes() -> None:
    found = service.keep(xlsx(), "a.xlsx", None)

    assert after(days=6) == 0
    assert (after(days=8), after(days=8)) == (1, 0)
    assert paper(found.sha256) is None
    with pytest.raises(PaperNotFound):
        queries.content(found)


def test_what_any_version_names_stays_for_ever() -> None:
    old, new = kept(), kept(xlsx(), "a.xlsx")
    publish(form_item(blank=old))
    publish(form_item(blank=new))

    assert (after(days=8), after(days=500)) == (0, 0)
    assert paper(old) is not None
    assert paper(new) is not None


def test_what_a_draft_names_stays_until_the_draft_is_thrown_away() -> None:
    found = kept()
    author = Author(make_clerk(Role.SUPERVISOR), "王", None)
    one = form_item(blank=found)
    with unit_of_work() as session:
        draft = drafts.begin(session, author=author, task_code=one["task_code"], body=one)
    assert after(days=8) == 0

    with unit_of_work() as session:
        drafts.discard(session, author=author, draft_id=draft.id)
    assert after(days=10) == 1


def test_a_draft_that_names_a_missing_file_says_so_where_it_does() -> None:
    author = Author(make_clerk(Role.SUPERVISOR), "王", None)
    one = form_item(blank="0" * 64)
    with unit_of_work() as session:
        draft = drafts.begin(session, author=author, task_code=one["task_code"], body=one)
    with pytest.raises(DraftBroken) as refused, unit_of_work() as session:
        drafts.hand_in(session, author=author, draft_id=draft.id, revision=1, reason="补表格")

    assert "还没有上传" in refused.value.errors["materials[3].blank_file"][0]  # type: ignore[index]


def test_a_crash_between_note_and_bytes_leaves_nothing() -> None:
    kept()
    with unit_of_work() as session:
        session.execute(update(Paper).values(stored_at=None, look_after=clock.now() + timedelta(hours=1)))

    assert (after(days=1), after(days=1)) == (1, 0)


def test_clearing_and_publishing_at_once_leave_no_guide_without_its_file() -> None:
    for round_ in range(6):
        one = form_item(blank=kept(blank(), f"{round_}.pdf"))
        # One clock for all threads, moved before they begin.
        with clock.stopped_at(clock.now() + timedelta(days=8)):
            together(upkeep.clear, upkeep.clear, partial(publish, one))
        with unit_of_work() as session:
            named = session.scalar(select(func.count()).select_from(GuideVersion))
        if named:
            assert paper(kept()) is not None
            return


def _cleared_while_publishing(monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[object]]:
    """Publishing goes on between the moment the clearing has looked and the moment it gives up."""
    found, meeting = kept(), Meeting()

    def looked(session: Any, wanted: Any) -> set[str]:
        named = set(real(session, wanted))
        meeting.wait()
        return named

    def published() -> None:
        meeting.wait()
        publish(form_item(blank=found))

    real = upkeep._naming[0]
    monkeypatch.setattr(upkeep, "_naming", [looked])
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        return found, together(upkeep.clear, published)


def test_a_guide_that_comes_while_its_file_is_given_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found, results = _cleared_while_publishing(monkeypatch)

    assert refusals(results, PaperNotStored) == 1
    assert paper(found) is None


def test_without_holding_the_file_the_guide_would_name_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "hold", lambda session, items: None)
    found, results = _cleared_while_publishing(monkeypatch)

    assert refusals(results, PaperNotStored) == 0
    assert paper(found) is None  # the control: a published guide without its file


def test_a_drawn_paper_is_found_by_what_it_was_drawn_from() -> None:
    one = form_item()
    form = forms.form_of(one, one["materials"][3])
    found = service.keep(forms.draw(form), "a.pdf", None, recipe=forms.recipe(form))

    with unit_of_work() as session:
        assert queries.drawn(session, recipes=[forms.recipe(form), b"x"]) == {
            forms.recipe(form): found.sha256
        }
