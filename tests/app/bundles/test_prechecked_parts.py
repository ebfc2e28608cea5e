"""What is looked at before the way to a window is applied for by itself (网上预审与一件事)."""

import pytest

from app.bundles import starting
from app.cases.precheck_errors import PrecheckNotOffered
from app.db import unit_of_work
from tests import case_fixtures
from tests.bundle_fixtures import BIRTH, CARD, begin, case_of
from tests.catalogue_fixtures import item, publish
from tests.precheck_fixtures import ask, pass_

OFFERED = {"precheck_days": 1, "handle_type": ["1", "2", "3"], "project_type": "2", "promise_day": 5}


def test_a_draft_that_a_clerk_looks_at_is_left_out_and_said_so(citizen: int) -> None:
    publish(item("sscard-new", **OFFERED))
    ask(citizen, case_fixtures.ready(citizen, CARD))

    with unit_of_work() as session:
        started = starting.start(session, citizen_id=citizen, bundle_key="newborn", chosen=[BIRTH, CARD])

    assert started.left_out == ["“社会保障卡申领”正在请工作人员预审，收回来以后才能一起申请"]


def test_a_draft_that_passed_keeps_its_way_to_the_window(citizen: int) -> None:
    publish(item("sscard-new", **OFFERED))
    pass_(ask(citizen, case_fixtures.ready(citizen, CARD)))

    with unit_of_work() as session:
        started = starting.start(session, citizen_id=citizen, bundle_key="newborn", chosen=[BIRTH, CARD])

    assert started.left_out == ["“社会保障卡申领”预审已经通过，请带原件凭到窗码到窗口办"]


def test_a_part_of_a_bundle_is_not_looked_at_by_itself(citizen: int) -> None:
    publish(item("sscard-new", **OFFERED))
    number = begin(citizen, chosen=[BIRTH, CARD])

    with pytest.raises(PrecheckNotOffered):
        ask(citizen, case_of(number, CARD))
