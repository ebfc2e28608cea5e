"""Promised numbers, each with what it is counted from."""

from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import event, select, text

from app import clock, db
from app.db import unit_of_work
from app.figures import baselines, facts, queries, upkeep
from app.figures.errors import AlreadyFrozen
from app.figures.models import Baseline, ItemFacts
from app.figures.shapes import Figure, Unit, written
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import document
from web.flask_app import YimaFlask

ITEMS = document("items.json")["items"]


def figures() -> dict[str, Figure]:
    with unit_of_work() as session:
        return {figure.key: figure for figure in queries.count(session).figures}


def of(found: dict[str, Figure], key: str) -> tuple[float, float | None]:
    return found[key].counted, found[key].of


def those(condition: Any) -> int:
    return sum(1 for one in ITEMS if condition(one))


@pytest.fixture
def runner(app: YimaFlask, database: None) -> FlaskCliRunner:
    del database
    return app.test_cli_runner()


@pytest.mark.usefixtures("city")
def test_the_numbers_of_the_demo_city_are_those_of_its_fields() -> None:
    found = figures()
    materials = [material for one in ITEMS for material in one["materials"]]

    assert of(found, "zero_visit") == (those(lambda one: one["limit_scene_num"] == 0), len(ITEMS)) == (45, 60)
    assert of(found, "one_visit") == (those(lambda one: one["limit_scene_num"] <= 1), len(ITEMS)) == (59, 60)
    assert of(found, "online") == (those(lambda one: one["is_online"]), len(ITEMS)) == (58, 60)
    assert of(found, "full_online") == (those(lambda one: one["online_handle_depth"] == 4), len(ITEMS))
    assert of(found, "instant") == (those(lambda one: one["project_type"] == "1"), len(ITEMS))
    assert of(found, "exempt_materials") == (sum(one["exempt_submit"] for one in materials), len(materials))
    assert of(found, "bundles") == (len(document("packages.json")["packages"]), None)


@pytest.mark.usefixtures("city")
def test_only_limits_of_one_unit_are_divided() -> None:
    found = figures()
    same = [
        one for one in ITEMS if one["anticipate_day"] > 0 and one["anticipate_unit"] == one["promise_unit"]
    ]
    within = [one for one in same if one["promise_day"] <= 0.3 * one["anticipate_day"]]

    assert 0 < len(same) < len(ITEMS)
    promised, legal = (sum(one[name] for one in same) for name in ("promise_day", "anticipate_day"))
    assert of(found, "limit_ratio") == (promised, legal)
    assert of(found, "limit_within") == (len(within), len(same))
    assert found["limit_ratio"].kept is (promised / legal <= 0.3)


@pytest.mark.usefixtures("city")
def test_an_item_out_of_use_or_secret_is_in_no_number() -> None:
    before = figures()
    publish(item("id-lost", secret=True), item("marry", task_state="2"))
    after = figures()

    assert of(after, "one_visit") == (57, 58)
    assert after["ways"].parts[0].of == 58
    assert (after["community_items"].counted, after["one_window"].of) == (
        before["community_items"].counted - 2,
        (before["one_window"].of or 0) - 2,
    )


@pytest.mark.usefixtures("city")
def test_the_community_stations_offer_what_is_marked_as_near() -> None:
    with unit_of_work() as session:
        stations = {station.centre_id: station.items for station in queries.count(session).stations}

    for centre_id in ("C07", "C08"):
        offered = those(lambda one, at=centre_id: one["four_ban"]["jiujin"] and at in one["transact_centers"])
        assert stations[centre_id] == offered > 0
    assert set(stations) == {"C07", "C08"}


@pytest.mark.usefixtures("city")
def test_a_changed_guide_alone_is_read_again() -> None:
    figures()
    publish(item("id-lost", limit_scene_num=3))
    with unit_of_work() as session:
        assert facts.refresh(session, now=clock.now()) == 1
        assert facts.refresh(session, now=clock.now()) == 0
        assert 3 in session.scalars(select(ItemFacts.visits)).all()


