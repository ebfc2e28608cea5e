"""A signed promise stands for a material (告知承诺)."""

from functools import partial

import pytest

from app.cases import promised, promising
from app.cases.errors import AlreadySubmitted, SubmissionIncomplete
from app.cases.owing import Which
from app.cases.promise_errors import NoPromiseHere, PromiseEnded, PromiseNotFound
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.catalogue import rules
from app.db import Session, unit_of_work
from app.own_data import matters
from app.undertakings import queries as undertakings
from tests import case_fixtures, document_fixtures, promise_fixtures
from tests.case_fixtures import add_photo, fill
from tests.catalogue_fixtures import item, publish
from tests.correction_fixtures import stored
from tests.promise_fixtures import PAPER, ROW, draft, promising_item, shown, sign
from tests.races import Overtaking, refusals, together


@pytest.fixture
def citizen(city: None) -> int:
    """Somebody who lost a card and may promise instead of proving it."""
    del city
    publish(promising_item())
    return case_fixtures.citizen()


def test_the_material_may_be_handed_in_or_promised(citizen: int) -> None:
    case_no = draft(citizen)
    with pytest.raises(SubmissionIncomplete) as refused:
        case_fixtures.submit(citizen, case_no)
    assert "或者选择告知承诺" in next(iter((refused.value.errors or {}).values()))[0]

    sign(citizen, case_no)
    assert case_fixtures.submit(citizen, case_no).state == State.SUBMITTED


def test_the_text_tells_everything_the_guide_publishes(citizen: int) -> None:
    case_no = draft(citizen)
    sign(citizen, case_no)
    with unit_of_work() as session:
        case_id = stored(case_no).id
        kept = undertakings.of_cases(session, case_ids=[case_id])[case_id][0].sealed_text

    told = ("basis", "conditions", "standard", "consequences", "promised")
    assert all(str(ROW[key]) in kept for key in told)
    assert all(words in kept for words in ("王小明", "10个工作日内核查", "您可以不签"))


def test_it_is_among_the_papers_of_the_case_by_number(citizen: int) -> None:
    case_no = promise_fixtures.granted(citizen)
    papers = [one for one in document_fixtures.of_case(case_no) if one.kind == "undertaking"]

    assert [one.title for one in papers] == ["承诺书"]


def test_the_promise_is_taken_back_until_the_case_is_handed_in(citizen: int) -> None:
    case_no, which = draft(citizen), Which("", PAPER)
    which = Which(case_no, PAPER)
    sign(citizen, case_no)
    with unit_of_work() as session:
        promising.take_back(session, citizen_id=citizen, which=which)
    with pytest.raises(PromiseNotFound), unit_of_work() as session:
        promising.take_back(session, citizen_id=citizen, which=which)
    sign(citizen, case_no)
    case_fixtures.submit(citizen, case_no)

    with pytest.raises(AlreadySubmitted), unit_of_work() as session:
        promising.take_back(session, citizen_id=citizen, which=which)


def test_what_is_handed_in_after_all_needs_no_promise(citizen: int) -> None:
    case_no = draft(citizen)
    sign(citizen, case_no)
    add_photo(citizen, case_no, PAPER)
    case_fixtures.submit(citizen, case_no)

    with unit_of_work() as session:
        assert promised.of_case(session, case_id=stored(case_no).id) == []


def test_whoever_changes_the_name_afterwards_signs_anew(citizen: int) -> None:
    case_no = draft(citizen)
    sign(citizen, case_no)
    fill(citizen, case_no, applicant_name="王大明")

    with pytest.raises(SubmissionIncomplete):
        case_fixtures.submit(citizen, case_no)


def test_what_the_screen_shows_as_not_signed_does_not_bind(citizen: int) -> None:
    asked = promising_item()
    asked["materials"][0] |= {"is_need": "2"}
    publish(asked)
    case_no = draft(citizen)
    sign(citizen, case_no)
    fill(citizen, case_no, applicant_name="王大明")
    case_fixtures.submit(citizen, case_no)

    with unit_of_work() as session:
        assert promised.of_case(session, case_id=stored(case_no).id) == []


def test_no_other_material_can_be_promised(citizen: int) -> None:
    with pytest.raises(NoPromiseHere):
        shown(citizen, draft(citizen), "ID-LOST-M02")


def test_what_the_guide_in_force_has_ended_is_not_signed_in_an_old_draft(citizen: int) -> None:
    case_no = draft(citizen)
    publish(promising_item(promises=[]))

    with pytest.raises(PromiseEnded):
        shown(citizen, case_no)


def test_what_the_guide_in_force_has_ended_is_not_handed_in_either(citizen: int) -> None:
    case_no = draft(citizen)
    sign(citizen, case_no)
    publish(promising_item(promises=[]))

    with pytest.raises(PromiseEnded):
        case_fixtures.submit(citizen, case_no)


def test_an_account_stays_open_while_a_promise_is_looked_into(citizen: int) -> None:
    promise_fixtures.granted(citizen)
    with unit_of_work() as session:
        assert any("承诺还在核查" in sentence for sentence in matters.open_matters(session, citizen))


def ended_first(monkeypatch: pytest.MonkeyPatch, citizen_id: int, case_no: str) -> bool:
    """The guide ends the promise while it is being signed: whether it has ended before the signature."""
    digest, race, refuse = shown(citizen_id, case_no), Overtaking(), promising._refuse_ended

    def checked(*given: object) -> None:
        refuse(*given)  # type: ignore[arg-type]
        race.dawdle()

    monkeypatch.setattr(promising, "_refuse_ended", checked)
    ends = partial(publish, promising_item(promises=[]))
    return race.happens(partial(sign, citizen_id, case_no, digest), ends)


def test_a_guide_does_not_end_a_promise_while_it_is_signed(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not ended_first(monkeypatch, citizen, draft(citizen))


def test_control_without_the_lock_a_promise_is_signed_that_the_guide_has_ended(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = draft(citizen)

    def unlocked(session: Session, *, task_code: str) -> dict[str, object]:
        return catalogue.guide(session, task_code=task_code).body

    monkeypatch.setattr(catalogue, "held_body", unlocked)

    assert ended_first(monkeypatch, citizen, case_no)


def test_signing_twice_at_once_is_signing_once(citizen: int) -> None:
    case_no = draft(citizen)
    results = together(*[partial(sign, citizen, case_no, shown(citizen, case_no))] * 3)

    assert refusals(results, NoPromiseHere) == 0
    with unit_of_work() as session:
        case_id = stored(case_no).id
        assert len(undertakings.of_cases(session, case_ids=[case_id])[case_id]) == 1


@pytest.mark.parametrize("bar", ["security", "public_safety", "finance", "ecology", "health", "foreign"])
def test_an_excluded_category_cannot_have_a_promise(bar: str) -> None:
    found = [one for one in rules.check(promising_item(promise_bar=bar)) if one.refuses]

    assert {(one.field, one.rule) for one in found} == {
        ("notify_commit", "promise_barred"),
        ("promises", "promise_barred"),
        ("materials[0].commit_replace", "promise_barred"),
    }


def test_an_address_promise_has_its_own_words_in_many_items() -> None:
    row = {**ROW, "kind": "address", "promised": "", "standard": ""}

    assert not [one for one in rules.check(promising_item(promises=[row])) if one.refuses]
    assert any(row["kind"] == "address" for row in item("co-setup")["promises"])
