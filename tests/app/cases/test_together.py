"""Applications of the same moment are taken in together (合并提交)."""

from functools import partial

import pytest
from sqlalchemy import select, text

from app import channels, idempotency
from app.cases import steps, submitting, together
from app.cases.dossier import Dossier
from app.cases.models import Case, CaseEvent
from app.cases.precheck_models import PrecheckState
from app.cases.states import State
from app.cases.together import Tap
from app.channels import Channel
from app.crowds import Crowd
from app.db import engine, unit_of_work
from app.idempotency import Answer, Claim
from benchmarks import statements
from tests import case_fixtures, owed_fixtures, precheck_fixtures, promise_fixtures, review_fixtures
from tests.case_fixtures import kinds
from tests.catalogue_fixtures import publish
from tests.crowding import Gate
from tests.races import together as at_once
from tests.unguarded import steps_unguarded


def state_of(its: Dossier) -> bytes:
    return its.case.state.encode()


def told(its: Dossier) -> bytes:
    """Every column as whoever is answered sees it, and what follows later."""
    columns = {name: getattr(its.case, name) for name in Case.__table__.columns.keys()}  # noqa: SIM118
    return repr([columns, [one.name for one in its.owed]]).encode()


def stored(case_no: str) -> bytes:
    """The same as the database has it."""
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        return told(Dossier(session, case))


def sentence(case_no: str) -> str:
    """The last line of a case."""
    asked = select(CaseEvent.sentence).join(Case).where(Case.case_no == case_no)
    with unit_of_work() as session:
        return session.scalars(asked.order_by(CaseEvent.id.desc()).limit(1)).one()


def new_crowd() -> Crowd[Tap]:
    """Nobody is there yet."""
    return Crowd(together.hand_in)


def gate(crowd: Crowd[Tap], waiting: int) -> Gate:
    return Gate(crowd, waiting=waiting, render=state_of)


def tap(citizen_id: int, case_no: str, render: object = state_of, *, key: str = "key-00000001") -> Tap:
    claim = Claim(f"citizen:{citizen_id}", "POST /submit", key, b"the same body")
    return Tap(claim=claim, citizen_id=citizen_id, case_no=case_no, render=render)  # type: ignore[arg-type]


def drafts(count: int) -> list[tuple[int, str]]:
    """So many citizens, each with a draft in which nothing is missing."""
    people = [case_fixtures.citizen() for _ in range(count)]
    return [(citizen_id, case_fixtures.ready(citizen_id)) for citizen_id in people]


def handed_in() -> int:
    return case_fixtures.published().count("CaseSubmitted")


def transactions() -> int:
    """How many transactions wrote that a case was handed in."""
    asked = "SELECT count(DISTINCT xmin::text) FROM case_events WHERE kind = 'submitted'"
    with engine().connect() as connection:
        return connection.scalar(text(asked)) or 0


def test_a_tap_alone_is_served_at_once_and_its_answer_kept(citizen: int) -> None:
    one = tap(citizen, case_fixtures.ready(citizen))
    answer = new_crowd().join(one)

    assert answer == Answer(200, b"submitted")
    with unit_of_work() as session:
        assert idempotency.begin(session, one.claim) == answer


def test_those_who_come_while_one_is_served_are_served_together(city: None) -> None:
    crowd = new_crowd()
    held = gate(crowd, waiting=4)
    found = drafts(5)
    answers = at_once(*(partial(crowd.join, tap(*draft, held)) for draft in found))

    assert answers == [Answer(200, b"submitted")] * 5
    assert (transactions(), handed_in()) == (2, 5)
    assert all(kinds(case_no) == ["started", "submitted"] for _, case_no in found)


def test_who_cannot_be_served_goes_alone_and_holds_nobody_up(city: None) -> None:
    crowd = new_crowd()
    (mine, good), (other, others), (gapped, ended) = drafts(3)
    empty = case_fixtures.start(case_fixtures.citizen("空"))
    case_fixtures.withdraw(gapped, ended)
    held = gate(crowd, waiting=4)
    taps = [(mine, good), (other, good), (gapped, ended), (case_fixtures.citizen(), "not a number")]
    taps.append((case_fixtures.citizen(), empty))
    answers = at_once(*(partial(crowd.join, tap(*one, held)) for one in taps))

    assert answers == [Answer(200, b"submitted"), None, None, None, None]
    assert (kinds(others), handed_in()) == (["started"], 1)


def test_a_case_that_somebody_holds_is_left_out_and_nobody_waits_for_it(city: None) -> None:
    (mine, good), (other, busy) = drafts(2)
    with unit_of_work() as session:
        steps.held(session, citizen_id=other, case_no=busy)
        answers = at_once(partial(_served, [tap(mine, good), tap(other, busy)]))

    assert answers == [[Answer(200, b"submitted")]]
    assert (kinds(good)[-1], kinds(busy)[-1]) == ("submitted", "started")


def test_who_names_anothers_case_in_the_same_moment_takes_nothing_from_its_owner(city: None) -> None:
    (mine, good), stranger = drafts(1)[0], case_fixtures.citizen()
    both = [tap(stranger, f" {good.lower()}"), tap(mine, good), tap(case_fixtures.citizen(), good)]
    with unit_of_work() as session:
        answers = together.hand_in(session, both)

    assert [(one.citizen_id, answer) for one, answer in answers] == [(mine, Answer(200, b"submitted"))]


@pytest.mark.parametrize("written", ["", "\0", "九" * 5000, "350100202601010000000A"])
def test_a_number_that_is_none_is_left_alone(citizen: int, written: str) -> None:
    assert new_crowd().join(tap(citizen, written)) is None


