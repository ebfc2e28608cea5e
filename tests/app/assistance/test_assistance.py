"""A clerk sits beside a citizen: with their yes, for a time, within bounds, every act on record."""

from datetime import timedelta

import pytest

from app import clock
from app.assistance import queries, service, words
from app.assistance.errors import (
    AskedTooOften,
    AssistanceAnswerLate,
    AssistanceNotFound,
    AssistanceOver,
    AssistanceTextChanged,
    AssistanceUnagreed,
    CitizenIsHelped,
    ClerkHelpsAnother,
)
from app.assistance.models import Assistance, EndedBy
from app.cases import queries as case_queries
from app.channels import Channel
from app.db import unit_of_work
from app.desk import assisted_cases, assisting
from app.people import phones
from app.people.models import Citizen
from app.staff.sessions import OnDuty
from tests import desk_fixtures
from tests.assistance_fixtures import agree, asked, begun, end, helped, helper, typed
from tests.catalogue_fixtures import ID_LOST
from tests.city_fixtures import MONDAY, make_slot
from tests.people_fixtures import make_citizen


def ended_by(assistance_id: int) -> str | None:
    with unit_of_work() as session:
        return session.get_one(Assistance, assistance_id).ended_by


def test_nothing_is_seen_before_the_citizen_says_yes(elder: int, clerk: OnDuty) -> None:
    assistance_id = asked(elder, clerk)

    with pytest.raises(AssistanceUnagreed):
        begun(clerk, assistance_id)
    agree(elder, assistance_id)

    assert begun(clerk, assistance_id)


def test_the_yes_is_kept_with_its_words_time_and_channel(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)

    with unit_of_work() as session:
        kept = session.get_one(Assistance, assistance_id)
        assert (kept.text_version, kept.channel) == (words.VERSION, Channel.WECHAT)
        assert kept.agreed_at is not None
        assert kept.over_at - kept.agreed_at == words.LASTS
        assert "王帮办" in queries.seen(session, assistance_id=assistance_id).text


def test_a_yes_to_other_words_is_none(elder: int, clerk: OnDuty) -> None:
    assistance_id = asked(elder, clerk)

    with pytest.raises(AssistanceTextChanged), unit_of_work() as session:
        service.agree(
            session,
            citizen_id=elder,
            assistance_id=assistance_id,
            version=words.VERSION + 1,
            channel=Channel.H5,
        )


def test_nobody_says_yes_for_somebody_else(elder: int, clerk: OnDuty) -> None:
    assistance_id = asked(elder, clerk)

    with pytest.raises(AssistanceNotFound):
        agree(make_citizen("陈"), assistance_id)
    with pytest.raises(AssistanceNotFound):
        end(make_citizen("陈"), assistance_id)


def test_asking_and_saying_yes_twice_is_once(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)
    agree(elder, assistance_id)

    assert asked(elder, clerk) == assistance_id
    assert desk_fixtures.actions() == ["assistance_asked", "assistance_agreed"]


def test_no_is_no(elder: int, clerk: OnDuty) -> None:
    assistance_id = asked(elder, clerk)
    end(elder, assistance_id)

    assert ended_by(assistance_id) == EndedBy.REFUSED
    with pytest.raises(AssistanceAnswerLate):
        agree(elder, assistance_id)


def test_one_clerk_helps_one_citizen_at_a_time(elder: int, clerk: OnDuty) -> None:
    helped(elder, clerk)

    with pytest.raises(ClerkHelpsAnother):
        asked(make_citizen("陈"), clerk)
    with pytest.raises(CitizenIsHelped):
        asked(elder, helper("李帮办"))


@pytest.mark.parametrize(("minutes", "by"), [(30, EndedBy.TIME), (15, EndedBy.IDLE)])
def test_it_ends_by_time_and_when_nobody_does_anything(
    elder: int, clerk: OnDuty, minutes: int, by: EndedBy
) -> None:
    assistance_id = helped(elder, clerk)
    case_no = begun(clerk, assistance_id)
    if by is EndedBy.TIME:
        with clock.stopped_at(MONDAY + timedelta(minutes=14)):
            typed(clerk, assistance_id, case_no, address="示例路1号")
        with clock.stopped_at(MONDAY + timedelta(minutes=28)):
            typed(clerk, assistance_id, case_no, address="示例路2号")

    with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
        with pytest.raises(AssistanceOver):
            typed(clerk, assistance_id, case_no, address="示例路3号")
        with unit_of_work() as session:
            assert service.close_over(session) == 1
        assert ended_by(assistance_id) == by


def test_a_question_is_not_answered_for_ever(elder: int, clerk: OnDuty) -> None:
    assistance_id = asked(elder, clerk)

    with clock.stopped_at(MONDAY + timedelta(minutes=5)):
        with pytest.raises(AssistanceAnswerLate):
            agree(elder, assistance_id)
        assert asked(elder, helper("李帮办")) != assistance_id

    assert ended_by(assistance_id) == EndedBy.UNANSWERED