@pytest.mark.usefixtures("city")
def test_counting_costs_as_many_statements_however_many_items_there_are() -> None:
    figures()
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        figures()
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    assert len(counted) <= 16


@pytest.mark.usefixtures("city")
def test_materials_are_fewer_than_in_the_baseline_of_the_demo_city() -> None:
    assert figures()["materials_reduced"].value == 0
    cut = item("id-lost")
    own = [one for one in cut["materials"] if not one["exempt_submit"]]
    publish({**cut, "materials": [one for one in cut["materials"] if one is not own[0]]})

    reduced = figures()["materials_reduced"]
    before = sum(not one["exempt_submit"] for each in ITEMS for one in each["materials"])
    assert (reduced.counted, reduced.of) == (1, before)
    with unit_of_work() as session:
        base = session.scalars(select(Baseline)).one()
    assert base.provenance == "demo-authored"
    assert "演示" in base.note


def test_a_second_freeze_is_refused_and_done_only_when_wanted_again(runner: FlaskCliRunner) -> None:
    publish(item("id-lost"))
    assert "1 items" in runner.invoke(args=["figures", "freeze", "--note", "改革前"]).output
    refused = runner.invoke(args=["figures", "freeze"])
    assert (refused.exit_code, "已经定过基数" in refused.output) == (1, True)
    assert runner.invoke(args=["figures", "freeze", "--again"]).exit_code == 0
    with unit_of_work() as session:
        assert session.scalars(select(Baseline.note).order_by(Baseline.id)).all() == ["改革前", ""]
        assert baselines.freeze_first(session, note="x") is None
        with pytest.raises(AlreadyFrozen):
            baselines.freeze(session, note="")


def test_the_numbers_are_printed_for_the_operator(runner: FlaskCliRunner) -> None:
    publish(item("id-lost"))
    shown = runner.invoke(args=["figures", "show"])
    assert shown.exit_code == 0
    assert "一趟不用跑" in shown.output


@pytest.mark.usefixtures("database")
def test_without_anything_there_is_no_share_and_no_crash() -> None:
    found = figures()
    assert {figure.value for figure in found.values() if figure.unit is Unit.SHARE} == {None}
    assert found["zero_visit"].text == "暂无数据"
    assert found["zero_visit"].kept is None


@pytest.mark.usefixtures("database")
def test_a_guide_with_odd_values_breaks_no_number() -> None:
    publish(item("id-lost"))
    odd = """UPDATE guide_versions SET body = body || '{"limit_scene_num": "one", "promise_day": null,
      "four_ban": [], "handle_type": {"a": 1}, "materials": {"name": 1}, "transact_centers": "C01",
      "is_online": "yes", "window_group": null, "use_level": 3}'"""
    with unit_of_work() as session:
        session.execute(text(odd))
    assert of(figures(), "online") == (0, 1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, "50%"), (0.9996, "99.96%"), (0.0004, "0.04%"), (1.0, "100%"), (0.0, "0%"), (0.983, "98.3%")],
)
def test_a_share_is_never_rounded_to_all_or_none(value: float, shown: str) -> None:
    assert written(value, Unit.SHARE) == shown


@pytest.mark.usefixtures("city")
def test_while_another_process_reads_the_guides_nobody_waits() -> None:
    before = figures()
    publish(item("id-lost", limit_scene_num=0))
    with db.engine().begin() as other:
        other.execute(text(f"SELECT pg_advisory_xact_lock({facts._LOCK})"))
        assert of(figures(), "zero_visit") == of(before, "zero_visit")
    assert of(figures(), "zero_visit") == (46, 60)


@pytest.mark.usefixtures("city")
def test_the_job_reads_what_was_imported_before_anybody_asks() -> None:
    publish(item("id-lost", limit_scene_num=3))
    assert upkeep.follow_guides() == 1
    assert upkeep.follow_guides() == 0
