from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases import state_table, states
from app.cases.errors import (
    AlreadyNotAccepted,
    AlreadySubmitted,
    AlreadyWithdrawn,
    NotYetAccepted,
    NotYetSubmitted,
    StepRefused,
    WaitsForCorrection,
)
from app.cases.states import Edge, Need, Party, State, Step

ENDS = {State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED}
EVERYTHING = frozenset(Need)


def walks(state: State, seen: tuple[State, ...] = ()) -> Iterator[tuple[State, ...]]:
    """Every way through the table that visits no state twice."""
    here = (*seen, state)
    yield here
    for row in states.TABLE:
        if row.source is state and row.target not in here:
            yield from walks(row.target, here)


@pytest.mark.parametrize("walk", [walk for walk in walks(State.DRAFT) if State.DECIDED in walk])
def test_nothing_is_decided_that_was_not_submitted_and_accepted(walk: tuple[State, ...]) -> None:
    assert walk[: walk.index(State.DECIDED)] == (State.DRAFT, State.SUBMITTED, State.ACCEPTED)


def test_every_state_is_reached_and_only_the_ends_are_ends() -> None:
    reached = {state for walk in walks(State.DRAFT) for state in walk}
    left = {row.source for row in states.TABLE}

    assert reached == set(State)
    assert set(State) - left == ENDS


def test_only_an_approver_decides_and_a_machine_says_nothing_but_yes() -> None:
    deciding = {row.step: row.who for row in states.TABLE if row.target is State.DECIDED}

    assert deciding == {
        Step.GRANT: frozenset({Party.APPROVER, Party.MACHINE}),
        Step.REFUSE: frozenset({Party.APPROVER}),
    }
    assert Party.FRONT_DESK not in states.who(Step.REFUSE)


def test_only_an_approver_says_that_a_case_is_not_taken_up_and_says_why() -> None:
    row = states.edge(State.SUBMITTED, Step.NOT_ACCEPT)

    assert row.who == {Party.APPROVER}
    assert {Need.REASON_CODE, Need.REASON, Need.LEGAL_BASIS, Need.REMEDIES} <= set(row.needs)


def test_a_refusal_needs_reason_and_basis() -> None:
    assert {Need.REASON, Need.LEGAL_BASIS} <= set(states.edge(State.ACCEPTED, Step.REFUSE).needs)


def test_nothing_is_withdrawn_after_the_decision() -> None:
    with pytest.raises(StepRefused):
        states.edge(State.DECIDED, Step.WITHDRAW)


@given(st.sampled_from(State), st.sampled_from(Step))
def test_every_step_from_every_state_is_a_row_or_a_named_refusal(state: State, step: Step) -> None:
    rows = [row for row in states.TABLE if (row.source, row.step) == (state, step)]
    if rows:
        assert [states.edge(state, step)] == rows
        return
    with pytest.raises(StepRefused) as refused:
        states.edge(state, step)
    assert type(refused.value) is not StepRefused
    assert refused.value.sentence


@given(st.sampled_from(State), st.frozensets(st.sampled_from(Party)), st.frozensets(st.sampled_from(Need)))
def test_an_action_is_shown_exactly_when_its_row_may_be_taken(
    state: State, parties: frozenset[Party], held: frozenset[Need]
) -> None:
    shown = states.actions(state, parties, held)

    def open_row(row: Edge) -> bool:
        return row.source is state and bool(row.who & parties) and set(row.needs) <= held

    assert shown == [row.step for row in states.TABLE if open_row(row)]


@pytest.mark.parametrize(
    ("state", "step", "refusal"),
    [
        (State.SUBMITTED, Step.SUBMIT, AlreadySubmitted),
        (State.SUBMITTED, Step.GRANT, NotYetAccepted),
        (State.WITHDRAWN, Step.SUBMIT, AlreadyWithdrawn),
        (State.SUBMITTED, Step.EDIT_FORM, AlreadySubmitted),
        (State.SUBMITTED, Step.RESUBMIT, AlreadySubmitted),
        (State.DRAFT, Step.RESUBMIT, NotYetSubmitted),
        (State.CORRECTION, Step.ACCEPT, WaitsForCorrection),
        (State.CORRECTION, Step.SUBMIT, WaitsForCorrection),
        (State.CORRECTION, Step.GRANT, NotYetAccepted),
        (State.NOT_ACCEPTED, Step.ACCEPT, AlreadyNotAccepted),
    ],
)
def test_a_refused_step_says_why(state: State, step: Step, refusal: type[StepRefused]) -> None:
    assert type(states.refusal(state, step)) is refusal


def test_a_citizen_is_shown_what_a_draft_allows() -> None:
    shown = states.actions(State.DRAFT, frozenset({Party.CITIZEN}), EVERYTHING)

    assert shown == [Step.EDIT_FORM, Step.CHANGE_PHOTOS, Step.SUBMIT, Step.WITHDRAW]


def test_the_page_about_the_states_is_that_of_the_table() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "case-states.md"

    assert page.read_text(encoding="utf-8") == state_table.written()
