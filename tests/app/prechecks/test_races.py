"""Two who act at once on a pre-check, each with the control that shows the bug."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cases import prechecked, steps
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.precheck_errors import PassUsed, PrecheckChanged, PrecheckOver
from app.cases.precheck_models import CasePrecheck
from app.prechecks import answering, queries
from tests.app.cases.test_co_signing import add_a_page
from tests.precheck_fixtures import (
    PICTURE,
    ask,
    draft,
    mend,
    of_material,
    pass_,
    passed,
    receive,
    round_of,
    take_back,
)
from tests.races import Meeting, refusals, together


def two_answers(citizen: int) -> list[Any]:
    """One clerk passes what another sends back."""
    found = ask(citizen, draft(citizen))
    return list(together(partial(pass_, found), partial(mend, found, of_material(PICTURE))))


def test_of_two_answers_one_counts(citizen: int) -> None:
    assert refusals(two_answers(citizen), PrecheckOver) == 1


def test_control_without_the_guard_both_answers_count(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "_waits", lambda row: CasePrecheck.id == row.id)
    found = ask(citizen, draft(citizen))

    assert refusals(together(partial(pass_, found), partial(pass_, found)), PrecheckOver) == 0


def test_of_an_answer_and_who_takes_it_back_the_first_counts(citizen: int) -> None:
    case_no = draft(citizen)
    found = ask(citizen, case_no)

    results = together(partial(pass_, found), partial(take_back, citizen, case_no))

    assert refusals(results, PrecheckOver) == 1


def test_control_without_the_guard_only_the_table_keeps_an_answer_off_what_was_taken_back(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "_waits", lambda row: CasePrecheck.id == row.id)
    case_no = draft(citizen)
    found = ask(citizen, case_no)
    take_back(citizen, case_no)

    with pytest.raises(IntegrityError, match="ended_has_its_time"):
        pass_(found)


def ask_while_a_page_is_added(citizen: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """All that is to be looked at was put together when the citizen's other phone adds a page."""
    case_no = draft(citizen)
    meeting, look = Meeting(), prechecked.things

    def looked(dossier: Dossier) -> dict[str, str]:
        found = look(dossier)
        meeting.wait()
        meeting.wait()
        return found

    def change() -> None:
        meeting.wait()
        add_a_page(citizen, case_no)
        meeting.wait()

    with monkeypatch.context() as patched:
        patched.setattr(prechecked, "things", looked)
        together(partial(ask, citizen, case_no), change)
    return round_of(case_no).id


def _unlocked(session: Session, *, citizen_id: int, case_no: str, organisation_id: int | None = None) -> Case:
    del citizen_id, organisation_id
    return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def test_what_is_asked_for_is_what_is_there(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask_while_a_page_is_added(citizen, monkeypatch)

    pass_(found)


def test_without_the_lock_the_digest_still_refuses_to_pass_what_nobody_asked_about(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "held", _unlocked)
    found = ask_while_a_page_is_added(citizen, monkeypatch)

    with pytest.raises(PrecheckChanged):
        pass_(found)


def test_control_without_lock_and_digest_a_page_passes_that_nobody_asked_about(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "held", _unlocked)
    found = ask_while_a_page_is_added(citizen, monkeypatch)
    monkeypatch.setattr(answering, "_is_the_same", lambda dossier, row: True)

    pass_(found)


def scanned_twice(citizen: int) -> list[Any]:
    """Two windows with one code."""
    _, found = passed(citizen)
    return list(together(partial(receive, found), partial(receive, found)))


def test_of_two_windows_with_one_code_one_accepts(citizen: int) -> None:
    assert refusals(scanned_twice(citizen), PassUsed) == 1


def test_control_without_the_lock_the_second_window_hands_in_what_is_handed_in(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state of the case alone stops it then, with a word that helps nobody at the window."""
    meeting, look, is_shown = Meeting(), queries.for_clerk, queries.is_shown

    def unlocked(session: Session, *, hold: bool = False, **named: Any) -> Any:
        del hold
        return look(session, **named)

    def shown(dossier: Dossier, row: CasePrecheck) -> bool:
        meeting.wait()
        return is_shown(dossier, row)

    monkeypatch.setattr(queries, "for_clerk", unlocked)
    monkeypatch.setattr(queries, "is_shown", shown)

    assert refusals(scanned_twice(citizen), PassUsed) == 0
