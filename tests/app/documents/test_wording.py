"""What the papers before acceptance say: all that is to be put right, or why a case is not taken up."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.db import unit_of_work
from app.documents import issuing, wording
from app.documents.kinds import Kind
from tests import case_fixtures
from tests.document_fixtures import BASIS, REASON, of_case, of_kind, words

POINTS = (
    wording.Point("证件照片", "看不清楚", "请在光线好的地方重新拍"),
    wording.Point("联系地址", "填写有误", "请对照户口簿重新填写", "《居民身份证法》第十条"),
)


def of(session: Session, case_no: str) -> Case:
    return session.scalars(select(Case).where(Case.case_no == case_no)).one()


def ask(case_no: str, occasion: str = "correction:1") -> None:
    with unit_of_work() as session:
        issuing.issue(
            session,
            case=of(session, case_no),
            kind=Kind.CORRECTION,
            occasion=occasion,
            on=date(2026, 11, 16),
            write=lambda known: wording.correction(known, POINTS, until=date(2026, 11, 30)),
        )


def test_a_correction_names_everything_at_once_with_reason_and_how(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    ask(case_no)
    ask(case_no)
    said = words(of_kind(case_no, Kind.CORRECTION))

    for part in ("一次性告知书", "1.证件照片：看不清楚", "2.联系地址：填写有误", "《居民身份证法》第十条"):
        assert part in said
    assert "2026年11月30日" in said
    assert "不会再提出其他补正要求" in said
    assert [paper.number for paper in of_case(case_no)] == ["〔2026〕补字第000001号"]


def test_not_taking_a_case_up_is_founded_and_says_what_can_be_done(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    refusal = wording.Refusal(REASON, BASIS, "陈审批")
    with unit_of_work() as session:
        issuing.issue(
            session,
            case=of(session, case_no),
            kind=Kind.NOT_ACCEPTED,
            occasion="not_accepted",
            on=date(2026, 11, 16),
            write=lambda known: wording.not_accepted(known, refusal),
        )
    said = words(of_kind(case_no, Kind.NOT_ACCEPTED))

    for part in (
        "不予受理决定书",
        "〔2026〕不受字第000001号",
        REASON,
        BASIS,
        "陈审批",
        "第二十条",
        "第四十六条",
    ):
        assert part in said