def test_after_the_end_nothing_is_kept_or_seen(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)
    case_no = begun(clerk, assistance_id)
    end(elder, assistance_id)

    with pytest.raises(AssistanceOver):
        typed(clerk, assistance_id, case_no, address="示例路1号")
    with pytest.raises(AssistanceOver), unit_of_work() as session:
        assisted_cases.draft(session, clerk=clerk, assistance_id=assistance_id, case_no=case_no)
    with unit_of_work() as session:
        assert assisting.table(session, clerk=clerk, assistance_id=assistance_id).drafts == []


def test_what_is_typed_is_marked_with_who_and_when(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)
    case_no = begun(clerk, assistance_id)
    typed(clerk, assistance_id, case_no, address="示例路1号")

    with unit_of_work() as session:
        case = case_queries.case_of(session, citizen_id=elder, case_no=case_no)
        done = queries.acts(session, assistance_ids=[assistance_id])[assistance_id]
        line = case_queries.timeline(session, case_id=case.id)[0]
        by = queries.helped(session, reference=f"case:{case.id}")

    assert [(act.kind, act.sentence) for act in done] == [
        ("started", "已开始填写申请"),
        ("form", "填写了申请表"),
    ]
    assert line.actor_name == "申请人（工作人员王帮办在旁帮办）"
    assert [(one.clerk, one.on_paper) for one in by] == [("王帮办", False)]
    assert desk_fixtures.actions()[-1] == "assistance_acted"


def test_a_visit_is_booked_and_marked(elder: int, clerk: OnDuty) -> None:
    slot_id = make_slot(at=MONDAY + timedelta(days=1))
    assistance_id = helped(elder, clerk)

    with unit_of_work() as session:
        visit = assisted_cases.book(
            session, clerk=clerk, assistance_id=assistance_id, task_code=ID_LOST, slot_id=slot_id
        )

    with unit_of_work() as session:
        done = queries.acts(session, assistance_ids=[assistance_id])[assistance_id]
    assert [(act.kind, act.reference) for act in done] == [("booked", f"appointment:{visit.id}")]


def test_it_ends_with_the_clerks_log_out_and_with_the_account(elder: int, clerk: OnDuty) -> None:
    first = helped(elder, clerk)
    with unit_of_work() as session:
        service.end_with_log_out(session, clerk_id=clerk.clerk_id)
    second = helped(elder, clerk)
    with unit_of_work() as session:
        service.end_with_account(session, citizen_id=elder)

    assert [ended_by(first), ended_by(second)] == [EndedBy.LOG_OUT, EndedBy.ACCOUNT]


def called(clerk: OnDuty, citizen_id: int) -> int:
    """A question to whoever has the number of this citizen; its id."""
    with unit_of_work() as session:
        citizen = session.get_one(Citizen, citizen_id)
        citizen.phone, citizen.phone_index = "13800000000", phones.index("13800000000")
        session.flush()
        return assisting.ask_by_phone(session, clerk=clerk, phone="13800000000")


def test_after_a_no_nobody_asks_by_number_for_an_hour(elder: int, clerk: OnDuty) -> None:
    end(elder, called(clerk, elder))

    for one in (clerk, helper("李帮办")):
        with pytest.raises(AskedTooOften):
            called(one, elder)
    assert asked(elder, clerk), "whoever shows their code is there and may be asked"
    with clock.stopped_at(MONDAY + timedelta(hours=1)):
        assert called(clerk, elder)


def test_who_does_not_answer_is_left_alone_after_three_times(elder: int, clerk: OnDuty) -> None:
    for minutes in (0, 6, 12):
        with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
            called(clerk, elder)

    with pytest.raises(AskedTooOften), clock.stopped_at(MONDAY + timedelta(minutes=18)):
        called(clerk, elder)


def test_asking_how_long_it_lasts_keeps_nothing_alive(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)

    left = []
    for minutes in (0, 14, 15):
        with clock.stopped_at(MONDAY + timedelta(minutes=minutes)), unit_of_work() as session:
            left.append(assisting.minutes_left(session, clerk=clerk, assistance_id=assistance_id))

    assert left == [15, 1, None]


def test_the_phone_counts_to_the_end_that_comes_when_nobody_does_anything(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)

    left = []
    for minutes in (0, 14, 20, 35):
        with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
            with unit_of_work() as session:
                left.append(queries.seen(session, assistance_id=assistance_id).minutes_left)
            if minutes == 14:
                begun(clerk, assistance_id)

    assert left == [15, 1, 9, None]


def test_nothing_about_a_person_is_shown_before_their_yes(elder: int, clerk: OnDuty) -> None:
    def name(assistance_id: int) -> str:
        with unit_of_work() as session:
            return assisting.table(session, clerk=clerk, assistance_id=assistance_id).citizen

    refused = called(clerk, elder)
    assert name(refused) == "这位市民"
    end(elder, refused)
    assert name(refused) == "这位市民"

    assert name(helped(elder, clerk)) == "**英"


def test_saving_what_was_there_already_is_not_told_as_an_act(elder: int, clerk: OnDuty) -> None:
    assistance_id = helped(elder, clerk)
    case_no = begun(clerk, assistance_id)

    for _ in range(2):
        typed(clerk, assistance_id, case_no, address="示例路1号")

    with unit_of_work() as session:
        done = queries.acts(session, assistance_ids=[assistance_id])[assistance_id]
    assert [act.kind for act in done] == ["started", "form"]