def _served(taps: list[Tap]) -> list[Answer]:
    with unit_of_work() as session:
        return [answer for _, answer in together.hand_in(session, taps)]


def test_two_crowds_hand_a_case_in_once(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)
    taps = [tap(citizen, case_no, key=f"key-0000000{n}") for n in range(6)]
    answers = at_once(*(partial(new_crowd().join, one) for one in taps))

    assert answers.count(None) == 5
    assert (handed_in(), kinds(case_no).count("submitted")) == (1, 1)


def test_control_without_lock_and_guard_two_crowds_hand_it_in_twice(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = case_fixtures.ready(citizen)
    monkeypatch.setattr(steps, "_UNHELD", steps._UNHELD.with_for_update(read=True, key_share=True))
    steps_unguarded(monkeypatch)
    crowds = [new_crowd(), new_crowd()]
    meeting = Gate(crowds[0], waiting=1, render=state_of)
    taps = [tap(citizen, case_no, meeting, key=f"key-0000000{n}") for n in range(2)]
    at_once(*(partial(crowd.join, one) for crowd, one in zip(crowds, taps, strict=True)))

    assert handed_in() == 2


def broken(_: Dossier) -> bytes:
    raise ZeroDivisionError


def test_a_fault_of_one_leaves_nothing_half_done(citizen: int) -> None:
    crowd, case_no = new_crowd(), case_fixtures.ready(citizen)

    assert crowd.join(tap(citizen, case_no, broken)) is None
    assert (kinds(case_no), handed_in()) == (["started"], 0)
    assert crowd.join(tap(citizen, case_no)) is not None


def test_a_form_that_nobody_can_open_is_not_the_trouble_of_whoever_leads(city: None) -> None:
    crowd = new_crowd()
    (first, leads), (second, follows), (third, spoilt) = drafts(3)
    with engine().begin() as connection:
        spoil = text("UPDATE cases SET sealed_form = decode('00', 'hex') WHERE case_no = :case_no")
        connection.execute(spoil, {"case_no": spoilt})
    held = gate(crowd, waiting=2)
    taps = [(first, leads), (second, follows), (third, spoilt)]
    answers = at_once(*(partial(crowd.join, tap(*one, held)) for one in taps))

    assert answers[1:] == [None, None]


def test_who_stands_on_a_promise_makes_nobody_wait_for_a_guide(city: None) -> None:
    (mine, good), promising = drafts(1)[0], case_fixtures.citizen()
    publish(promise_fixtures.promising_item())
    promised = promise_fixtures.draft(promising)
    promise_fixtures.sign(promising, promised)
    with unit_of_work() as session:
        session.execute(text("SELECT FROM guide_versions WHERE effective_to IS NULL FOR UPDATE"))
        answers = at_once(partial(_served, [tap(promising, promised), tap(mine, good)]))

    assert answers == [[Answer(200, b"submitted")]]


def test_what_follows_later_is_owed_and_told_of_the_case_that_left_it_out(city: None) -> None:
    publish(owed_fixtures.tolerant_item())
    owing, whole = case_fixtures.citizen(), case_fixtures.citizen()
    owes, has_all = owed_fixtures.draft(owing), case_fixtures.ready(whole)
    owed_fixtures.choose(owing, owes)
    with unit_of_work() as session:
        served = together.hand_in(session, [tap(owing, owes, told), tap(whole, has_all, told)])

    assert [answer.body for _, answer in served] == [stored(owes), stored(has_all)]
    assert sentence(owes) == "申请已提交，等待受理；“证件照片”稍后补交"
    assert sentence(has_all) == "申请已提交，等待受理"


def test_a_pass_is_used_up_with_the_draft_that_passed_and_no_other(city: None) -> None:
    first, second = case_fixtures.citizen(), case_fixtures.citizen()
    passed, _ = precheck_fixtures.passed(first)
    unasked = case_fixtures.ready(second)
    served = _served([tap(second, unasked, told), tap(first, passed, told)])

    assert [answer.body for answer in served] == [stored(unasked), stored(passed)]
    assert precheck_fixtures.round_of(passed).state == PrecheckState.USED


def test_what_the_machine_decides_at_once_goes_alone(city: None) -> None:
    review_fixtures.publish_instant()
    citizen_id = review_fixtures.proven_citizen()
    case_no = review_fixtures.filled(citizen_id)

    assert new_crowd().join(tap(citizen_id, case_no)) is None


def test_what_is_written_says_through_which_channel(citizen: int) -> None:
    case_no = case_fixtures.ready(citizen)
    channels.through(Channel.ALIPAY)
    try:
        answer = new_crowd().join(tap(citizen, case_no, lambda its: its.case.channel.encode()))
    finally:
        channels.through(None)

    assert answer == Answer(200, b"alipay")


def test_many_are_served_with_as_many_questions_as_two(city: None) -> None:
    def asked(count: int) -> int:
        taps = [tap(*draft) for draft in drafts(count)]
        with statements.logged(engine()) as log:
            assert len(_served(taps)) == count
        return len([line for line, _ in log.lines if line.startswith("SELECT")])

    assert asked(6) == asked(2)


def test_what_is_handed_in_together_is_what_is_handed_in_alone(city: None) -> None:
    (first, together_no), (second, alone_no) = drafts(2)
    new_crowd().join(tap(first, together_no))
    alone = case_fixtures.submit(second, alone_no)
    with unit_of_work() as session:
        case = steps.held(session, citizen_id=first, case_no=together_no)
        same = ("state", "submitted_at", "received_at", "notice_due_on", "delivery_way", "project_code")
        assert [getattr(case, name) for name in same] == [getattr(alone, name) for name in same]
    assert (State(case.state), submitting.BY_CITIZEN) == (State.SUBMITTED, "申请已提交，等待受理")
