"""What a citizen mends, exactly that, and loses nothing (补正)."""

from datetime import date
from typing import Any

import pytest

from app.cases import handing_in, overview, service
from app.cases.correcting import Ticked
from app.cases.correction_errors import CorrectionIncomplete, CorrectionUnchanged, NotToCorrect
from app.cases.errors import AlreadyAccepted, AlreadySubmitted, CaseNotFound, NotYetSubmitted
from app.cases.states import Party, State, Step
from app.clock import stopped_at
from app.db import unit_of_work
from app.materials import queries as materials
from app.storage import storage
from tests import case_fixtures, correction_fixtures
from tests.case_fixtures import accept, add_photo, fill, kinds, submitted
from tests.city_fixtures import MONDAY
from tests.correction_fixtures import ask, demand, mend, papers, resubmit, settle, stored
from tests.photo_fixtures import jpeg, page

THURSDAY = MONDAY.replace(day=19)


def test_what_was_asked_for_is_mended_and_the_office_has_its_days_anew(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with stopped_at(THURSDAY):
        mend(citizen, case_no)
        case = resubmit(citizen, case_no)

    assert (case.state, case.notice_due_on) == (State.SUBMITTED, date(2026, 11, 24))
    assert (case.submitted_at, case.received_at) == (MONDAY, THURSDAY)
    assert kinds(case_no)[-1] == "corrected"
    assert accept(case_no).state == State.ACCEPTED


def test_only_what_the_notice_names_can_be_changed(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with pytest.raises(NotToCorrect) as refused:
        fill(citizen, case_no, phone="13900000000", address="新地址")

    assert set(refused.value.errors or {}) == {"phone"}
    other = case_fixtures.mandatory_materials(case_no)[1:] or ["A"]
    with pytest.raises(NotToCorrect):
        add_photo(citizen, case_no, other[0])


def test_nothing_is_asked_for_that_is_not_named_and_every_gap_is_said_at_once(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    fill(citizen, case_no, address="")
    with pytest.raises(CorrectionIncomplete) as refused:
        resubmit(citizen, case_no)

    assert set(refused.value.errors or {}) == {"form.address", f"materials.{papers(case_no).target}"}


def test_what_is_unchanged_is_handed_in_only_by_who_is_sure(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with pytest.raises(CorrectionUnchanged):
        resubmit(citizen, case_no)

    assert resubmit(citizen, case_no, as_it_is=True).state == State.SUBMITTED


def test_a_page_that_the_office_saw_is_kept_when_it_is_replaced(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    code = papers(case_no).target
    before, new = _pages(case_no)[code][0], add_photo(citizen, case_no, code, jpeg(page((901, 600))))
    _remove(citizen, case_no, code, before.id)
    _remove(citizen, case_no, code, new)
    add_photo(citizen, case_no, code, jpeg(page((902, 600))))
    resubmit(citizen, case_no, as_it_is=True)

    assert before.id not in {photo.id for photo in _pages(case_no)[code]}
    with unit_of_work() as session:
        assert materials.file_in_use(session, storage_key=before.storage_key)
        assert [photo.id for photo in materials.handed_in(session, photo_ids=[before.id])] == [before.id]
    assert storage().get(before.storage_key)


def test_what_was_asked_beyond_the_guide_is_photographed_like_a_material(citizen: int) -> None:
    case_no = submitted(citizen)
    code = f"outside-{demand(case_no)}"
    settle(case_no, int(code.removeprefix("outside-")))
    ask(case_no, points=[Ticked("outside", code, "")])
    with pytest.raises(CorrectionIncomplete):
        resubmit(citizen, case_no, as_it_is=True)
    add_photo(citizen, case_no, code)
    case = resubmit(citizen, case_no)

    with unit_of_work() as session:
        shown = overview.of(session, case, parties=frozenset({Party.CITIZEN}))
    assert (shown.materials[-1].name, len(shown.materials[-1].photos)) == ("无犯罪记录证明", 1)


def test_a_case_shows_what_is_to_be_corrected_where_it_stands(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with unit_of_work() as session:
        shown = overview.of(session, stored(case_no), parties=frozenset({Party.CITIZEN}))

    assert [view.field.key for view in shown.fields if view.to_correct] == ["address"]
    assert [view.code for view in shown.materials if view.to_correct] == [papers(case_no).target]
    assert shown.allowed_actions == [Step.EDIT_FORM, Step.CHANGE_PHOTOS, Step.RESUBMIT, Step.WITHDRAW]
    assert (shown.next.who, shown.next.by) == ("citizen", date(2026, 12, 16))


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (case_fixtures.ready, NotYetSubmitted),
        (case_fixtures.submitted, AlreadySubmitted),
        (case_fixtures.accepted, AlreadyAccepted),
    ],
)
def test_nobody_hands_in_a_correction_that_nobody_asked_for(citizen: int, place: Any, refusal: Any) -> None:
    case_no = place(citizen)
    with pytest.raises(refusal):
        resubmit(citizen, case_no)


def test_a_correction_is_handed_in_once_and_by_nobody_else(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with pytest.raises(CaseNotFound):
        resubmit(case_fixtures.citizen("韩梅梅"), case_no)
    mend(citizen, case_no)
    resubmit(citizen, case_no)
    with pytest.raises(AlreadySubmitted):
        resubmit(citizen, case_no)


def test_a_case_that_waits_for_its_correction_can_be_withdrawn_and_keeps_its_file(citizen: int) -> None:
    case_no = submitted(citizen)
    ask(case_no)
    with unit_of_work() as session:
        service.withdraw(session, citizen_id=citizen, case_no=case_no)

    assert stored(case_no).state == State.WITHDRAWN
    assert _pages(case_no)


def _pages(case_no: str) -> dict[str, Any]:
    with unit_of_work() as session:
        return dict(materials.of_case(session, case_id=stored(case_no).id))


def _remove(citizen_id: int, case_no: str, code: str, photo_id: int) -> None:
    with unit_of_work() as session:
        handing_in.remove_photo(
            session, citizen_id=citizen_id, case_no=case_no, material_code=code, photo_id=photo_id
        )


def test_the_fixture_mends_what_it_asks_for(citizen: int) -> None:
    case_no = submitted(citizen)
    correction_fixtures.ask(case_no)
    mend(citizen, case_no)

    assert resubmit(citizen, case_no).correct_by is not None
