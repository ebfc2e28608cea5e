"""What a citizen is told about a clerk beside them."""

from collections.abc import Callable

from app import clock
from app.db import unit_of_work
from notifications import queries
from tests import desk_fixtures
from tests.assistance_fixtures import asked, begun, end, helped, helper, typed
from tests.city_fixtures import MONDAY
from tests.people_fixtures import make_citizen


def told(citizen_id: int) -> list[tuple[str, str, str]]:
    with unit_of_work() as session:
        found = queries.of_citizen(session, citizen_id=citizen_id)
        return [(each.title, each.text, each.page) for each in reversed(found)]


def test_a_question_comes_with_the_way_to_say_no(database: None, deliver: Callable[[], None]) -> None:
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        elder = make_citizen("林秀英")
        asked(elder, helper())
        deliver()

        ((title, text, page),) = told(elder)
    assert (title, page) == ("工作人员想帮您办事", "pages/me/assistance")
    assert "工作人员不在您身边的，请点“不同意”" in text


def test_the_end_sums_up_what_was_done_and_what_is_left(database: None, deliver: Callable[[], None]) -> None:
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        elder, clerk = make_citizen("林秀英"), helper()
        assistance_id = helped(elder, clerk)
        case_no = begun(clerk, assistance_id)
        typed(clerk, assistance_id, case_no, address="示例路1号")
        typed(clerk, assistance_id, case_no, address="示例路2号")
        end(elder, assistance_id)
        deliver()

        ((title, text, page),) = told(elder)
    assert (title, page) == ("帮办结束了", f"pages/cases/detail?no={case_no}")
    assert "工作人员王帮办在您旁边做了：已开始填写申请、填写了申请表。" in text
    assert "还差：请您核对“居民身份证丢失补领”，再自己点提交。" in text


def test_a_question_that_was_refused_is_the_end_of_it(database: None, deliver: Callable[[], None]) -> None:
    del database
    with clock.stopped_at(MONDAY):
        desk_fixtures.open_city()
        elder = make_citizen("林秀英")
        end(elder, asked(elder, helper()))
        deliver()

        assert told(elder) == []
