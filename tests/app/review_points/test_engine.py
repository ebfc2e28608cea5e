"""What a machine says of each review point (机器审查)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.review_points import engine
from app.review_points.engine import Facts, Given, Outcome
from app.review_points.points import read
from app.situations.known import Known
from tests.case_fixtures import CITIZEN_NUMBER

TODAY = date(2026, 11, 21)
LIN = Facts(
    today=TODAY,
    form={"applicant_name": "林", "id_number": CITIZEN_NUMBER, "left_on": "2026-11-01", "age": "十八"},
    answers={"why": "living", "born": date(2010, 11, 21)},
    asked=frozenset({"why", "born", "open"}),
    materials={"M01": Given.CERTIFICATE, "M02": Given.PHOTO, "M03": Given.MISSING, "M04": Given.ONLINE},
    known=Known(born=date(1949, 12, 31), sex="female", local=False),
    proven_name="林",
    proven_number=CITIZEN_NUMBER,
    certificates={"居住证": date(2026, 12, 1), "营业执照": None},
)


def said(facts: Facts = LIN, **point: Any) -> Outcome:
    raw = {"key": "one", "text": "一条", "law": "某法", **point}
    return engine.judge(read({"review_points": [raw]}), facts)[0].outcome


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        ({"of": "form", "about": "left_on", "test": "days_at_least", "values": ["0"]}, Outcome.MET),
        ({"of": "form", "about": "left_on", "test": "days_at_least", "values": ["60"]}, Outcome.NOT_MET),
        ({"of": "form", "about": "applicant_name", "test": "filled"}, Outcome.MET),
        ({"of": "form", "about": "phone", "test": "filled"}, Outcome.NOT_MET),
        ({"of": "form", "about": "age", "test": "at_least", "values": ["18"]}, Outcome.UNTOLD),
        ({"of": "answer", "about": "why", "test": "in", "values": ["living", "work"]}, Outcome.MET),
        ({"of": "answer", "about": "why", "test": "is", "values": ["work"]}, Outcome.NOT_MET),
        ({"of": "answer", "about": "born", "test": "years_at_least", "values": ["16"]}, Outcome.MET),
        ({"of": "answer", "about": "open", "test": "is", "values": ["yes"]}, Outcome.UNTOLD),
        ({"of": "answer", "about": "not_asked", "test": "is", "values": ["yes"]}, Outcome.MET),
        ({"of": "material", "about": "M01"}, Outcome.MET),
        ({"of": "material", "about": "M02"}, Outcome.UNTOLD),
        ({"of": "material", "about": "M03"}, Outcome.NOT_MET),
        ({"of": "material", "about": "M04"}, Outcome.MET),
        ({"of": "material", "about": "M05"}, Outcome.MET),
        ({"of": "certificate", "about": "居住证", "test": "held"}, Outcome.MET),
        ({"of": "certificate", "about": "居住证", "test": "within_days", "values": ["5"]}, Outcome.NOT_MET),
        ({"of": "certificate", "about": "营业执照", "test": "within_days", "values": ["5"]}, Outcome.UNTOLD),
        ({"of": "certificate", "about": "结婚证", "test": "held"}, Outcome.NOT_MET),
        ({"of": "applicant", "about": "identity"}, Outcome.MET),
        (
            {"of": "applicant", "about": "birth_date", "test": "years_below", "values": ["60"]},
            Outcome.NOT_MET,
        ),
        ({"of": "applicant", "about": "sex", "test": "is", "values": ["female"]}, Outcome.MET),
        ({"of": "applicant", "about": "local_household"}, Outcome.UNTOLD),
        ({"of": "applicant", "about": "region", "test": "in", "values": ["3501", "1101"]}, Outcome.MET),
        ({"of": "applicant", "about": "region", "test": "in", "values": ["3501"]}, Outcome.UNTOLD),
        ({"of": "fees"}, Outcome.MET),
        ({"of": "person"}, Outcome.UNTOLD),
    ],
)
def test_every_kind_of_point_has_its_answer(point: dict[str, Any], outcome: Outcome) -> None:
    assert said(**point) is outcome


def test_a_wrong_name_is_no_proof_of_who_applies() -> None:
    other = replace(LIN, form={**LIN.form, "applicant_name": "陈"})

    assert said(other, of="applicant", about="identity") is Outcome.NOT_MET


def test_whoever_is_not_proven_is_for_a_person() -> None:
    unknown = replace(LIN, proven_name=None, proven_number=None, known=Known())

    assert said(unknown, of="applicant", about="identity") is Outcome.UNTOLD
    assert said(unknown, of="applicant", about="sex", test="is", values=["female"]) is Outcome.UNTOLD


def test_what_a_lapsed_certificate_gives_and_what_costs_an_unknown_sum_is_for_a_person() -> None:
    lapsed = replace(LIN, materials={"M01": Given.LAPSED_CERTIFICATE}, fees_fixed=False)

    assert said(lapsed, of="material", about="M01") is Outcome.NOT_MET
    assert said(lapsed, of="fees") is Outcome.UNTOLD


def test_every_verdict_says_why_and_what_is_not_met_is_a_doubt() -> None:
    raw = [
        {
            "key": "a",
            "text": "填了姓名",
            "law": "某法",
            "of": "form",
            "about": "applicant_name",
            "test": "filled",
        },
        {"key": "b", "text": "看原件", "law": "某法", "of": "person"},
    ]
    verdicts = engine.judge(read({"review_points": raw}), LIN)

    assert all(verdict.reason for verdict in verdicts)
    assert [verdict.key for verdict in engine.doubts(verdicts)] == ["b"]
