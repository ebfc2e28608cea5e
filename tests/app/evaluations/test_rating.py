"""Rating a case or a visit: once, at its end, with the reasons that are offered."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.appointments import service as appointments
from app.appointments.errors import AppointmentNotFound
from app.cases.errors import CaseNotFound
from app.db import unit_of_work
from app.evaluations import levels, queries, service
from app.evaluations.errors import AlreadyRated, RatingTooEarly, TagsUnfit, VisitNotMade
from app.evaluations.levels import Mode
from app.evaluations.models import Evaluation, MendingTicket
from app.evaluations.service import Words
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.case_fixtures import published
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together
from tests.rating_fixtures import BAD, GOOD, owner_of, rate, seen

pytestmark = pytest.mark.usefixtures("city")


def count(model: type[Evaluation | MendingTicket]) -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def visited(citizen_id: int) -> int:
    visit = desk.visit(citizen_id, in_hours=0)
    with unit_of_work() as session:
        return appointments.check_in(session, code=visit.code).id


def rate_visit(citizen_id: int, appointment_id: int, level: int = GOOD, *tags: str) -> Evaluation:
    with unit_of_work() as session:
        return service.rate_visit(
            session, citizen_id=citizen_id, appointment_id=appointment_id, words=Words(level, tags)
        )


def test_level_one_is_the_best_and_has_five_stars() -> None:
    shown = [(level.level, level.text, level.stars, level.bad) for level in levels.LEVELS.values()]

    assert shown[0] == (1, "非常满意", 5, False)
    assert shown[4] == (5, "非常不满意", 1, True)
    assert [bad for *_, bad in shown] == [False, False, False, True, True]


def test_every_level_offers_reasons_for_both_kinds_of_service() -> None:
    offered = [level.tags[mode] for level in levels.LEVELS.values() for mode in Mode]

    assert all(offered)
    assert len(levels.TAGS) == len({tag.text for tag in levels.TAGS.values()})


@pytest.mark.parametrize("end", [desk.decided, desk.closed])
def test_a_case_with_a_result_may_be_rated(end: Callable[[], str]) -> None:
    given = seen(rate(end(), GOOD, tags=["guide_good"], comment="很快"))

    assert (given.level.text, [tag.text for tag in given.tags]) == ("非常满意", ["指南写得清楚准确"])
    assert (given.evaluation.comment, given.mending) == ("很快", None)
    assert published()[-1] == "EvaluationGiven"


def test_a_case_taken_back_after_it_was_handed_in_may_be_rated() -> None:
    case_no = desk.submitted()
    case_fixtures.withdraw(owner_of(case_no), case_no)

    assert rate(case_no, GOOD).level == GOOD


def test_a_case_on_its_way_may_not_be_rated_yet() -> None:
    draft = case_fixtures.start(citizen_id := make_citizen())
    for case_no in (draft, desk.submitted(), desk.accepted()):
        with pytest.raises(RatingTooEarly):
            rate(case_no)
    case_fixtures.withdraw(citizen_id, draft)

    with pytest.raises(RatingTooEarly):
        rate(draft)


def test_somebody_elses_case_is_not_there() -> None:
    case_no = desk.closed()

    with pytest.raises(CaseNotFound), unit_of_work() as session:
        service.rate_case(session, citizen_id=make_citizen(), case_no=case_no, words=Words(GOOD))


def test_a_second_rating_of_a_case_is_refused() -> None:
    case_no = desk.closed()
    rate(case_no, GOOD)

    with pytest.raises(AlreadyRated):
        rate(case_no, BAD)
    assert (count(Evaluation), count(MendingTicket)) == (1, 0)


def test_of_two_ratings_at_once_one_is_kept() -> None:
    case_no = desk.closed()
    results = together(*[lambda: rate(case_no)] * 4)

    assert refusals(results, AlreadyRated) == 3
    assert (count(Evaluation), count(MendingTicket)) == (1, 1)


def test_without_the_unique_index_two_ratings_at_once_would_both_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_no, meeting = desk.closed(), Meeting()
    monkeypatch.setattr(service, "_count", lambda session, level: meeting.wait())
    with unit_of_work() as session:
        session.execute(text("DROP INDEX uq_evaluations_case"))
    try:
        together(*[lambda: rate(case_no, GOOD)] * 2)
        kept = count(Evaluation)
    finally:
        with unit_of_work() as session:
            session.execute(text("TRUNCATE evaluations CASCADE"))
            session.execute(text("CREATE UNIQUE INDEX uq_evaluations_case ON evaluations (case_id)"))

    assert kept == 2


def test_a_rating_is_about_one_thing_alone() -> None:
    evaluation = rate(desk.closed(), GOOD)

    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(text(f"UPDATE evaluations SET case_id = NULL WHERE id = {evaluation.id}"))


def test_a_visit_is_rated_once_after_the_check_in() -> None:
    appointment_id = visited(citizen_id := make_citizen())
    rated = rate_visit(citizen_id, appointment_id, BAD, "attitude_poor")

    assert (rated.dept_name, rated.centre_id, count(MendingTicket)) == ("市公安局", "C01", 1)
    with pytest.raises(AlreadyRated):
        rate_visit(citizen_id, appointment_id)


def test_an_appointment_nobody_came_to_is_not_rated() -> None:
    citizen_id = make_citizen()
    booked = desk.visit(citizen_id)

    with pytest.raises(VisitNotMade):
        rate_visit(citizen_id, booked.id)
    with pytest.raises(AppointmentNotFound):
        rate_visit(make_citizen(), booked.id)


@pytest.mark.parametrize(
    ("level", "tags"),
    [
        (GOOD, ["efficiency_poor"]),  # of a bad level
        (BAD, ["attitude_poor"]),  # of a visit
        (BAD, ["made_up"]),
        (3, ["efficiency_good", "guide_good", "convenience_good", "platform_good", "guide_poor"]),  # too many
    ],
)
def test_reasons_that_are_not_offered_are_refused(level: int, tags: list[str]) -> None:
    with pytest.raises(TagsUnfit):
        rate(desk.closed(), level, tags=tags)


def test_what_cannot_be_shown_is_left_out_of_a_comment() -> None:
    assert seen(rate(desk.closed(), GOOD, comment=" 好\x00的\u202e ")).evaluation.comment == "好的"


def test_a_rating_is_counted_on_its_day() -> None:
    rate(desk.closed(), GOOD)
    rate(desk.closed(), GOOD)
    rate(desk.closed(), BAD)
    with unit_of_work() as session:
        found = queries.summary(session)

    assert (found.by_level, found.count, found.satisfied) == ({1: 2, 2: 0, 3: 0, 4: 0, 5: 1}, 3, 2)
    assert (found.bad, found.bad_open, found.bad_answered, found.bad_due) == (1, 1, 0, 0)


def test_with_no_ratings_there_are_no_numbers() -> None:
    with unit_of_work() as session:
        found = queries.summary(session)

    assert (found.since, found.count, found.satisfied, found.bad) == (None, 0, 0, 0)


def test_what_is_written_lies_encrypted() -> None:
    rate(desk.closed(), BAD, comment="柜台小李态度冷淡")
    with unit_of_work() as session:
        stored = session.execute(text("SELECT comment FROM evaluations")).scalar_one()

    assert "柜台".encode() not in bytes(stored)
