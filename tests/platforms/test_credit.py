"""The client of the city's credit platform against the stand-in."""

from dataclasses import replace
from datetime import date

import pytest

from platforms.credit import CreditPlatform, CreditReport, ListEntry
from platforms.errors import Busy, Refused, Unknown
from platforms.signed_line import LineConfig
from tests.platforms.conftest import SHORT, Sandbox

NUMBER = "11010519491231002X"
TOLD = CreditReport(
    reference="YMXY-00000001",
    kind="record",
    record="YMXY-00000001",
    subject_kind="person",
    number=NUMBER,
    what="证件确已丢失",
    promise_sha256="b" * 64,
    evidence_sha256="a" * 64,
    decision="不实，已责令改正",
    legal_basis="",
    since="2026-11-16",
    until="2027-11-16",
)
END = replace(TOLD, reference="YMXY-00000002", kind="withdrawal")


@pytest.fixture
def config(sandbox: Sandbox) -> LineConfig:
    return LineConfig(
        sandbox.env["CREDIT_URL"], sandbox.env["CREDIT_APP_ID"], sandbox.env["CREDIT_KEY"], SHORT
    )


@pytest.fixture
def credit(config: LineConfig) -> CreditPlatform:
    return CreditPlatform(config)


def entry(**changes: object) -> dict[str, object]:
    usual = {
        "list": "black",
        "authority": "示例市税务局",
        "reason": "欠税",
        "since": "2026-01-02",
        "until": None,
    }
    return {**usual, **changes}


def asked(credit: CreditPlatform) -> list[ListEntry]:
    return credit.entries("YMMD-00000001", subject_kind="person", number=NUMBER)


def test_who_is_on_no_list_has_no_entries_and_who_is_has_them(
    credit: CreditPlatform, sandbox: Sandbox
) -> None:
    assert asked(credit) == []
    sandbox.post("/credit/entries", number=NUMBER, entries=[entry(until="2026-12-31")])

    assert asked(credit) == [ListEntry("black", "示例市税务局", "欠税", date(2026, 1, 2), date(2026, 12, 31))]


@pytest.mark.parametrize(
    "changes", [{"list": "grey"}, {"since": "yesterday"}, {"authority": ""}, {"until": 5}, {"reason": None}]
)
def test_an_entry_that_says_nothing_clear_is_unknown_and_never_clean(
    credit: CreditPlatform, sandbox: Sandbox, changes: dict[str, object]
) -> None:
    sandbox.post("/credit/entries", number=NUMBER, entries=[entry(**changes)])
    with pytest.raises(Unknown):
        asked(credit)


def test_a_report_is_taken_once_however_often_it_is_told(credit: CreditPlatform, sandbox: Sandbox) -> None:
    assert credit.ask(TOLD.reference) is None
    numbers = {credit.report(TOLD).number for _ in range(3)}
    found = credit.ask(TOLD.reference)

    assert found is not None
    assert numbers == {found.number}
    assert len(sandbox.get("/credit/reports")["items"]) == 1


def test_a_record_ends_once_and_only_one_that_is_there(credit: CreditPlatform) -> None:
    with pytest.raises(Refused):
        credit.report(END)
    credit.report(TOLD)
    credit.report(END)
    with pytest.raises(Refused):
        credit.report(replace(END, reference="YMXY-00000003", kind="expiry"))


@pytest.mark.parametrize(
    "told", [replace(TOLD, reference="short"), replace(TOLD, number="1"), replace(TOLD, evidence_sha256="")]
)
def test_what_the_platform_does_not_take_is_refused(credit: CreditPlatform, told: CreditReport) -> None:
    with pytest.raises(Refused):
        credit.report(told)


def test_a_reference_is_not_used_for_other_content(credit: CreditPlatform) -> None:
    credit.report(TOLD)
    with pytest.raises(Refused):
        credit.report(replace(TOLD, what="another matter"))


def test_a_wrong_key_means_busy_and_nothing_is_told(config: LineConfig, sandbox: Sandbox) -> None:
    with pytest.raises(Busy):
        CreditPlatform(LineConfig(config.url, config.app_id, "another key", SHORT)).report(TOLD)
    assert sandbox.get("/credit/reports")["items"] == []


@pytest.mark.parametrize("kind", ["http_502", "html", "truncated", "reset", "empty"])
def test_a_lost_answer_is_unknown_and_the_work_was_done(
    credit: CreditPlatform, sandbox: Sandbox, kind: str
) -> None:
    sandbox.fault("credit.report", kind, after=True)
    with pytest.raises(Unknown):
        credit.report(TOLD)
    assert credit.ask(TOLD.reference) is not None
    assert sandbox.calls("credit.report") == 1
