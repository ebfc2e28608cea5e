"""What was taken in electronically is asked for no more, and stays as it is (不得重复提交纸质)."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.cases import paper_words, remarks, service, taken_in
from app.cases.correcting import Ticked
from app.cases.correction_errors import PaperAskedAgain
from app.cases.errors import MaterialNotFound, RemarkUnfit
from app.db import unit_of_work
from app.supervision import tickets
from tests import case_fixtures, owed_fixtures
from tests.case_fixtures import APPROVER, FRONT_DESK, accept, submitted
from tests.catalogue_fixtures import publish
from tests.correction_fixtures import ADDRESS, ask, papers, refuse_to_take, stored

THERE = ["居民身份证（正反面）", "近期免冠照片"]


@pytest.mark.parametrize(
    "said",
    [
        "请把居民身份证复印件送到窗口",
        "请补交身份证纸质原件。",
        "请带身份证到一楼大厅交给我们",
        "免冠照片还要交一份打印件",
        "请把全部材料的纸质件寄来",
    ],
)
def test_plain_demands_for_paper_are_understood(said: str) -> None:
    assert paper_words.asked_for(said, there=THERE)


@pytest.mark.parametrize(
    "said",
    [
        "请把身份证原件重新拍照上传，四个角拍全",
        "身份证不用再交纸质的",
        "请提交户口簿原件",
        "经现场核查，加工间不符合要求",
        "请带身份证到窗口领取结果",
        "身份证已经过了有效期",
    ],
)
def test_other_words_are_left_alone(said: str) -> None:
    assert paper_words.asked_for(said, there=THERE, others=["户口簿"]) == []


@pytest.mark.parametrize("called", ["身份证复印件", "居民身份证", "居民身份证的原件", "近期免冠照片纸质版"])
def test_the_same_thing_by_another_name_is_the_same(called: str) -> None:
    assert len(paper_words.same_thing(called, there=THERE)) == 1


@pytest.mark.parametrize("called", ["无犯罪记录证明", "照片", "居住证", "户口簿复印件"])
def test_another_thing_is_another(called: str) -> None:
    assert paper_words.same_thing(called, there=THERE) == []


def paper_of(case_no: str) -> str:
    """A sentence that asks for the paper of what was handed in."""
    with unit_of_work() as session:
        first = next(iter(taken_in.of_case(session, stored(case_no)).values()))
    return f"请把{first}的纸质原件送到窗口"


def test_no_point_of_a_notice_asks_for_paper_of_what_is_there(citizen: int) -> None:
    case_no = submitted(citizen)
    material = papers(case_no)
    on_paper = Ticked(material.kind, material.target, "unclear", paper_of(case_no))

    for point in (on_paper, Ticked("field", "address", "wrong", paper_of(case_no))):
        with pytest.raises(PaperAskedAgain):
            ask(case_no, points=[point])


def test_what_is_there_is_not_called_missing(citizen: int) -> None:
    case_no = submitted(citizen)
    with pytest.raises(PaperAskedAgain) as refused:
        ask(case_no, points=[ADDRESS, Ticked("material", papers(case_no).target, "missing")])

    assert len(refused.value.errors or {}) == 1


def _refuse(case_no: str) -> None:
    with unit_of_work() as session:
        said = {"reason": paper_of(case_no), "legal_basis": "某法"}
        service.decide(session, case_no=case_no, officer=APPROVER, granted=False, **said)


def _explain(case_no: str) -> None:
    with unit_of_work() as session:
        tickets.explain(session, case=stored(case_no), officer=FRONT_DESK, text=paper_of(case_no))


@pytest.mark.parametrize("word", [_refuse, _explain])
def test_no_other_word_to_the_applicant_asks_for_it_either(
    citizen: int, word: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "is_late", lambda *_: True)
    case_no = submitted(citizen)
    accept(case_no)
    case_fixtures.pay(case_no)
    with pytest.raises(PaperAskedAgain):
        word(case_no)


def test_a_case_is_not_left_untaken_for_paper_of_what_is_there(citizen: int) -> None:
    case_no = submitted(citizen)
    with pytest.raises(PaperAskedAgain):
        refuse_to_take(case_no, reason=paper_of(case_no))


def test_what_follows_later_counts_once_it_was_found_right(citizen: int) -> None:
    publish(owed_fixtures.tolerant_item())
    case_no = owed_fixtures.accepted(citizen)
    owed_fixtures.bring(citizen, case_no)
    owed_fixtures.deliver(citizen, case_no)
    with unit_of_work() as session:
        before = taken_in.of_case(session, stored(case_no))
    owed_fixtures.check(case_no)
    with unit_of_work() as session:
        after = taken_in.of_case(session, stored(case_no))

    assert set(after) - set(before) == {owed_fixtures.PHOTO}


@pytest.mark.parametrize(
    "change", ["deleted_at = now()", "deleted_at = now(), set_aside_at = now()", "storage_key = 'other'"]
)
def test_the_database_itself_keeps_what_was_handed_in(citizen: int, change: str) -> None:
    submitted(citizen)
    with pytest.raises(IntegrityError, match="never taken away"), unit_of_work() as session:
        session.execute(text(f"UPDATE photos SET {change}"))


def test_a_page_in_which_a_virus_is_found_is_shut_away_all_the_same(citizen: int) -> None:
    submitted(citizen)
    with unit_of_work() as session:
        session.execute(text("UPDATE photos SET scan = 'infected', deleted_at = now()"))


def test_a_clerk_writes_a_remark_and_nobody_changes_it(citizen: int) -> None:
    case_no = submitted(citizen)
    code = papers(case_no).target
    with unit_of_work() as session:
        case = stored(case_no)
        remarks.write(session, case, officer=FRONT_DESK, material_code=code, text=" 有效期到明年 ")
    with unit_of_work() as session:
        (written,) = remarks.of_case(session, case_id=case.id)[code]

    assert (written.text, written.clerk_name) == ("有效期到明年", FRONT_DESK.name)
    for change in ("UPDATE material_remarks SET clerk_name = 'x'", "DELETE FROM material_remarks"):
        with pytest.raises(DBAPIError, match="never changed"), unit_of_work() as session:
            session.execute(text(change))


@pytest.mark.parametrize("said", ["", " \x00 ", "很" * 501], ids=["empty", "blank", "long"])
def test_a_remark_says_something(citizen: int, said: str) -> None:
    case_no = submitted(citizen)
    with pytest.raises(RemarkUnfit), unit_of_work() as session:
        case = stored(case_no)
        remarks.write(session, case, officer=FRONT_DESK, material_code=papers(case_no).target, text=said)


def test_there_is_nothing_to_remark_on_a_material_that_is_not_there(citizen: int) -> None:
    case_no = submitted(citizen)
    with pytest.raises(MaterialNotFound), unit_of_work() as session:
        remarks.write(session, stored(case_no), officer=FRONT_DESK, material_code="NONE", text="看过")
