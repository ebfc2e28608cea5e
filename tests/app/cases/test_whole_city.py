"""Every item of the demo city can be applied for."""

from app.cases import forms, overview, queries, service
from app.cases.states import Party
from app.db import unit_of_work
from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST, publish
from tests.city_fixtures import document


def test_every_item_of_the_city_can_be_started_and_shown(citizen: int) -> None:
    items = document("items.json")["items"]
    publish(*items)
    for item in items:
        with unit_of_work() as session:
            case, _ = service.start(session, citizen_id=citizen, task_code=item["task_code"], in_bundle=True)
            shown = overview.of(session, case, parties=frozenset({Party.CITIZEN}))
        assert len(shown.materials) == len(item["materials"])
        assert {"applicant_name", "delivery"} <= {view.field.key for view in shown.fields}


def test_answers_are_kept_sealed_and_the_later_ones_count(citizen: int) -> None:
    for reason in ("丢失", "损坏"):
        with unit_of_work() as session:
            case, _ = service.start(session, citizen_id=citizen, task_code=ID_LOST, answers={"why": reason})

    assert case.sealed_answers == '{"why": "损坏"}'


def test_what_a_clerk_writes_is_kept_readable(citizen: int) -> None:
    case_no = case_fixtures.accepted(citizen)
    case = case_fixtures.decide(
        case_no, granted=False, reason=" 不\x00符\x07\n第二行 ", legal_basis="某法\x00"
    )

    assert (case.decision_reason, case.legal_basis) == ("不符\n第二行", "某法")


def test_a_sealed_form_opens_as_it_was(citizen: int) -> None:
    case_no = case_fixtures.start(citizen)
    case_fixtures.fill(citizen, case_no)
    with unit_of_work() as session:
        case = queries.case_of(session, citizen_id=citizen, case_no=case_no)

    assert forms.opened(case.sealed_form).values == case_fixtures.FORM
