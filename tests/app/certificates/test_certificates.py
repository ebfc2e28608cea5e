import json
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.certificates import numbers, queries, service
from app.certificates.errors import CertificateNotFound, IdentifierWrong
from app.certificates.models import Certificate
from app.db import unit_of_work
from tests import case_fixtures
from tests.case_fixtures import accept, decide, midnight_comes
from tests.races import together

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "id_vectors.json").read_text(encoding="utf-8")
)["licence_id"]


def granted(citizen: int) -> Certificate:
    case = decide(case_fixtures.accepted(citizen))
    with unit_of_work() as session:
        return session.scalars(select(Certificate).where(Certificate.case_id == case.id)).one()


@pytest.mark.parametrize("text", VECTORS["valid"])
def test_a_right_identifier_is_read_and_written_the_same(text: str) -> None:
    assert str(numbers.read(text)) == text


@pytest.mark.parametrize(
    "text", [*(case["v"] for case in VECTORS["invalid"]), "", "1.2.156.3005.2", VECTORS["valid"][0] + "0"]
)
def test_a_wrong_identifier_is_refused(text: str) -> None:
    with pytest.raises(IdentifierWrong):
        numbers.read(text)


def test_a_certificate_has_an_identifier_of_the_standard(citizen: int) -> None:
    certificate = granted(citizen)
    read = numbers.read(certificate.identifier)

    assert (read.type_code, read.issuer) == ("11350100MB99000138001", "11350100MB99000138")
    assert read.serial.startswith("2026")


def test_one_item_has_one_type_and_two_certificates_two_serials(citizen: int) -> None:
    first, second = (
        numbers.read(granted(who).identifier) for who in (citizen, case_fixtures.citizen("李四"))
    )

    assert first.type_code == second.type_code
    assert first.serial != second.serial


def test_a_certificate_names_one_day_also_at_midnight(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = accept(case_fixtures.submitted(citizen))
    midnight_comes(monkeypatch)
    with unit_of_work() as session:
        certificate = service.issue(
            session,
            citizen_id=citizen,
            case_id=case.id,
            name="x",
            task_code="x",
            dept_code="x",
            dept_name="x",
            holder_name="x",
            facts={},
        )

    assert clock.local(certificate.issued_at).date() == certificate.issued_on


@pytest.mark.parametrize("code", ["TE440000GD030003VV", "13440000515356094L", "市公安局", "x", "1" * 40])
def test_a_departments_code_that_breaks_the_standard_still_gives_a_readable_identifier(code: str) -> None:
    identifier = numbers.Identifier(numbers.type_code(code, 7), numbers._written(code), "202600000001", "001")

    assert numbers.read(str(identifier)) == identifier


def test_two_items_that_come_at_once_get_two_types(citizen: int) -> None:
    def number(task_code: str) -> int:
        with unit_of_work() as session:
            return service._type_number(session, dept_code="D", task_code=task_code)

    drawn = together(*[partial(number, code) for code in ("A", "B", "A", "C")])

    assert len({drawn[0], drawn[1], drawn[3]}) == 3
    assert drawn[0] == drawn[2]


def test_another_citizens_certificate_is_not_there(citizen: int) -> None:
    certificate = granted(citizen)

    with pytest.raises(CertificateNotFound), unit_of_work() as session:
        queries.certificate_of(
            session, citizen_id=case_fixtures.citizen("李四"), certificate_id=certificate.id
        )


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2026, 11, 16), 5, date(2031, 11, 15)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
    ],
)
def test_validity_ends_on_the_day_before_the_anniversary(start: date, years: int, last: date) -> None:
    assert service.last_day(start, years=years) == last


def test_a_certificate_is_valid_to_its_last_day_and_then_expired(citizen: int) -> None:
    certificate = granted(citizen)
    assert certificate.state_on(date(2126, 1, 1)) == "valid"

    certificate.valid_until = clock.today()
    assert certificate.state_on(clock.today()) == "valid"
    assert certificate.state_on(clock.today() + timedelta(days=1)) == "expired"


def test_facts_say_whose_it_is_and_contents_what_it_says(citizen: int) -> None:
    certificate = granted(citizen)
    with unit_of_work() as session:
        facts = queries.facts(session, certificate_id=certificate.id)

    assert (facts.citizen_id, facts.identifier) == (citizen, certificate.identifier)
    assert queries.contents(certificate)["holder_number"] == case_fixtures.CITIZEN_NUMBER
